"""One row of the page query: every field of an event as the answer shows it, and the youth's fields.

Nothing is read or computed in addition, so that the data are of the same moment as the access to them.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, DateTime, case, func

from udb.access.clauses import Recipient
from udb.access.columns import restricted
from udb.domain.haendelse import KONTAKTTID
from udb.domain.kodesaet import AKTIVITETSGRUPPER, COSA, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS
from udb.store.tables import haendelse, person


class PageRow(NamedTuple):
    """An event and its youth, with the elements of every kind of event under the names of ``udb.domain.elementer``.

    ``home``: the caller is the youth's home kommune. Only the home kommune receives ``reached`` (what the youth's
    events have completed), ``diplomas`` (formål and day of each), both separated by blanks, and ``under_order``.
    ``last``: the last number drawn when the page was selected.
    """

    person_id: int
    cprnr: str
    home: bool
    reached: str | None
    diplomas: str | None
    under_order: bool | None
    art: str
    dato_optag: date | None
    haendelse_nummer: str
    annulleret_haendelse_nummer: str | None
    forloeb_id: str | None
    institution_nummer: str
    haendelse_dato: date
    haendelse_tid: datetime | None
    status: int | None
    afbrudsarsags_kode: str | None
    kilde_leverandoer: str
    elev_trin: int | None
    klasse_trin: int | None
    klasse_type: str | None
    klasse_navn: str | None
    annullering: bool
    forberedende_aktivitets_kode: str | None
    cosa_formaal: str | None
    cosa_formaal_version: int | None
    speciale: str | None
    praktiksted: str | None
    skoleperiode: str | None
    egu_uddannelsesniveau: bool | None
    stads_kode: str | None
    kommune_aktivitets_kode: str | None
    aktivitetsgruppe_kode: str | None
    ifoelge_kommunen: str | None
    vedroerer_haendelse_nummer: str | None
    gennemfoert_hf: bool | None
    registreringstid: datetime
    frafaldstruet_markering: bool | None
    type: str | None
    afbrud_haendelse_nummer: str | None
    status_beskaeftigelse: str | None
    beskaeftigelsesgrad: int | None
    modtager_social_ydelse: bool | None
    har_uddannelsespaalaeg: bool | None
    last: str

    @property
    def nummer(self) -> str:
        """The event's number."""
        return self.haendelse_nummer

    @property
    def uddannelse(self) -> Self | None:
        """The group of a CØSA formål with its version."""
        return None if self.cosa_formaal is None else self

    def dated(self) -> Self:
        """Return the event with the time of day in its date, where the contract has one (contract 4.3)."""
        return self._replace(haendelse_dato=self.haendelse_tid) if self.haendelse_tid else self


def in_order(events: Iterable[PageRow]) -> list[PageRow]:
    """Return events of one kind by HaendelseDato as the answer shows it, then by number (contract 5.1)."""
    return sorted(events, key=lambda event: (event.haendelse_dato, event.haendelse_nummer))


def columns(dialect: str, home: ColumnElement[bool], caller: Recipient | None) -> list[ColumnElement[Any]]:
    """Return the columns of a PageRow, in the order of its fields, from ``udb.access.clauses.TABLES``; not ``last``.

    ``caller``: the recipient for A4, which withholds what an event says of other events; None: A4 does not apply.
    """
    row = haendelse.c
    made: dict[str, ColumnElement[Any]] = {
        "person_id": person.c.id,
        "cprnr": person.c.cprnr,
        "home": home,
        "haendelse_nummer": row.nummer,
        "haendelse_tid": case((row.art == KONTAKTTID, _instant(dialect, row.haendelse_tid))),
        "registreringstid": _instant(dialect, row.registreringstid),
        "cosa_formaal": _code(COSA),
        "cosa_formaal_version": row.kode_version,
        "forberedende_aktivitets_kode": _code(FORBEREDENDE),
        "stads_kode": _code(STADS),
        "kommune_aktivitets_kode": _code(KOMMUNE_AKTIVITETER),
        "aktivitetsgruppe_kode": _code(AKTIVITETSGRUPPER),
    }
    made |= restricted(home, caller)
    return [(made[name] if name in made else row[name]).label(name) for name in PageRow._fields[:-1]]


def _code(kodesaet: str) -> ColumnElement[str]:
    return case((haendelse.c.kodesaet == kodesaet, haendelse.c.kode))


def _instant(dialect: str, column: ColumnElement[datetime]) -> ColumnElement[datetime]:
    # PostgreSQL's driver makes an instant with its offset in a tenth of the time.
    return func.timezone("UTC", column, type_=DateTime(timezone=True)) if dialect == "postgresql" else column
