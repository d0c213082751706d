"""The figures that a job keeps, from reports that were really sent."""

from datetime import date, timedelta

from sqlalchemy import update

from tests.support.endpoint import Endpoint
from tests.support.received import received
from tests.support.reports import UNGDOM, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM, World
from udb.domain.clock import midnight
from udb.domain.services import KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.hentning.kommune.list_job import refresh_lists
from udb.serve.quality_watch import refresh_if_due
from udb.statistics.quality import kept
from udb.statistics.quality.contact_years import Art, Maal, contact_years
from udb.statistics.quality.refresh import refresh_quality
from udb.statistics.quality.refusals import refused_by_code, without_person
from udb.statistics.quality.sender_rows import Change, sender_rows
from udb.statistics.quality.timeliness import Slags, by_month, country, lines, months
from udb.statistics.quality.youth_counts import ContactCount, CourseCount, youth_counts
from udb.statistics.verdict import Verdict
from udb.store.engine import reading, writing
from udb.store.tables import kontakt, modtagelse, person

SENDER = (GYMNASIUM, UNGDOMSUDDANNELSE, SYSTEM)


def test_timeliness_is_counted_by_month_and_kind_and_a_month_that_is_over_stays(
    world: World, endpoint: Endpoint
) -> None:
    world.clock("2026-08-31T10:00:00")
    for index, days in enumerate((0, 0, 1, 3, 8, 31)):
        cprnr = f"7103075{101 + index}"
        world.person(cprnr)
        world.clock("2026-07-01T10:00:00")
        began = {**UNGDOM, "CPRNr": cprnr, "HaendelseDato": "2026-07-03T00:00:00"}
        accepted(endpoint.report(UNGDOMSUDDANNELSE, began))
        world.clock("2026-08-31T10:00:00")
        left = {**UNGDOM, "CPRNr": cprnr, "Status": 2, "AfbrudsarsagsKode": "904"}
        day = date(2026, 8, 31) - timedelta(days=days)
        accepted(endpoint.report(UNGDOMSUDDANNELSE, {**left, "HaendelseDato": f"{day}T00:00:00"}))
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        found = lines(connection, "2026-08", None)
        assert found is not None
        assert [(one.institution_nummer, one.slags, one.dage) for one in found[0]] == [
            (GYMNASIUM, Slags.AFBRUDT, {0: 2, 1: 1, 3: 1, 8: 1, 31: 1})
        ]
        assert country(connection, "2026-08") == {Slags.AFBRUDT: {0: 2, 1: 1, 3: 1, 8: 1, 31: 1}}
        assert lines(connection, "2026-08", {KOMMUNE}) == ([], found[1])
        assert country(connection, "2026-07") == {Slags.OPTAGET: {0: 6}}, "dated ahead is not late"
        assert months(connection)[0] == "2026-08"
        assert len(months(connection)) == 13
        assert by_month(connection, SENDER, ["2026-07", "2026-06"]) == {
            "2026-07": {Slags.OPTAGET: {0: 6}},
            "2026-06": {},
        }
    world.clock("2026-09-02T10:00:00")
    refresh_quality(world.engine)
    with writing(world.engine) as connection:
        connection.execute(update(modtagelse).values(forsinkelse_dage=99))
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        assert country(connection, "2026-08") == {Slags.AFBRUDT: {0: 2, 1: 1, 3: 1, 8: 1, 31: 1}}
        assert "2025-08" not in months(connection)


def test_a_change_of_verdict_is_said_for_thirty_days(world: World) -> None:
    world.clock("2026-08-10T08:00:00")
    received(world.engine, date(2025, 8, 20), 40)
    received(world.engine, date(2025, 9, 15), 40)
    received(world.engine, date(2026, 8, 9), 40)
    seen, found = {}, None
    for days in (29, 30, 31, 45, 62):
        world.clock(f"{date(2026, 8, 9) + timedelta(days=days)}T08:00:00")
        refresh_quality(world.engine)
        refresh_quality(world.engine)
        with reading(world.engine) as connection:
            found = sender_rows(connection, None)
        assert found is not None
        seen[days] = found.rows[0].vurdering, found.aendret.get((GYMNASIUM, UNGDOMSUDDANNELSE))
    change = Change(Verdict.NORMAL, date(2026, 9, 9))
    assert seen[29] == seen[30] == (Verdict.NORMAL, None)
    assert seen[31] == (Verdict.TAVS, change)
    assert seen[45][1] == change
    assert found is not None
    assert seen[62] == (Verdict.TAVS, None)
    assert found.tavse_foer == frozenset({(GYMNASIUM, UNGDOMSUDDANNELSE)})
    with reading(world.engine) as connection:
        others = sender_rows(connection, {KOMMUNE})
    assert others is not None
    assert (others.rows, others.aendret, others.tavse_foer) == ([], {}, frozenset())


