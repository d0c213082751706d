"""Whose figures a session may see: a kommune's, an institution's, or all (docs/spec/quality.md, Who sees what)."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.portal.discreet import ASKED, is_asked
from udb.portal.pages import page
from udb.portal.roles import Role
from udb.portal.state import domain_now, house, the_session
from udb.statistics.quality import scope
from udb.statistics.quality.scope import Kommune
from udb.statistics.suppression.table import COUNTRY

_NOBODY: Final = "?"

KOMMUNE_ROLES = frozenset({Role.LEDER, Role.VEJLEDER})


@dataclass(frozen=True, slots=True)
class Place:
    """The part of the figures that is the session's own. ``kode``: of its kommune, None without one.

    ``egne``: names of the own institutions by number, None: all are seen. ``talte``: those whose reports are counted,
    beside the own the other kommuner where the operator has opened that; None: all. ``navne``: of all of these.
    ``discreet``: a kommune asked for its counts of youths as others may see them.
    """

    role: Role
    navn: str
    nummer: str | None
    kode: str | None
    egne: Mapping[str, str] | None
    talte: AbstractSet[str] | None
    navne: Mapping[str, str]
    kommuner: Mapping[str, Kommune]
    now: datetime
    aaben: bool = False
    discreet: bool = False

    @property
    def is_kommune(self) -> bool:
        """Whether a kommune looks."""
        return self.role in KOMMUNE_ROLES

    @property
    def is_stil(self) -> bool:
        """Whether STIL looks."""
        return self.role is Role.DATAMEDARBEJDER

    @property
    def exact(self) -> bool:
        """Whether counts of youths are shown exactly: the own ones, unless the user asked for the other view."""
        return not (self.is_stil or self.discreet)

    @property
    def raekke(self) -> str:
        """Its row among the counts kept for others; nobody's for a kommune that the register does not know."""
        return COUNTRY if self.is_stil else self.kode or _NOBODY

    @property
    def asked(self) -> dict[str, Any]:
        """What the addresses of all pages have in common."""
        return dict(ASKED) if self.discreet else {}

    def may_see(self, nummer: str) -> bool:
        """Return whether an institution is the session's own, so that more than its counts may be seen."""
        return self.egne is None or nummer in self.egne


def place(connection: Connection) -> Place:
    """Return the place of the request's session."""
    session = the_session()
    role, nummer, now = session.rolle, session.institution_nummer, domain_now(connection)
    assert role is not None, "the guard lets no session in without a role"
    kommuner = {one.kode: one for one in scope.kommuner(connection)}
    if role is Role.DATAMEDARBEJDER:
        every = scope.everyone(connection)
        return Place(role, "Hele landet", None, None, None, None, every, kommuner, now, aaben=True)
    own = nummer or ""
    if role not in KOMMUNE_ROLES:
        egne = scope.of_institution(connection, own)
        return Place(role, egne.get(own, own), own, None, egne, egne.keys(), egne, {}, now)
    # Of a kommune that the register does not know there is nothing; None would be all.
    kode = next((one.kode for one in kommuner.values() if one.nummer == own), "")
    egne = {own: own, **scope.of_kommune(connection, kode)}
    is_open = house().context.settings.kvalitet_aaben
    others = {one.nummer: one.navn for one in kommuner.values()} if is_open else {}
    navne = {**others, **egne}
    shown = (egne[own], own, kode, egne, navne.keys(), navne, kommuner)
    return Place(role, *shown, now, aaben=is_open, discreet=is_asked())


def missing() -> Response:
    """Return the one answer for what is not there or not the session's own."""
    return page("quality/missing.html", HTTPStatus.NOT_FOUND)
