"""The youth's own overview: what it shows, and that nothing but the session decides whose it is."""

import ast
import html
import json
import re
from datetime import date, datetime
from itertools import product
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import Engine, insert, select, text, update

from tests.support.endpoint import Endpoint
from tests.support.own import ALL, JSON, PAGE, PRINT, SUBJECT, Youth
from tests.support.portal import ADDRESS, Browser, headings
from tests.support.reporting import Administrator, agree
from tests.support.reports import ANNA, BO, UNGDOM, accepted, optag
from tests.support.size import size
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.domain.formaal import Formaal
from udb.domain.services import KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.imports.kodesaet import load_shipped
from udb.paths import PACKAGE, ROOT
from udb.portal import app, sessions
from udb.portal.own import document, people, printed
from udb.portal.roles import Role
from udb.portal.tokens import digest
from udb.readlog.entries import NO_PERSON, log_read
from udb.readlog.lookup import EVERYBODY, log_command, readings
from udb.sandbox.idp.users import User
from udb.sandbox.seed import Parameters, seed
from udb.settings import Settings
from udb.store.engine import reading, writing
from udb.store.persons import ids_of
from udb.store.responsible import Responsible, set_responsible
from udb.store.tables import abonnement, egen_kontakt, haendelse, kontakt, onske, person, read_log
from udb.wsdl.use_cases import application

YOUTHS: Final = size(small=25, large=500)
MUTATIONS: Final = size(small=250, large=10_000)
NAVN: Final = {ANNA: "Anna Opdigtet", BO: "Bo Frafundet"}


@pytest.fixture
def endpoint(house) -> Endpoint:
    return Endpoint(application(house, {}))


@pytest.fixture
def anna(world, site, endpoint):
    """A youth of 19 with much about her, and her browser; BO is another with as much."""
    ids = {}
    for cprnr in (ANNA, BO):
        ids[cprnr] = world.person(cprnr)
        world.clock("2026-08-17T10:00:00")
        optag(endpoint, cprnr, 10)
        with writing(world.engine) as connection:
            navn = NAVN[cprnr]
            connection.execute(update(person).where(person.c.id == ids[cprnr]).values(navn=navn))
            by_school = {"institution_nummer": GYMNASIUM, "navn": f"Lars Lærer for {navn}"}
            by_school |= {"person_id": ids[cprnr], "art": "institution", "registreringstid": system_time()}
            connection.execute(insert(kontakt).values(by_school))
        contact = {"KontaktNavn": f"Vera Vejleder for {NAVN[cprnr]}", "KontaktTelefon": "12 34 56 78"}
        accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, **contact}))
        wishes = {"UddannelsesOnsker": [f"Pilot som {NAVN[cprnr]}"]}
        accepted(endpoint.report(ONSKER, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, **wishes}))
    return Youth(site, world.engine, ids[ANNA])


def id_of(engine: Engine, cprnr: str) -> int:
    with reading(engine) as connection:
        return connection.execute(select(person.c.id).where(person.c.cprnr == cprnr)).scalar_one()


