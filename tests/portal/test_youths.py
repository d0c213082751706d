import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert, select, text, update
from structlog.testing import capture_logs

from tests.support.endpoint import Endpoint
from tests.support.officer import FIND, Officer, numbers, without_token
from tests.support.portal import ADDRESS, headings
from tests.support.reporting import agree, summary
from tests.support.reports import ANNA, BO, CPRNR, GRADE_10, REPORTS, UNGDOM, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL, UNIVERSITY
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.domain.services import (
    FORBEREDENDE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    UNGDOMSUDDANNELSE,
)
from udb.hentning.kommune.list_job import refresh_lists
from udb.portal import app
from udb.portal.roles import Role
from udb.portal.youths import many, patience
from udb.portal.youths.references import person_of, reference_of
from udb.readlog.entries import NO_PERSON, log_read
from udb.settings import Settings
from udb.statistics.definitions.situation import Situation
from udb.store.engine import reading, writing
from udb.store.tables import kontakt, person, read_log, ung_liste
from udb.store.tables.indkomst import indkomstmaaned
from udb.wsdl.use_cases import application


@pytest.fixture
def endpoint(house):
    return Endpoint(application(house, {}))


@pytest.fixture
def officer(site, house, world):
    """The guidance officer of KOMMUNE, which may use the pages; the clock is at 17 August 2026."""
    world.clock("2026-08-17T10:00:00")
    agree(house.engine, KOMMUNE)
    return Officer(site, house.engine)


def contact(endpoint, cprnr, kommune=KOMMUNE, navn="Vera Vejleder"):
    said = {"CPRNr": cprnr, "InstitutionNummer": kommune, "KontaktNavn": navn, "KontaktMail": "vera@kommune.dk"}
    return accepted(endpoint.report(KONTAKTPERSON, said))


def rows(house, operation=None):
    with reading(house.engine) as connection:
        query = select(read_log).order_by(read_log.c.id)
        found = connection.execute(query).all()
    return [row for row in found if row.system_id == "udb-web" and operation in {None, row.operation}]


def test_a_youth_is_found_and_shown(officer, endpoint, house, world):
    number = world.person(CPRNR)
    with writing(house.engine) as connection:
        connection.execute(update(person).where(person.c.id == number).values(navn="Alma Berg"))
        connection.execute(insert(indkomstmaaned).values(maaned=date(2026, 7, 31), leveret=date(2026, 8, 5)))
    begun = optag(endpoint, CPRNR, 3)
    ended = {**UNGDOM, "CPRNr": CPRNR, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    broken = accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))["HaendelseNummer"]
    contact(endpoint, CPRNR)
    wishes = {"CPRNr": CPRNR, "InstitutionNummer": KOMMUNE, "JobOnsker": ["Tømrer"]}
    accepted(endpoint.report(ONSKER, wishes))
    fetched = endpoint.fetch(KOMMUNE)
    page = officer.find("710307-5123")
    assert page.status_code == 200
    assert headings(page) == ["Alma Berg"]
    assert numbers(page) == {begun, broken}
    assert "710307-5123, 19 år" in page.text
    assert "Uden aktivitet siden 12. august 2026 (afbrudt" in page.text
    assert "(beskæftigelse for august er ikke leveret)." in page.text
    assert "Ingen: den unge har ikke uddannelsespålæg." in page.text
    assert "Vera Vejleder" in page.text
    assert "Job: Tømrer (17. august 2026, Institution 281111)" in page.text
    assert "alt, der gælder, vises" in page.text
    assert fetched["HoejesteHaendelseNummer"] == broken
    assert "ikke hentet" not in page.text
    assert CPRNR not in officer.reference(CPRNR)
    found = [(row.operation, row.klausul, row.personer, row.formaal, row.bruger) for row in rows(house)]
    expected = ("A1", [number], "vejledning", "unilogin:admin")
    assert found == [("UngSoegning", *expected), ("UngSide", *expected), ("UngSoegning", *expected)]


