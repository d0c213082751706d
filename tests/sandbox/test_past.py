"""A sandbox with a past: the plants counted by SQL, and what the program says of them."""

import inspect
import io
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, func, select, text

from tests.support import database
from tests.support.kommuner import assert_in_step
from tests.support.seeded import content, judge, make
from tests.support.size import LARGE
from udb.backup.make import backup
from udb.backup.restore import restore
from udb.cli import sandbox_start
from udb.domain.clock import DANISH, danish_date
from udb.domain.services import FGU
from udb.imports.eindkomst import import_eindkomst
from udb.readlog.verdict import Terms
from udb.readlog.verify import verify
from udb.recheck.recheck import Summary
from udb.retention import youths
from udb.retention.deletion_log import DeletionLog
from udb.sandbox import clock
from udb.sandbox.idp.users import users
from udb.sandbox.past import schools
from udb.sandbox.past.dropouts import PERCENT
from udb.sandbox.past.kommune_contacts import BY_YEAR
from udb.sandbox.past.plants import share
from udb.sandbox.past.rule_check import FOUND
from udb.sandbox.reset import reset
from udb.statistics.contacts import by_year
from udb.statistics.quality.coming_rules import Collector, rule_check
from udb.statistics.quality.scope import of_institution, of_kommune
from udb.statistics.senders import senders
from udb.statistics.system_change.announced import Change, changes
from udb.statistics.system_change.checks import Checked, checked
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import metadata

TODAY = date(2026, 10, 15)
CHANGE = date(2026, 8, 3)
YOUTHS = 200
FREE_DAYS = {
    *(date(2025, month, day) for month, day in ((4, 17), (4, 18), (4, 21), (5, 29), (6, 9), (12, 25), (12, 26))),
    *(date(2026, month, day) for month, day in ((1, 1), (4, 2), (4, 3), (4, 6), (5, 14), (5, 25))),
}
"""The public holidays of the plants' days that are no Saturday or Sunday."""


@pytest.fixture(scope="module")
def past(databases: database.Source) -> Iterator[Engine]:
    """A sandbox with a past. A test that changes it resets it."""
    with databases.migrated() as url:
        engine = make_engine(url)
        make(engine, YOUTHS, dato=TODAY, historie=True)
        yield engine
        engine.dispose()


