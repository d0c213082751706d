import re
from datetime import date

import pytest
from sqlalchemy import func, select, update

from tests.support.endpoint import Endpoint
from tests.support.officer import Officer
from tests.support.portal import headings
from tests.support.reporting import agree, codes, hidden, number, summary, ticks
from tests.support.reports import UNGDOM, accepted, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE
from udb.domain.services import KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.portal.roles import Role
from udb.portal.youths.sending import CHANGED
from udb.readlog.entries import NO_PERSON
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, kontakt, modtagelse, onske, person, read_log
from udb.wsdl.use_cases import application

MINE = "/web/unge/egne/"
CPRNR, OLD, MOVED = "7103095123", "7103075101", "7103075102"
"""17 and 19 years old in August 2026."""
CONTACT = {"KontaktNavn": "Vera Vejleder", "KontaktMail": "vera@kommune.example", "KontaktTelefon": "23456789"}
DAY = {"HaendelseDato-dag": "14", "HaendelseDato-maaned": "8", "HaendelseDato-aar": "2026"}


@pytest.fixture
def endpoint(house):
    return Endpoint(application(house, {}))


@pytest.fixture
def officer(site, house, world):
    """The officer of KOMMUNE on 17 August 2026, with a youth of 17."""
    world.clock("2026-08-17T10:00:00")
    agree(house.engine, KOMMUNE)
    world.person(CPRNR)
    return Officer(site, house.engine)


def register(officer, hvad, said, cprnr=CPRNR):
    """Go through form, approval and receipt; return the receipt."""
    address = f"{officer.reference(cprnr)}/registrer/{hvad}"
    form = officer.get(address)
    assert form.status_code == 200
    checked = officer.send_form(address, {**hidden(form), **said, "knap": "kontroller"})
    assert checked.status_code == 200, summary(checked)
    assert "Intet er sendt endnu" in checked.text
    sending = {**hidden(checked), "raad": ticks(checked), "knap": "send"}
    receipt = officer.send_form(address, sending)
    assert headings(receipt) == ["Registreringen er modtaget"], summary(receipt)
    assert headings(officer.send_form(address, sending)) == ["Registreringen er modtaget"]
    return receipt


def act(officer, address):
    """Open what a link of the list leads to, and approve it; return the receipt."""
    confirm = officer.get(address)
    assert confirm.status_code == 200, headings(confirm)
    return officer.send_form(address, {**hidden(confirm), "raad": ticks(confirm), "knap": "send"})


def links(page, text):
    found = re.findall(rf'<a href="([^"]+)">{text}<span class="sr-only">: [^<]+</span></a>', page.text)
    return [path.replace("&amp;", "&") for path in found]


CELLS = r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>"


def name_in(cell):
    """Return the name in a cell, which leads to the youth's page."""
    found = re.match(r'<a href="/web/unge/s/[^"]+">([^<]+)<', cell)
    return found[1] if found else cell


def stored(house, table):
    with reading(house.engine) as connection:
        return connection.execute(select(table)).mappings().all()


def test_a_contact_is_registered_corrected_confirmed_and_deleted(officer, house, world):
    register(officer, "kontaktperson", CONTACT)
    (before,) = stored(house, kontakt)
    assert (before["navn"], before["institution_nummer"]) == ("Vera Vejleder", KOMMUNE)
    assert [row["resultat"] for row in stored(house, modtagelse)] == ["A", "A", "A", "G", "G"]
    world.clock("2027-08-18T10:00:00")
    listed = officer.get(MINE)
    assert "<td>Forældet</td>" in listed.text
    assert "vera@kommune.example" in listed.text
    assert "7103xx-xxxx" in listed.text
    assert "5123" not in listed.text
    (confirm,) = links(listed, "Bekræft, at den stadig gælder")
    assert headings(act(officer, confirm)) == ["Registreringen er modtaget"]
    (after,) = stored(house, kontakt)
    assert {name for name in before if before[name] != after[name]} == {"registreringstid"}
    listed = officer.get(MINE)
    assert "<td>Gælder</td>" in listed.text
    assert "Forældet:" not in officer.find(CPRNR).text
    (correct,) = links(listed, "Ret")
    assert 'value="Vera Vejleder"' in officer.get(correct).text
    register(officer, "kontaktperson", {**CONTACT, "KontaktNavn": "Ny Vejleder"})
    assert stored(house, kontakt)[0]["navn"] == "Ny Vejleder"
    (delete,) = links(officer.get(MINE), "Slet")
    assert stored(house, kontakt)
    assert headings(act(officer, delete)) == ["Registreringen er modtaget"]
    assert stored(house, kontakt) == []
    assert officer.get(delete).status_code == 404