def test_files_say_the_same_and_are_logged_by_themselves(officer, endpoint, house, world):
    world.person(CPRNR)
    begun = optag(endpoint, CPRNR, 3, KildeLeverandoer="=1+1")
    address = officer.reference(CPRNR)
    given = officer.get(f"{address}/hent.json")
    content = json.loads(given.data)
    assert content["forloeb"][0]["haendelser"][0]["nummer"] == begun
    table = officer.get(f"{address}/hent.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="ung.csv"'
    assert begun in table.text
    assert "'=1+1" in table.text
    assert content["situation"] in table.text
    assert officer.get(f"{address}/hent.xml").status_code == 404
    assert [row.klausul for row in rows(house, "UngFil")] == ["A1", "A1"]


@pytest.fixture
def refused(world):
    """Numbers that cannot be looked up, by why."""
    given = {"elsewhere": ANNA, "abroad": "7103075197", "too young": "7103125104", "too old": "7103953124"}
    for why, cprnr in given.items():
        world.person(cprnr, kommune="751" if why == "elsewhere" else "101", status="80" if why == "abroad" else "01")
    world.person("7103075199")
    world.change_number("7103075199", "7103075198")
    return {"unknown": BO, **given, "replaced": "7103075199"}


def test_all_that_cannot_be_shown_gets_one_answer_and_one_row(officer, house, world, refused, monkeypatch):
    monkeypatch.setattr(patience, "PAUSE", timedelta())
    sent = []

    def count(_connection, _cursor, statement, *_):
        sent[-1] += not statement.startswith(("SAVEPOINT", "RELEASE"))

    # The first call of a process reads the codes.
    officer.send_form(FIND, {"CPRNr": BO})
    event.listen(house.engine, "before_cursor_execute", count)
    answers = {}
    for why, cprnr in refused.items():
        sent.append(0)
        answers[why] = officer.send_form(FIND, {"CPRNr": cprnr})
    event.remove(house.engine, "before_cursor_execute", count)
    # Each sends as many statements as the others: its time does not say why.
    assert len(set(sent)) == 1
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({without_token(answer) for answer in answers.values()}) == 1
    assert "Enten findes det ikke, eller jeres kommune har ikke adgang." in answers["unknown"].text
    found = rows(house)[1:]
    assert [row.klausul for row in found] == [None] * len(refused)
    assert {len(row.personer) for row in found} == {1}
    assert [row.personer == [NO_PERSON] for row in found] == [why == "unknown" for why in refused]
    # A reference that names no one, or one who has moved, gets the same.
    world.person(CPRNR)
    address = officer.reference(CPRNR)
    world.person(CPRNR, kommune="751")
    for path in (address, address[:-1] + ("A" if address[-1] != "A" else "B"), "/web/unge/s/x"):
        moved = officer.get(path)
        assert (moved.status_code, without_token(moved)) == (404, without_token(answers["unknown"]))


def test_a_reference_means_nothing_in_another_session(officer, site, house, world):
    number = world.person(CPRNR)
    other = Officer(site, house.engine)
    assert other.get(officer.reference(CPRNR)).status_code == 404
    made = {reference_of(one, "noegle") for one in range(200)}
    assert len(made) == 200
    assert all(len(one) == 22 for one in made)
    assert person_of(reference_of(number, "noegle"), "noegle") == number
    assert person_of(reference_of(number, "noegle"), "en anden") is None
    assert person_of("æøå", "noegle") is None


def test_no_log_no_answer(officer, house, world, endpoint):
    world.person(CPRNR)
    begun = optag(endpoint, CPRNR, 3)
    address = officer.reference(CPRNR)
    house.engine.dispose()
    with writing(house.engine) as connection:
        connection.execute(text("ALTER TABLE read_log RENAME TO read_log_gone"))
    try:
        answers = [officer.get(address), officer.send_form(FIND, {"CPRNr": CPRNR})]
    finally:
        with writing(house.engine) as connection:
            connection.execute(text("ALTER TABLE read_log_gone RENAME TO read_log"))
    for answer in answers:
        assert answer.status_code == 503
        assert begun not in answer.text


def test_the_purpose_is_asked_for_once_and_is_in_the_log(site, house, world):
    from tests.support.reporting import Administrator

    agree(house.engine, KOMMUNE)
    world.person(CPRNR)
    officer = Administrator(site, house.engine, KOMMUNE, Role.LEDER)
    assert officer.get("/web/unge/").headers["Location"] == "/web/unge/formaal"
    assert officer.send_form(FIND, {"CPRNr": CPRNR}).headers["Location"] == "/web/unge/formaal"
    wrong = officer.send_form("/web/unge/formaal", {"formaal": "statistik"})
    assert (wrong.status_code, summary(wrong)) == (422, ["Vælg, hvad du skal bruge oplysningerne til."])
    assert officer.send_form("/web/unge/formaal", {"formaal": "tilsyn_pligt"}).status_code == 303
    assert "Opfølgning på uddannelsespligten" in officer.get("/web/unge/").text
    officer.send_form(FIND, {"CPRNr": CPRNR})
    assert {row.formaal for row in rows(house)} == {"tilsyn_pligt"}


def test_a_search_needs_a_number_an_agreement_and_some_patience(officer, site, house, world, monkeypatch):
    world.person(CPRNR)
    wrong = officer.send_form(FIND, {"CPRNr": "12"})
    assert (wrong.status_code, summary(wrong)) == (422, ["Skriv CPR-nummeret som 10 cifre, fx 010203-1234."])
    other = Officer(site, house.engine, OTHER_KOMMUNE)
    # The one without an agreement looks nothing up, and does not count.
    assert "DataTilKommune" in other.find(CPRNR).text
    monkeypatch.setattr(patience, "PAUSE", timedelta())
    user = patience.Patience("unilogin:admin", 60)
    with writing(house.engine) as connection:
        for _ in range(59):
            user.before(connection)
    assert officer.send_form(FIND, {"CPRNr": BO}).status_code == 404
    limited = officer.send_form(FIND, {"CPRNr": CPRNR})
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3600")


def test_after_five_refusals_in_a_row_each_look_up_waits(officer, world, monkeypatch):
    world.person(CPRNR)

    def look_up(cprnr):
        return officer.send_form(FIND, {"CPRNr": cprnr})

    with capture_logs() as log:
        assert {look_up(BO).status_code for _ in range(4)} == {404}
        assert look_up(CPRNR).status_code == 303
        # Found: the row begins again.
        assert {look_up(BO).status_code for _ in range(5)} == {404}
        for cprnr in (CPRNR, BO):
            waiting = look_up(cprnr)
            assert waiting.status_code == 429
            assert 0 < int(waiting.headers["Retry-After"]) <= 10
            assert headings(waiting) == [f"Vent {waiting.headers['Retry-After']} sekunder"]
    said = [(line["event"], line["bruger"]) for line in log if line["log_level"] == "warning"]
    refusals, paused = "portal.look_ups_refused", "portal.looks_up_too_often"
    assert said == [(one, "unilogin:admin") for one in (refusals, paused, paused)]
    assert CPRNR not in str(log)
    monkeypatch.setattr(patience, "PAUSE", timedelta())
    assert look_up(CPRNR).status_code == 303


@pytest.mark.usefixtures("officer")
def test_of_two_look_ups_at_once_the_second_finds_the_first_one_counted(house, world):
    world.person(CPRNR)
    limited = Settings(sandbox=True, portal_adresse=ADDRESS, opslag_i_timen=1)
    mine = Officer(app.application(Context(house.engine, limited), ADDRESS), house.engine)
    with ThreadPoolExecutor(1) as pool:
        with writing(house.engine) as connection:
            patience.Patience("unilogin:admin", 1).before(connection)
            second = pool.submit(mine.send_form, FIND, {"CPRNr": CPRNR})
            with pytest.raises(TimeoutError):
                second.result(0.5)
        assert second.result(30).status_code == 429
    assert [row.operation for row in rows(house)] == []


def test_only_a_look_that_showed_an_afbrud_makes_it_known(officer, endpoint, house, world, monkeypatch):
    youth = "7005095111"
    number = world.person(youth)
    with writing(house.engine) as connection:
        days = {"turns_15": date(2024, 5, 10), "turns_18": date(2027, 5, 10)}
        connection.execute(update(person).where(person.c.cprnr == youth).values(**days))
    accepted(endpoint.report(FORBEREDENDE_AKTIVITET, {**GRADE_10, "CPRNr": youth}))
    begun = optag(endpoint, youth, 3)
    ended = {**UNGDOM, "CPRNr": youth, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    broken = accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))["HaendelseNummer"]

    def outcome():
        refresh_lists(house.engine)
        with reading(house.engine) as connection:
            return connection.execute(select(ung_liste.c.udfald)).scalar_one()

    def fed(first, last):
        call = Call(
            correlation_id="x", system_id="uno", service="DataTilKommune", operation="HentHaendelser",
            institution_nummer=KOMMUNE, transaction_id="x",
        )  # fmt: skip
        with writing(house.engine) as connection:
            log_read(connection, call, [number], clause="A1", first=first, last=last)

    assert outcome() is None
    # Too many for one contact person: no one is shown, and no one is logged.
    monkeypatch.setattr(many, "MOST", 0)
    said = {
        "hvem": "skole",
        "skole": SCHOOL,
        "KontaktNavn": "Ny",
        "KontaktMail": "n@k.dk",
        "KontaktTelefon": "23456789",
    }
    page = officer.send_form("/web/unge/egne/skift/", said)
    assert summary(page) == ["Der er flere end 0 unge. Vælg en klasse, eller skriv mere af navnet."]
    assert [row.personer for row in rows(house, "SkiftKontaktperson")] == [[], []]
    assert outcome() is None
    # A page of the feed with another event of the youth.
    fed(begun, begun)
    assert outcome() is None
    fed(begun, broken)
    assert outcome() == "åben"


