"""AfsluttetUddannelsesNiveau: the highest level of a youth's completed forloeb and diplomas (V 5.1; sources.md 2)."""

from datetime import date

from udb.access.columns import DIPLOMA_DAY
from udb.domain.bevis import Bevis, gives
from udb.domain.kodesaet import UDDANNELSESNIVEAUER, Kodesaet


class Levels:
    """The levels as the code set ranks them on a day, looked up once for a whole answer."""

    def __init__(self, codes: Kodesaet, today: date) -> None:
        """``codes``: the code sets. ``today``: the day by which the levels are ranked."""
        rows = {kode: codes.describing(UDDANNELSESNIVEAUER, kode, today) for kode in codes.codes(UDDANNELSESNIVEAUER)}
        self._ranked = sorted((int(row.text("rang")), kode, row.tekst) for kode, row in rows.items() if row is not None)
        self._codes = codes
        self._known: dict[tuple[str | None, str | None], str] = {}

    @property
    def lowest(self) -> str:
        """The text of the lowest level, which every youth has."""
        return self._ranked[0][2]

    def of(self, reached: str | None, diplomas: str | None) -> str:
        """Return the text of the highest level that a forloeb or a diploma completed, else of the lowest level.

        ``reached``, ``diplomas``: see ``udb.hentning.page_row``.
        """
        key = (reached, diplomas)
        if key not in self._known:
            completed = {*(reached or "").split(), *map(self._given, (diplomas or "").split())}
            found = (text for _, kode, text in reversed(self._ranked) if kode in completed)
            self._known[key] = next(found, self._ranked[0][2])
        return self._known[key]

    def _given(self, diploma: str) -> str | None:
        formaal, _, day = diploma.partition(DIPLOMA_DAY)
        return gives(Bevis(formaal, "", date.fromisoformat(day)), self._codes)
