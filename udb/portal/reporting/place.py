"""Where the user reports: the institutions under the own main institution, and what each may report by hand today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from udb.access.own_reports import departments
from udb.callers.agreements import services_agreed
from udb.callers.systems import WEB
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution
from udb.portal.reporting.tasks import TITLES
from udb.portal.state import domain_now, house, the_session
from udb.store.engine import reading
from udb.store.state import CODE_EDITION, read


@dataclass(frozen=True, slots=True)
class Department:
    """An institution. ``possible``: the services of its type; ``agreed``: those that it may use here."""

    institution: Institution
    navn: str
    is_open: bool
    possible: frozenset[str]
    agreed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """The institutions of the session's user, the own first; ``codes`` and ``day``: of the request."""

    departments: Sequence[Department]
    codes: Kodesaet
    day: date

    @property
    def own(self) -> Department:
        """The institution of the session."""
        return self.departments[0]

    @property
    def hovedinstitution(self) -> str:
        """The main institution of all of them."""
        return self.own.institution.hovedinstitution

    @property
    def is_open(self) -> bool:
        """Whether any of them is open, so that there is more to do than to cancel."""
        return any(one.is_open for one in self.departments)

    @property
    def services(self) -> list[str]:
        """The services over which something can be reported here."""
        return [name for name in TITLES if self.reporting(name)]

    @property
    def lacking(self) -> list[str]:
        """The services of their types for which an agreement is lacking."""
        possible = {name for one in self.departments if one.is_open for name in one.possible}
        return [name for name in TITLES if name in possible and not self.reporting(name)]

    def reporting(self, service: str) -> list[tuple[str, str]]:
        """Return numbers and names of the open institutions that may report over a service by hand."""
        return [
            (one.institution.nummer, one.navn)
            for one in self.departments
            if one.is_open and service in one.agreed & one.possible
        ]

    @property
    def names(self) -> Mapping[str, str]:
        """Their names by number."""
        return {one.institution.nummer: one.navn for one in self.departments}


_SERVICES: Final = frozenset(TITLES)


def place() -> Place:
    """Return the place of the request's session."""
    with reading(house().context.engine) as connection:
        return _place(connection, the_session().institution_nummer or "")


def _place(connection: Connection, nummer: str) -> Place:
    day = domain_now(connection).date()
    codes = house().context.codes.get(connection, read(connection, CODE_EDITION) or 0)
    found = departments(connection, nummer)
    agreed = services_agreed(connection, WEB, [one.nummer for one, _ in found], day)
    return Place(
        [
            Department(
                one,
                navn,
                one.in_register and (one.lukket is None or one.lukket > day),
                frozenset(name for name in _SERVICES if one.may_use(name, codes, day)),
                agreed[one.nummer] & _SERVICES,
            )
            for one, navn in found
        ],
        codes,
        day,
    )