def rows(engine: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query in plain SQL; times are UTC."""
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def one(engine: Engine, query: str, **values: Any) -> Any:
    ((found,),) = rows(engine, query, **values)
    return found


def day_of(value: Any) -> date:
    """Return the date of a column, which SQLite gives as text."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else date(value.year, value.month, value.day)


# The whole ------------------------------------------------------------------------------------------------------------


def test_the_same_parameters_make_the_same_past_on_every_database(past: Engine, tmp_path: Path) -> None:
    """Compare with a second one, on SQLite."""
    first = content(past)
    assert_in_step(past)
    with database.sqlite(tmp_path) as source, source.migrated() as url:
        other = make_engine(url)
        make(other, YOUTHS, dato=TODAY, historie=True)
        assert content(other) == first
        other.dispose()


def test_every_report_would_have_been_accepted_with_this_advice_and_the_numbers_follow_time(past: Engine) -> None:
    """But for those of the school whose reports are older than the rules."""
    outdated = rows(past, "SELECT person_id FROM haendelse WHERE institution_nummer = :school", school=schools.OUTDATED)
    everybody = {row[0] for row in rows(past, "SELECT id FROM person")}
    judged = judge(past, sorted(everybody - {row[0] for row in outdated}))
    assert judged.kinds["kontakttid"] > 20
    assert judged.advised == set(rows(past, "SELECT nummer, fejl_kode FROM haendelse_raad"))
    times = [row[0] for row in rows(past, "SELECT registreringstid FROM haendelse ORDER BY nummer")]
    assert times == sorted(times)


def test_a_reset_brings_the_past_back_and_the_read_log_verifies(past: Engine) -> None:
    first = content(past)
    assert verify(past, Terms(5)).faults == []
    with writing(past) as connection:
        connection.execute(text("DELETE FROM modtagelse WHERE resultat = 'R'"))
        connection.execute(text("UPDATE kontakt SET navn = 'En anden'"))
    assert content(past) != first
    reset(past)
    assert content(past) == first
    assert verify(past, Terms(5)).faults == []


def test_a_backup_of_a_past_is_restored_whole(past: Engine, databases: database.Source, tmp_path: Path) -> None:
    file = tmp_path / "fortid.zip"
    backup(past, file, has_deletion_log=False)
    # Making it is read too, and noted in the log.
    with reading(past) as connection:
        kept = {table.name: count(connection, table) for table in metadata.sorted_tables}
    with databases.empty() as url:
        restore(url, file, None, aar=5)
        restored = make_engine(url)
        with reading(restored) as connection:
            found = {table.name: count(connection, table) for table in metadata.sorted_tables}
        assert verify(restored, Terms(5)).faults == []
        restored.dispose()
    changed = {name for name, number in kept.items() if found[name] != number}
    assert changed <= {"state", "counter", "read_log", "read_log_unsealed", "read_log_person"}
    assert found["modtagelse"] > 1000
    assert found["kontakt_historik"] > 20
    reset(past)


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_every_event_of_a_report_has_its_row_and_its_system(past: Engine) -> None:
    reports = "FROM haendelse WHERE service <> 'eIndkomst'"
    same = (
        "SELECT count(*) FROM modtagelse m JOIN haendelse h ON h.nummer = m.nummer AND h.system_id = m.system_id"
        " AND h.person_id = m.person_id AND h.registreringstid = m.tid WHERE m.resultat = 'A'"
    )
    assert one(past, same) == one(past, f"SELECT count(*) {reports}")
    assert one(past, "SELECT count(*) FROM modtagelse WHERE genskabt") == 0
    unknown = "SELECT count(*) FROM modtagelse WHERE system_id NOT IN (SELECT id FROM system)"
    assert one(past, unknown) == 0
    ahead = "SELECT max(tid) FROM modtagelse"
    assert day_of(one(past, ahead)) < TODAY


# Contacts -------------------------------------------------------------------------------------------------------------

_YEARS = (
    "SELECT count(*), count(DISTINCT i.administrerende_kommune) FROM modtagelse m"
    " JOIN institution i ON i.nummer = m.institution_nummer WHERE m.service = 'IndberetningKontaktperson'"
    " AND m.resultat = 'A' AND m.slags = 'ny' AND m.tid >= :first AND m.tid < :last"
)


def contacts_of(engine: Engine, year: int) -> tuple[int, int]:
    first, last = (f"{one}-12-31 23:00:00" for one in (year - 1, year))
    ((count, kommuner),) = rows(engine, _YEARS, first=first, last=last)
    return count, kommuner


def standing_and_stale(engine: Engine) -> tuple[int, int]:
    found = rows(
        engine,
        "SELECT k.registreringstid, i.administrerende_kommune = p.kommunekode FROM kontakt k"
        " JOIN person p ON p.id = k.person_id JOIN institution i ON i.nummer = k.institution_nummer"
        " WHERE k.art = 'kommune'",
    )
    stale = sum((TODAY - day_of(registered)).days > 365 or not at_home for registered, at_home in found)
    return len(found), stale


def test_contacts_fall_year_by_year_in_proportion_to_the_youths(past: Engine) -> None:
    assert [share(count, 20_000) for count in BY_YEAR.values()] == [3246, 2010, 1120, 430, 109]
    assert {year: contacts_of(past, year)[0] for year in BY_YEAR} == {2020: 32, 2021: 20, 2022: 11, 2023: 4, 2024: 1}
    assert standing_and_stale(past) == (4, 0)
    with reading(past) as connection:
        country = [one for one in by_year(connection, state.now(connection)) if one.kommunekode is None]
    assert [one.registreret for one in country][:5] == [32, 20, 11, 4, 1]
    assert {one.nedre_graense for one in country[1:]} == {False}


@pytest.mark.large
def test_beside_20_000_youths_the_counts_are_those_of_the_seed_in_all_98_kommuner(engine: Engine) -> None:
    number = 20_000 if LARGE else 2_000
    make(engine, number, dato=TODAY, historie=True)
    found = {year: contacts_of(engine, year) for year in BY_YEAR}
    assert {year: count for year, (count, _) in found.items()} == {
        year: round(count * number / 20_000) for year, count in BY_YEAR.items()
    }
    assert found[2020][1] == 98
    standing, stale = standing_and_stale(engine)
    assert (standing, stale) == ((400, 48) if LARGE else (40, 5))
    afbrud = one(engine, "SELECT count(*) FROM hentet")
    assert afbrud == 270


def test_the_history_of_contacts_is_that_of_the_contacts(past: Engine) -> None:
    key = "person_id, art, institution_nummer"
    standing = rows(past, f"SELECT {key}, registreringstid FROM kontakt ORDER BY {key}")
    assert rows(past, f"SELECT {key}, fra FROM kontakt_historik WHERE til IS NULL ORDER BY {key}") == standing
    assert {row[1] for row in standing} == {"kommune", "institution", "jobcenter"}
    overlapping = (
        "SELECT count(*) FROM kontakt_historik a JOIN kontakt_historik b ON b.person_id = a.person_id"
        " AND b.art = a.art AND b.institution_nummer = a.institution_nummer AND b.id <> a.id"
        " WHERE b.fra >= a.fra AND (a.til IS NULL OR b.fra < a.til)"
    )
    assert one(past, overlapping) == 0
    assert {row[0] for row in rows(past, "SELECT DISTINCT afsluttet FROM kontakt_historik")} >= {None, "slettet"}


def test_contacts_of_institutions_are_of_youths_with_an_order_and_a_forloeb_there(past: Engine) -> None:
    allowed = (
        "SELECT count(*) FROM kontakt k JOIN abonnement a ON a.person_id = k.person_id"
        " JOIN institution i ON i.nummer = k.institution_nummer WHERE k.art = 'institution' AND EXISTS"
        " (SELECT 1 FROM haendelse h WHERE h.person_id = k.person_id AND h.aabent_hos = i.hovedinstitution)"
    )
    assert one(past, allowed) == one(past, "SELECT count(*) FROM kontakt WHERE art = 'institution'") >= 6


def test_there_are_own_contacts_wishes_diplomas_functions_and_moves(past: Engine) -> None:
    for table, least in (("egen_kontakt", 20), ("onske", 5), ("eksamensbevis", 20), ("ansvarlig_funktion", 80)):
        assert one(past, f"SELECT count(*) FROM {table}") >= least, table
    moved = "SELECT count(*) FROM bopael a JOIN bopael b ON b.person_id = a.person_id AND b.fra > a.til"
    assert one(past, moved) == 3
    assert one(past, "SELECT count(*) FROM eksamenslevering") == 0


# Afbrud of 15-17 ------------------------------------------------------------------------------------------------------


def fifth_working_day(known: date) -> date:
    days = (known + timedelta(days=count) for count in range(1, 30))
    return [day for day in days if day.weekday() < 5 and day not in FREE_DAYS][4]


def test_the_afbrud_of_15_to_17_have_their_outcomes_across_easter_and_new_year(past: Engine) -> None:
    found = rows(
        past,
        "SELECT h.nummer, min(t.hentet_tid), min(k.haendelse_dato), max(k.haendelse_dato), min(h.haendelse_dato),"
        " min(p.turns_15), min(p.turns_18), count(DISTINCT k.type) FROM haendelse h"
        " JOIN person p ON p.id = h.person_id"
        " LEFT JOIN hentet t ON t.nummer = h.nummer LEFT JOIN haendelse k ON k.afbrud_haendelse_nummer = h.nummer"
        " WHERE h.person_id > :invented AND h.status = 2 AND h.institution_nummer < '99' GROUP BY h.nummer",
        invented=one(past, "SELECT max(person_id) FROM bopael WHERE person_id <= :n", n=YOUTHS),
    )
    outcomes: Counter[str] = Counter()
    moved = set()
    for _, known, contact, _, afbrud, turns_15, turns_18, _ in found:
        assert day_of(turns_15) <= day_of(afbrud) < day_of(turns_18)
        if known is None:
            outcomes["not fetched"] += 1
            continue
        day = day_of(known)
        limit = fifth_working_day(day)
        if contact is None:
            outcomes["overdue" if limit < TODAY else "open"] += 1
            continue
        outcomes["in time" if day_of(contact) <= limit else "late"] += 1
        if day_of(contact) == limit and (limit - day).days > 7:
            moved.add((day, limit))
    assert dict(outcomes) == {name: 20 * percent // 100 for name, percent in PERCENT.items()}
    assert moved >= {(date(2026, 3, 26), date(2026, 4, 7)), (date(2025, 12, 29), date(2026, 1, 6))}
    assert sum(kinds == 2 for *_, kinds in found) > 3, "contacts with an offer"


# Senders --------------------------------------------------------------------------------------------------------------

VERDICTS = {
    **dict.fromkeys(schools.SILENT, "tavs"),
    **dict.fromkeys(schools.FALLING, "fald"),
    schools.REFUSED: "afvist_meget",
    schools.REPEATING: "normal",
}


def verdicts(engine: Engine, day: date) -> dict[str, str]:
    with writing(engine) as connection:
        clock.set_clock(connection, datetime(day.year, day.month, day.day, 8, tzinfo=DANISH))
    with reading(engine) as connection:
        found = senders(connection, state.now(connection).date())
    return {one.institution_nummer: one.vurdering.value for one in found if one.institution_nummer in VERDICTS}


def test_the_planted_senders_have_their_verdicts_and_no_other_school_of_the_kind(past: Engine) -> None:
    assert verdicts(past, TODAY) == VERDICTS


def test_a_verdict_changes_on_its_day(past: Engine) -> None:
    """The repeating school reported yesterday last: its silence is 30 days old on the 30th day from today."""
    found = {days: verdicts(past, TODAY + timedelta(days=days)) for days in (0, 28, 29, 30, 31, 45)}
    assert {days: one[schools.REPEATING] for days, one in found.items()} == {
        **dict.fromkeys((0, 28, 29), "normal"),
        **dict.fromkeys((30, 31, 45), "tavs"),
    }
    clock_of = {school: [one[school] for one in found.values()] for school in VERDICTS}
    assert set(clock_of[schools.SILENT[0]]) == set(clock_of[schools.SILENT[1]]) == {"tavs"}
    assert clock_of[schools.REFUSED][-1] != "afvist_meget", "nothing is refused any longer"
    reset(past)


def test_the_rows_of_the_senders(past: Engine) -> None:
    results = rows(
        past,
        "SELECT institution_nummer, resultat, count(*) FROM modtagelse WHERE institution_nummer LIKE '9900%'"
        " AND tid >= :first GROUP BY institution_nummer, resultat",
        first=f"{TODAY - timedelta(days=30)} 00:00:00",
    )
    counts = {(school, result): count for school, result, count in results}
    assert {key: count for key, count in counts.items() if key[0] == schools.REFUSED} == {
        (schools.REFUSED, "A"): 40,
        (schools.REFUSED, "R"): 10,
    }
    assert [counts[school, "A"] for school in schools.FALLING] == [5, 4]
    repeated = "SELECT resultat, count(*) FROM modtagelse WHERE institution_nummer = :school GROUP BY resultat"
    assert len({count for _, count in rows(past, repeated, school=schools.REPEATING)}) == 1
    same_key = (
        "SELECT count(*) FROM modtagelse g JOIN modtagelse a ON a.transaction_id = g.transaction_id"
        " AND a.nummer = g.nummer AND a.resultat = 'A' WHERE g.resultat = 'G'"
    )
    assert one(past, same_key) == one(past, "SELECT count(*) FROM modtagelse WHERE resultat = 'G'") > 200
    late = "SELECT forsinkelse_dage FROM modtagelse m JOIN haendelse h ON h.nummer = m.nummer WHERE h.status = 2"
    delays = rows(past, f"{late} AND m.institution_nummer = :school", school=schools.LATE)
    assert sorted(row[0] for row in delays) == list(range(8, 31, 2))


# The rule check -------------------------------------------------------------------------------------------------------


def test_the_rule_check_finds_what_is_planted_and_a_reset_brings_it_back(past: Engine) -> None:
    def found(of: Collection[str] | None = None) -> dict[tuple[str, str], int]:
        with reading(past) as connection:
            check = rule_check(connection, of)
        assert check is not None
        assert check.dag == TODAY
        assert check.bedoemt > 2000
        return {(row.institution_nummer, row.kode): row.antal for row in check.rows}

    planted = {(schools.OUTDATED, code): count for code, count in FOUND.items()}
    with reading(past) as connection:
        own = of_kommune(connection, schools.KOMMUNE), of_institution(connection, schools.OUTDATED)
        others = of_kommune(connection, "101"), of_institution(connection, schools.LATE)
        assert "skole-regelkontrol" in {user.key for user in users(connection)}
    assert found() == planted
    assert [found(numbers) for numbers in own] == [planted] * 2
    assert [found(numbers) for numbers in others] == [{}] * 2
    Collector(past).keep(Summary(events=3000), TODAY, datetime(2026, 10, 15, tzinfo=DANISH))
    assert found() == {}
    reset(past)
    assert found() == planted


# The change of system -------------------------------------------------------------------------------------------------

_FORLOEB = """
    WITH changed AS (
        SELECT h.*, m.system_id AS sender FROM haendelse h JOIN modtagelse m ON m.nummer = h.nummer AND m.resultat = 'A'
        WHERE h.institution_nummer IN ('990031', '990032') AND h.service <> 'IndberetningJobcenter'
    ), forloeb AS (
        SELECT forloeb_id, min(person_id) AS person_id, min(kode) AS kode, min(nummer) AS first_number,
            min(haendelse_dato) AS began, min(CASE WHEN status IN (2, 3) THEN haendelse_dato END) AS ended,
            max(registreringstid) AS latest, sum(CASE WHEN sender = 'nyt-studiesystem' THEN 1 ELSE 0 END) AS by_new
        FROM changed GROUP BY forloeb_id
    )
"""


def of_change(engine: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    return rows(engine, _FORLOEB + query, **values)


def open_on(engine: Engine, day: date) -> dict[str, int]:
    query = "SELECT kode, count(*) FROM forloeb WHERE began <= :day AND (ended IS NULL OR ended > :day) GROUP BY kode"
    return dict(of_change(engine, query, day=day))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 10), date(2025, 8, 4)),
        (date(2026, 8, 31), date(2025, 8, 4)),
        (date(2026, 9, 1), CHANGE),
        (date(2026, 11, 30), CHANGE),
        (date(2027, 1, 1), CHANGE),
    ],
)
def test_the_change_is_on_the_first_monday_of_the_last_august_that_is_over(today: date, expected: date) -> None:
    assert schools.day_of_change(today) == expected


