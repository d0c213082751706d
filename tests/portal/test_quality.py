"""The pages on data quality, through HTTP: who sees which numbers, and that page and file say the same."""

import csv
import html
import io
import re
from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from tests.support.endpoint import Endpoint
from tests.support.officer import Officer
from tests.support.portal import headings
from tests.support.received import received
from tests.support.reporting import Administrator, agree
from tests.support.reports import UNGDOM, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL, SYSTEM
from udb.context import Context
from udb.domain.clock import DANISH, midnight
from udb.domain.services import INSTITUTION_KONTAKT, KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.hentning.kommune.list_job import refresh_lists
from udb.portal import app
from udb.portal.discreet import INTERNAL
from udb.portal.roles import Role
from udb.recheck.recheck import Change, Summary
from udb.settings import Settings
from udb.statistics.quality.coming_rules import Collector
from udb.statistics.quality.refresh import refresh_quality
from udb.statistics.system_change.announced import Announcement, announce
from udb.statistics.system_change.marks import words
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import ansvarlig_funktion, haendelse, kontakt, modtagelse, read_log
from udb.wsdl.use_cases import application

ROOT = "/web/kvalitet"
CONTACTS, MISSING, TIMELY, SENDERS, RULES, FUNCTIONS, LOOKUPS = (
    f"{ROOT}/{name}/" for name in ("kontakter", "mangler", "rettidighed", "afsendere", "regler", "ansvarlig", "opslag")
)
ANNA, BO, MOVED = "7103075101", "7103075102", "7103075103"
NOW = "2026-08-17T10:00:00"
PAGES = (f"{ROOT}/", CONTACTS, MISSING, TIMELY, SENDERS, RULES)


@pytest.fixture
def endpoint(house):
    return Endpoint(application(house, {}))


@pytest.fixture
def filled(house, world, endpoint):
    """A world with youths, contacts, late reports, refusals of a second school, and all figures worked out."""
    world.clock(NOW)
    agree(house.engine, KOMMUNE)
    for cprnr in (ANNA, BO):
        world.person(cprnr)
    world.person(MOVED, kommune="751")
    optag(endpoint, ANNA, 3)
    optag(endpoint, BO, 3)
    left = {**UNGDOM, "CPRNr": ANNA, "Status": 2, "AfbrudsarsagsKode": "904", "HaendelseDato": "2026-08-09T00:00:00"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, left))
    received(house.engine, date(2020, 3, 1), 4, service=KONTAKTPERSON, institution_nummer=KOMMUNE)
    received(house.engine, date(2025, 3, 1), 3, service=KONTAKTPERSON, institution_nummer=KOMMUNE)
    received(house.engine, date(2025, 8, 1), 2, service=KONTAKTPERSON, institution_nummer=OTHER_KOMMUNE)
    received(house.engine, date(2026, 8, 14), 4, resultat="R", koder="4004", transaction_id="sag-17")
    received(
        house.engine,
        date(2026, 8, 15),
        6,
        resultat="R",
        koder="7004",
        transaction_id=f"x{ANNA}",
        institution_nummer=SCHOOL,
    )
    world.add(
        kontakt, person_id=world.person(ANNA), art="kommune", institution_nummer=KOMMUNE, navn="Vera",
        registreringstid=datetime(2025, 8, 1, 12, tzinfo=DANISH),
    )  # fmt: skip
    refresh_lists(house.engine)
    refresh_quality(house.engine)
    with reading(house.engine) as connection:
        now = state.now(connection)
        numbers = connection.execute(select(haendelse.c.nummer).order_by(haendelse.c.nummer)).scalars().all()
    collector = Collector(house.engine)
    for number in numbers[:2]:
        collector.add(Change(number, UNGDOMSUDDANNELSE, date(2026, 8, 3), (), ("7004",), refused=True))
    collector.keep(Summary(events=3), date(2027, 1, 1), now)
    return world


