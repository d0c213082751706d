"""Who sends what, on reports that were really sent, while the clock goes on."""

from datetime import date, timedelta

from prometheus_client import REGISTRY

from tests.support.endpoint import Endpoint
from tests.support.received import received
from tests.support.reports import UNGDOM, accepted
from tests.support.world import KOMMUNE, SYSTEM, World
from udb.domain.clock import DANISH, midnight
from udb.domain.services import INSTITUTION_KONTAKT, KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.serve import sender_watch
from udb.statistics.contacts import by_year
from udb.statistics.senders import Sender, senders
from udb.statistics.verdict import Verdict
from udb.store import state
from udb.store.engine import reading

LAST = date(2026, 8, 10)
"""The day of the last report."""
OTHER = "andet-system"


def found(world: World) -> list[Sender]:
    with reading(world.engine) as connection:
        return senders(connection, state.now(connection).date())


def only(world: World) -> Sender:
    (one,) = found(world)
    return one


def on(world: World, day: date) -> Verdict:
    world.clock(f"{day}T08:00:00")
    return only(world).vurdering


def test_a_sender_that_stops_is_silent_on_the_31st_day_after_and_speaks_again(world: World, endpoint: Endpoint) -> None:
    world.person(UNGDOM["CPRNr"])
    for day, count in ((date(2025, 8, 20), 40), (date(2025, 9, 15), 5), (LAST, 39)):
        received(world.engine, day, count)
    world.clock(f"{LAST}T08:00:00")
    accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM))
    assert {days: on(world, LAST + timedelta(days=days)) for days in (29, 30, 31, 45)} == {
        **dict.fromkeys((29, 30), Verdict.NORMAL),
        **dict.fromkeys((31, 45), Verdict.TAVS),
    }
    left = {**UNGDOM, "HaendelseDato": "2026-09-01T00:00:00", "Status": 2, "AfbrudsarsagsKode": "9"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, left))
    assert only(world).vurdering == Verdict.NORMAL, "one report of today ends the silence"
    ended = LAST + timedelta(days=45)
    assert only(world).tilbage == ended
    assert on(world, ended + timedelta(days=30)) == Verdict.FOR_LILLE_GRUNDLAG
    assert only(world).tilbage == ended
    on(world, ended + timedelta(days=31))
    assert only(world).tilbage is None, "it has been silent since"


def test_a_pause_that_was_no_silence_has_no_end(world: World) -> None:
    world.clock("2026-08-17T08:00:00")
    received(world.engine, date(2025, 7, 5), 4)
    received(world.engine, date(2026, 6, 1), 9)
    received(world.engine, date(2026, 8, 1))
    assert only(world).tilbage is None, "the base of 1 August was too small"
    received(world.engine, date(2025, 7, 20))
    assert only(world).tilbage == date(2026, 8, 1)
    received(world.engine, date(2026, 7, 2))
    assert only(world).tilbage is None, "thirty days between two reports are no silence"


def test_open_forloeb_raise_the_alarm_after_45_days(world: World, endpoint: Endpoint) -> None:
    received(world.engine, date(2026, 3, 1))
    world.clock(f"{LAST}T08:00:00")
    for number in range(5100, 5110):
        world.person(f"710307{number}")
        accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": f"710307{number}"}))
    verdicts = {days: on(world, LAST + timedelta(days=days)) for days in (31, 45, 46)}
    assert verdicts == {**dict.fromkeys((31, 45), Verdict.FOR_LILLE_GRUNDLAG), 46: Verdict.TAVS}


def test_a_row_counts_neither_repetitions_nor_trials_and_names_the_most_frequent_refusal(world: World) -> None:
    world.clock("2026-08-17T08:00:00")
    day = date(2026, 8, 16)
    received(world.engine, date(2020, 1, 1))
    received(world.engine, day, 40)
    received(world.engine, day, 7, resultat="G")
    received(world.engine, day, 3, resultat="R", koder="7004 4004")
    received(world.engine, day, 7, resultat="R", koder="4004 5002 8001")
    received(world.engine, day, 100, resultat="R", koder="1001", slags="proeve")
    received(world.engine, date(2026, 8, 17), 5)
    received(world.engine, date(2026, 7, 18), 1)
    received(world.engine, date(2026, 7, 17), 1)
    received(world.engine, date(2025, 7, 18), 2)
    received(world.engine, date(2025, 8, 17), 9)
    row = only(world)
    assert (row.accepteret, row.afvist, row.aaret_foer, row.top_kode) == (41, 10, 2, "4004")
    assert row.vurdering == Verdict.AFVIST_MEGET
    assert (f"{row.seneste_accepterede:%m-%d}", f"{row.seneste_afviste:%m-%d}") == ("08-17", "08-16")