def test_c1_optag_are_sent_again_and_three_are_accepted_with_another_date(past: Engine) -> None:
    sent = "FROM modtagelse WHERE system_id = 'nyt-studiesystem' AND resultat = 'R' AND koder = '5002'"
    assert one(past, f"SELECT count(*) {sent}") == 37
    reopened = of_change(
        past,
        "SELECT c.haendelse_dato, f.began FROM changed c JOIN forloeb f ON f.forloeb_id = c.forloeb_id"
        " WHERE c.sender = 'nyt-studiesystem' AND c.status = 1 AND c.frafaldstruet_markering IS NOT TRUE"
        " AND c.nummer <> f.first_number AND c.speciale = '1'",
    )
    assert [(day_of(now), day_of(before)) for now, before in reopened] == [(date(2026, 8, 10), date(2025, 8, 11))] * 3


def test_c2_five_youths_have_two_forloeb_and_c3_four_forloeb_are_orphans(past: Engine) -> None:
    doubles = (
        "SELECT count(*) FROM forloeb a JOIN forloeb b ON b.person_id = a.person_id AND b.first_number > a.first_number"
        " WHERE a.ended IS NULL AND b.ended IS NULL AND a.kode = '9102' AND b.kode = '9202'"
    )
    assert of_change(past, doubles) == [(5,)]
    orphans = "SELECT kode, count(*) FROM forloeb WHERE ended IS NULL AND by_new = 0 GROUP BY kode"
    assert of_change(past, orphans) == [("9100", 4)]