def administrator(site, house, nummer=GYMNASIUM):
    return Administrator(site, house.engine, nummer)


def stil(site, house):
    return Administrator(site, house.engine, None, Role.DATAMEDARBEJDER)


def table(page, label=None):
    """Return the cells of a page's table, without its head."""
    found = re.findall(r'aria-label="([^"]*)">\s*<table class="table">(.*?)</table>', page.text, re.DOTALL)
    body = next(content for name, content in found if label in {None, name})
    body = re.sub(r'<span class="sr-only">.*?</span>', "", body)
    rows = re.findall(r"<tr>(.*?)</tr>", body.split("<tbody>")[1], re.DOTALL)
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in rows
    ]


def lines_of(answer):
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    return rows[1:]


MONTHS = "?art=kui&raekke=101&aar=2025"
NEW = "?vurdering=ny&sorter=afvist&retning=ned"
FILES = (
    (CONTACTS, f"{CONTACTS}hent.csv", None),
    (f"{CONTACTS}maaneder{MONTHS}", f"{CONTACTS}maaneder/hent.csv{MONTHS}", None),
    (MISSING, f"{MISSING}kontakter.csv", "Kontaktpersoner"),
    (MISSING, f"{MISSING}forloeb.csv", "Forløb"),
    (TIMELY, f"{TIMELY}hent.csv", None),
    (SENDERS, f"{SENDERS}hent.csv", None),
    (f"{SENDERS}{NEW}", f"{SENDERS}hent.csv{NEW}", None),
    (RULES, f"{RULES}hent.csv", None),
)  # fmt: skip


@pytest.mark.usefixtures("filled")
def test_every_page_and_its_file_say_the_same(site, house):
    leder = Officer(site, house.engine, role=Role.LEDER)
    for address, file, label in FILES:
        page = leder.get(address)
        assert page.status_code == 200, address
        rows = table(page, label)
        assert rows, address
        lines = lines_of(leder.get(file))
        assert rows == [line[: len(rows[0])] for line in lines], address
        said = {tuple(line[len(rows[0]) :]) for line in lines}
        assert said == {(INTERNAL,) if address == MISSING else ()}, address
    refused = f"?institution={GYMNASIUM}&tjeneste={UNGDOMSUDDANNELSE}&system={SYSTEM}"
    for address, file in (
        (f"{SENDERS}en", f"{SENDERS}en/hent.csv"),
        (f"{TIMELY}afsender", f"{TIMELY}afsender/hent.csv"),
    ):
        page = leder.get(address + refused)
        assert table(page) == lines_of(leder.get(file + refused))


@pytest.mark.usefixtures("filled")
def test_the_manager_sees_the_own_kommune(site, house):
    leder = Officer(site, house.engine, role=Role.LEDER)
    overview = leder.get(f"{ROOT}/").text
    assert re.findall(r'<p class="udb-large">(\d+)</p>', overview) == ["0", "1", "0", "0"]
    rows = table(leder.get(CONTACTS))
    years = len(rows[0]) - 2
    assert [row[1] for row in rows] == [f"Institution {KOMMUNE}", "Hele landet"]
    assert years == 7
    assert rows[0][2:] == ["mindst 4", "0", "0", "0", "0", "3", "0"]
    assert rows[1][2:] == ["mindst 4", "0", "0", "0", "0", "5", "0"]
    assert "<polyline" in leder.get(CONTACTS).text
    assert [row[1] for row in table(leder.get(f"{CONTACTS}?maal=unge"))] == [f"Institution {KOMMUNE}"]
    assert leder.get(f"{CONTACTS}maaneder?art=kui&raekke=751&aar=2025").status_code == 404
    contacts = table(leder.get(MISSING), "Kontaktpersoner")
    assert contacts[0][2:] == ["Kommunens ungeindsats (KUI)", "1", "1", "100,0", "0", "1", "0,0"]
    page = leder.get(MISSING)
    assert "/web/unge/liste/?kontakt=foraeldet" in page.text
    assert "1 unge" in leder.get("/web/unge/liste/?kontakt=foraeldet").text
    late = {row[4]: row[5:] for row in table(leder.get(TIMELY)) if row[0] == GYMNASIUM}
    assert late["Afbrud"] == ["1", "0,0", "0,0", "8,0", "8", "0", "0", "0", "1", "0"]
    assert late["Optag og ændring"][0] == "2"
    senders = {(row[0], row[3]): row for row in table(leder.get(SENDERS))}
    assert senders[GYMNASIUM, UNGDOMSUDDANNELSE][7:12] == ["0", "0", "4", "100,0", "4004"]
    assert {row[0] for row in senders.values()} == {GYMNASIUM, KOMMUNE, SCHOOL}
    assert OTHER_KOMMUNE not in leder.get(f"{SENDERS}hent.csv").text