def logged(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return connection.execute(select(read_log).order_by(read_log.c.id)).all()


def words(page: Any) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_the_page_shows_contacts_history_receivers_and_what_to_do(world, anna, endpoint):
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    endpoint.fetch(KOMMUNE)
    page = anna.get(PAGE)
    assert headings(page) == ["Dine oplysninger"]
    said = words(page)
    for part in (
        "Hej Anna Opdigtet",
        "Vera Vejleder for Anna",
        "Registreret af Institution 281111 den 17. august 2026.",
        "Lars Lærer for Anna",
        "Der er ingen, for du har ikke uddannelsespålæg.",
        people.NO_OWN,
        "Du er i gang med ",
        "10. august 2026 Du begyndte på ",
        "Uddannelse: Pilot som Anna",
        "opslag på dig, eller hentning af nyt om dig alene",
        "hentning af alt nyt om kommunens unge",
        "Det er første gang, du er her.",
        "Vi kan ikke rette det. Det kan Institution 461248.",
        "datatilsynet.dk",
    ):
        assert part in said, part
    assert "Bo " not in said
    assert "tel:12345678" in page.text
    # The own look is one row, and the next page counts it.
    assert "egen_indsigt" in {row.formaal for row in logged(world.engine)}
    again = words(anna.get(PAGE))
    assert "Det er første gang" not in again
    assert "Dig selv : du har selv set dine oplysninger" in again


def test_each_showing_is_logged_once_before_it_is_given(world, anna):
    for path, operation in zip(ALL, ("MinOversigt", "MinOversigtJSON", "MinOversigtUdskrift"), strict=True):
        before = len(logged(world.engine))
        assert anna.get(path).status_code == 200
        (row,) = logged(world.engine)[before:]
        found = (row.operation, row.klausul, row.personer, row.formaal, row.system_id)
        assert found == (operation, "A14", [id_of(world.engine, ANNA)], "egen_indsigt", "udb-web")
        assert row.bruger.startswith("mitid:")


def test_without_a_row_in_the_read_log_there_is_no_page(world, anna):
    engine = world.engine
    if engine.dialect.name == "sqlite":
        refuse = ["CREATE TRIGGER nej BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'nej'); END"]
    else:
        refuse = [
            "CREATE FUNCTION nej() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''nej''; END'",
            "CREATE TRIGGER nej BEFORE INSERT ON read_log FOR EACH ROW EXECUTE FUNCTION nej()",
        ]
    with writing(engine) as connection:
        for statement in refuse:
            connection.execute(text(statement))
    before = len(logged(engine))
    for path in ALL:
        page = anna.get(path)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
        assert "Anna" not in page.text
        assert ANNA not in page.text
    assert len(logged(engine)) == before


def test_every_row_of_the_log_is_in_one_line_and_no_employee_is_named(world, site, anna, endpoint):
    engine = world.engine
    agree(engine, GYMNASIUM)
    who = id_of(engine, ANNA)
    for _ in range(3):
        endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    assert endpoint.fetch(OTHER_KOMMUNE, CPRNr=ANNA)["Fejl"]
    Administrator(site, engine, GYMNASIUM).get("/web/indberet/mine/")
    with writing(engine) as connection:
        log_command(connection, "udb log youth", [who])
        log_command(connection, "udb backup", [EVERYBODY])
        call = Call(
            correlation_id="x" * 36,
            system_id="udb-web",
            service="Opslag",
            operation="UngOpslag",
            institution_nummer=KOMMUNE,
            transaction_id="",
            certificate="c3" * 32,
            bruger="kommune:karen-medarbejder",
            formaal=Formaal.TILSYN_PLIGT,
        )
        log_read(connection, call, [who], clause="A1")
        # Another's rows are nobody's business.
        log_read(connection, call, [id_of(engine, BO)], clause="A1")
    anna.get(PAGE)
    with reading(engine) as connection:
        rows = readings(connection, ids_of(connection, who))
    page, found = anna.get(PAGE), anna.get(JSON).get_json()
    said = words(page)
    # The page counts all before itself; the JSON the page too.
    assert sum(one["antal"] for one in found["modtagere"]) == len(rows) + 1
    assert all(one["antal"] == len(one["tidspunkter"]) for one in found["modtagere"])
    times = re.findall(r"</strong>: [^<]*<br>(?:(\d+) gange i )?", page.text)
    assert sum(int(number or 1) for number in times) == len(rows)
    kinds = [one["art"] for one in found["modtagere"] for _ in one["tidspunkter"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"modtaget": 7, "indberettet": 3, "afvist": 1, "egen": 2}
    assert "3 gange i " in said
    assert "tilsyn med pligten til at være i gang" in said
    assert "Driften af Ungedatabasen : sikkerhedskopi af alt" in said
    assert f"Institution {OTHER_KOMMUNE}" in said.partition("Forsøg, der blev afvist")[2].partition("Hvem har meldt")[0]
    employees = {row.bruger for row in rows if row.bruger} | {row.certifikat for row in rows if row.certifikat}
    employees |= {row.system_id for row in rows if row.system_id.startswith("udb:")}
    assert len(employees) >= 4
    for answer in (page.text, anna.get(JSON).text, anna.get(PRINT).text):
        for secret in (*employees, "karen-medarbejder", SUBJECT, "udb:", "login "):
            assert secret not in answer, secret
        assert "Bo " not in answer


def test_cancelled_and_repeated_reports_are_shown_as_corrected(world, anna, endpoint):
    engine = world.engine
    left = optag(endpoint, ANNA, 12, Status=2, AfbrudsarsagsKode="904")
    cancel = {**UNGDOM, "CPRNr": ANNA, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    cancel |= {"Annullering": True, "HaendelseNummer": left}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, cancel))
    page = anna.get(PAGE)
    standing, _, corrected = page.text.partition("<summary>Rettet (2)")
    assert f'id="h-{left}"' not in standing
    assert f'id="h-{left}"' in corrected
    assert "Annulleret 17. august 2026." in corrected
    assert "Denne melding trak den anden tilbage." in corrected
    # Under the new number, of a person of its own until now: one person, and one history.
    world.person("7103075104")
    theirs = optag(endpoint, "7103075104", 14, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 2})
    world.change_number(ANNA, "7103075104")
    page = anna.get(PAGE)
    found = anna.get(JSON).get_json()
    with reading(engine) as connection:
        stored = set(connection.execute(select(haendelse.c.nummer).where(haendelse.c.cprnr != BO)).scalars())
    assert {one["nummer"] for one in found["haendelser"]} == stored > {left, theirs}
    assert set(re.findall(r'id="h-([^"]+)"', page.text)) == stored
    texts = {one["nummer"]: one["tekst"] for one in found["haendelser"]}
    assert all(text in html.unescape(page.text) for text in texts.values())
    assert found["person"]["alle_cprnumre"] == [ANNA, "7103075104"]