def test_what_the_rules_refuse_is_at_its_field_and_advice_needs_its_tick(officer, house):
    address = f"{officer.reference(CPRNR)}/registrer/kontaktperson"
    wrong = officer.send_form(address, {**CONTACT, "KontaktTelefon": "12", "transaktion": "x"})
    assert (wrong.status_code, codes(wrong)) == (422, {"7004"})
    assert 'href="#KontaktTelefon"' in wrong.text
    checked = officer.send_form(address, {**CONTACT, "KontaktTelefon": "", "transaktion": "x"})
    assert ticks(checked) == ["7015"]
    unseen = officer.send_form(address, {**hidden(checked), "knap": "send"})
    assert unseen.status_code == 422
    assert stored(house, kontakt) == []
    back = officer.send_form(address, {**hidden(checked), "knap": "ret"})
    assert 'value="Vera Vejleder"' in back.text
    assert officer.get(f"{address[:-13]}andet").status_code == 404


def test_wishes_activities_marks_and_times(officer, endpoint, house):
    register(officer, "oensker", {"JobOnsker": "Tømrer\r\n\r\nMaler", "UddannelsesOnsker": ""})
    assert [row["tekst"] for row in stored(house, onske)] == ["Tømrer", "Maler"]
    activity = number(register(officer, "aktivitet", {**DAY, "Status": "1", "KommuneAktivitetsKode": "K55"}))
    begun = optag(endpoint, CPRNR, 3)
    page = officer.get(f"{officer.reference(CPRNR)}/registrer/markering")
    assert f'<option value="{begun}"' in page.text
    said = {**DAY, "IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": begun}
    mark = number(register(officer, "markering", said))
    assert "Institution 461248: 3. august 2026, Åbent" in officer.find(CPRNR).text
    none = officer.get(f"{officer.reference(CPRNR)}/registrer/tid")
    assert "intet afbrud, som kommunen kan se" in none.text
    ended = {**UNGDOM, "CPRNr": CPRNR, "HaendelseDato": "2026-08-12T00:00:00", "Status": 2, "AfbrudsarsagsKode": "904"}
    broken = accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))["HaendelseNummer"]
    said = {**DAY, "klokken": "09.30", "Type": "Kontakttid", "AfbrudHaendelseNummer": broken}
    time = number(register(officer, "tid", said))
    assert "Kontaktet i tide (14. august 2026)" in officer.find(CPRNR).text
    for art, nummer, shown in (
        ("aktiviteter", activity, "Praktik i ungevejledningen"),
        ("markeringer", mark, "Risiko ifølge kommunen"),
        ("tider", time, "Kontakttid"),
    ):
        listed = officer.get(MINE, query_string={"art": art})
        assert shown in listed.text
        (cancel,) = links(listed, "Annullér")
        assert nummer in cancel
        assert headings(act(officer, cancel)) == ["Registreringen er modtaget"]
        assert "<td>Annulleret</td>" in officer.get(MINE, query_string={"art": art}).text
    wishes = officer.get(MINE, query_string={"art": "oensker"})
    assert headings(act(officer, links(wishes, "Slet")[0])) == ["Registreringen er modtaget"]
    assert stored(house, onske) == []
    with reading(house.engine) as connection:
        live = connection.execute(
            select(func.count()).where(haendelse.c.service != UNGDOMSUDDANNELSE, ~haendelse.c.annulleret)
        )
        assert live.scalar_one() == 3