@pytest.mark.usefixtures("filled")
def test_another_kommunes_counts_are_shown_where_the_operator_has_opened_them(site, house, world):
    leder = Officer(site, house.engine, role=Role.LEDER)
    assert len(table(leder.get(CONTACTS))) == 2
    settings = Settings(sandbox=True, portal_adresse=house.settings.portal_adresse, kvalitet_aaben=True)
    opened = app.application(Context(world.engine, settings), settings.portalens_adresse)
    leder = Officer(opened, house.engine, role=Role.LEDER)
    assert [row[1] for row in table(leder.get(CONTACTS))][2:] == [f"Institution {OTHER_KOMMUNE}"]
    assert len(table(leder.get(f"{CONTACTS}?maal=gaeldende"))) == 1, "never figures of youths"
    assert OTHER_KOMMUNE in {row[0] for row in table(leder.get(SENDERS))}
    other = f"?institution={OTHER_KOMMUNE}&tjeneste={KONTAKTPERSON}&system={SYSTEM}"
    assert leder.get(f"{SENDERS}en{other}").status_code == 404, "its counts, and not its refusals"
    assert {row[0] for row in table(leder.get(MISSING), "Kontaktpersoner")} == {"101"}


@pytest.mark.usefixtures("filled")
def test_stil_sees_all_reports_and_of_the_youths_what_is_not_hidden(site, house):
    worker = stil(site, house)
    rows = table(worker.get(CONTACTS))
    assert [row[1] for row in rows] == ["Hele landet", f"Institution {KOMMUNE}", f"Institution {OTHER_KOMMUNE}"]
    ordered = table(worker.get(f"{CONTACTS}?sorter=2025&retning=ned"))
    assert [row[7] for row in ordered] == ["5", "3", "2"]
    assert lines_of(worker.get(f"{CONTACTS}hent.csv?sorter=2025&retning=ned")) == ordered
    contacts = table(worker.get(MISSING), "Kontaktpersoner")
    assert len(contacts) == 12
    # Of two kommuner nothing small can be shown: not even their sum, since each knows its own.
    assert contacts[0][3:5] == contacts[4][3:5] == ["..", ".."]
    assert [line[:-1] for line in lines_of(worker.get(f"{MISSING}kontakter.csv"))] == contacts
    assert {row[0] for row in table(worker.get(SENDERS))} == {GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL}
    assert {row[0] for row in table(worker.get(f"{SENDERS}?type=kommune"))} == {KOMMUNE, OTHER_KOMMUNE}
    assert {row[0] for row in table(worker.get(f"{SENDERS}?type=institution"))} == {GYMNASIUM, SCHOOL}
    assert table(worker.get(RULES)) == [
        [GYMNASIUM, f"Institution {GYMNASIUM}", UNGDOMSUDDANNELSE, SYSTEM, "7004", table(worker.get(RULES))[0][5], "2"]
    ]


