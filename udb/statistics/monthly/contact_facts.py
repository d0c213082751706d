"""What is known of the afbrud that call for a contact: when the kommune learned of each, and when it answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from udb.domain.clock import danish_date
from udb.domain.haendelse import BESKAEFTIGELSE, Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import KOMMUNE_TYPE
from udb.readlog.home_looks import Look, home_looks
from udb.statistics.definitions.afbrud import calls_for_contact, contact_days, is_of_age, is_owed, marks_of, numbers_of
from udb.statistics.definitions.frist import Afbrud, Frist, frist
from udb.statistics.monthly.history import History
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event, registered_at
from udb.store.tables import haendelse, hentet, institution


@dataclass(frozen=True, slots=True)
class Owed:
    """An afbrud of a youth of 15 to 17. ``kommunekode``: where the youth lived on its day."""

    dag: date
    kommunekode: str | None
    registreret: date
    kendt: Sequence[date]
    kontakt: Sequence[date]
    skyldig: bool

    def on(self, day: date) -> Frist:
        """Return its deadlines as they stood on a day."""
        kendt, kontakt = ([one for one in days if one <= day] for days in (self.kendt, self.kontakt))
        return frist(Afbrud(self.registreret, kendt, kontakt, self.skyldig), day)


class ContactFacts:
    """Reads what is known of the afbrud in a batch of youths."""

    def __init__(self, connection: Connection, codes: Kodesaet) -> None:
        """Read which institutions are the kommuner."""
        self._connection, self._codes = connection, codes
        query = select(institution.c.nummer, institution.c.administrerende_kommune)
        of_kommuner = connection.execute(query.where(institution.c.type3 == KOMMUNE_TYPE))
        self._numbers: dict[str, set[str]] = defaultdict(set)
        for one in of_kommuner:
            if one.administrerende_kommune is not None:
                self._numbers[one.administrerende_kommune].add(one.nummer)

    def of(self, batch: Sequence[History], first: date, last: date) -> dict[int, list[Owed]]:
        """Return the afbrud from ``first`` to ``last`` of each youth that has any."""
        found = [
            (one, broken_off)
            for one in batch
            if (
                broken_off := [
                    event
                    for event in one.events
                    if first <= event.haendelse_dato <= last
                    and is_of_age(event, one.turns_15, one.turns_18)
                    and not event.gentaget
                    and calls_for_contact(event)
                ]
            )
        ]
        if not found:
            return {}
        ids = [one.person_id for one, _ in found]
        numbers = {number for one, events in found for event in events for number in numbers_of(event, one.events)}
        fetched = self._fetched(numbers)
        marks = {event.nummer for one, _ in found for event in one.events if event.ifoelge_kommunen is not None}
        registered = registered_at(self._connection, numbers | marks)
        looks, work = home_looks(self._connection, ids), self._employment(ids)
        return {
            one.person_id: [
                self._owed(one, event, work[one.person_id], fetched, looks.get(one.person_id, ()), registered)
                for event in events
            ]
            for one, events in found
        }

    def _owed(
        self,
        youth: History,
        afbrud: Haendelse,
        work: Sequence[Haendelse],
        fetched: Mapping[str, Sequence[tuple[str, date]]],
        looks: Sequence[Look],
        registered: Mapping[str, datetime],
    ) -> Owed:
        kode = youth.address_on(afbrud.haendelse_dato).kommunekode
        kommuner = self._numbers.get(kode, set()) if kode is not None else set()
        known_at = {number: registered[number] for number in numbers_of(afbrud, youth.events)}
        kendt = [day for number in known_at for modtager, day in fetched.get(number, ()) if modtager in kommuner]
        kendt += [
            danish_date(look.tid)
            for look in looks
            if look.modtager in kommuner and any(look.had(number, at) for number, at in known_at.items())
        ]
        standing = [one for one in youth.events if one.standing]
        marks = marks_of(afbrud, youth.events, kommuner)
        kendt += [danish_date(registered[mark.nummer]) for mark in marks]
        return Owed(
            afbrud.haendelse_dato,
            kode,
            danish_date(min(known_at.values())),
            kendt,
            contact_days(known_at, youth.events),
            is_owed(afbrud, [*standing, *work], youth.courses, self._codes),
        )

    def _fetched(self, numbers: Collection[str]) -> dict[str, list[tuple[str, date]]]:
        query = select(hentet.c.nummer, hentet.c.modtager, func.min(hentet.c.hentet_tid))
        grouped = query.where(hentet.c.nummer.in_(numbers)).group_by(hentet.c.nummer, hentet.c.modtager)
        found: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for nummer, modtager, tid in self._connection.execute(grouped):
            found[nummer].append((modtager, danish_date(tid)))
        return found

    def _employment(self, ids: Collection[int]) -> dict[int, list[Haendelse]]:
        row = haendelse.c
        query: Any = select(row.person_id, *EVENT_COLUMNS).select_from(WITH_REPORTER)
        found: dict[int, list[Haendelse]] = defaultdict(list)
        of_them = (row.person_id.in_(ids), row.art == BESKAEFTIGELSE, ~row.udgaaet)
        for number, *values in self._connection.execute(query.where(*of_them)):
            found[number].append(as_event(values))
        return found