@pytest.mark.parametrize("role", [Role.BRUGERADMINISTRATOR, Role.DATAMEDARBEJDER, Role.UNG])
def test_only_a_kommune_opens_its_pages(site, house, role):
    from tests.support.reporting import Administrator

    other = Administrator(site, house.engine, KOMMUNE, role)
    for path in ("/web/unge/", "/web/unge/formaal", "/web/unge/s/x", "/web/unge/s/x/hent.csv"):
        assert other.get(path).status_code == 403
    assert other.send_form(FIND, {"CPRNr": CPRNR}).status_code == 403


def test_the_four_kinds_of_contact_are_always_there(officer, endpoint, world):
    number = world.person(CPRNR)

    def lines():
        page = officer.find(CPRNR).text
        table = page.partition('aria-label="Kontaktpersoner"')[2].partition("</table>")[0]
        return [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]]

    without = lines()
    assert len(without) == 4
    assert "Mangler: kommunen har ikke registreret en." in without[0]
    assert "Ingen: den unge har ikke uddannelsespålæg." in without[1]
    world.subscribe(number)
    ordered = lines()
    assert "Mangler: den unge har pålæg, men jobcentret har ikke sendt en." in ordered[1]
    assert "Ingen: den unge har ikke et åbent forløb." in ordered[2]
    then = system_time()
    for art, nummer, navn in (
        ("jobcenter", "280999", "Jens Job"), ("institution", GYMNASIUM, "Sara Skole"),
        ("kommune", OTHER_KOMMUNE, "Gamle Kommune"), ("kommune", KOMMUNE, "Vera Vejleder"),
    ):  # fmt: skip
        world.add(kontakt, person_id=number, art=art, institution_nummer=nummer, navn=navn, registreringstid=then)
    there = lines()
    assert len(there) == 5
    assert "Vera Vejleder" in there[0]
    assert "en kommune, hvor den unge ikke bor" in there[1]
    assert "Jens Job" in there[2]
    assert "Den unge har ikke et åbent forløb på institutionen." in there[3]
    optag(endpoint, CPRNR, 10)
    assert "Sara Skole" in lines()[3]
    assert "Forældet" not in lines()[3]
    world.unsubscribe(number)
    assert "Den unge har ikke længere uddannelsespålæg." in lines()[2]