MUTATED = (
    "institution={other}&tjeneste={service}&system={system}",
    "institution={other}&institution={own}&tjeneste={service}&system={system}",
    "institution= {other}&tjeneste={service}&system={system}",
    "institution={other}%20&tjeneste={service}&system={system}",
    "institution={other}%00&tjeneste={service}&system={system}",
    "institution=%&tjeneste={service}&system={system}",
    "institution={own}' OR '1'='1&tjeneste={service}&system={system}",
    "institution={own},{other}&tjeneste={service}&system={system}",
    "kommune=101&raekke={other}&aar=2026&nummer={other}&egne={other}&omraade=alle",
    "art=kui&maal=unge&raekke=101&aar=2025&linje={other}",
    "type=institution&vurdering=&system={system}&hovedinstitution={other}",
    "side=2&sorter=institution&retning=ned&institution={other}",
)


@pytest.mark.usefixtures("filled")
def test_an_administrator_sees_no_other_institution_by_any_parameter(site, house):
    admin = administrator(site, house)
    addresses = [
        *PAGES, FUNCTIONS, *(file.partition("?")[0] for _, file, _ in FILES),
        f"{CONTACTS}maaneder", f"{SENDERS}en", f"{SENDERS}en/hent.csv",
        f"{TIMELY}afsender", f"{TIMELY}afsender/hent.csv",
    ]  # fmt: skip
    for address in addresses:
        for query in ("", *MUTATED):
            said = query.format(other=SCHOOL, own=GYMNASIUM, service=UNGDOMSUDDANNELSE, system=SYSTEM)
            answer = admin.get(f"{address}?{said}")
            assert answer.status_code in {200, 404}, (address, said)
            shown = answer.text.replace(html.escape(said), "").replace(said, "")
            shown = re.sub(r'(?:href|value)="[^"]*"', "", shown)
            assert SCHOOL not in shown, (address, said)
            assert OTHER_KOMMUNE not in shown
            assert "7004" not in shown or "regler" in address
    refused = f"?institution={SCHOOL}&tjeneste={UNGDOMSUDDANNELSE}&system={SYSTEM}"
    assert admin.get(f"{SENDERS}en{refused}").status_code == 404
    assert table(admin.get(MISSING))[0][:4] == [GYMNASIUM, f"Institution {GYMNASIUM}", "1", "0"]
    vendors = re.search(rf"<dt>{SYSTEM}</dt><dd>(\d+) accepteret og (\d+) afvist", admin.get(SENDERS).text)
    assert vendors is not None
    assert vendors[2] == "10", "the own vendor's in the whole country, as one number"


@pytest.mark.usefixtures("filled")
def test_an_institution_sees_the_contacts_that_it_registered(site, house):
    received(house.engine, date(2025, 3, 1), 3, service=INSTITUTION_KONTAKT, person_id=1)
    admin = administrator(site, house)
    rows = table(admin.get(CONTACTS))
    assert rows == [[GYMNASIUM, f"Institution {GYMNASIUM}", "3", "0"]]
    assert table(admin.get(f"{CONTACTS}?maal=unge"))[0][2:] == ["1", "0"]


@pytest.mark.usefixtures("filled")
def test_a_refusal_is_shown_by_code_with_the_rules_text_and_an_example_without_a_person(site, house):
    leder = Officer(site, house.engine, role=Role.LEDER)
    own = f"?institution={GYMNASIUM}&tjeneste={UNGDOMSUDDANNELSE}&system={SYSTEM}"
    (row,) = table(leder.get(f"{SENDERS}en{own}"))
    assert row[:2] == ["4004", "4"]
    assert row[7] == "sag-17"
    assert 'href="/regler/4004"' in leder.get(f"{SENDERS}en{own}").text
    other = f"?institution={SCHOOL}&tjeneste={UNGDOMSUDDANNELSE}&system={SYSTEM}"
    page = leder.get(f"{SENDERS}en{other}")
    assert table(page)[0][7] == "vises ikke"
    assert ANNA not in page.text


