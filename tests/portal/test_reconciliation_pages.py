"""The pages of the reconciliation: form, result, file of the result, and the marks of a status day."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from tests.support import reconciliation as lists
from tests.support.portal import headings
from tests.support.reconciliation import E_, A, B, C, D, G, H, last_logged, list_file
from tests.support.reporting import Administrator, summary
from tests.support.reports import optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE
from udb.context import Context
from udb.hentning.reconciliation import run
from udb.hentning.reconciliation.kinds import COLUMNS, Hvad
from udb.portal import app
from udb.portal.roles import Role
from udb.settings import Settings
from udb.statistics.definitions.opmaerkninger import Maerke
from udb.store.engine import reading
from udb.store.tables import web_forsoeg

pytestmark = pytest.mark.built_by(build=lists.worked)
PAGE = "/web/afstemning/"
MARKED = f"{PAGE}opmaerkninger/"
CONTENT = "\n".join(lists.WORKED)


@pytest.fixture(autouse=True)
def _no_step(monkeypatch):
    monkeypatch.setattr(run, "STEP", 0.001)


@pytest.fixture
def house(context, provider):  # noqa: ARG001 - the doors of the settings lead to the provider
    return context


@pytest.fixture
def leader(house):
    site = app.application(house, "https://127.0.0.1:8080")
    return Administrator(site, house.engine, KOMMUNE, Role.LEDER)


def sent(browser, content, hvad="kontakt", **more):
    raw = content if isinstance(content, bytes) else content.encode()
    page = browser.send_form(PAGE, {"hvad": hvad, "fil": (io.BytesIO(raw), "liste.csv"), **more})
    # The test's own browser keeps a large form in a file.
    page.request.environ["wsgi.input"].close()
    return page


def cells(page):
    return list(csv.reader(io.StringIO(page.text.removeprefix("\ufeff")), delimiter=";"))


def test_the_result_is_the_answer_to_the_upload(leader, house):
    assert headings(leader.get(PAGE)) == ["Afstemning"]
    assert "Afstemning" in leader.get("/web/").text
    page = sent(leader, CONTENT)
    assert (page.status_code, headings(page)) == (200, ["Resultat af afstemningen"])
    assert "9 rækker = 1 ugyldig linje" in page.text
    assert "4 = 1 fundet + 1 afviger + 2 kun i UDB" in page.text
    links = re.findall(r'<a href="#(\w+)">([^<]*): (\d+)</a>', page.text)
    assert [link[0] for link in links] == [
        "ugyldig_linje", "dublet", "ikke_vist", "alder", "afvist", "mangler_i_udb", "afviger", "fundet", "kun_i_udb",
    ]  # fmt: skip
    assert all(f'id="{anchor}"' in page.text for anchor, *_ in links)
    assert ("/regler/7002" in page.text, lists.TRANSACTION in page.text) == (True, True)
    assert not [one for one in (A, B, C, D, E_) if one in page.text], "numbers are masked"
    row = last_logged(house.engine)
    assert (row.formaal, row.klausul, row.bruger, len(row.personer)) == ("afstemning", "A13", "unilogin:admin", 7)


def test_the_result_as_a_file_has_the_own_columns_and_no_formula(leader):
    content = f"{lists.HEAD}\n{A};=1+1;@x;-1+1;+x\n{G};N;;;"
    page = sent(leader, content, som="csv")
    assert "attachment" in page.headers["Content-Disposition"]
    head, first, second, *lacking = cells(page)
    assert head[:7] == [*lists.HEAD.split(";"), "linje", "maerke"]
    assert first[:7] == [A, "'=1+1", "'@x", "'-1+1", "'+x", "2", "afviger"]
    assert second[5:7] == ["3", "ikke_vist"]
    assert [one[0] for one in lacking] == [B, C, D]
    assert not [cell for row in (first, second, *lacking) for cell in row if cell[:1] in "=+-@" and cell]


FAULTS = {
    b"": "Filen er tom",
    b" \r\n": "Filen er tom",
    b"CPRNr;KontaktNavn": "Filen har ingen rækker",
    b"CPRNr\n7103075101": "Der mangler: KontaktNavn.",
    b"CPRNr;KontaktNavn;Farve\n1;2;3": "ikke er i skabelonen: Farve.",
    b"CPRNr;KontaktNavn;7103075101;B\n1;2;3": "ikke er i skabelonen: …, B.",
    b"CPRNr;KontaktNavn;KontaktNavn\n1;2;3": "En kolonne står to gange",
    b'CPRNr;KontaktNavn\n"1;2': "et anførselstegn er ikke afsluttet",
    b"CPRNr;KontaktNavn\n1;\x81\x8d": "hverken UTF-8 eller Windows-1252",
    b"CPRNr;KontaktNavn\n1;\x00": "ikke en tekstfil",
    b"PK\x03\x04rest": "Filen er et regneark",
    "CPRNr;KontaktNavn\n1;2".encode("utf-16"): "Filen er UTF-16",
    b"CPRNr;KontaktNavn\n" + b"1;2\n" * 5001: "Filen har 5001 rækker. Del den",
    b"CPRNr;KontaktNavn\n" + b"1;" + b"x" * 2 * 1024 * 1024: "over 2 MB",
}


def test_a_file_that_cannot_be_read_says_why(leader):
    for raw, text in FAULTS.items():
        page = sent(leader, raw)
        assert (page.status_code, any(text in line for line in summary(page))) == (422, True), (text, summary(page))
    assert "Vælg en fil." in summary(leader.send_form(PAGE, {"hvad": "kontakt"}))
    assert "Vælg, hvad der skal afstemmes." in summary(sent(leader, CONTENT, "andet"))
    faults = summary(sent(leader, CONTENT, fra="2026-09-01", til="2026-08-01", dag="i går"))
    assert faults == ["Dag: Skriv datoen som 2026-08-17 eller 17-08-2026.", "Fra er senere end Til."]
    too_large = sent(leader, b"x" * 4 * 1024 * 1024)
    assert (too_large.status_code, headings(too_large)) == (413, ["Det, du sendte, er for stort"])


def test_a_row_that_cannot_be_read_says_why(leader):
    rows = ["103075103;N;;;", f'="{A}";N;;;', f"{A};N", f"{A};N;;;;x", "abcdefghij;N;;;"]
    page = sent(leader, "\n".join((lists.HEAD, *rows)))
    for text in (
        "CPRNr har 9 cifre. Mangler der et 0 forrest?",
        "CPRNr er ikke ti cifre.",
        "Rækken har 2 felter, men første linje har 5.",
        "Rækken har 6 felter, men første linje har 5.",
    ):
        assert text in page.text
    assert "5 ugyldig linje" in page.text


def test_another_kommunes_file_and_a_missing_agreement(leader, house):
    page = sent(leader, f"{lists.HEAD}\n{G};N;;;\n{H};N;;;")
    assert "Er det den rigtige kommune eller institution?" in page.text
    site = app.application(house, "https://127.0.0.1:8080")
    other = Administrator(site, house.engine, OTHER_KOMMUNE, Role.LEDER)
    assert sent(other, CONTENT).status_code == 403
    officer = Administrator(site, house.engine, KOMMUNE, Role.VEJLEDER)
    assert officer.get(PAGE).status_code == 403


def test_a_day_has_so_many_files_and_rows(house):
    limited = Context(house.engine, Settings(sandbox=True, afstemning_maks=2))
    leader = Administrator(app.application(limited, "https://127.0.0.1:8080"), house.engine, KOMMUNE, Role.LEDER)
    many = "\n".join((lists.HEAD, *(f"710407{n:04};N;;;" for n in range(1950))))
    assert sent(leader, many).status_code == 200
    page = sent(leader, CONTENT)
    assert (page.status_code, headings(page)) == (429, ["Du har afstemt for meget i dag"]), "rows"
    assert page.headers["Retry-After"]
    with reading(house.engine) as connection:
        counted = connection.execute(select(web_forsoeg.c.slags, func.count()).group_by(web_forsoeg.c.slags)).all()
    assert dict(map(tuple, counted)) == {"afstem-filer": 1, "afstem-rækker": 20}, "what is refused is not counted"


def test_a_template_has_the_columns_of_its_kind(leader, house):
    for hvad in Hvad:
        page = leader.get(f"{PAGE}skabelon/{hvad}.csv")
        head, example = cells(page)
        assert (tuple(head), len(example)) == (COLUMNS[hvad].names, len(head))
        if hvad is not Hvad.FORLOEB:
            assert sent(leader, page.text, hvad.value).status_code == 200, hvad
    school = Administrator(app.application(house, "https://127.0.0.1:8080"), house.engine, GYMNASIUM)
    assert school.get(f"{PAGE}skabelon/oensker.csv").status_code == 404
    assert sent(school, CONTENT, "oensker").status_code == 422


def test_the_own_forloeb_of_a_status_day_have_their_marks(house, endpoint, world):
    site = app.application(house, "https://127.0.0.1:8080")
    school = Administrator(site, house.engine, GYMNASIUM)
    assert "I har ingen forløb" in school.get(MARKED).text
    for cprnr, day in ((A, 3), (B, 12), (C, 3)):
        optag(endpoint, cprnr, day)
    world.clock("2026-08-20T10:00:00")
    world.person(C, status="80")
    page = school.get(MARKED, query_string={"dag": "10-08-2026"})
    assert re.findall(r'<a href="#(\w+)">[^<]*</a></td><td>(\d+)', page.text) == [
        ("endnu_ikke", "1"),
        ("taeller_med", "2"),
    ], "what is known of addresses begins with the import: c still lived here on the day"
    today = school.get(MARKED, query_string={"dag": "2026-08-20"})
    assert ("uden_bopael" in today.text, A in today.text) == (True, False)
    row = last_logged(house.engine)
    assert (row.formaal, row.klausul, len(row.personer)) == ("afstemning", "A12", 3)
    file = school.get(f"{MARKED}hent.csv", query_string={"dag": "2026-08-20"})
    assert sorted(one[:2] for one in cells(file)[1:]) == [
        [A, Maerke.TAELLER_MED], [B, Maerke.TAELLER_MED], [C, Maerke.UDEN_BOPAEL],
    ]  # fmt: skip
    for said, text in (("i går", "Skriv datoen"), ("2027-01-01", "Dagen er ikke kommet endnu.")):
        page = school.get(MARKED, query_string={"dag": said})
        assert (page.status_code, any(text in line for line in summary(page))) == (422, True)
    assert school.get(f"{MARKED}hent.csv", query_string={"dag": "x"}).status_code == 404
    own = list_file([COLUMNS[Hvad.FORLOEB].names, [A, "3017", "2026-08-03", "", "1", "", ""]])
    assert "3 = 1 fundet + 0 afviger + 2 kun i UDB" in sent(school, own, "forloeb").text


def test_days_at_the_ends_of_the_calendar_are_days(leader):
    rows = f"{A};3017;2026-08-03\n{B};3017;0001-01-01\n{C};3017;9999-12-31"
    for day in ("0001-01-01", "9999-12-31"):
        assert leader.get(f"{MARKED}?dag={day}").status_code == (422 if day > "2026" else 200)
        for name in ("dag", "fra", "til"):
            for hvad, column in (("forloeb", "DatoOptag"), ("afbrud", "HaendelseDato")):
                page = sent(leader, f"CPRNr;Kode;{column}\n{rows}", hvad, **{name: day})
                assert page.status_code == 200, (day, name, hvad)


def test_a_row_has_the_number_that_a_spreadsheet_gives_it(leader):
    content = f"\n{lists.HEAD}\n\n{A};x;;;\n;;;;\n{B};y;;;"
    for end in ("\n", "\r\n", "\r"):
        page = sent(leader, content.replace("\n", end), som="csv")
        assert [row[5] for row in cells(page)[1:] if row[5]] == ["4", "6"], end
    commas = content.replace(";", ",").replace(",x,", ",x;y,").replace("\n", "\r")
    assert [row[1] for row in cells(sent(leader, commas, som="csv"))[1:3]] == ["x;y", "y"]