def test_refusals_by_code_have_an_example_without_a_person(world: World) -> None:
    world.clock("2026-08-17T08:00:00")
    day = date(2026, 8, 16)
    received(world.engine, day, 3, resultat="R", koder="7004 4004", transaction_id="a-1")
    received(world.engine, day, 7, resultat="R", koder="4004 5002 9999", transaction_id="0101011234-x", dato=day)
    received(world.engine, day, 9, resultat="R", koder="4004", slags="proeve")
    received(world.engine, date(2026, 8, 17), 9, resultat="R", koder="4004")
    received(world.engine, day, 9, resultat="R", koder="4004", system_id="et-andet")
    with reading(world.engine) as connection:
        found = refused_by_code(connection, SENDER, date(2026, 8, 17))
    counted = {one.kode: (one.antal, one.transaction_id) for one in found}
    assert found[0].kode == "4004"
    assert counted["4004"] == (10, None)
    assert counted["7004"] == (3, "a-1") or "7004" not in counted
    assert counted["9999"] == (7, None)
    assert found[0].tekst
    assert [without_person(text) for text in ("x-010101-1234", "12345678901", "010101 1234", None, "ok 1")] == [
        None, "12345678901", None, None, "ok 1",
    ]  # fmt: skip


def test_contacts_of_a_year_by_kind_and_month(world: World, endpoint: Endpoint) -> None:
    cprnr = "7103095123"
    number = world.person(cprnr)
    contact = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "KontaktMail": "a@b.example"}
    for month in (1, 2, 3):
        world.clock(f"2026-0{month}-02T08:00:00")
        accepted(endpoint.report(KONTAKTPERSON, {**contact, "KontaktNavn": f"Nr. {month}"}, f"nr {month}"))
    accepted(endpoint.report(KONTAKTPERSON, {**contact, "KontaktNavn": "Nr. 3"}, "nr 3"))
    with writing(world.engine) as connection:
        now = midnight(date(2026, 2, 1))
        connection.execute(
            update(person).where(person.c.id == number).values(mail="x@y.example", kontakt_registreret=now)
        )
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        found = contact_years(connection, Art.KUI)
        own = contact_years(connection, Art.EGEN)
        centre = contact_years(connection, Art.JOBCENTER)
    assert found is not None
    assert own is not None
    assert centre is not None
    assert {maal: list(row) for maal, row in found.kommuner["101"].tal.items()} == {
        Maal.REGISTRERET: [3], Maal.UNGE: [1], Maal.GAELDENDE: [1],
    }  # fmt: skip
    assert found.land == found.kommuner["101"]
    assert list(found.land.maaneder[2026])[:4] == [1, 1, 1, 0]
    assert found.nedre_graense == {2026}
    assert list(own.land.tal[Maal.REGISTRERET]) == [1]
    assert own.nedre_graense == {2026}
    assert list(centre.land.tal[Maal.REGISTRERET]) == [0]
    accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "Slet": True}))
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        found = contact_years(connection, Art.KUI)
    assert found is not None
    assert [list(row) for row in found.land.tal.values()] == [[3], [1], [0]]