@pytest.mark.usefixtures("world")
def test_before_anything_is_worked_out_every_page_says_so(site, house):
    leder = Officer(site, house.engine, role=Role.LEDER)
    for address in PAGES:
        page = leder.get(address)
        assert page.status_code == 200
        assert "endnu" in page.text
    for _, file, _ in FILES:
        assert leder.get(file).status_code == 404


@pytest.mark.usefixtures("filled")
def test_the_responsible_function_is_changed_by_its_own_people_alone(site, house):
    admin = administrator(site, house)
    said = {
        "institution": GYMNASIUM,
        "navn": "Studieadministrationen",
        "mail": "post@gym.example",
        "telefon": "70101010",
    }
    assert admin.send_form(FUNCTIONS, said).status_code == 303
    assert "Studieadministrationen" in admin.get(FUNCTIONS).text
    for wrong, text in (
        ({"mail": "", "telefon": ""}, "eller begge dele"),
        ({"navn": ""}, "funktionens navn"),
        ({"mail": "x"}, "navn@eksempel.dk"),
        ({"telefon": "1"}, "8 til 20 cifre"),
    ):
        page = admin.send_form(FUNCTIONS, {**said, **wrong})
        assert page.status_code == 422
        assert text in page.text
    for nummer in (SCHOOL, KOMMUNE, "", "999999"):
        assert admin.send_form(FUNCTIONS, {**said, "institution": nummer}).status_code == 404
    leder = Officer(site, house.engine, role=Role.LEDER)
    assert leder.send_form(FUNCTIONS, {**said, "institution": GYMNASIUM}).status_code == 404
    assert leder.send_form(FUNCTIONS, {**said, "institution": KOMMUNE, "navn": "KUI-teamet"}).status_code == 303
    with reading(house.engine) as connection:
        stored = connection.execute(select(ansvarlig_funktion.c.institution_nummer, ansvarlig_funktion.c.fra)).all()
    assert [tuple(row) for row in stored] == [(GYMNASIUM, date(2026, 8, 17)), (KOMMUNE, date(2026, 8, 17))]
    row = next(row for row in table(leder.get(SENDERS)) if row[0] == GYMNASIUM)
    assert row[-1] == "Studieadministrationen, post@gym.example, 70101010"
    youth = leder.find(ANNA)
    assert "Studieadministrationen" in youth.text
    assert "KUI-teamet" in youth.text


def rows_of(house, operation):
    with reading(house.engine) as connection:
        return connection.execute(select(read_log).where(read_log.c.operation == operation)).all()


def test_the_manager_sees_who_of_the_own_kommune_looked_and_is_logged(site, house, filled):
    officer, leder = Officer(site, house.engine), Officer(site, house.engine, role=Role.LEDER)
    agree(house.engine, OTHER_KOMMUNE)
    stranger = Officer(site, house.engine, OTHER_KOMMUNE)
    officer.find(ANNA)
    officer.find(BO)
    officer.find(MOVED)
    officer.find("7103075999")
    stranger.find(MOVED)
    page = leder.get(LOOKUPS)
    assert page.status_code == 200
    rows = [row for row in table(page) if row[3].startswith("Ung")]
    assert [row[4] for row in rows] == ["Afvist", "Afvist", *[rows[2][4]] * (len(rows) - 2)]
    assert rows[0][3:] == rows[1][3:], "a refusal does not say who exists"
    assert {row[6] for row in rows[2:]} == {"7103xx-xxxx"}
    assert {row[1] for row in rows} == {"unilogin:admin"}
    assert all(cprnr not in page.text for cprnr in (ANNA, BO, MOVED))
    with reading(house.engine) as connection:
        numbers = set(connection.execute(select(read_log.c.institution_nummer)).scalars())
    assert OTHER_KOMMUNE in numbers
    assert "751" not in "".join(row[6] for row in rows)
    (logged,) = rows_of(house, "OpslagListe")
    assert (logged.klausul, logged.formaal, logged.bruger) == ("A16", "datakvalitet", "unilogin:admin")
    assert set(logged.personer) == {filled.person(ANNA), filled.person(BO)}
    one = re.search(r'href="(/web/kvalitet/opslag/\?ung=[^"]+)"', page.text)
    assert one is not None
    of_one = leder.get(html.unescape(one[1]))
    assert 0 < len(table(of_one)) < len(table(page))
    assert lines_of(leder.get(f"{LOOKUPS}hent.csv?formaal=vejledning"))
    assert len(rows_of(house, "OpslagFil")) == 1
    with reading(house.engine) as connection:
        every = connection.execute(select(read_log.c.bruger, read_log.c.operation)).all()
    assert len([row for row in every if row.operation == "OpslagListe"]) == 2