@pytest.mark.parametrize(
    ("cprnr", "today"), [("7108125194", "2026-08-12T10:00:00"), ("7001015199", "2033-01-02T10:00:00")]
)
def test_neither_age_nor_protection_hides_anything_from_the_person(world, site, endpoint, cprnr, today):
    # 14 and 31 years old: no kommune sees them. The former was reported under a number that made her older.
    who = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.change_number(ANNA, cprnr)
    with writing(world.engine) as connection:
        connection.execute(update(person).where(person.c.id == who).values(navn="Skjult Navn", beskyttet=True))
    youth = Youth(site, world.engine, who)
    world.clock(today)
    page = youth.get(PAGE)
    assert f'id="h-{sent}"' in page.text
    assert "Skjult Navn" in page.text
    assert "CPR siger, at dit navn og din adresse er beskyttet." in page.text
    assert not endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]


def test_a_youth_whom_the_register_does_not_know_sees_that_and_it_is_logged(world, provider, browser):
    provider.users.append(User("u", "mitid", "u", {"cpr": "6101091234", "nsis_loa": "Substantial"}))
    page = browser.log_in("mitid", "u")
    assert "Der er ikke registreret noget om dig i Ungedatabasen." in page.text
    row = logged(world.engine)[-1]
    assert (row.operation, row.klausul, row.personer) == ("MinOversigt", None, [NO_PERSON])
    found = browser.get(JSON).get_json()
    assert found["person"] is None
    assert found["modtagere"] == []
    assert "Der er ikke registreret noget" in browser.get(PRINT).text


def test_a_low_level_of_mitid_is_told_which_level_is_needed(provider, browser):
    provider.users.append(User("u", "mitid", "u", {"cpr": ANNA, "nsis_loa": "Low"}))
    page = browser.log_in("mitid", "u")
    assert page.status_code == 403
    assert "Du skal bruge MitID på niveau Betydelig." in page.text
    assert "Tillad cookies" not in page.text