def test_a13_of_a_youth_who_has_moved_only_the_own_registrations_are_shown(officer, endpoint, house, world, site):
    for cprnr in (OLD, MOVED):
        world.person(cprnr)
        accepted(endpoint.report(KONTAKTPERSON, {**CONTACT, "CPRNr": cprnr, "InstitutionNummer": KOMMUNE}))
        accepted(endpoint.report(ONSKER, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "JobOnsker": ["Maler"]}))
        optag(endpoint, cprnr, 3)
    with writing(house.engine) as connection:
        connection.execute(update(person).values(navn="Alma Berg"))
        connection.execute(update(person).where(person.c.cprnr == OLD).values(turns_25=date(2026, 8, 1)))
    world.person(MOVED, kommune="751")
    agree(house.engine, OTHER_KOMMUNE)
    theirs = {**CONTACT, "KontaktNavn": "Ny", "CPRNr": MOVED, "InstitutionNummer": OTHER_KOMMUNE}
    accepted(endpoint.report(KONTAKTPERSON, theirs))
    for query, states in (
        ({}, {"Bor ikke længere i kommunen", "Den unge er fyldt 25 år"}),
        ({"tilstand": "flyttet"}, {"Bor ikke længere i kommunen"}),
        ({"tilstand": "fyldt25"}, {"Den unge er fyldt 25 år"}),
        ({"tilstand": "gaelder"}, set()),
        ({"tekst": "VERA@"}, {"Bor ikke længere i kommunen", "Den unge er fyldt 25 år"}),
        ({"tekst": "ingen%"}, set()),
        ({"fra": "18-08-2026"}, set()),
        ({"til": "17-08-2026", "tilstand": "flyttet"}, {"Bor ikke længere i kommunen"}),
        ({"art": "oensker", "tilstand": "flyttet"}, {"Bor ikke længere i kommunen"}),
        ({"skole": "461248"}, set()),
    ):  # fmt: skip
        page = officer.get(MINE, query_string=query)
        rows = [(name_in(cell), cpr, state) for cell, cpr, state in re.findall(CELLS, page.text)]
        assert {state for _, _, state in rows} == states, query
        assert {name for name, _, state in rows if "længere" in state} <= {""}
        assert not {OTHER_KOMMUNE, "751"} & set(re.findall(r"\d+", page.text.partition("<main")[2]))
    assert officer.find(MOVED).status_code == 404
    # What was registered of a youth who has moved can still be deleted, and the new kommune's cannot.
    moved = officer.get(MINE, query_string={"tilstand": "flyttet"})
    assert links(moved, "Ret") == links(moved, "Bekræft, at den stadig gælder") == []
    (delete,) = links(moved, "Slet")
    assert headings(act(officer, delete)) == ["Registreringen er modtaget"]
    left = {row["navn"] for row in stored(house, kontakt) if row["institution_nummer"] == OTHER_KOMMUNE}
    assert left == {"Ny"}
    assert officer.get(delete).status_code == 404
    other = Officer(site, house.engine, OTHER_KOMMUNE)
    assert [name_in(cell) for cell, *_ in re.findall(CELLS, other.get(MINE).text)] == ["Alma Berg"]
    with reading(house.engine) as connection:
        log = connection.execute(select(read_log).where(read_log.c.operation == "EgenRegistrering")).all()
    assert {row.klausul for row in log} == {"A13", None}
    assert {tuple(row.personer) for row in log if row.klausul is None} == {(NO_PERSON,)}
    file = officer.get(f"{MINE}hent.csv", query_string={"tilstand": "fyldt25"})
    (row,) = file.text.splitlines()[1:]
    assert row.split(";")[:3] == ["Alma Berg", "7103xx-xxxx", "Den unge er fyldt 25 år"]
    assert "Vera Vejleder" in row