def test_a_look_at_who_is_one_with_another_since_is_a_look_at_that_one(site, house, filled):
    officer, leder = Officer(site, house.engine), Officer(site, house.engine, role=Role.LEDER)
    officer.find(ANNA)
    officer.find(BO)
    # Bo's person stays, and has Anna's number.
    filled.change_number(BO, ANNA)
    page = leder.get(LOOKUPS)
    rows = [row for row in table(page) if row[3].startswith("Ung")]
    assert {row[6] for row in rows} == {"7103xx-xxxx"}
    (links,) = set(re.findall(r'href="(/web/kvalitet/opslag/\?ung=[^"]+)"', page.text))
    of_one = leder.get(html.unescape(links))
    assert [row[3:] for row in table(of_one) if row[3].startswith("Ung")] == [row[3:] for row in rows]
    filled.person(ANNA, status="80", kommune="101")
    rows = [row for row in table(leder.get(LOOKUPS)) if row[3].startswith("Ung")]
    assert {row[6] for row in rows} == {"1 bor ikke i kommunen nu"}, "only who has an address in the country lives here"


@pytest.mark.usefixtures("filled")
def test_looks_are_paged_and_asked_for_by_day(site, house, monkeypatch):
    monkeypatch.setattr("udb.portal.quality.lookups.PAGE", 2)
    officer, leder = Officer(site, house.engine), Officer(site, house.engine, role=Role.LEDER)
    for _ in range(3):
        officer.find(ANNA)
    page = leder.get(f"{LOOKUPS}?bruger=unilogin:admin&formaal=vejledning")
    first = table(page)
    assert len(first) == 2
    following = re.search(r'href="([^"]+)">Se de næste', page.text)
    assert following is not None
    second = table(leder.get(html.unescape(following[1])))
    assert second
    assert leder.get(f"{LOOKUPS}?fra=01-01-2020&til=31-01-2020").text.count("Ingen opslag passer") == 1
    for wrong in ("fra=x", "fra=02-01-2026&til=01-01-2026", "fra=01-01-2026&til=01-03-2026"):
        page = leder.get(f"{LOOKUPS}?{wrong}")
        assert page.status_code == 422
        assert leder.get(f"{LOOKUPS}hent.csv?{wrong}").status_code == 404
    assert leder.get(f"{LOOKUPS}?bruger=ingen&foer=x&ung=y").status_code == 200
    for edge in ("til=01-01-0001", "fra=31-12-9999&til=31-12-9999", "fra=01-01-0001&til=02-01-0001"):
        assert leder.get(f"{LOOKUPS}?{edge}").status_code == 422, edge
        assert leder.get(f"{LOOKUPS}hent.csv?{edge}").status_code == 404, edge


@pytest.mark.usefixtures("filled")
def test_no_name_or_value_in_an_address_breaks_a_page(site, house):
    leder = Officer(site, house.engine, role=Role.LEDER)
    for page in (*PAGES, LOOKUPS, FUNCTIONS):
        assert leder.get(f"{page}?bruger=a%00b&institution=%00&tjeneste=%00").status_code == 404, page
    for page in (CONTACTS, TIMELY, SENDERS, RULES, f"{CONTACTS}maaneder?raekke=101&aar=2026"):
        joint = "&" if "?" in page else "?"
        for asked in ("endpoint=x", "_method=x", "_scheme=javascript", "_scheme=javascript&_external=1"):
            answer = leder.get(f"{page}{joint}{asked}")
            assert (answer.status_code, "javascript:" in answer.text) == (200, False), (page, asked)


