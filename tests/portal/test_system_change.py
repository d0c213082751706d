"""A change of source system over SOAP and in the pages: announced, checked, ticked, and corrected by number alone."""

import csv
import io
import re
from datetime import date
from time import process_time
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.endpoint import Endpoint
from tests.support.portal import headings
from tests.support.reporting import Administrator, summary
from tests.support.reports import UNGDOM, accepted
from tests.support.size import LARGE
from tests.support.world import EUD_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL
from udb.callers.agreements import Dataaftale, close, create
from udb.domain.services import ALL_SERVICES, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.portal.roles import Role
from udb.portal.system_change import own_list
from udb.statistics.system_change.marks import marks
from udb.store.engine import reading, writing
from udb.store.tables import read_log, systemskifte
from udb.wsdl.use_cases import application

FRONT = "/web/systemskifte/"
ANNOUNCE = f"{FRONT}meld"
A, B, C = "gammelt-studie", "nyt-studie", "en-andens-studie"
KEY = "en-noegle-til-afproevning"
YOUTHS = 40 if LARGE else 5
WORKED = [f"71030751{number:02}" for number in range(1, YOUTHS + 1)]
SAID = {
    "gammelt": A,
    "nyt": B,
    "dag-dag": "12",
    "dag-maaned": "8",
    "dag-aar": "2026",
    "kontakt": "it@gymnasium.example",
}


@pytest.fixture
def admin(site, house, world):
    """The user administrator of GYMNASIUM, which changes from A to B on 12 August 2026; C is another school's."""
    for system, school in ((A, GYMNASIUM), (B, GYMNASIUM), (C, EUD_SCHOOL)):
        world.system(system, KEY, school)
    for cprnr in WORKED:
        world.person(cprnr)
    return Administrator(site, house.engine, GYMNASIUM)


def soap(house, system):
    return Endpoint(application(house, {}), system=system, key=KEY)


def sent(house, system: str, day: int, **more: Any) -> list[Any]:
    """Report the optag of every youth on a day of August; return the receipts."""
    endpoint = soap(house, system)
    report = UNGDOM | {"HaendelseDato": f"2026-08-{day:02}T00:00:00+02:00", "KildeLeverandoer": system} | more
    return [endpoint.report(UNGDOMSUDDANNELSE, report | {"CPRNr": cprnr}) for cprnr in WORKED]


def announced(admin: Administrator, **more: str) -> str:
    """Announce the change; return the address of its page."""
    answer = admin.send_form(ANNOUNCE, SAID | more)
    assert answer.status_code == 303, summary(answer)
    return answer.headers["Location"]


def points(page: Any) -> list[tuple[str, str]]:
    """Return the findings and the state of each point of the page of a change."""
    return re.findall(r'data-navn="Fund">([^<]*)</td><td data-navn="Tilstand">([^<]*)</td>', page.text)