def test_after_retention_the_page_says_that_it_was_deleted(world, site):
    youth = Youth(site, world.engine, world.person("7001015199"))
    world.clock("2033-02-02T10:00:00")
    assert "Vi har slettet det, der stod om dig. Det sker 2 år efter" in youth.get(PAGE).text


def test_sixteen_combinations_of_contacts_each_say_the_right_thing(world, site):
    engine, who = world.engine, world.person(ANNA)
    youth, now = Youth(site, engine, who), system_time()
    rows = {
        "kommune": {"institution_nummer": KOMMUNE},
        "jobcenter": {"institution_nummer": OTHER_KOMMUNE},
        "institution": {"institution_nummer": GYMNASIUM},
    }
    missing = [
        "Ring til Institution 281111 og spørg efter kommunens ungeindsats.",
        people.NO_ORDER,
        people.NO_SCHOOL,
        people.NO_OWN,
    ]
    for given in product([True, False], repeat=4):
        with writing(engine) as connection:
            connection.execute(kontakt.delete())
            connection.execute(egen_kontakt.delete())
            for art, there in zip(rows, given[:3], strict=True):
                if there:
                    values = {"person_id": who, "art": art, "navn": f"Navn {art}", "registreringstid": now}
                    connection.execute(insert(kontakt).values(**values, **rows[art]))
            if given[3]:
                values = {"person_id": who, "kilde": "KMD Elev", "telefon": "87654321", "registreret": now}
                connection.execute(insert(egen_kontakt).values(values))
        page = words(youth.get(PAGE))
        names = ["Navn kommune", "Navn jobcenter", "Navn institution", "87654321"]
        for there, name, sentence in zip(given, names, missing, strict=True):
            assert (name in page, sentence in page) == (there, not there), (given, name)


def test_old_contacts_and_the_function_that_answers_are_said(world, anna):
    engine, who = world.engine, id_of(world.engine, ANNA)
    with writing(engine) as connection:
        of_kommune = kontakt.c.art == "kommune"
        old = datetime.fromisoformat("2025-08-17T12:00:00+02:00")
        connection.execute(update(kontakt).where(of_kommune).values(registreringstid=old))
        function = Responsible(GYMNASIUM, "Studiekontoret", "kontor@skole.invalid", "11 22 33 44", date(2026, 1, 1))
        set_responsible(connection, function)
    page = anna.get(PAGE)
    said = words(page)
    assert "Oplysningen er over et år gammel. Spørg Institution 281111, om den stadig gælder." in said
    assert "Studiekontoret Ring: 11 22 33 44 Skriv: kontor@skole.invalid" in said
    with writing(engine) as connection:
        connection.execute(kontakt.delete())
        set_responsible(connection, Responsible(KOMMUNE, "Ungeindsatsen", None, "99 88 77 66", date(2026, 1, 1)))
        connection.execute(
            insert(abonnement).values(person_id=who, startdato=date(2026, 8, 1), institution_nummer=KOMMUNE)
        )
    said = words(anna.get(PAGE))
    assert "Spørg Ungeindsatsen i Institution 281111. Ring på 99 88 77 66." in said
    assert people.NO_JOB_CENTRE in said
    assert "Du har haft uddannelsespålæg siden 1. august 2026." in said


def test_what_others_wrote_is_text_and_never_a_tag(world, anna):
    with writing(world.engine) as connection:
        connection.execute(update(kontakt).values(navn="<script>alert(1)</script>", mail='"><b>x', telefon='1"><i>'))
        connection.execute(update(onske).values(tekst="<img src=x onerror=alert(1)>"))
    for path in (PAGE, PRINT):
        assert not re.search(r"<script>|<b>|<i>|<img", anna.get(path).text)


def test_no_other_role_opens_it_and_the_youth_opens_no_other(world, site, anna):
    other = Administrator(site, world.engine, GYMNASIUM, Role.VEJLEDER)
    assert {other.get(path).status_code for path in ALL} == {403}
    before = len(logged(world.engine))
    assert anna.get("/web/indberet/mine/").status_code == 403
    assert len(logged(world.engine)) == before
    assert Browser(site).get(PAGE).status_code == 302


