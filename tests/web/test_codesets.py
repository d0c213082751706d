"""The code sets as they are served: from the database, linked from the rules that use them."""

import re
from itertools import pairwise

import pytest
from lxml import etree, html
from sqlalchemy import Engine

from tests.support.endpoint import Answer, request
from tests.support.world import World
from udb.context import Context
from udb.imports.kodesaet_file import SAET
from udb.imports.types_edition import set_edition
from udb.store.engine import make_engine
from udb.web.codesets import application
from udb.web.pages import pages
from udb.wsdl.use_cases import application as service

PATHS = ["/koder", "/koder/en", *(f"/koder{root}/{saet}" for saet in SAET for root in ("", "/en"))]
USED = {
    "2003": ["institutionstyper"],
    "4001": ["cosa_formaal"],
    "4002": ["forberedende_aktiviteter"],
    "4004": ["afbrudsaarsager"],
    "4006": ["cosa_formaal", "afbrudsaarsager"],
    "4007": ["stads"],
    "4008": ["klassetyper"],
    "4009": ["fgu_skoleperioder"],
    "4013": ["kommune_aktiviteter"],
    "4014": ["aktivitetsgrupper"],
    "4017": ["cosa_formaal"],
    "5001": ["cosa_formaal", "forberedende_aktiviteter"],
    "5005": ["cosa_formaal"],
    "5007": ["cosa_formaal"],
    "5008": ["cosa_formaal", "forberedende_aktiviteter"],
    "7010": ["cosa_formaal"],
}


def get(engine: Engine, path: str) -> Answer:
    return request(application(engine), "GET", path)


def page(engine: Engine, path: str) -> etree._Element:
    answer = get(engine, path)
    assert answer.status == 200
    return html.document_fromstring(answer.body.decode())