def in_file(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def rows_of(engine, table) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


# Announced ------------------------------------------------------------------------------------------------------------


def test_a_change_is_announced_and_stil_sees_all_of_them(admin, house, site):
    assert "Der er ikke meldt noget skift" in admin.get(FRONT).text
    where = announced(admin)
    assert headings(admin.get(where)) == ["Systemskifte 12. august 2026"]
    kommune = Administrator(site, house.engine, KOMMUNE, Role.LEDER)
    announced(kommune, gammelt="Uno-UNG", **{"dag-dag": "14"})
    stil = Administrator(site, house.engine, "", Role.DATAMEDARBEJDER)
    announced(stil, institution_nummer=EUD_SCHOOL, nyt=C, **{"dag-dag": "15"})
    table = re.findall(r'data-navn="Institution">(\d+)<', stil.get(FRONT).text)
    assert table == [EUD_SCHOOL, KOMMUNE, GYMNASIUM]
    assert [len(re.findall('data-navn="Dag"', one.get(FRONT).text)) for one in (admin, kommune)] == [1, 1]
    with reading(house.engine) as connection:
        assert [one.tekst for one in marks(connection, GYMNASIUM, date(2026, 8, 1), date(2026, 8, 31))] == [
            "systemskifte 12. aug"
        ]
        assert marks(connection, GYMNASIUM, date(2026, 8, 13), date(2026, 8, 31)) == []


def test_what_is_wrong_is_named_and_nothing_is_stored(admin, house, site):
    stil = Administrator(site, house.engine, "", Role.DATAMEDARBEJDER)
    for one, more, expected in (
        (admin, {"dag-aar": "2023"}, "12-08-2023 ligger mere end to år tilbage. Så gamle skift kan ikke meldes."),
        (admin, {"dag-aar": "2029"}, "12-08-2029 ligger mere end to år ude i fremtiden."),
        (admin, {"dag-maaned": "13"}, "Datoen findes ikke. Skriv dag, måned og år med fire cifre, fx 17 8 2026."),
        (admin, {"gammelt": ""}, "Skriv det gamle system."),
        (admin, {"nyt": A}, "Det er samme system som det gamle."),
        (admin, {"kontakt": "x" * 201}, "Skriv højst 200 tegn."),
        (stil, {"institution_nummer": "999999"}, "Institutionen findes ikke i registret."),
        (stil, {"institution_nummer": "461249"}, f"Et skift meldes for hovedinstitutionen. Skriv {GYMNASIUM}."),
    ):
        answer = one.send_form(ANNOUNCE, SAID | more)
        assert (answer.status_code, summary(answer)) == (422, [expected])
    unknown = admin.send_form(ANNOUNCE, SAID | {"nyt": "et helt nyt"})
    assert summary(unknown)[0].startswith("Det nye system findes ikke i Ungedatabasen.")
    assert rows_of(house.engine, systemskifte) == 0
    announced(admin)
    assert summary(admin.send_form(ANNOUNCE, SAID)) == ["Skiftet er meldt allerede."]
    assert rows_of(house.engine, systemskifte) == 1


def test_another_main_institutions_change_is_not_there(admin, house, site):
    where = announced(admin)
    others = (
        Administrator(site, house.engine, EUD_SCHOOL),
        Administrator(site, house.engine, OTHER_KOMMUNE, Role.LEDER),
    )
    for other in others:
        for address in (where, f"{where}punkt/1", f"{where}punkt/3/hent.csv", f"{FRONT}99/", f"{FRONT}x/"):
            assert other.get(address).status_code == 404
        for address in (f"{where}punkt/1", f"{where}numre"):
            assert other.send_form(address, {"begrundelse": "x"}).status_code == 404
    assert rows_of(house.engine, systemskifte) == 1
    assert admin.get(f"{where}punkt/6").status_code == 404


def test_a_school_below_a_kommune_has_a_change_of_its_own_and_sees_nothing_of_the_kommunes(house, site, world):
    world.system(A, KEY, KOMMUNE)
    world.system(B, KEY, KOMMUNE)
    world.institution("449777", type3="1013", hovedinstitution=KOMMUNE)
    world.institution("449778", type3="1013", hovedinstitution=KOMMUNE)
    leder = Administrator(site, house.engine, KOMMUNE, Role.LEDER)
    kommunes = announced(leder)
    school, other = (Administrator(site, house.engine, nummer) for nummer in ("449777", "449778"))
    assert "Der er ikke meldt noget skift" in school.get(FRONT).text
    own = announced(school)
    assert "<dt>Institution</dt><dd>449777</dd>" in school.get(own).text
    for person, hidden in ((school, kommunes), (other, own), (leder, own)):
        assert person.get(hidden).status_code == 404
        assert person.send_form(f"{hidden}numre", {}).status_code == 404
    as_school = Administrator(site, house.engine, KOMMUNE)
    assert "Der er ikke meldt noget skift" in as_school.get(FRONT).text
    assert as_school.get(kommunes).status_code == 404
    assert as_school.send_form(ANNOUNCE, SAID | {"dag-dag": "20"}).status_code == 422


# Checked --------------------------------------------------------------------------------------------------------------


def test_what_the_new_system_sends_again_is_refused_and_with_another_date_found(admin, house, world):
    assert {accepted(one)["Resultat"] for one in sent(house, A, 10)} == {"Accepteret"}
    world.clock("2026-08-13T10:00:00")
    where = announced(admin)
    again = sent(house, B, 10)
    assert [[line["FejlKode"] for line in one["Fejl"]] for one in again] == [["5002"]] * YOUTHS
    page = admin.get(f"{where}punkt/4").text
    assert re.search(rf"\(C1\)</h2>\s*<p>0 fund. {YOUTHS} blev afvist med 5002.", page)
    for receipt in sent(house, B, 13):
        accepted(receipt)
    page = admin.get(f"{where}punkt/4").text
    assert re.search(rf"\(C1\)</h2>\s*<p>{YOUTHS} fund. {YOUTHS} blev afvist med 5002. Tallet er foreløbigt", page)
    assert page.count("Optag 13-08-2026 i et forløb, som begyndte 10-08-2026") == YOUTHS
    assert "7103xx-xxxx" in page
    assert not re.search(r"71030751\d\d", page)
    with reading(house.engine) as connection:
        logged = connection.execute(
            select(read_log.c.operation, read_log.c.formaal, read_log.c.klausul, read_log.c.personer).order_by(
                read_log.c.id.desc()
            )
        ).first()
    assert logged[:3] == ("SystemskiftePunkt", "datakvalitet", "A12")
    assert len(logged[3]) == YOUTHS
    found = in_file(admin.get(f"{where}punkt/4/hent.csv"))
    assert sorted(one["cprnr"] for one in found) == WORKED


def test_with_the_file_alone_the_new_system_cancels_and_another_school_cannot(admin, house, site):
    sent(house, A, 10)
    where = announced(admin)
    page = admin.get(f"{where}punkt/3")
    assert "Hændelsesnumre til det nye system" in page.text
    lines = in_file(admin.send_form(f"{where}numre", {}))
    assert sorted(line["CPRNr"] for line in lines) == WORKED
    assert {line["DatoOptag"] for line in lines} == {"2026-08-10"}
    with reading(house.engine) as connection:
        operation, purpose, persons = connection.execute(
            select(read_log.c.operation, read_log.c.formaal, read_log.c.personer).order_by(read_log.c.id.desc())
        ).first()
    assert (operation, purpose, len(persons)) == ("SystemskifteNumre", "datakvalitet", YOUTHS)
    line = lines[0]
    cancellation = {
        "CPRNr": line["CPRNr"],
        "InstitutionNummer": line["InstitutionNummer"],
        "HaendelseDato": f"{line['HaendelseDato']}T00:00:00",
        "Status": int(line["Status"]),
        "KildeLeverandoer": "Nyt",
        "Uddannelse": {"COsAFormaal": line["Kode"], "COsAFormaalVersion": int(line["KodeVersion"])},
        "HaendelseNummer": line["HaendelseNummer"],
        "Annullering": True,
    }
    theirs = soap(house, C).report(line["Tjeneste"], cancellation | {"InstitutionNummer": EUD_SCHOOL})
    assert [one["FejlKode"] for one in theirs["Fejl"]] == ["6002"]
    accepted(soap(house, B).report(line["Tjeneste"], cancellation))
    assert len(in_file(admin.send_form(f"{where}numre", {}))) == YOUTHS - 1
    assert in_file(admin.send_form(f"{where}numre", {"institution": "461249"})) == []
    stil = Administrator(site, house.engine, "", Role.DATAMEDARBEJDER)
    other = announced(stil, institution_nummer=EUD_SCHOOL, nyt=C)
    assert in_file(Administrator(site, house.engine, EUD_SCHOOL).send_form(f"{other}numre", {})) == []
    assert stil.send_form(f"{where}numre", {}).status_code == 403


def test_stil_sees_counts_alone(admin, house, site, world):
    sent(house, A, 10)
    world.clock("2026-08-13T10:00:00")
    sent(house, B, 13)
    where = announced(admin)
    before = rows_of(house.engine, read_log)
    stil = Administrator(site, house.engine, "", Role.DATAMEDARBEJDER)
    page = stil.get(f"{where}punkt/4").text
    assert f"<p>{YOUTHS} fund." in page
    assert not re.search(r"7103|UDB-\d{23}|hent.csv|Afgør punktet", page)
    assert points(stil.get(where))[3][0] == str(YOUTHS)
    assert rows_of(house.engine, read_log) == before
    assert stil.send_form(f"{where}punkt/4", {}).status_code == 403


def test_the_own_list_is_compared_and_not_stored(admin, house, world):
    sent(house, A, 10)
    world.clock("2026-09-20T10:00:00")
    where = announced(admin)
    assert re.search(rf"\(C3\)</h2>\s*<p>{YOUTHS} fund", admin.get(f"{where}punkt/5").text)

    def uploaded(text: str) -> Any:
        return admin.send_form(f"{where}bestand", {"fil": (io.BytesIO(text.encode("cp1252")), "mærke.csv")})

    listed = "CPRNr;Kode;Navn\r\n" + "".join(f"{cprnr[:6]}-{cprnr[6:]};3017;Bø\r\n" for cprnr in WORKED[1:])
    page = uploaded(f"{listed}7103075199;;Fremmed\r\n123;;Kort\r\n").text
    assert re.search(r"\(C3\)</h2>\s*<p>1 fund", page)
    shown = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    assert [text.split(":")[0] for _, text in shown] == [str(YOUTHS + 1), str(YOUTHS - 1), "1", "1", "1"]
    assert f"linje {YOUTHS + 1}" in page
    assert "7103075199" not in page
    with reading(house.engine) as connection:
        row = read_log.c
        last = connection.execute(select(row.operation, row.formaal, row.personer).order_by(row.id.desc())).first()
    assert last is not None
    assert (*last[:2], len(last.personer)) == ("SystemskifteListe", "afstemning", YOUTHS), "also of those that it has"
    for text, expected in (
        ("Nummer\n1\n", "Filen mangler kolonnen CPRNr."),
        ("CPRNr\n", "Filen har ingen linjer."),
        ("CPRNr\n" + "1\n" * 3001, "Filen har mere end 3000 linjer."),
    ):
        answer = uploaded(text)
        assert answer.status_code == 422
        assert summary(answer)[0].startswith(expected)
    assert summary(admin.send_form(f"{where}bestand", {})) == ["Vælg en fil."]
    assert rows_of(house.engine, systemskifte) == 1
    assert in_file(admin.send_form(f"{where}numre", {"institution": "\0"})) == []


def test_a_list_may_have_columns_of_the_schools_own(admin, house):
    where = announced(admin)
    sent(house, A, 10)
    lines = [f"{cprnr};{'x' * 90}" for cprnr in [*WORKED, *["7103075999"] * 990]]
    file = (io.BytesIO("\n".join(("CPRNr;Navn og klasse", *lines)).encode()), "liste.csv")
    answer = admin.send_form(f"{where}bestand", {"fil": file})
    assert (answer.status_code, f"<dt>Linjer</dt><dd>{len(lines)}</dd>" in answer.text) == (200, True)


def test_a_list_of_many_columns_and_short_lines_is_read_at_once():
    began = process_time()
    lines = own_list.read(b"CPRNr" + b";" * 50_000 + b"\n\n" + b"1\n" * 2_900)
    assert (len(lines), lines[0].number, process_time() - began < 1) == (2_900, 3, True)


# The checklist --------------------------------------------------------------------------------------------------------


def test_a_point_with_findings_is_confirmed_with_a_reason_and_never_ok(admin, house, world):
    world.clock("2026-08-11T10:00:00")
    where = announced(admin)
    future = admin.get(where)
    assert "Skiftet er endnu ikke sket" in future.text
    assert [state for _, state in points(future)] == ["Ikke kontrolleret"] * 3 + ["Efter skiftet"] * 2
    too_early = admin.send_form(f"{where}punkt/4", {"begrundelse": "Det går nok"})
    assert (too_early.status_code, summary(too_early)) == (422, ["Punktet kan først kontrolleres efter 26-08-2026."])
    sent(house, A, 10)
    world.clock("2026-09-20T10:00:00")
    refused = admin.send_form(f"{where}punkt/5", {"begrundelse": " "})
    assert refused.status_code == 422
    assert summary(refused) == ["Kontrollen har fund. Ret dem, eller skriv, hvorfor punktet kan bekræftes alligevel."]
    assert points(admin.get(where))[4] == (str(YOUTHS), "Afvigelse")
    assert rows_of(house.engine, systemskifte) == 1
    done = admin.send_form(f"{where}punkt/5", {"begrundelse": "De er <holdt> op"})
    assert done.status_code == 200
    shown = admin.get(where)
    by = "Bekræftet af brugeradministrator på en institution 20. september 2026 kl. 10."
    assert points(shown)[4][1].startswith(by)
    assert "De er &lt;holdt&gt; op" in shown.text
    history = admin.get(f"{where}punkt/5").text
    assert f"(unilogin:admin). Bekræftet trods {YOUTHS} fund: De er &lt;holdt&gt; op" in history
    with reading(house.engine) as connection:
        (tick,) = connection.execute(select(systemskifte.c.punkter).where(systemskifte.c.skifte.is_not(None))).scalars()
    assert tick[0] | {"tid": ""} == {
        "punkt": 5,
        "tilstand": "bekraeftet",
        "bruger": "unilogin:admin",
        "rolle": "brugeradministrator",
        "tid": "",
        "fund": YOUTHS,
        "grund": "De er <holdt> op",
    }
    world.person("7103075199")
    report = UNGDOM | {"CPRNr": "7103075199", "KildeLeverandoer": A}
    accepted(soap(house, A).report(UNGDOMSUDDANNELSE, report))
    assert points(admin.get(where))[4] == (str(YOUTHS + 1), "Afvigelse"), "more findings than were confirmed"
    page = admin.get(f"{where}punkt/5").text
    assert f'<input type="hidden" name="fund" value="{YOUTHS + 1}">' in page
    stale = admin.send_form(f"{where}punkt/5", {"begrundelse": "De er holdt op", "fund": str(YOUTHS)})
    assert stale.status_code == 422, "nobody confirms more than the page showed"
    assert summary(stale) == [f"Der er kommet flere fund: nu {YOUTHS + 1}, før {YOUTHS}. Se dem igennem, og send igen."]
    for _ in range(2):
        admin.send_form(f"{where}punkt/5", {"begrundelse": "De er holdt op", "fund": str(YOUTHS + 1)})
    assert rows_of(house.engine, systemskifte) == 3, "the same tick once more adds none"


def test_the_checklist_closes_when_every_point_is_decided(admin, house, world):
    where = announced(admin)
    with writing(house.engine) as connection:
        close(connection, Dataaftale(A, ALL_SERVICES, GYMNASIUM, None, date(2026, 8, 11)), today=date(2026, 8, 10))
    world.clock("2026-09-20T10:00:00")
    for number in range(1, 6):
        assert "Åben" in admin.get(FRONT).text
        assert admin.send_form(f"{where}punkt/{number}", {"begrundelse": "Set efter"}).status_code == 200
    assert "Lukket 20. september 2026" in admin.get(FRONT).text
    assert "Tjeklisten blev lukket" in admin.get(where).text
    assert {state[:6] for _, state in points(admin.get(where))} == {"Ok af "}


def test_reports_of_before_they_were_kept_are_a_lower_bound(admin, house, world):
    from udb.store.tables import modtagelse

    sent(house, A, 10)
    where = announced(admin)
    world.clock("2026-08-13T10:00:00")
    assert "nedre grænse" not in admin.get(where).text
    with writing(house.engine) as connection:
        connection.execute(modtagelse.delete())
    assert "nedre grænse" in admin.get(where).text
    assert "fund eller flere" in admin.get(f"{where}punkt/4").text


# A kommune ------------------------------------------------------------------------------------------------------------


def test_a_kommune_sees_what_the_new_system_will_be_sent_and_what_is_from_the_old(house, site, world):
    for cprnr in WORKED:
        world.person(cprnr)
    world.system(A, KEY, GYMNASIUM)
    for system in ("uno", "uvvej"):
        world.system(system, KEY, KOMMUNE)
    sent(house, A, 10)
    uno = soap(house, "uno")
    for cprnr in WORKED[:2]:
        contact = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "KontaktNavn": "Ida", "KontaktMail": "i@k.example"}
        accepted(uno.report("IndberetningKontaktperson", contact | {"KontaktTelefon": "12345678"}))
        wish = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "JobOnsker": [{"JobOnsker": "Tømrer"}]}
        accepted(uno.report("IndberetningOnsker", wish))
    activity = {
        "CPRNr": WORKED[0],
        "InstitutionNummer": KOMMUNE,
        "HaendelseDato": "2026-08-10T00:00:00",
        "Status": 1,
        "KildeLeverandoer": "Uno-UNG",
        "KommuneAktivitetsKode": "K51",
        "Annullering": False,
    }
    accepted(uno.report(KOMMUNE_AKTIVITET, activity))
    leder = Administrator(site, house.engine, KOMMUNE, Role.LEDER)
    where = announced(leder, gammelt="uno", nyt="uvvej")
    world.clock("2026-09-20T10:00:00")
    page = leder.get(where)
    values = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page.text))
    assert values["Hændelser, det nye system får ved første hentning"].startswith(f"{YOUTHS + 1}.")
    assert values["Unge med ønsker fra det gamle system"] == "2"
    whole = leder.get(f"{where}punkt/5").text
    assert re.search(r"\(C9\)</h2>\s*<p>2 fund", whole)
    assert re.search(r"\(C3\)</h2>\s*<p>1 fund", whole)
    (line,) = in_file(leder.send_form(f"{where}numre", {}))
    assert (line["CPRNr"], line["Kode"]) == (WORKED[0], "K51")
    with reading(house.engine) as connection:
        last = connection.execute(select(read_log.c.klausul).order_by(read_log.c.id.desc())).scalars().first()
    assert last == "A13"


def test_point_2_names_what_the_new_system_may_not_do(admin, house):
    sent(house, A, 10)
    with writing(house.engine) as connection:
        create(connection, Dataaftale(B, ALL_SERVICES, GYMNASIUM, None, date(2026, 8, 11)))
    where = announced(admin)
    page = admin.get(f"{where}punkt/2").text
    assert re.search(r"\(C8\)</h2>\s*<p>1 fund", page)
    assert f"{UNGDOMSUDDANNELSE} for {GYMNASIUM}" in page
    assert SCHOOL not in page
