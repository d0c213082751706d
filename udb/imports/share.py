"""How much a file may take away before the operator must say that it is right (fortolkninger.md, B7 and G28)."""

from dataclasses import dataclass
from typing import Final

from udb.domain.errors import UdbRefused
from udb.domain.text import Text
from udb.imports.options import FEWER
from udb.settings import NO_LIMIT


@dataclass(frozen=True, slots=True)
class Share:
    """At most ``percent`` of what is known may be taken away, or ``said`` of it; ``setting`` decides the percent."""

    percent: int = NO_LIMIT
    said: int | None = None
    setting: str = ""

    @property
    def is_on(self) -> bool:
        """Return whether anything can be too much."""
        return self.percent < NO_LIMIT

    def contains(self, gone: int, of: int) -> bool:
        """Return whether so many of so many are within the share."""
        return gone * 100 <= self.percent * of

    def is_said(self, gone: int) -> bool:
        """Return whether the operator has said that so many may be taken away."""
        return self.said is not None and gone <= self.said

    def refusal(self, gone: int, what: Text) -> UdbRefused:
        """Return the refusal of a file that takes away ``gone``; ``what`` begins with "it", as in "it removes ..."."""
        return UdbRefused(
            Text(
                f"Filen er afvist, og intet er indlæst: {what.da}, og grænsen er {self.percent} % ({self.setting}). "
                f"Er filen rigtig, så gentag importen med {FEWER.da}={gone}.",
                f"The file is refused and nothing is imported: {what.en}, and the limit is {self.percent} % "
                f"({self.setting}). If the file is right, repeat the import with {FEWER.en} {gone}",
            )
        )


NO_SHARE: Final = Share()
"""Any file may take everything away."""


def percent_of(gone: int, of: int) -> Text:
    """Return the share in percent with one decimal, rounded up, so that it is never shown as the limit it exceeds."""
    tenths = -(-gone * 1000 // of)
    return Text(f"{tenths // 10},{tenths % 10} %", f"{tenths // 10}.{tenths % 10} %")