def test_c4_31_forloeb_end_around_the_day_and_4_6_and_5_in_the_years_before(past: Engine) -> None:
    counts = []
    for year in (2026, 2025, 2024, 2023):
        first, last = (CHANGE.replace(year=year) + timedelta(days=days) for days in (-14, 14))
        ends = "SELECT count(*) FROM forloeb WHERE ended >= :first AND ended <= :last"
        counts.append(of_change(past, ends, first=first, last=last)[0][0])
    assert counts == [31, 5, 6, 4]


def test_c5_a_gap_and_c6_both_send(past: Engine) -> None:
    found = of_change(past, "SELECT sender, registreringstid FROM changed ORDER BY registreringstid")
    by_old = [day_of(at) for sender, at in found if sender == schools.OLD]
    by_new = [day_of(at) for sender, at in found if sender == schools.NEW]
    assert (max(day for day in by_old if day < CHANGE), min(by_new)) == (date(2026, 7, 23), date(2026, 8, 4))
    assert sum(day > CHANGE + timedelta(days=3) for day in by_old) == 2


def test_c7_of_120_open_forloeb_111_are_left_and_of_40_there_are_38(past: Engine) -> None:
    before, after = open_on(past, CHANGE - timedelta(days=1)), open_on(past, CHANGE + timedelta(days=14))
    assert before == {"9100": 40, "9102": 5, "9200": 120, "9210": 40}
    assert after == {"9100": 40, "9102": 5, "9200": 111, "9210": 38}


