import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import urlsplit

import pytest
from lxml import etree
from sqlalchemy import func, select
from zeep.exceptions import Fault

from tests.support import reporting as pages
from tests.support.cost import functions_entered
from tests.support.endpoint import Endpoint
from tests.support.portal import headings
from tests.support.reporting import CHECK, FORM, MINE, SEND, Administrator, agree
from tests.support.reports import CPRNR, UNGDOM
from tests.support.world import DEPARTMENT, FGU_SCHOOL, GYMNASIUM, KEY, SCHOOL, UNIVERSITY
from udb.callers import certificates, systems
from udb.callers.systems import WEB
from udb.domain.errors import UdbRefused
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.portal.roles import Role
from udb.readlog.entries import NO_PERSON
from udb.store.engine import reading, writing
from udb.store.tables import call_key, haendelse, haendelse_raad, modtagelse, read_log
from udb.wsdl.use_cases import application

FILE = "/web/indberet/fil/"
HF = {"COsAFormaal": "3017", "Speciale": "", "Praktiksted": "", "COsAFormaalVersion": ""}
EVENT = 'name="transaktion" value='


@pytest.fixture
def administrator(site, house, world):
    """The user administrator of GYMNASIUM, which may report by hand; the clock is at 17 August 2026."""
    world.clock("2026-08-17T10:00:00")
    world.person(CPRNR)
    for nummer in (GYMNASIUM, DEPARTMENT):
        agree(house.engine, nummer)
    return Administrator(site, house.engine, GYMNASIUM)


def said(hvad, day, **more):
    return {
        "tjeneste": UNGDOMSUDDANNELSE,
        "hvad": hvad,
        "transaktion": f"{hvad}-{day}",
        "CPRNr": "710307-5123",
        "InstitutionNummer": GYMNASIUM,
        "HaendelseDato-dag": str(day),
        "HaendelseDato-maaned": "8",
        "HaendelseDato-aar": "2026",
        **HF,
        **more,
    }


def counted(house, table):
    with reading(house.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def reported(administrator, form):
    """Return the receipt of a form that is accepted without advice."""
    checked = administrator.send_form(CHECK, form)
    assert checked.status_code == 200, pages.summary(checked)
    receipt = administrator.send_form(SEND, {**pages.hidden(checked), "raad": pages.ticks(checked)})
    assert receipt.status_code == 200, pages.summary(receipt)
    return receipt


def test_an_afbrud_is_corrected_approved_and_reported_once(administrator, house):
    # The worked case of the specification.
    assert pages.number(reported(administrator, said("optaget", 3)))
    before = counted(house, haendelse), counted(house, call_key)
    form = said("afbrudt", 18, AfbrudsarsagsKode="904")
    refused = administrator.send_form(CHECK, form)
    assert refused.status_code == 422
    assert pages.codes(refused) == {"3001"}
    assert "<title>Fejl: " in refused.text
    assert 'href="#HaendelseDato-dag"' in refused.text
    assert refused.text.index('id="fejl"') < refused.text.index("<h1")
    form |= {"HaendelseDato-dag": "14"}
    checked = administrator.send_form(CHECK, form)
    assert checked.status_code == 200
    assert pages.ticks(checked) == ["3007"]
    assert "710307-5123" in checked.text
    assert (counted(house, haendelse), counted(house, call_key)) == before
    sending = {**pages.hidden(checked), "raad": pages.ticks(checked)}
    first = administrator.send_form(SEND, sending)
    again = administrator.send_form(SEND, sending)
    assert headings(first) == headings(again) == ["Indberetningen er modtaget"]
    assert pages.number(first) == pages.number(again) is not None
    other = administrator.send_form(CHECK, {**form, "HaendelseDato-dag": "13"})
    assert (other.status_code, headings(other)) == (422, ["Allerede sendt"])
    assert "Denne indberetning er allerede sendt. Start en ny." in other.text
    assert CPRNR not in other.text
    assert counted(house, haendelse) == before[0] + 1


def test_advice_needs_its_tick_and_is_stored_as_shown(administrator, house):
    checked = administrator.send_form(CHECK, said("afbrudt", 14, AfbrudsarsagsKode="904"))
    raad = pages.ticks(checked)
    assert raad
    kept = pages.hidden(checked)
    unseen = administrator.send_form(SEND, kept)
    assert unseen.status_code == 422
    assert "<title>Fejl: " in unseen.text
    assert pages.ticks(unseen) == raad
    assert counted(house, haendelse) == 0
    receipt = administrator.send_form(SEND, {**kept, "raad": raad})
    with reading(house.engine) as connection:
        stored = connection.execute(
            select(haendelse_raad.c.fejl_kode).where(haendelse_raad.c.nummer == pages.number(receipt))
        ).scalars()
        assert set(stored) == set(raad) == pages.codes(receipt)


def test_two_tabs_send_the_same_form_at_once(administrator, house):
    kept = pages.hidden(administrator.send_form(CHECK, said("optaget", 3)))
    others = [Administrator(administrator._client.application, house.engine, GYMNASIUM) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(lambda one: one.send_form(SEND, kept), others))
    assert len({pages.number(receipt) for receipt in receipts} - {None}) == 1
    assert counted(house, haendelse) == 1


def test_back_to_the_form_keeps_what_was_typed(administrator):
    kept = pages.hidden(administrator.send_form(CHECK, said("optaget", 3)))
    back = administrator.send_form(CHECK, {**kept, "knap": "ret"})
    assert back.status_code == 200
    assert 'value="7103075123"' in back.text
    assert f'{EVENT}"optaget-3"' in back.text
    assert 'value="3017"' in back.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BRUGERADMINISTRATOR])