@pytest.mark.usefixtures("filled")
def test_months_of_youths_are_shown_to_the_own_kommune_alone(site, house):
    stils, leder = stil(site, house), Officer(site, house.engine, role=Role.LEDER)
    of = f"{CONTACTS}maaneder/hent.csv?art=egen&aar=2026&raekke="
    for answer in (stils.get(f"{of}land"), stils.get(f"{of}101"), leder.get(f"{of}101&diskret=1")):
        assert {line[1] for line in lines_of(answer)} == {".."}
    assert {line[1] for line in lines_of(leder.get(f"{of}101"))} == {"mindst 0"}
    page = stils.get(f"{CONTACTS}maaneder?art=egen&aar=2026&raekke=101")
    assert {row[1] for row in table(page)} == {".."}
    assert "<polyline" not in page.text
    reports = lines_of(stils.get(f"{of}101".replace("egen", "kui")))
    assert {line[1] for line in reports} == {"0"}, "reports are open"


def test_a_kommune_is_not_its_schools_though_it_is_their_main_institution(site, house, world):
    world.institution("101999", hovedinstitution=KOMMUNE)
    school = administrator(site, house, "101999")
    said = {"navn": "Kontoret", "mail": "", "telefon": "70101010"}
    assert school.send_form(FUNCTIONS, {**said, "institution": KOMMUNE}).status_code == 404
    assert KOMMUNE not in school.get(FUNCTIONS).text
    assert school.send_form(FUNCTIONS, {**said, "institution": "101999"}).status_code == 303


@pytest.mark.usefixtures("filled")
def test_a_lower_bound_is_hatched_and_said_in_words(site, house):
    with writing(house.engine) as connection:
        connection.execute(
            update(modtagelse).where(modtagelse.c.tid < midnight(date(2026, 1, 1))).values(genskabt=True)
        )
    refresh_quality(house.engine)
    leder = Officer(site, house.engine, role=Role.LEDER)
    page = leder.get(CONTACTS)
    assert table(page)[0][2] == "mindst 4"
    assert lines_of(leder.get(f"{CONTACTS}hent.csv")) == table(page)
    assert "Skraveret: mindst så mange" in page.text
    assert 'fill="url(#skraveret)"' in page.text
    assert headings(page) == ["Kontakter pr. år"]


@pytest.mark.usefixtures("filled")
def test_a_change_of_source_system_is_marked_in_the_pictures_of_the_own_row(site, house):
    with writing(house.engine) as connection:
        now = state.now(connection)
        for nummer in (KOMMUNE, OTHER_KOMMUNE):
            wanted = Announcement(nummer, "Uno-UNG", SYSTEM, now.date().replace(day=3), "it@kommune.example")
            assert announce(connection, wanted, "udb:root", now)[1] == ()
    refresh_quality(house.engine)
    mark = f"Stiplet: {words(now.date().replace(day=3))}."
    leder = Officer(site, house.engine, role=Role.LEDER)
    of_year = f"{CONTACTS}maaneder?raekke=101&aar={now.year}"
    for address in (CONTACTS, of_year):
        page = leder.get(address)
        assert mark in page.text
        assert page.text.count('class="udb-mark"') == 1
    assert "Stiplet" not in leder.get(f"{CONTACTS}?linje=land").text
    stil = Administrator(site, house.engine, "", Role.DATAMEDARBEJDER)
    assert mark in stil.get(f"{CONTACTS}?linje=751").text
    assert "Stiplet" not in stil.get(CONTACTS).text