def text(element: etree._Element) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.usefixtures("world")
def test_pages_are_whole_accessible_and_need_nothing_else(engine: Engine) -> None:
    for path in PATHS:
        answer = get(engine, path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        root = html.document_fromstring(answer.body.decode())
        assert root.get("lang") == ("en" if path.startswith("/koder/en") else "da")
        assert len(root.findall(".//h1")) == 1
        assert root.xpath("//body/a[@class='skip']/@href") == ["#" + root.find(".//main").get("id")]
        levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3")]
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        assert root.xpath("//*[@src]|//script|//link|//*[starts-with(name(@*), 'on')]|//@style") == []
        assert root.xpath("//meta[@name='viewport']")
        # A wide table scrolls by itself, also with the keyboard.
        assert len(root.xpath("//main//table")) == len(root.xpath("//div[@tabindex='0']/table")) + (path in PATHS[:2])
        for link in root.xpath("//@href"):
            assert link.startswith(("/regler", "https://", "#")) or link in PATHS
            assert not link.startswith("#") or root.xpath(f"//*[@id='{link[1:]}']")
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_a_page_has_each_row_with_its_validity_its_own_columns_and_its_source(world: World) -> None:
    root = page(world.engine, "/koder/afbrudsaarsager")
    rows = {text(row.find("th")): [text(cell) for cell in row.findall("td")] for row in root.xpath("//tbody/tr")}
    assert rows["1"] == ["Ej mødt", "begge", "2000-01-01", "åben", "v-1.1"]
    assert rows["902 opfundet"] == ["Skiftet til anden uddannelse opfundet", "almindelig", "2000-01-01", "åben", "–"]
    assert len(rows) == len(root.xpath("//tbody/tr")) >= 14
    heads = [text(head) for head in root.xpath("//thead//th")]
    assert heads == ["kode", "tekst", "art", "gyldig_fra", "gyldig_til", "kilde"]
    assert [text(name) for name in root.xpath("//dt/code")] == heads
    assert "Om årsagen bruges ved almindelige afbrud" in text(root)
    (source,) = root.xpath("//dt[@id='v-1.1']/following-sibling::dd[1]")
    assert text(source) == "Styrelsen for It og Læring: Ungedatabasen vejledning 1.0, afsnit 1.1, dato 2020-02-12"
    flags = [text(cell) for cell in page(world.engine, "/koder/en/kommune_aktiviteter").xpath("//tbody/tr[1]/*")]
    assert flags == ["K01 invented", "20-20", "no", "yes", "grundskole", "2000-01-01", "open", "v-2.3"]


@pytest.mark.usefixtures("world")
def test_each_set_leads_to_its_rules_and_each_rule_to_its_sets(context: Context) -> None:
    """From what the rules look up, not from a list."""
    app = service(context, pages(context))
    found: dict[str, list[str]] = {}
    for saet in SAET:
        root = html.document_fromstring(request(app, "GET", f"/koder/{saet}").body.decode())
        for code in root.xpath("//main//a[starts-with(@href, '/regler/')]/text()"):
            found.setdefault(code, []).append(saet)
    assert found == USED
    for code, sets in USED.items():
        root = html.document_fromstring(request(app, "GET", f"/regler/{code}").body.decode())
        assert root.xpath("//main//a[starts-with(@href, '/koder/')]/@href") == [f"/koder/{saet}" for saet in sets]
    assert b'href="/koder"' in request(app, "GET", "/").body
    assert request(app, "GET", "/koder/en/stads").status == 200


def test_a_page_follows_an_import_and_names_the_edition_that_holds(world: World) -> None:
    app = application(world.engine)

    def said() -> tuple[str, str]:
        root = html.document_fromstring(request(app, "GET", "/koder/institutionstyper").body.decode())
        (row,) = (row for row in root.xpath("//tbody/tr") if text(row.find("th")) == "1012")
        return text(root.xpath("//dd/strong")[0]), text(row.findall("td")[0]) + ": " + text(row.findall("td")[2])

    assert said() == ("vejledning", "Efterskoler: ja")
    set_edition(world.engine, "register")
    assert said() == ("register", "Folkeskoler: nej")
    set_edition(world.engine, "vejledning")
    assert said() == ("vejledning", "Efterskoler: ja")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "name",
    ["ukendt", "institutionstyper/1012", "institutionstyper_register", "kilder", "en/ukendt", "..%2fstads", "<b>"],
)
def test_an_unknown_set_is_answered_as_an_unknown_rule_is(engine: Engine, name: str) -> None:
    answer = get(engine, f"/koder/{name}")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    body = answer.body.decode()
    assert 'href="/koder' in body
    assert "<b>" not in body


def test_without_the_database_the_page_says_so() -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:9/none")
    answer = get(engine, "/koder/stads")
    assert (answer.status, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "5", "no-store")
    assert "Databasen svarer ikke" in answer.body.decode()
    engine.dispose()


@pytest.mark.parametrize(
    ("sought", "sets"),
    [
        ("institutionstyper", ["institutionstyper"]),
        ("efterskoler", ["cosa_formaal", "institutionstyper"]),
        ("1012", ["institutionstyper"]),
        ("folkeskoler", ["cosa_formaal", "institutionstyper"]),
        ("ej mødt", ["afbrudsaarsager"]),
        ("3017", ["cosa_formaal"]),
        ("hourly", ["timeloen"]),
        ("xyzzy", []),
    ],
)
def test_the_rule_book_finds_sets_by_name_code_and_text(context: Context, sought: str, sets: list[str]) -> None:
    for language in ("", "/en"):
        answer = request(service(context, pages(context)), "GET", f"/regler{language}?soeg={sought.replace(' ', '+')}")
        root = html.document_fromstring(answer.body.decode())
        assert root.xpath("//main//a[starts-with(@href, '/koder')]/@href") == [
            f"/koder{language}/{saet}" for saet in sets
        ]


def test_the_style_marks_the_invented_by_words_and_frame_and_takes_the_readers_colours(world: World) -> None:
    body = get(world.engine, "/koder/stads").body.decode()
    assert "color-scheme:light dark" in body
    assert re.search(r"\.invented\{border:1px dashed;", body)
    assert '<em class="invented">opfundet</em>' in body