@pytest.mark.usefixtures("administrator")
def test_only_a_user_administrator_reports_by_hand(site, house, role):
    other = Administrator(site, house.engine, GYMNASIUM, role)
    for path in ("/web/indberet/", "/web/indberet/ny", FORM, FILE, MINE, f"{MINE}1"):
        assert other.get(path).status_code == 403
    for path in (CHECK, SEND, FILE, f"{MINE}1/cpr", f"{MINE}1/annuller"):
        assert other.send_form(path, said("optaget", 3)).status_code == 403
    assert counted(house, haendelse) == 0


def test_when_the_session_is_over_nothing_is_sent_and_the_page_says_so(administrator, house):
    kept = pages.hidden(administrator.send_form(CHECK, said("optaget", 3)))
    administrator.send_form("/web/log-ud", {})
    answer = administrator.send_form(SEND, kept)
    assert answer.status_code == 403
    assert "Intet er sendt" in answer.text
    assert "5123" not in answer.text
    assert counted(house, haendelse) == 0


@pytest.mark.usefixtures("world")
def test_without_an_agreement_the_page_names_the_service(site, house):
    administrator = Administrator(site, house.engine, SCHOOL)
    front = administrator.get("/web/indberet/")
    assert front.status_code == 200
    assert FORBEREDENDE_AKTIVITET in front.text
    query = {"tjeneste": FORBEREDENDE_AKTIVITET, "hvad": "optaget"}
    for page in (
        administrator.get("/web/indberet/ny"),
        administrator.get(FORM, query_string=query),
        administrator.send_form(CHECK, {**said("optaget", 3), "tjeneste": FORBEREDENDE_AKTIVITET}),
        administrator.send_form(SEND, {**said("optaget", 3), "tjeneste": FORBEREDENDE_AKTIVITET}),
    ):
        assert page.status_code == 403
        assert FORBEREDENDE_AKTIVITET in page.text
    assert counted(house, haendelse) == 0