def test_the_day_is_the_danish_one(world: World) -> None:
    """Half past midnight of the day after the window is the evening before by UTC."""
    world.clock("2026-08-17T08:00:00")
    late = midnight(date(2026, 8, 17)) + timedelta(minutes=30)
    early = midnight(date(2026, 7, 18)) + timedelta(minutes=30)
    received(world.engine, LAST, tid=late.astimezone(DANISH))
    received(world.engine, LAST, tid=early.astimezone(DANISH))
    assert only(world).accepteret == 1


def test_the_verdict_is_that_of_all_systems_and_the_old_one_says_what_followed(world: World) -> None:
    world.clock("2026-09-20T08:00:00")
    received(world.engine, date(2024, 8, 1))
    received(world.engine, date(2025, 9, 1), 40)
    received(world.engine, date(2026, 8, 2))
    received(world.engine, date(2026, 8, 3), 30, system_id=OTHER)
    received(world.engine, date(2026, 9, 1), 30, system_id=OTHER)
    old, new = sorted(found(world), key=lambda one: one.system_id == OTHER)
    assert (old.accepteret, new.accepteret, old.vurdering, new.vurdering) == (0, 30, Verdict.NORMAL, Verdict.NORMAL)
    assert (old.afloest_af, old.afloest_dato) == (OTHER, date(2026, 8, 3))
    assert (new.afloest_af, new.afloest_dato) == (None, None)


def test_two_systems_that_both_send_follow_neither(world: World) -> None:
    world.clock("2026-09-20T08:00:00")
    received(world.engine, date(2025, 9, 1), 40)
    received(world.engine, date(2026, 9, 1))
    received(world.engine, date(2026, 8, 3), 30, system_id=OTHER)
    received(world.engine, date(2026, 9, 2), system_id=OTHER)
    assert [one.afloest_af for one in found(world)] == [None, None]
    world.clock("2026-10-02T08:00:00")
    by_system = {one.system_id: one.afloest_af for one in found(world)}
    assert by_system == {SYSTEM: OTHER, OTHER: None}, "thirty days later only one still sends"


def test_what_was_restored_is_a_lower_bound(world: World) -> None:
    world.clock("2026-08-17T08:00:00")
    received(world.engine, date(2025, 8, 1), 3, genskabt=True, system_id=None)
    received(world.engine, date(2026, 8, 1))
    assert [(one.system_id, one.aaret_foer, one.nedre_graense) for one in found(world)] == [
        (None, 3, True),
        (SYSTEM, 0, True),
    ]
    received(world.engine, date(2025, 7, 1))
    assert {one.nedre_graense for one in found(world)} == {False}


def test_the_gauge_counts_pairs_of_institution_and_service(world: World) -> None:
    world.clock("2026-08-17T08:00:00")
    received(world.engine, date(2026, 8, 1))
    received(world.engine, date(2026, 8, 1), system_id=OTHER)
    received(world.engine, date(2026, 8, 1), service=INSTITUTION_KONTAKT)
    with reading(world.engine) as connection:
        sender_watch.measure(connection)
    counts = {one.value: REGISTRY.get_sample_value("udb_afsendere", {"verdict": one.value}) for one in Verdict}
    assert counts == {**dict.fromkeys((one.value for one in Verdict), 0.0), "ny": 2.0}


def test_a_contact_replaced_twice_in_a_year_is_three_reports_one_youth_and_one_that_holds(
    world: World, endpoint: Endpoint
) -> None:
    cprnr = "7103095123"
    world.person(cprnr)
    contact = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "KontaktMail": "a@b.example"}
    for day in (1, 2, 3):
        world.clock(f"2026-03-0{day}T08:00:00")
        accepted(endpoint.report(KONTAKTPERSON, {**contact, "KontaktNavn": f"Nr. {day}"}, f"nr {day}"))
    accepted(endpoint.report(KONTAKTPERSON, {**contact, "KontaktNavn": "Nr. 3"}, "nr 3"))
    world.clock("2027-01-01T00:30:00")
    accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "Slet": True}))
    world.clock("2027-02-01T00:30:00")
    with reading(world.engine) as connection:
        rows = by_year(connection, state.now(connection))
        country = by_year(connection, state.now(connection), by_kommune=False)
    figures = [(one.kommunekode, one.aar, one.registreret, one.unge, one.gaeldende) for one in rows]
    assert figures == [
        *(("101", 2026, 3, 1, 1), ("101", 2027, 0, 0, 0)),
        *((None, 2026, 3, 1, 1), (None, 2027, 0, 0, 0)),
    ]
    assert country == rows[2:]
    assert [one.nedre_graense for one in country] == [True, False], "reports are kept since March alone"


def test_without_reports_there_is_nothing(world: World) -> None:
    assert found(world) == []
    with reading(world.engine) as connection:
        assert by_year(connection, state.now(connection)) == []
