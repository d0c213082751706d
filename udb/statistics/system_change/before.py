"""Point 1: what should be put right while the old system can still send (S4 step 8; portal 3.31)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from udb.recheck.recheck import recheck_persons
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.statistics.definitions.courses import Course, slags_of
from udb.statistics.definitions.missing_end import lacks_end
from udb.statistics.definitions.stale import is_old
from udb.statistics.system_change.c1 import ALREADY_THERE
from udb.statistics.system_change.c9 import Standing
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.stock import Judged, Stock
from udb.store.persons import institutions, persons_of

REFUSED_WITHIN: Final = timedelta(days=90)
MOST_JUDGED: Final = 1_000
"""The youths whose reports are judged again: those with an open forløb and the latest reports."""


def refused(stock: Stock) -> Result:
    """Return what was refused in the last 90 days and not accepted since: of the same youth, service, day and kind.

    What was refused because it is there already lacks nothing.
    """
    since = stock.today - REFUSED_WITHIN
    last: dict[tuple[object, ...], Judged] = {}
    for one in stock.judged:
        if one.day >= since and not (not one.accepted and _is_there(one.koder)):
            # Reports of an unknown youth are no one's: each stays.
            key = (one.person_id, one.service, one.dato, one.slags) if one.person_id is not None else (id(one),)
            last[key] = one
    return Result(
        check=Check.AFVIST,
        findings=tuple(
            Finding(
                f"{one.service}, afvist {one.day:%d-%m-%Y} med {', '.join(_hard(one.koder))}"
                f"{f', jeres transaktion {one.transaction_id}' if one.transaction_id else ''}",
                one.person_id,
                dato=one.dato,
            )
            for one in last.values()
            if not one.accepted
        ),
        lower_bound=stock.bound_since(since),
    )


def missing_ends(stock: Stock) -> Result:
    """Return the forløb of which an end should have been reported."""
    found = []
    for held in stock.held:
        slags = slags_of(held.forloeb, stock.codes)
        if slags is None:
            continue
        end = held.forloeb.end
        course = Course(slags, held.forloeb.dato_optag, end.haendelse_dato if end else None, held.forloeb)
        if lacks_end(course, stock.codes, stock.today):
            began = f"begyndt {held.forloeb.dato_optag:%d-%m-%Y}"
            nummer = held.forloeb.events[-1].nummer
            found.append(Finding(f"Åbent forløb {held.forloeb.key.kode}, {began}", held.person_id, nummer))
    return Result(check=Check.UDEN_SLUT, findings=tuple(found))


def stale_contacts(stock: Stock, contacts: Sequence[Standing]) -> Result:
    """Return the contact persons that are not to be trusted: old, or of a youth with no open forløb there (V 5.1)."""
    present = {held.person_id for held in stock.held if held.is_open_on(stock.today)}
    return Result(
        check=Check.FORAELDET,
        findings=tuple(
            Finding(f"Kontaktperson registreret {one.registreret:%d-%m-%Y}", one.person_id, dato=one.registreret)
            for one in contacts
            if is_old(one.registreret, stock.today) or (not stock.is_kommune and one.person_id not in present)
        ),
    )


def rechecked(connection: Connection, stock: Stock, *, invented_cpr_allowed: bool) -> Result:
    """Return the own reports in open forløb that today's rules would refuse."""
    newest: dict[int, str] = {}
    own: set[str] = set()
    for held in stock.held:
        if held.is_open_on(stock.today):
            latest = held.forloeb.events[-1].nummer
            newest[held.person_id] = max(latest, newest.get(held.person_id, latest))
            own |= {event.nummer for event in held.forloeb.events}
    chosen = sorted(newest, key=newest.__getitem__, reverse=True)[:MOST_JUDGED]
    found = _refused_today(connection, stock, chosen, own, invented_cpr_allowed=invented_cpr_allowed)
    left = len(newest) - len(chosen)
    return Result(
        check=Check.REGLER,
        findings=tuple(found),
        beside=f"{left} unge er ikke set efter: højst {MOST_JUDGED} ad gangen" if left else "",
    )


def _refused_today(
    connection: Connection, stock: Stock, persons: Collection[int], own: Collection[str], *, invented_cpr_allowed: bool
) -> Iterator[Finding]:
    known = institutions(connection)
    people = persons_of(connection, persons)
    for person, change in recheck_persons(
        connection, people, stock.today, stock.codes, known, invented_cpr_allowed=invented_cpr_allowed
    ):
        if change.refused and change.nummer in own:
            codes = ", ".join(_hard(change.now))
            yield Finding(f"{change.service} ville i dag blive afvist med {codes}", person.id, change.nummer)


def _is_there(codes: Collection[str]) -> bool:
    return list(_hard(codes)) == [ALREADY_THERE]


def _hard(codes: Collection[str]) -> list[str]:
    return [code for code in codes if code not in BY_CODE or BY_CODE[code].alvor is Alvor.HAARD]
