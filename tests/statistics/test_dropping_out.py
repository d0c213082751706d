"""The worked cases of drop-out, of what follows an afbrud, and of the deadlines, as rows of the database."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from tests.support.figure_youths import (
    DONE,
    EUD,
    FGU_CODE,
    GF1,
    GF2,
    HF,
    LEFT,
    STX,
    Course,
    Told,
    deliver,
    store,
)  # fmt: skip
from tests.support.world import World
from udb.domain.clock import DANISH, month_end
from udb.statistics import frozen
from udb.statistics.monthly.run import run
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, hentet, institution

BORN = date(2006, 3, 11)
START = date(2024, 8, 12)


def eud(*courses, first=None):
    return Told(BORN, courses=(Course("formaal", GF1, START, *(first or ())), *courses))


TEN = (
    eud(first=(date(2024, 8, 20), LEFT, "1")),
    *(eud() for _ in range(3)),
    # On to another school after twenty days; and on to GF2, whose optag stands before GF1's end.
    eud(Course("formaal", EUD, date(2024, 9, 21)), first=(date(2024, 9, 1), LEFT)),
    eud(Course("formaal", GF2, date(2025, 1, 6)), first=(date(2025, 1, 10), DONE)),
    eud(Course("formaal", EUD, date(2025, 1, 6), date(2025, 8, 1), DONE), first=(date(2025, 1, 10), DONE)),
    eud(Course("formaal", HF, date(2025, 6, 1)), first=(date(2025, 5, 1), LEFT)),
    eud(first=(date(2025, 2, 1), LEFT)),
    # Back after eight months.
    eud(Course("formaal", GF1, date(2025, 10, 1)), first=(date(2025, 2, 1), LEFT)),
)


def groups(world, definition, day, kommune=None):
    """Return the published counts by group and measure, without those that are 0."""
    with reading(world.engine) as connection:
        found = frozen.published(connection, definition, day)
        assert found is not None
        rows = frozen.figures(connection, found, kommuner=[kommune])
    return {(one.gruppe, one.maal): one.antal for one in rows if one.antal}


def test_ten_who_began_after_twelve_months_and_after_a_pause(world: World):
    world.clock("2026-12-15T08:00:00")
    store(world.engine, TEN)
    quick, last = date(2025, 9, 1), date(2026, 12, 1)
    for day in (date(2025, 8, 1), quick, last):
        run(world.engine, world.engine, day)
    assert groups(world, "frafald", date(2025, 8, 1)) == {}, "the twelve months are not over"
    found = {"kohorte": 9, "ej_moedt": 1, "hurtig_i_gang": 5, "hurtig_fuldfoert": 1, "hurtig_skiftet": 1}
    group = "eud 2024"
    left = {
        "hurtig_afbrudt": 2,
        "endelig_i_gang": 5,
        "endelig_fuldfoert": 1,
        "endelig_skiftet": 1,
        "endelig_afbrudt": 2,
        # From 12 August to 1 February, and no cause given.
        "aarsag_9": 2,
        "tid_182": 2,
    }
    expected = {(group, name): count for name, count in (found | left).items()}
    assert groups(world, "frafald", quick) == expected | {(None, "i_alt"): 10}
    expected |= {(group, "endelig_i_gang"): 6, (group, "endelig_afbrudt"): 1}
    after = groups(world, "frafald", last)
    assert {key: count for key, count in after.items() if key[0] == group} == expected
    # Who shifted to hf has begun there, in the school year before.
    assert after["gymnasial 2024", "kohorte"] == after["gymnasial 2024", "hurtig_i_gang"] == 1
    assert groups(world, "frafald", last, "851") == after


def gf1(left, cause="904", *more, ends=LEFT):
    return eud(*more, first=(left, ends, cause))


HOW = {
    # The last day of each bucket, and the first of the next; s + 12 months is the last that counts.
    "day 0": (gf1(START), "904", "030"),
    "day 30": (gf1(date(2024, 9, 11)), "904", "030"),
    "day 31": (gf1(date(2024, 9, 12)), "904", "090"),
    "day 90": (gf1(date(2024, 11, 10), "905"), "905", "090"),
    "day 91": (gf1(date(2024, 11, 11), "906"), "906", "182"),
    "day 182": (gf1(date(2025, 2, 10)), "904", "182"),
    "day 183": (gf1(date(2025, 2, 11)), "904", "366"),
    "day 365, twelve months on": (gf1(date(2025, 8, 12)), "904", "366"),
    "the day after, so still there": (gf1(date(2025, 8, 13)), None, None),
    "at the next school, after an afbrud at the first": (
        gf1(date(2024, 9, 1), "902", Course("formaal", EUD, date(2024, 9, 2), date(2025, 6, 30), LEFT, "903")),
        "903", "366",
    ),
    "never came to the next one": (
        gf1(date(2024, 9, 1), "902", Course("formaal", EUD, date(2025, 1, 6), date(2025, 1, 8), LEFT, "1")),
        "902", "030",
    ),
    "completed GF1, and began nothing": (gf1(date(2025, 1, 10), ends=DONE), "ingen", "182"),
    "left GF2 on the day GF1 was completed": (
        gf1(date(2025, 1, 10), "9", Course("formaal", GF2, date(2025, 1, 6), date(2025, 1, 10), LEFT, "9"), ends=DONE),
        "9", "182",
    ),
    "left the first, then completed GF1 elsewhere": (
        gf1(date(2024, 9, 1), "902", Course("formaal", GF1, date(2024, 9, 2), date(2025, 1, 10), DONE)), "ingen", "182",
    ),
    "left what was reported by its end alone": (
        gf1(date(2024, 9, 1), "902", Course("formaal", EUD, None, date(2025, 3, 1), LEFT, "906")), "906", "366",
    ),
    "back after the twelve months": (
        gf1(date(2025, 2, 1), "904", Course("formaal", GF1, date(2025, 10, 1))), "904", "182",
    ),
    "shifted to hf": (gf1(date(2025, 2, 1), "902", Course("formaal", HF, date(2025, 3, 1))), None, None),
    "never came": (gf1(date(2024, 8, 20), "1"), None, None),
}  # fmt: skip


def test_how_each_left(world: World):
    """Cell by cell, each youth in a kommune of its own: who did not drop out has neither cause nor time."""
    world.clock("2026-12-15T08:00:00")
    day = date(2025, 9, 1)
    kommuner = {f"{200 + number}": name for number, name in enumerate(HOW)}
    store(world.engine, [replace(HOW[name][0], kommune=kode) for kode, name in kommuner.items()])
    run(world.engine, world.engine, day)
    for kode, name in kommuner.items():
        _, cause, time = HOW[name]
        found = groups(world, "frafald", day, kode)
        assert of("aarsag_", found) == ({f"aarsag_{cause}": 1} if cause else {}), name
        assert of("tid_", found) == ({f"tid_{time}": 1} if time else {}), name
        assert of("hurtig_afbrudt", found) == ({"hurtig_afbrudt": 1} if cause else {}), name
    found = groups(world, "frafald", day)
    causes, times = of("aarsag_", found), of("tid_", found)
    assert causes == {
        "aarsag_904": 7, "aarsag_905": 1, "aarsag_906": 2, "aarsag_903": 1, "aarsag_902": 1, "aarsag_9": 1,
        "aarsag_ingen": 2,
    }  # fmt: skip
    assert times == {"tid_030": 3, "tid_090": 2, "tid_182": 6, "tid_366": 4}
    assert sum(causes.values()) == sum(times.values()) == found["eud 2024", "hurtig_afbrudt"] == 15
    assert (found["eud 2024", "kohorte"], found["eud 2024", "ej_moedt"]) == (17, 1)


def of(prefix, found):
    """Return the counts of the cohort whose measure begins with a prefix."""
    return {maal: count for (gruppe, maal), count in found.items() if gruppe == "eud 2024" and maal.startswith(prefix)}


def test_what_follows_an_afbrud(world: World):
    world.clock("2026-07-20T08:00:00")
    months = [month_end(date(2025, month, 1)) for month in (4, 10)]
    deliver(world.engine, *months)
    left = Course("formaal", STX, date(2024, 8, 12), date(2025, 1, 15), LEFT)
    fgu = Course("formaal", FGU_CODE, date(2025, 2, 1))
    enough = dict.fromkeys(months, 1011892)
    told = (
        Told(BORN, courses=(left,), wages=enough),
        Told(BORN, courses=(left, fgu), wages=enough),
        Told(BORN, courses=(left, fgu), wages=dict.fromkeys(months, 1011891)),
        Told(BORN, courses=(left,)),
        Told(BORN, courses=(left, Course("kommune", "K54", date(2025, 9, 1)))),
        # 25 in June: employment is known in April, not in October.
        Told(date(2000, 6, 2), courses=(left,), wages={months[0]: 1011892}),
        Told(BORN, courses=(Course("formaal", STX, START, date(2025, 1, 15), LEFT, "1"),)),
    )
    store(world.engine, told)
    day = date(2026, 7, 1)
    run(world.engine, world.engine, day)
    found = groups(world, "efter_afbrud", day)
    group = "gymnasial 2024"
    assert found == {
        (f"{group} +03", "i_job"): 2, (f"{group} +03", "begge"): 1, (f"{group} +03", "i_uddannelse"): 1,
        (f"{group} +03", "ingen"): 2,
        (f"{group} +09", "i_job"): 2, (f"{group} +09", "begge"): 1, (f"{group} +09", "i_uddannelse"): 1,
        (f"{group} +09", "ingen"): 1, (f"{group} +09", "ukendt"): 1,
        # April 2026 is not delivered, and October is not reached.
        (f"{group} +15", "endnu_ikke"): 6, (f"{group} +21", "endnu_ikke"): 6,
        (None, "i_alt"): 24,
    }  # fmt: skip


CASES = (
    # The day it became known (None: never), of the contact, and whether another school has taken the youth.
    (date(2026, 3, 26), date(2026, 4, 7), False), (date(2026, 3, 2), date(2026, 3, 2), False),
    (date(2026, 3, 2), date(2026, 3, 10), False), (date(2026, 3, 23), None, False), (date(2026, 3, 30), None, False),
    (date(2026, 3, 2), None, True), (None, None, False),
)  # fmt: skip


def test_the_table_of_deadlines(world: World):
    """As of 1 May: a5, of which 9 April was the last day, is overdue by then, and 5 is no longer the median."""
    world.clock("2026-05-20T08:00:00")
    world.institution("281851", type3="KOM", kommune="851")
    begun = date(2025, 8, 11)
    told = [
        Told(
            date(2009, 6, 1),
            courses=(
                Course("formaal", EUD, begun, date(2026, 3, 1), LEFT),
                *((Course("formaal", HF, date(2026, 3, 2)),) if is_new else ()),
            ),
        )
        for _, _, is_new in CASES
    ]
    adult = Told(date(2007, 6, 1), courses=(Course("formaal", EUD, begun, date(2026, 3, 1), LEFT),))
    moved = Told(date(2009, 6, 1), kommune="101", moves=[(date(2026, 3, 5), "01", "851")], courses=told[0].courses)
    ids = store(world.engine, [*told, adult, moved])
    at = {"registreringstid": datetime(2026, 3, 2, 8, tzinfo=DANISH)}
    with writing(world.engine) as connection:
        connection.execute(haendelse.update().values(at))
        rows = connection.execute(
            haendelse.select().where(haendelse.c.status == LEFT).order_by(haendelse.c.person_id)
        ).all()
        assert [row.person_id for row in rows] == ids
        for row, (known, contact, _) in zip(rows, CASES, strict=False):
            if known is not None:
                _fetch(connection, row.nummer, "281851", known)
            if contact is not None:
                connection.execute(insert(haendelse).values(_contact(row, contact)))
        # The new kommune has fetched it, but the youth lived in another one then.
        _fetch(connection, rows[-1].nummer, "281851", date(2026, 3, 6))
        assert connection.execute(institution.select().where(institution.c.nummer == "281851")).one()
    run(world.engine, world.engine, date(2026, 5, 1))
    assert groups(world, "frist", date(2026, 5, 1), "851") == {
        ("2026-03", "i_tide"): 2, ("2026-03", "for_sent"): 1, ("2026-03", "overskredet"): 2,
        ("2026-03", "ikke_skyldig"): 1, ("2026-03", "ikke_hentet"): 1,
        ("2026-03", "dage_05"): 1, ("2026-03", "dage_00"): 1, ("2026-03", "dage_06"): 1,
        (None, "i_alt"): 7,
    }  # fmt: skip
    assert groups(world, "frist", date(2026, 5, 1), "101") == {("2026-03", "ikke_hentet"): 1, (None, "i_alt"): 1}
    # On 1 April two were open, one contact had not been made, and the days after were not known.
    run(world.engine, world.engine, date(2026, 4, 1))
    assert groups(world, "frist", date(2026, 4, 1), "851") == {
        ("2026-03", "i_tide"): 1, ("2026-03", "for_sent"): 1, ("2026-03", "overskredet"): 1, ("2026-03", "aaben"): 2,
        ("2026-03", "ikke_skyldig"): 1, ("2026-03", "ikke_hentet"): 1,
        ("2026-03", "dage_00"): 1, ("2026-03", "dage_06"): 1, (None, "i_alt"): 7,
    }  # fmt: skip


def _fetch(connection, nummer, modtager, day):
    at = datetime(day.year, day.month, day.day, 10, tzinfo=DANISH)
    values = {"nummer": nummer, "modtager": modtager, "system_id": "s", "hentet_tid": at, "hentet_system": at}
    connection.execute(insert(hentet).values(values))


def _contact(row, day):
    number = f"{row.nummer[:-3]}9{row.person_id:02}"
    return {
        **row._asdict(), "nummer": number, "plads": number, "art": "kontakttid", "haendelse_dato": day,
        "service": "IndberetningKontaktTilbudstid", "kodesaet": None, "kode": None, "status": None,
        "type": "Kontakttid", "afbrud_haendelse_nummer": row.nummer, "afbrudsarsags_kode": None,
        "registreringstid": datetime(2026, 3, 2, tzinfo=DANISH) + timedelta(days=40),
    }  # fmt: skip