def test_refusals_are_equal_whatever_they_name(world, anna):
    # The number of the other's report, of no report, and of the own: no address leads to any.
    with reading(world.engine) as connection:
        numbers = {row.cprnr: row.nummer for row in connection.execute(select(haendelse))}
    token = re.compile(r'value="[A-Za-z0-9_-]{20,}"')
    answers = set()
    for name in (numbers[BO], numbers[ANNA], "UDB-1", BO, ANNA, str(id_of(world.engine, BO))):
        for path in (f"{PAGE}{name}", f"{PAGE}{name}/oversigt.json", f"{JSON}/{name}"):
            answer = anna.get(path)
            headers = sorted(header for header in answer.headers if header[0] != "Date")
            answers.add((answer.status_code, token.sub("", answer.text), repr(headers)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


class Mutation:
    """Requests of one session, each changed at random with everything that could name the other."""

    def __init__(self, seed: int, names: list[str], other_csrf: str) -> None:
        self.random, self.names, self.csrf = Random(seed), names, other_csrf

    def name(self) -> str:
        return self.random.choice(self.names)

    def path(self) -> str:
        path = self.random.choice(ALL)
        how = self.random.randrange(7)
        if how == 0:
            return path + self.name()
        if how == 1:
            return path.replace(
                "mit", self.random.choice(["mit/..", "unge/s", "unge", "mit//", f"mit/{self.name()}"]), 1
            )
        if how == 2:
            return f"/web/indberet/mine/{self.name()}"
        if how == 3:
            return path.replace("/mit", f"/mit/%2e%2e/{self.name()}", 1)
        return path

    def query(self) -> dict[str, str]:
        keys = ["cprnr", "person_id", "id", "nummer", "CPRNr", "ung", "person", "sub", "session", "naeste", "_method"]
        return {self.random.choice(keys): self.name() for _ in range(self.random.randrange(4))}

    def headers(self) -> dict[str, str]:
        names = ["X-Person-Id", "X-CPR", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-User", "Authorization"]
        names += ["Cookie", "X-HTTP-Method-Override", "If-None-Match", "Range", "Accept", "SSL-Client-Cert"]
        found = {self.random.choice(names): self.name() for _ in range(self.random.randrange(4))}
        if "Cookie" in found:
            # Beside the own session's cookie, which stays the one that counts.
            found["Cookie"] = f"{found['Cookie']}={self.name()}; udb={self.name()}; person_id={self.name()}"
        return found

    def method(self) -> str:
        return self.random.choice(["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])


@pytest.mark.large
def test_no_mutated_request_of_one_session_shows_another(world, site, anna):
    engine = world.engine
    bo = Youth(site, engine, id_of(engine, BO))
    with reading(engine) as connection:
        theirs = list(connection.execute(select(haendelse.c.nummer).where(haendelse.c.cprnr == BO)).scalars())
        found, _ = sessions.find(connection, bo.token)
    of_bo = [f"for {NAVN[BO]}", f"som {NAVN[BO]}", f"Hej {NAVN[BO]}", found.csrf, bo.token, f"{BO[:6]}-{BO[6:]}"]
    names = [BO, *theirs, str(id_of(engine, BO)), "mitid:ansigt", digest(bo.token), NAVN[BO]]
    made = Mutation(7, names, found.csrf)
    shown = 0
    for number in range(MUTATIONS):
        headers = made.headers()
        given = headers.pop("Cookie", None)
        environ = {"HTTP_COOKIE": f"{given}; {sessions.COOKIE}={anna.token}"} if given else {}
        path, query = made.path(), made.query()
        answer = anna._client.open(
            path,
            base_url=ADDRESS,
            method=made.method(),
            query_string=query,
            headers=headers,
            data={"csrf": found.csrf, "person_id": made.name()} if number % 3 == 0 else None,
            environ_overrides=environ,
            buffered=True,
        )
        # A redirect within the site repeats its own request's address.
        said = f"{path} {query}"
        for secret in (*of_bo, *(name for name in (BO, NAVN[BO], *theirs) if name not in said)):
            assert secret not in answer.text, (number, secret)
            assert secret not in str(answer.headers), (number, secret)
        shown += NAVN[ANNA] in answer.text or answer.mimetype == "application/json"
    assert shown > MUTATIONS / 10
    # And the other still sees the own, and that alone.
    page = bo.get(PAGE)
    assert NAVN[BO] in page.text
    assert NAVN[ANNA] not in page.text


def test_the_json_has_the_documented_keys(anna):
    found = anna.get(JSON)
    assert found.mimetype == "application/json"
    assert found.headers["Cache-Control"] == "no-store"
    assert "mine-oplysninger.json" in found.headers["Content-Disposition"]
    value = json.loads(found.text)
    text_ = (ROOT / "docs" / "oversigt.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", text_))
    assert set(value) <= documented
    for name, section in value.items():
        entries = [section] if isinstance(section, dict) else section if isinstance(section, list) else []
        for entry in entries:
            if isinstance(entry, dict):
                assert set(entry) <= documented, (name, set(entry) - documented)
    assert set(value) == set(document.nothing(system_time()))


def test_the_print_has_every_value_of_the_json_in_words(anna, endpoint):
    job = {**UNGDOM, "CPRNr": ANNA, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, job))
    page = words(anna.get(PRINT))
    found = anna.get(JSON).get_json()
    for name in ("haendelser", "kontaktpersoner", "onsker", "bopael", "indberetninger"):
        assert found[name], name
        for entry in found[name]:
            for key, value in entry.items():
                if isinstance(value, str) and value:
                    assert re.sub(r"\s+", " ", printed.in_words(name, key, value)) in page, (name, key, value)
    assert not re.search(r"\d{4}-\d\d-\d\d|Indberetning[A-Z]|MinOversigt|\b[ARG]\b", page)
    for part in (
        "Meldt over Din ungdomsuddannelse",
        "Status Stoppet",
        "Status Bor i Danmark",
        "Til indtil videre",
        "Resultat Modtaget",
        "Art Kommunen",
        "Registreret 17. august 2026 kl. ",
    ):
        assert part in page, part


def test_no_page_reads_the_tables_of_persons_itself():
    # What a page shows of a person comes through a use case, which asks udb.access and writes the read log.
    forbidden = {"haendelse", "kontakt", "kontakt_historik", "egen_kontakt", "onske", "person", "bopael", "read_log"}
    files = sorted((PACKAGE / "portal").rglob("*.py"))
    assert len(files) > 30
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("udb.store.tables"):
                assert not forbidden & {alias.name for alias in node.names}, file


@pytest.mark.large
def test_the_pages_of_random_youths_have_all_their_events_contacts_and_wishes(engine):
    with writing(engine) as connection:
        load_shipped(connection)
    site = app.application(Context(engine, Settings(sandbox=True, portal_adresse=ADDRESS)), ADDRESS)
    seed(engine, Parameters(YOUTHS, 5), lambda *_: None)

    def by_person(table: Any, column: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        with reading(engine) as connection:
            for row in connection.execute(select(table)).mappings():
                found.setdefault(row["person_id"], []).append(row[column])
        return found

    numbers, names, wishes = by_person(haendelse, "nummer"), by_person(kontakt, "navn"), by_person(onske, "tekst")
    with reading(engine) as connection:
        persons = list(connection.execute(select(person.c.id)).scalars())
    for who in Random(5).sample(persons, min(YOUTHS, len(persons))):
        page = Youth(site, engine, who).get(PAGE)
        assert sorted(re.findall(r'<li id="h-([^"]+)"', page.text)) == sorted(numbers.get(who, []))
        said = html.unescape(page.text)
        assert said.count('<p class="udb-small">Registreret af ') == len(names.get(who, [])) + said.count(
            "<strong>Dig selv</strong>"
        )
        assert all(one in said for one in (*names.get(who, []), *wishes.get(who, [])))
