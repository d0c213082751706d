"""Merge two persons: the one that stays gets all that either of them had."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from udb.store import bopael, state
from udb.store.contacts import ERSTATTET
from udb.store.tables import (
    abonnement,
    cprnummer,
    egen_kontakt,
    feed_gained,
    haendelse,
    kontakt,
    kontakt_historik,
    modtagelse,
    onske,
    person,
    person_merged,
    ung_liste,
    web_session,
)
from udb.store.tables.beviser import eksamensbevis
from udb.store.tables.indkomst import WAITING, indkomst_venter, indkomstserie

MOVED: Final = (haendelse, cprnummer, person_merged, eksamensbevis, modtagelse, kontakt_historik)
"""Tables whose rows are moved as they are."""
LATEST: Final = (kontakt, onske)
"""Tables in which the latest row of each kommune or institution about either person is kept."""
DROPPED: Final = (feed_gained, web_session, ung_liste)
"""Tables whose rows are no longer needed: the merger itself lets every reader look at the one that stays; a youth
who is logged in logs in again; the list's job works out the row of the one that stays.
"""
INCOME: Final = (indkomstserie, *WAITING)
"""Tables calculated for each person: the merged person waits for calculation. The lines follow the numbers."""
BEGINNING: Final = date(1900, 1, 1)
"""Before every month."""
OWN: Final = egen_kontakt
"""The table of the youths' own contacts: of two rows from one register the newest is kept."""
EARLIEST: Final = abonnement
"""A table with one row per person: of two, the one that began first is kept."""


def merge_persons(connection: Connection, goes: int, stays: int) -> None:
    """Move everything of one person to another and remove the emptied row, remembering its id.

    The caller has locked both.
    """
    for table in LATEST:
        _remove_older(connection, table, goes, stays)
    for table in (*MOVED, *LATEST):
        connection.execute(update(table).where(table.c.person_id == goes).values(person_id=stays))
    for table in DROPPED:
        connection.execute(delete(table).where(table.c.person_id == goes))
    _keep_earliest(connection, goes, stays)
    _merge_income(connection, goes, stays)
    _keep_newest_own(connection, goes, stays)
    bopael.merge(connection, goes, stays, state.now(connection))
    connection.execute(insert(person_merged).values(id=goes, person_id=stays))
    connection.execute(delete(person).where(person.c.id == goes))


def _keep_earliest(connection: Connection, goes: int, stays: int) -> None:
    both = EARLIEST.c.person_id.in_((goes, stays))
    query = select(EARLIEST).where(both).order_by(EARLIEST.c.startdato, EARLIEST.c.nummer)
    first = connection.execute(query.limit(1)).mappings().one_or_none()
    connection.execute(delete(EARLIEST).where(both))
    if first is not None:
        connection.execute(insert(EARLIEST).values({**first, "person_id": stays}))


def _merge_income(connection: Connection, goes: int, stays: int) -> None:
    for table in INCOME:
        connection.execute(delete(table).where(table.c.person_id.in_((goes, stays))))
    connection.execute(insert(indkomst_venter).values(fra=BEGINNING, person_id=stays))


def _keep_newest_own(connection: Connection, goes: int, stays: int) -> None:
    """Keep what each register said last of the youth's own mail and telephone."""
    both = OWN.c.person_id.in_((goes, stays))
    rows = connection.execute(select(OWN).where(both).order_by(OWN.c.registreret)).mappings().all()
    connection.execute(delete(OWN).where(both))
    newest = {row["kilde"]: {**row, "person_id": stays} for row in rows}
    if newest:
        connection.execute(insert(OWN), list(newest.values()))


def _remove_older(connection: Connection, table: Table, goes: int, stays: int) -> None:
    who = (table.c.art, table.c.institution_nummer)
    query = select(table.c.person_id, *who, func.max(table.c.registreringstid).label("tid")).group_by(
        table.c.person_id, *who
    )
    newest: dict[tuple[str, str], tuple[int, datetime]] = {}
    for row in connection.execute(query.where(table.c.person_id.in_((goes, stays))).order_by("tid")):
        newest[row.art, row.institution_nummer] = row.person_id, row.tid
    for (art, number), (holder, tid) in newest.items():
        older = goes if holder == stays else stays
        connection.execute(
            delete(table).where(table.c.person_id == older, table.c.art == art, table.c.institution_nummer == number)
        )
        if table is kontakt:
            ended = kontakt_historik.c
            of = (ended.person_id == older, ended.art == art, ended.institution_nummer == number, ended.til.is_(None))
            connection.execute(update(kontakt_historik).where(*of).values(til=tid, afsluttet=ERSTATTET))
