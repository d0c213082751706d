"""An afbrud that is reported again after a change of CPR number (V 1.4) is one with what it repeats.

The day on which the kommune came to know of it, its contact and its offer, wherever they are shown.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.support.reports import UNGDOM, accepted, optag
from tests.support.world import KOMMUNE
from udb.access.clauses import Recipient
from udb.domain.services import KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, UNGDOMSUDDANNELSE
from udb.hentning.kommune.seen import see
from udb.statistics.definitions.frist import Frist, Udfald
from udb.statistics.extract import kontakttid
from udb.statistics.extract.moment import moment_of
from udb.statistics.extract.pseudonym import Key
from udb.statistics.extract.request import Request
from udb.statistics.extract.scratch import scratch
from udb.statistics.extract.snapshot import snapshot
from udb.statistics.extract.youths import load
from udb.statistics.monthly.contact_facts import ContactFacts
from udb.statistics.monthly.load import histories
from udb.store.codes import load_codes
from udb.store.engine import reading
from udb.store.tables import person

FIRST, SECOND, THIRD = "7108105101", "7108105102", "7108105103"
"""The numbers of one youth of 15 to 17."""


@pytest.fixture
def number_of(world):
    """The youth's id, under a number."""
    world.person(FIRST)

    def found(cprnr):
        with reading(world.engine) as connection:
            return connection.execute(select(person.c.id).where(person.c.cprnr == cprnr)).scalar_one()

    return found


def left(endpoint, cprnr, day=10):
    said = {**UNGDOM, "CPRNr": cprnr, "Status": 2, "AfbrudsarsagsKode": "9", "HaendelseDato": f"2026-08-{day}T00:00:00"}
    return accepted(endpoint.report(UNGDOMSUDDANNELSE, said))["HaendelseNummer"]


def answered(endpoint, cprnr, kind, day, afbrud):
    said = {
        "CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "HaendelseDato": f"2026-08-{day}T10:00:00",
        "KildeLeverandoer": "KMD", "Type": kind, "AfbrudHaendelseNummer": afbrud, "Annullering": False,
    }  # fmt: skip
    accepted(endpoint.report(KONTAKT_TILBUDSTID, said))


def of_page(world, number) -> Frist:
    with reading(world.engine) as connection:
        caller = Recipient(KOMMUNE, world.today(), "101", KOMMUNE)
        return next(iter(see(connection, caller, [number], load_codes(connection))[number].frister.values()))


def of_month(world, number) -> Frist:
    with reading(world.engine) as connection:
        codes, day = load_codes(connection), world.today()
        (batch,) = histories(connection, codes, day, day)
        (owed,) = ContactFacts(connection, codes).of(batch, day - timedelta(days=60), day)[number]
        return owed.on(day)


def of_extract(world, number, folder) -> dict[str, object]:
    request = Request(day=world.today(), folder=folder, key=Key("x", bytes(32)), first=date.min)
    with scratch() as kept, snapshot(world.engine) as connection:
        moment = moment_of(connection, request)
        (rows,) = kontakttid.rows(connection, load(connection, kept, {number: "x"}, moment), moment).values()
    (row,) = rows
    return dict(zip(kontakttid.COLUMNS, row, strict=True))


@pytest.mark.parametrize("named", [0, 1, 2])
def test_a_repeated_afbrud_is_known_and_answered_as_the_first_one(world, endpoint, number_of, tmp_path, named):
    optag(endpoint, FIRST, 3, HaendelseDato="2026-08-03T00:00:00")
    numbers = [left(endpoint, FIRST)]
    world.clock("2026-08-12T08:00:00")
    endpoint.fetch(KOMMUNE)
    previous = FIRST
    for cprnr in (SECOND, THIRD):
        if named == len(numbers) - 1:
            for kind, day in (("Kontakttid", 11), ("Tilbudstid", 12)):
                answered(endpoint, previous, kind, day, numbers[named])
        world.clock(f"2026-08-{12 + len(numbers)}T08:00:00")
        world.change_number(previous, cprnr)
        optag(endpoint, cprnr, 3, HaendelseDato="2026-08-03T00:00:00")
        numbers.append(left(endpoint, cprnr))
        previous = cprnr
    if named == len(numbers) - 1:
        for kind, day in (("Kontakttid", 11), ("Tilbudstid", 12)):
            answered(endpoint, THIRD, kind, day, numbers[named])
    assert len(set(numbers)) == len(numbers)
    world.clock("2026-08-28T08:00:00")
    number = number_of(THIRD)
    for found in (of_page(world, number), of_month(world, number)):
        assert (found.udfald, found.kendt, found.kontakt) == (Udfald.I_TIDE, date(2026, 8, 12), date(2026, 8, 11))
    row = of_extract(world, number, tmp_path / "x")
    assert (row["haendelse_nummer"], row["udfald"], row["tilbud"]) == (numbers[-1], "i_tide", date(2026, 8, 12))
    assert (row["kendt_dato"], row["kilde_kendt"]) == (date(2026, 8, 12), "hentet")


def test_a_mark_on_a_repeated_report_is_the_repetitions(world, endpoint, number_of):
    begun = optag(endpoint, FIRST, 3, HaendelseDato="2026-08-03T00:00:00")
    mark = {
        "CPRNr": FIRST, "InstitutionNummer": KOMMUNE, "HaendelseDato": "2026-08-08T00:00:00", "KildeLeverandoer": "KMD",
        "IfoelgeKommunen": "Afbrud", "VedroererHaendelseNummer": begun, "Status": 1, "Annullering": False,
    }  # fmt: skip
    accepted(endpoint.report(KOMMUNE_AKTIVITET, mark))
    world.clock("2026-08-13T08:00:00")
    world.change_number(FIRST, SECOND)
    optag(endpoint, SECOND, 3, HaendelseDato="2026-08-03T00:00:00")
    left(endpoint, SECOND)
    with reading(world.engine) as connection:
        number, caller = number_of(SECOND), Recipient(KOMMUNE, world.today(), "101", KOMMUNE)
        seen = see(connection, caller, [number], load_codes(connection))[number]
    (course,) = seen.courses
    assert course.forloeb is not None
    assert len(course.forloeb.marks) == 1
    # The school's afbrud was known before it was reported: by the kommune's own mark.
    assert {one.kendt for one in seen.frister.values()} == {date(2026, 8, 10)}