@pytest.mark.parametrize("password", ["", "0" * 64, KEY])
@pytest.mark.usefixtures("administrator")
def test_nothing_calls_as_the_portal(house, password):
    with pytest.raises(Fault) as refused:
        Endpoint(application(house, {}), system=WEB, key=password).report(UNGDOMSUDDANNELSE, UNGDOM)
    assert b"UDB009101" in etree.tostring(refused.value.detail)
    with writing(house.engine) as connection, pytest.raises(UdbRefused):
        systems.create(connection, WEB, "Navn")
    with writing(house.engine) as connection, pytest.raises(UdbRefused):
        certificates.register(connection, WEB, None)


def test_another_institutions_number_is_as_one_that_does_not_exist(administrator, house, world):
    agree(house.engine, SCHOOL)
    answers = [
        administrator.send_form(path, {**said("optaget", 3), "InstitutionNummer": nummer})
        for path in (CHECK, SEND)
        for nummer in (SCHOOL, "999999")
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({tuple(pages.summary(answer)) for answer in answers}) == 1
    assert counted(house, haendelse) == 0
    world.person("7103075101")
    endpoint = Endpoint(application(house, {}))
    grade = {**UNGDOM, "CPRNr": "7103075101", "InstitutionNummer": SCHOOL}
    del grade["Uddannelse"]
    grade |= {"ElevTrin": 10, "KlasseTrin": 10, "KlasseType": "40", "KlasseNavn": "10A"}
    theirs = endpoint.report(FORBEREDENDE_AKTIVITET, grade)["HaendelseNummer"]
    assert theirs
    before = counted(house, haendelse)
    for rest in ("", "/annuller"):
        foreign, unknown = (administrator.get(f"{MINE}{nummer}{rest}") for nummer in (theirs, "20990101000000000-0000"))
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.text == unknown.text
    for rest in ("/cpr", "/annuller"):
        foreign, unknown = (
            administrator.send_form(f"{MINE}{nummer}{rest}", {"transaktion": "x"})
            for nummer in (theirs, "20990101000000000-0000")
        )
        assert (foreign.status_code, foreign.text) == (404, unknown.text)
    assert counted(house, haendelse) == before
    assert theirs not in administrator.get(MINE).text
    with reading(house.engine) as connection:
        refused = connection.execute(
            select(read_log.c.personer, read_log.c.institution_nummer).where(
                read_log.c.klausul.is_(None), read_log.c.system_id == WEB
            )
        ).all()
    assert [tuple(row) for row in refused] == [([NO_PERSON], GYMNASIUM)] * 8


def test_a_report_is_found_shown_and_cancelled(administrator, house):
    nummer = pages.number(reported(administrator, said("optaget", 3, InstitutionNummer=DEPARTMENT)))
    listed = administrator.get(MINE)
    assert nummer in listed.text
    assert "7103xx-xxxx" in listed.text
    assert "5123" not in listed.text
    for query, found in (
        ({"status": "2"}, False),
        ({"status": "1", "system": "manuel", "tjeneste": UNGDOMSUDDANNELSE, "fra": "17-08-2026"}, True),
        ({"til": "16-08-2026"}, False),
        ({"resultat": "annulleret"}, False),
    ):
        assert (nummer in administrator.get(MINE, query_string=query).text) == found
    wrong = administrator.get(MINE, query_string={"fra": "31-02-2026"})
    assert (wrong.status_code, "<title>Fejl: " in wrong.text) == (422, True)
    detail = administrator.get(f"{MINE}{nummer}")
    assert "5123" not in detail.text
    assert "Årsag" not in detail.text
    assert "710307-5123" in administrator.send_form(f"{MINE}{nummer}/cpr", {}).text
    confirm = administrator.get(f"{MINE}{nummer}/annuller")
    sending = {**pages.hidden(confirm), "raad": pages.ticks(confirm)}
    done = administrator.send_form(f"{MINE}{nummer}/annuller", sending)
    again = administrator.send_form(f"{MINE}{nummer}/annuller", sending)
    assert headings(done) == headings(again) == ["Indberetningen er annulleret"]
    second_tab = administrator.send_form(f"{MINE}{nummer}/annuller", {**sending, "transaktion": "another"})
    assert (second_tab.status_code, pages.codes(second_tab)) == (422, {"6003"})
    assert nummer in administrator.get(MINE, query_string={"resultat": "annulleret"}).text
    assert counted(house, haendelse) == 2
    with reading(house.engine) as connection:
        rows = connection.execute(select(read_log).where(read_log.c.system_id == WEB)).all()
    operations = {row.operation: row.klausul for row in rows}
    assert (
        operations["MineIndberetninger"] == operations["MinIndberetning"] == operations["MinIndberetningCPR"] == "A12"
    )
    results = {row.klausul for row in rows if row.operation == UNGDOMSUDDANNELSE}
    assert results >= {"accepteret", "gentaget", "proevet accepteret"}
    assert {row.formaal for row in rows} == {"indberetning"}
    assert all(row.bruger.startswith("unilogin:") for row in rows)


@pytest.mark.parametrize(
    ("nummer", "service", "hvad", "more"),
    [
        (FGU_SCHOOL, FGU, "optaget", {"COsAFormaal": "338", "skoleperiode": "BA|"}),
        (SCHOOL, FORBEREDENDE_AKTIVITET, "optaget",
         {"art": "klassetrin", "ElevTrin": "10", "KlasseTrin": "10", "KlasseType": "40", "KlasseNavn": "10A"}),
        (UNIVERSITY, VIDEREGAAENDE, "optaget", {"STADSKode": "9304"}),
        (GYMNASIUM, INSTITUTION_KONTAKT, "kontaktperson",
         {"Slet": "false", "KontaktNavn": "Bo Bang", "KontaktMail": "bo@skole.dk", "KontaktTelefon": "23456789"}),
    ],
)  # fmt: skip
def test_every_service_has_its_form(site, house, world, nummer, service, hvad, more):
    world.person(CPRNR)
    agree(house.engine, nummer)
    administrator = Administrator(site, house.engine, nummer)
    form = administrator.open_form(service, hvad)
    assert form.status_code == 200
    given = {**said(hvad, 3), "tjeneste": service, "InstitutionNummer": nummer, **more}
    receipt = administrator.send_form(CHECK, {name: given[name] for name in given if name in pages.names(form)})
    if service == INSTITUTION_KONTAKT:
        # Without a pålæg the rules refuse or advise; either is an answer of theirs.
        assert receipt.status_code in {200, 422}
        return
    assert receipt.status_code == 200, pages.summary(receipt)
    sent = administrator.send_form(SEND, {**pages.hidden(receipt), "raad": pages.ticks(receipt)})
    assert pages.number(sent)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"CPRNr": "103071234"}, "CPR-nummeret har kun 9 cifre. Mangler der et 0 forrest? (Excel fjerner det.)"),
        ({"CPRNr": "abc"}, "Skriv CPR-nummeret som 10 cifre, fx 010203-1234."),
        ({"HaendelseDato-dag": "31", "HaendelseDato-maaned": "2"},
         "Datoen findes ikke. Skriv dag, måned og år med fire cifre, fx 17 8 2026."),
        ({"COsAFormaal": ""}, "Vælg uddannelsen."),
        ({"COsAFormaal": "x" * 11}, "Skriv højst 10 tegn."),
        ({"COsAFormaalVersion": "0"}, "Skriv et helt tal fra 1 til 999."),
        ({"Speciale": "a\x00b"}, "Teksten har tegn, der ikke kan sendes. Skriv den igen."),
    ],
)  # fmt: skip
def test_what_no_message_can_hold_is_refused_at_its_field(administrator, changed, text):
    page = administrator.send_form(CHECK, said("optaget", 3, **changed))
    assert page.status_code == 422
    assert text in pages.summary(page)