def test_c8_the_new_system_has_no_agreement_for_fgu_and_c9_six_contacts_are_the_old_ones(past: Engine) -> None:
    used = of_change(past, "SELECT DISTINCT service, sender FROM changed WHERE sender <> 'nyt-studiesystem'")
    agreed = {row[0] for row in rows(past, "SELECT service FROM dataaftale WHERE system_id = 'nyt-studiesystem'")}
    assert {service for service, _ in used} - agreed == {"IndberetningForberedendeGrundUddannelse"}
    standing = (
        "SELECT count(*) FROM kontakt k JOIN modtagelse m ON m.person_id = k.person_id AND m.tid = k.registreringstid"
        " AND m.service = 'IndberetInstitutionKontakt' AND m.system_id = :old WHERE k.institution_nummer = '990031'"
    )
    assert one(past, standing, old=schools.OLD) == 6


def checked_of(engine: Engine, institution: str, old: str, new: str, today: date = TODAY) -> Checked:
    """Return what the checks say of a change on the day of the planted one; it need not be announced."""
    change = Change(1, institution, old, new, CHANGE, "skole@skole.example", "udb:root", datetime.now(tz=DANISH))
    with reading(engine) as connection:
        return checked(connection, change, today, load_codes(connection), invented_cpr_allowed=True)


