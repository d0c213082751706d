"""Whose figures a request shows, and whether exactly (docs/spec/ledelse.md, Who sees what)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import request
from sqlalchemy import Connection

from udb.access.own_institution import kommuner
from udb.portal.discreet import ASKED, is_asked
from udb.portal.roles import Role
from udb.portal.state import the_session
from udb.statistics import frozen
from udb.statistics.frozen import Run
from udb.statistics.seen import Counts

COUNTRY: Final = "alle"
"""What an address calls the whole country."""


@dataclass(frozen=True, slots=True)
class Place:
    """``own``: the kommunekode of the session's kommune, None for STIL; ``kode``: of the kommune that is shown, None
    for the whole country; ``discreet``: the user asked to see it without what is hidden from others.
    """

    own: str | None
    kode: str | None
    discreet: bool
    kommuner: Mapping[str, str]

    @property
    def may_see_exactly(self) -> bool:
        """Whether the user may see the chosen kommune's youths one by one: its leder, or STIL."""
        return self.own is None or self.own == self.kode

    @property
    def exact(self) -> bool:
        """Whether what is shown is exact."""
        return self.may_see_exactly and not self.discreet

    @property
    def is_own(self) -> bool:
        """Whether the shown kommune is the user's own, whose youths can be listed."""
        return self.own is not None and self.own == self.kode

    @property
    def navn(self) -> str:
        """The name of what is shown."""
        return self.kommuner.get(self.kode, self.kode) if self.kode else "Hele landet"

    @property
    def asked(self) -> dict[str, str]:
        """What addresses of this place have in common."""
        return {"kommune": self.kode or COUNTRY, **(ASKED if self.discreet else {})}

    def counts(self, connection: Connection, run: Run) -> tuple[Counts, Counts]:
        """Return a run's figures of the place, and of the whole country, as the user sees them."""
        found = frozen.figures(connection, run, kommuner=[self.kode, None])
        here = [one for one in found if one.kommunekode == self.kode]
        country = [one for one in found if one.kommunekode is None]
        return Counts(here, exact=self.exact), Counts(country, exact=self.own is None and self.exact)


def place(connection: Connection) -> Place:
    """Return the place that a request asks for, else a leder's own kommune, and the whole country for STIL."""
    session = the_session()
    known = kommuner(connection)
    names = {one.kode: one.navn for one in known}
    own = None
    if session.rolle is Role.LEDER:
        own = next((one.kode for one in known if one.nummer == session.institution_nummer), "")
    asked = request.args.get("kommune", "")
    kode = asked if asked in names else (own or None)
    return Place(own, None if asked == COUNTRY else kode, is_asked(), names)


def chosen_run(days: Mapping[date, Run]) -> Run | None:
    """Return the run of the month that a request asks for, the latest when it asks for none; None without any."""
    asked = request.args.get("dag", "")
    found = next((run for day, run in days.items() if day.isoformat() == asked), None)
    return found or next(reversed(list(days.values())), None)


def one_of(name: str, known: Sequence[str]) -> str:
    """Return what a request asks for of some values, the first when it asks for none of them."""
    asked = request.args.get(name, "")
    return asked if asked in known else known[0]