def test_an_afbrud_of_a_youth_under_18_has_its_deadline(officer, endpoint, house, world):
    youth = "7005095111"
    world.person(youth)
    with writing(house.engine) as connection:
        days = {"turns_15": date(2024, 5, 10), "turns_18": date(2027, 5, 10)}
        connection.execute(update(person).where(person.c.cprnr == youth).values(**days))
    optag(endpoint, youth, 3)
    ended = {**UNGDOM, "CPRNr": youth, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    broken = accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))["HaendelseNummer"]
    page = officer.find(youth)
    endpoint.fetch(KOMMUNE)
    # The page is itself how the kommune comes to know: on Monday the 17th, so the Monday after is the last day.
    assert "<dt>Kendt af kommunen</dt><dd>17. august 2026</dd>" in page.text
    assert "<dt>Kontakt senest</dt><dd>24. august 2026</dd>" in page.text
    assert "<dt>Tilstand</dt><dd>Åben</dd>" in page.text
    world.clock("2026-08-25T09:00:00")
    assert "<dt>Tilstand</dt><dd>Overskredet</dd>" in officer.find(youth).text
    time = {
        "CPRNr": youth, "InstitutionNummer": KOMMUNE, "HaendelseDato": "2026-08-21T10:00:00+02:00",
        "Type": "Kontakttid", "AfbrudHaendelseNummer": broken, "Annullering": False, "KildeLeverandoer": "X",
    }  # fmt: skip
    accepted(endpoint.report(KONTAKT_TILBUDSTID, time))
    page = officer.find(youth)
    assert "Kontaktet i tide (21. august 2026)" in page.text
    assert "<dt>Tilbud senest</dt><dd>20. september 2026</dd>" in page.text