def test_the_planted_change_is_announced(past: Engine) -> None:
    with reading(past) as connection:
        found = [(one.institution_nummer, one.gammelt, one.nyt, one.dag) for one in changes(connection)]
    assert found == [(schools.CHANGED, schools.OLD, schools.NEW, CHANGE)]


def counts_of(found: Checked) -> dict[str, int]:
    return {one.check.code: one.antal for one in found.results.values() if one.check.code.startswith("C")}


def test_the_checks_find_what_is_planted(past: Engine) -> None:
    found = checked_of(past, schools.CHANGED, schools.OLD, schools.NEW)
    results = {one.check.code: one for one in found.results.values()}
    assert counts_of(found) == {
        "C1": 3,
        "C2": 5,
        "C3": 4,
        "C4": 1,
        "C5": 1,
        "C6": 2,
        "C7": 1,
        "C8": 1,
        "C9": 6,
        "Certifikat": 0,
    }
    assert all(one.computed and one.ready is None and not one.lower_bound for one in results.values())
    assert {one.tekst for one in results["C1"].findings} == {"Optag 10-08-2026 i et forløb, som begyndte 11-08-2025"}
    assert results["C1"].beside == "37 blev afvist med 5002"
    assert results["C4"].beside == "31 forløb sluttede; i de tre år før: 5, 6, 4"
    assert [one.tekst for one in results["C5"].findings] == [
        "7 arbejdsdage uden en accepteret indberetning, mellem 23-07-2026 og 04-08-2026"
    ]
    assert [one.tekst for one in results["C7"].findings] == ["Kode 9200: 120 åbne før, 111 efter"]
    assert [one.tekst for one in results["C8"].findings] == [f"{FGU} for {schools.CHANGED_FGU}"]