def test_a_contact_is_stale_after_366_days_and_while_the_youth_lives_elsewhere(world: World) -> None:
    cprnr = "7103095123"
    number = world.person(cprnr)
    world.clock("2026-08-17T10:00:00")
    row = {"person_id": number, "art": "kommune", "institution_nummer": KOMMUNE, "navn": "Vera"}
    world.add(kontakt, **row, registreringstid=midnight(date(2025, 8, 17)))

    def counted() -> tuple[int, int, int | None, int | None]:
        refresh_lists(world.engine)
        with reading(world.engine) as connection:
            found = youth_counts(connection)
        assert found is not None
        kode = "101" if "101" in found.kommuner else "751"
        one = found.kommuner[kode].kontakter[Art.KUI]
        return one.gaeldende, one.foraeldede, one.mangler, one.af

    assert counted() == (1, 0, 0, 1)
    world.clock("2026-08-18T10:00:00")
    assert counted() == (1, 1, 0, 1)
    with writing(world.engine) as connection:
        connection.execute(update(kontakt).values(registreringstid=midnight(date(2026, 8, 1))))
    assert counted() == (1, 0, 0, 1)
    world.person(cprnr, kommune="751")
    assert counted() == (1, 1, 0, 1), "registered by a kommune that is not the home kommune"
    world.person(cprnr, kommune="101")
    assert counted() == (1, 0, 0, 1), "moved back"


def test_missing_contacts_courses_without_end_and_risks_that_were_not_renewed(world: World, endpoint: Endpoint) -> None:
    world.clock("2026-08-17T10:00:00")
    pupil, ordered = "7103075101", "7103075102"
    for cprnr in (pupil, ordered, "7103075103"):
        world.person(cprnr)
    optag(endpoint, pupil, 3)
    risk = {**UNGDOM, "CPRNr": pupil, "FrafaldstruetMarkering": True, "HaendelseDato": "2026-08-12T00:00:00"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, risk))
    optag(endpoint, ordered, 3)
    world.subscribe(world.person(ordered))
    refresh_lists(world.engine)
    with reading(world.engine) as connection:
        found = youth_counts(connection)
    assert found is not None
    counts = found.kommuner["101"]
    assert (counts.unge, counts.uden_kui) == (3, 3)
    assert counts.kontakter[Art.KUI] == ContactCount(0, 0, 1, 1)
    assert counts.kontakter[Art.JOBCENTER] == ContactCount(0, 0, 1, 1)
    assert counts.kontakter[Art.INSTITUTION] == ContactCount(0, 0, 1, 1)
    assert counts.kontakter[Art.EGEN] == ContactCount(0, 0, None, None)
    assert found.skoler == {GYMNASIUM: CourseCount(aabne=2, risiko=1)}
    registered = {"registreringstid": midnight(date(2026, 8, 16)), "navn": "Ib"}
    for art, nummer in (("jobcenter", KOMMUNE), ("institution", GYMNASIUM)):
        world.add(kontakt, person_id=world.person(ordered), art=art, institution_nummer=nummer, **registered)
    refresh_lists(world.engine)
    world.clock("2026-11-11T10:00:00")
    refresh_lists(world.engine)
    with reading(world.engine) as connection:
        later = youth_counts(connection)
    assert later is not None
    assert later.skoler[GYMNASIUM].ikke_fornyet == 1, "91 days"
    assert later.kommuner["101"].kontakter[Art.JOBCENTER] == ContactCount(1, 0, 0, 1)
    assert later.kommuner["101"].kontakter[Art.INSTITUTION] == ContactCount(1, 0, 0, 1)
    assert later.foer == {"101": (0, 1)}
    world.clock("2031-09-11T10:00:00")
    refresh_lists(world.engine)
    with reading(world.engine) as connection:
        last = youth_counts(connection)
    assert last is not None
    assert last.skoler[GYMNASIUM].mangler_afslutning == 2


def test_the_job_works_once_an_hour_and_on_every_new_day(world: World) -> None:
    world.clock("2026-08-17T10:00:00")
    with reading(world.engine) as connection:
        assert sender_rows(connection, None) is None
    assert refresh_if_due(world.engine, 60)
    assert not refresh_if_due(world.engine, 60)
    world.clock("2026-08-18T10:00:00")
    assert refresh_if_due(world.engine, 60)
    with writing(world.engine) as connection:
        kept.forget(connection)
        assert kept.names(connection, "") == []
    assert refresh_if_due(world.engine, 60)