def test_a_protected_name_is_shown_after_a_click_of_its_own(officer, house, world):
    number = world.person(CPRNR)
    with writing(house.engine) as connection:
        values = {"navn": "Alma Berg", "beskyttet": True}
        connection.execute(update(person).where(person.c.id == number).values(**values))
    address = officer.reference(CPRNR)
    page = officer.get(address)
    assert headings(page) == ["Navnet er beskyttet"]
    assert "Alma Berg" not in page.text
    assert b"Alma Berg" not in officer.get(f"{address}/hent.json").data
    assert headings(officer.send_form(f"{address}/navn", {})) == ["Alma Berg"]
    assert [row.personer for row in rows(house, "UngNavn")] == [[number]]


def test_what_is_withheld_leaves_no_trace(officer, endpoint, house, world):
    # Two youths of 25 with one shown event each; one has five hidden ones from before the birthday.
    twins = "7103015201", "7103015202"
    for cprnr in twins:
        world.person(cprnr)
    world.clock("2026-08-17T10:00:00")
    hidden = twins[0]
    for day, trin in ((3, 9), (4, 10)):
        said = {**GRADE_10, "CPRNr": hidden, "ElevTrin": trin, "KlasseTrin": trin, "HaendelseDato": f"2025-08-{day:02}"}
        accepted(endpoint.report(FORBEREDENDE_AKTIVITET, {**said, "HaendelseDato": f"2025-08-{day:02}T00:00:00"}))
    for status, day in ((1, 5), (2, 6)):
        said = {**UNGDOM, "CPRNr": hidden, "Status": status, "HaendelseDato": f"2025-08-{day:02}T00:00:00"}
        cause = {"AfbrudsarsagsKode": "904"} if status == 2 else {}
        accepted(endpoint.report(UNGDOMSUDDANNELSE, {**said, **cause}))
    higher = REPORTS["IndberetningVideregaaendeUddannelse"]
    for cprnr in twins:
        said = {**higher, "CPRNr": cprnr, "InstitutionNummer": UNIVERSITY, "HaendelseDato": "2026-08-14T00:00:00"}
        accepted(endpoint.report("IndberetningVideregaaendeUddannelse", said))
    with writing(house.engine) as connection:
        days = {"turns_15": date(2016, 8, 1), "turns_18": date(2019, 8, 1), "turns_25": date(2026, 8, 1)}
        which = person.c.cprnr.in_(twins)
        connection.execute(update(person).where(which).values(**days, turns_30=date(2031, 8, 1)))
    said = []
    for cprnr in twins:
        address = officer.reference(cprnr)
        given = officer.get(address), officer.get(f"{address}/hent.csv"), officer.get(f"{address}/hent.json")
        assert len(numbers(given[0])) == 1
        text_ = "".join(without_token(one) for one in given).replace(address, "")
        plain = re.sub(r"UDB-\d{23}|\d{2}:\d{2}(:\d{2})?(\.\d+)?|\d\d\.\d\d\b", "", text_)
        said.append(plain.replace(f"{cprnr[:6]}-{cprnr[6:]}", ""))
    assert said[0] == said[1]
    assert "fyldt 25 år" in said[0]
    assert {SCHOOL, GYMNASIUM}.isdisjoint(re.findall(r"\d{6}", said[0]))
    assert Situation.VIDEREGAAENDE in set(Situation)