@pytest.mark.parametrize("school", [schools.REPEATING, schools.LATE, *schools.FALLING])
def test_the_checks_find_nothing_at_a_school_that_kept_its_system(past: Engine, school: str) -> None:
    """Whatever the other system is: one that never sent anything, or its own."""
    nothing = dict.fromkeys(("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"), 0)
    for old in (schools.NEW, "Et system, ingen kender", schools.VENDOR):
        found = counts_of(checked_of(past, school, old, schools.VENDOR))
        assert {code: found[code] for code in nothing} == nothing


# eIndkomst and the read log -------------------------------------------------------------------------------------------


def test_24_months_are_delivered_and_deliver_nothing_new_again(past: Engine) -> None:
    months = [day_of(row[0]) for row in rows(past, "SELECT maaned FROM indkomstmaaned ORDER BY maaned")]
    assert (len(months), months[0], months[-1]) == (24, date(2024, 10, 31), date(2026, 9, 30))
    kinds = dict(rows(past, "SELECT art, count(*) FROM haendelse WHERE service = 'eIndkomst' GROUP BY art"))
    assert kinds["beskaeftigelse"] > 50
    assert kinds["social_ydelse"] > 5
    for month in (months[0], months[11], months[-1]):
        lines = rows(
            past, "SELECT cprnr, indberetter, indtaegtsart, oere FROM indkomst WHERE maaned = :month", month=month
        )
        text_of = [f"{number};{month:%Y-%m};{who};{kind};{oere / 100:.2f}" for number, who, kind, oere in lines]
        file = "\n".join(["cprnr;maaned;indberetter;indtaegtsart;beloeb", *text_of, ""])
        result = import_eindkomst(past, io.BytesIO(file.encode()), maaned=f"{month:%Y-%m}")
        assert (result.unchanged, result.changed, result.added, result.events) == (len(lines), 0, 0, 0)
    reset(past)


def test_the_read_log_has_six_sealed_months(past: Engine) -> None:
    verdict = verify(past, Terms(5))
    assert (verdict.faults, verdict.blocks) == ([], 6)
    assert one(past, "SELECT count(*) FROM read_log_unsealed") == 0
    purposes = {row[0] for row in rows(past, "SELECT DISTINCT formaal FROM read_log")}
    assert purposes == {None, "vejledning"}
    assert one(past, "SELECT count(*) FROM read_log WHERE klausul IS NULL") == 36
    assert danish_date(datetime.now(tz=DANISH)) >= day_of(one(past, "SELECT max(tid) FROM read_log"))


# Retention ------------------------------------------------------------------------------------------------------------


def test_reports_of_a_year_still_count_when_the_youths_are_deleted(past: Engine, tmp_path: Path) -> None:
    """Until a year's figures are frozen: the number of reports stays, who they were about and what held does not."""
    ten_years_on = TODAY.replace(year=TODAY.year + 10)

    def first_year() -> tuple[int, int]:
        with reading(past) as connection:
            (found,) = [one for one in by_year(connection, state.now(connection), by_kommune=False) if one.aar == 2020]
        return found.registreret, found.unge

    before = first_year()
    verdicts(past, ten_years_on)
    assert youths.remove_old(past, DeletionLog(tmp_path / "sletninger.jsonl"), 2) > 100
    assert (before[0], first_year()[0], first_year()[1]) == (32, 32, 0)
    reset(past)


def test_a_sandbox_that_is_started_has_a_past_unless_it_is_left_out() -> None:
    assert inspect.signature(sandbox_start.start).parameters["history"].default is True