def test_each_row_says_whose_it_is_as_far_as_it_may(officer, endpoint, house, world):
    for cprnr, navn in ((OLD, "Vera V."), (MOVED, "Birger B.")):
        world.person(cprnr)
        said = {**CONTACT, "KontaktNavn": navn, "CPRNr": cprnr, "InstitutionNummer": KOMMUNE}
        accepted(endpoint.report(KONTAKTPERSON, said))
    with writing(house.engine) as connection:
        connection.execute(update(person).values(navn="Alma Berg", beskyttet=True))
    world.person(MOVED, kommune="751")

    def youths(page):
        return sorted((name_in(cell), cpr) for cell, cpr, _ in re.findall(CELLS, page.text))

    page = officer.get(MINE)
    # Why there is no name, of a resident alone: of another kommune's youth nothing is said.
    assert youths(page) == [("", "7103xx-xxxx"), ("beskyttet", "7103xx-xxxx")]
    assert "Navnet er beskyttet, når den unge har navne- og adressebeskyttelse" in page.text
    # The links of a row are told from those of another.
    links_ = r">(Ret|Slet|Bekræft, at den stadig gælder)<span class=\"sr-only\">: ([^<]+)</span></a>"
    named = re.findall(links_, page.text)
    assert len(named) == len(set(named)) == 4
    (birger,) = (of for what, of in named if what == "Slet" and "Birger" in of)
    assert birger == "Birger B., den unge 7103xx-xxxx, registreret 2026-08-17 10:00"
    # A number that the youth got elsewhere is not the kommune's to know, and the one before it is not today's.
    world.change_number(MOVED, "6103075102")
    page = officer.get(MINE, query_string={"tilstand": "flyttet"})
    assert youths(page) == [("", "xxxxxx-xxxx")]
    assert not re.search("6103|7103", page.text)
    assert "xxxxxx-xxxx;" in officer.get(f"{MINE}hent.csv", query_string={"tilstand": "flyttet"}).text


def test_another_kommunes_registration_is_as_one_that_is_not_there(officer, endpoint, house, world, site):
    other = Officer(site, house.engine, OTHER_KOMMUNE)
    agree(house.engine, OTHER_KOMMUNE)
    activity = number(register(officer, "aktivitet", {**DAY, "Status": "1", "KommuneAktivitetsKode": "K55"}))
    begun = optag(endpoint, CPRNR, 3)
    answers = [other.get(f"{MINE}haendelse/{nummer}/annuller") for nummer in (activity, begun, "UDB-" + "9" * 23, "æ")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert officer.get(f"{MINE}haendelse/{begun}/annuller").status_code == 404
    world.person(OLD, kommune="751")
    assert other.get(f"{MINE}kontakt/{other.reference(OLD).rpartition('/')[2]}/slet").status_code == 404


@pytest.mark.parametrize("link", ["Slet", "Bekræft, at den stadig gælder"])
def test_what_a_colleague_registered_meanwhile_is_shown_before_it_is_touched(officer, house, world, link):
    register(officer, "kontaktperson", CONTACT)
    world.clock("2027-08-18T10:00:00")
    (address,) = links(officer.get(MINE), link)
    seen = officer.get(address)
    register(officer, "kontaktperson", {**CONTACT, "KontaktNavn": "Birger Kollega"})
    (theirs,) = stored(house, kontakt)
    again = officer.send_form(address, {**hidden(seen), "raad": ticks(seen), "knap": "send"})
    assert (again.status_code, summary(again)) == (422, [CHANGED])
    assert "Birger Kollega" in again.text
    assert stored(house, kontakt) == [theirs]
    approved = officer.send_form(address, {**hidden(again), "raad": ticks(again), "knap": "send"})
    assert headings(approved) == ["Registreringen er modtaget"]


def test_a_leader_reads_and_registers_nothing(officer, site, house):
    leader = Officer(site, house.engine, role=Role.LEDER)
    address = officer.reference(CPRNR)
    assert leader.get(MINE).status_code == 200
    assert "Registrér:" not in leader.find(CPRNR).text
    for path in (f"{address}/registrer/kontaktperson", f"{MINE}kontakt/x/slet", f"{MINE}haendelse/1/annuller"):
        assert leader.get(path).status_code == leader.send_form(path, CONTACT).status_code == 403
    assert stored(house, kontakt) == []