def test_a_pasted_date_and_a_text_for_a_code_are_understood(administrator):
    form = said("optaget", 3, COsAFormaal="3017 hf", **{"HaendelseDato-dag": "03-08-2026"})
    form |= {"HaendelseDato-maaned": "", "HaendelseDato-aar": ""}
    shown = administrator.send_form(CHECK, form)
    text = shown.text if shown.status_code == 200 else ""
    proposed = administrator.open_form(UNGDOMSUDDANNELSE, "optaget").text
    assert "3017" in proposed
    if not text:
        # The proposal's own text is what a browser puts in.
        (proposal,) = re.findall(r'<option value="(3017 [^"]*)">', proposed)
        text = administrator.send_form(CHECK, {**form, "COsAFormaal": proposal}).text
    assert "3. august 2026" in text


def test_a_form_of_another_session_or_none_of_ours_sends_nothing(administrator, house):
    lost = administrator.post(SEND, {**said("optaget", 3), "csrf": "another"})
    assert lost.status_code == 422
    for changed in ({"transaktion": ""}, {"hvad": "noget"}, {"tjeneste": "IndberetningOnsker"}):
        answer = administrator.send_form(SEND, {**said("optaget", 3), **changed})
        assert urlsplit(answer.headers["Location"]).path == "/web/indberet/ny"
    assert counted(house, haendelse) == 0


def test_a_closed_institution_can_only_cancel(world, administrator):
    nummer = pages.number(reported(administrator, said("optaget", 3)))
    for closed in (GYMNASIUM, DEPARTMENT):
        world.institution(closed, hovedinstitution=GYMNASIUM, lukket=date(2026, 8, 10))
    assert "Institutionen er lukket." in administrator.get("/web/indberet/").text
    assert administrator.get("/web/indberet/ny").status_code == 403
    confirm = administrator.get(f"{MINE}{nummer}/annuller")
    assert confirm.status_code == 200
    done = administrator.send_form(f"{MINE}{nummer}/annuller", {**pages.hidden(confirm), "raad": pages.ticks(confirm)})
    assert headings(done) == ["Indberetningen er annulleret"]


def test_a_trial_stores_nothing_but_that_it_was_made(administrator, house):
    assert administrator.send_form(CHECK, said("optaget", 3)).status_code == 200
    with reading(house.engine) as connection:
        rows = connection.execute(select(modtagelse.c.slags, modtagelse.c.resultat)).all()
    assert [tuple(row) for row in rows] == [("proeve", "A")]
    assert counted(house, haendelse) == counted(house, call_key) == 0


def test_the_front_counts_what_was_refused_in_a_month_over_all_systems(administrator, house, world):
    def counts():
        found = re.search(
            r"seneste 30 dage, fra alle jeres systemer: (\d+)\.", administrator.get("/web/indberet/").text
        )
        return int(found[1])

    assert counts() == 0
    endpoint = Endpoint(application(house, {}))
    tomorrow = {**UNGDOM, "Status": 2, "AfbrudsarsagsKode": "904", "HaendelseDato": "2026-08-18T00:00:00"}
    for nummer in (GYMNASIUM, DEPARTMENT, SCHOOL):
        endpoint.report(UNGDOMSUDDANNELSE, {**tomorrow, "InstitutionNummer": nummer})
    administrator.send_form(CHECK, said("afbrudt", 18, AfbrudsarsagsKode="904"))
    assert counts() == 2
    world.clock("2026-09-16T10:00:00")
    assert counts() == 2
    world.clock("2026-09-17T10:00:00")
    assert counts() == 0


def test_the_list_names_the_system_that_sent(administrator, house):
    Endpoint(application(house, {})).report(UNGDOMSUDDANNELSE, UNGDOM)
    assert "<td>Afprøver</td>" in administrator.get(MINE).text
    assert "Afprøver" not in administrator.get(MINE, query_string={"system": "manuel"}).text
    pages.number(reported(administrator, said("afbrudt", 14, AfbrudsarsagsKode="904")))
    listed = administrator.get(MINE, query_string={"system": "manuel"}).text
    assert listed.count("<td>Indberetning i browseren</td>") == 1


def test_a_form_costs_next_to_nothing(administrator):
    entered = functions_entered(lambda: administrator.open_form(UNGDOMSUDDANNELSE, "afbrudt"))
    assert entered < 5_000, entered
