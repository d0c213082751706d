"""The rule book as it is served."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree, html

from tests.support.endpoint import Answer, request
from udb.rulebook.book import entries
from udb.rulebook.search import MOST_SOUGHT
from udb.settings import Settings
from udb.web.rulebook import MOST_QUERY, application

CODES = [entry.code for entry in entries()]
PATHS = ["/regler", "/regler/en", *(f"/regler{root}/{code}" for code in CODES for root in ("", "/en"))]

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "&lt;b&gt;",
    "</title><h1>x",
    "{count} {0.__class__}",
    "%s%n",
    "\x00\x1b[31m\u202e",
    "{{7*7}}${7*7}",
]


def get(path: str, method: str = "GET") -> Answer:
    return request(application(Settings(sandbox=True)), method, path)


def page(path: str) -> etree._Element:
    return html.document_fromstring(get(path).body.decode())


@pytest.mark.parametrize("path", PATHS)
def test_page_is_whole_accessible_and_needs_nothing_else(path: str) -> None:
    answer = get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    root = html.document_fromstring(answer.body.decode())
    language = "en" if path.startswith("/regler/en") else "da"
    assert root.get("lang") == language
    assert len(root.findall(".//h1")) == 1
    assert root.xpath("//title/text()")[0].endswith(" - Ungedatabasen")
    assert root.xpath("//body/a[@class='skip']/@href") == ["#" + root.find(".//main").get("id")]
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3")]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert root.xpath("//*[@src]|//script|//link|//*[starts-with(name(@*), 'on')]|//@style") == []
    # Markup that was escaped twice is text; an example's XML is text on purpose.
    assert [text for text in root.xpath("//text()[not(ancestor::pre)]") if re.search(r"</?(a|code)\b", text)] == []
    assert all(link.startswith(("/regler", "/koder", "#")) for link in root.xpath("//@href|//@action"))
    assert root.xpath("//meta[@name='viewport']")
    for field in root.xpath("//input"):
        assert root.xpath(f"//label[@for='{field.get('id')}']")


def test_every_link_leads_to_a_page() -> None:
    links = {link for path in PATHS for link in page(path).xpath("//@href") if link.startswith("/regler")}
    assert links <= set(PATHS)
    assert links >= set(PATHS)
    root = page("/regler")
    jumps = root.xpath("//nav//a/@href")
    assert jumps == [f"#{heading.get('id')}" for heading in root.xpath("//h2")]
    assert len(jumps) == 11


def test_the_style_is_the_only_thing_the_policy_lets_in() -> None:
    answer = get("/regler")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.body.decode(), re.DOTALL)
    own = b64encode(sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{own}'"]
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_rule_s_page_tells_all_of_it() -> None:
    text = page("/regler/4003").text_content()
    for part in ("Afbruddet mangler en årsag.", "Angiv AfbrudsarsagsKode", "Haard", "vejledningen afsnit 1.2"):
        assert part in text
    messages = page("/regler/4003").xpath("//main/pre")
    assert [message.text_content().count("<soap:Envelope ") for message in messages] == [1, 1]
    assert page("/regler/4003").xpath("//h1/text()") == ["4003 Afbrud uden årsag"]
    assert page("/regler/en/4003").xpath("//h1/text()") == ["4003 Afbrud without a cause"]
    assert "Forkert: Status 2 uden AfbrudsarsagsKode." in text
    assert "Wrong: Status 2 without AfbrudsarsagsKode." in page("/regler/en/4003").text_content()
    (english,) = page("/regler/4003").xpath("//main//*[@lang='en']")
    assert english.text_content().startswith("The afbrud has no cause.")
    assert page("/regler/en/4003").xpath("//main//*[@lang='da']/text()")[0].startswith("Afbruddet mangler")


def test_advice_is_true_in_a_refused_receipt_too() -> None:
    text = page("/regler/3007").text_content()
    assert "Står der Accepteret i Resultat, er indberetningen gemt." in text
    assert "Står der Afvist, skyldes det andre koder, og intet er gemt" in text
    assert "send den ikke igen" not in text
    assert "If it is Afvist, other codes refused it and nothing is stored" in page("/regler/en/3007").text_content()


def test_advice_calls_no_message_wrong() -> None:
    assert "Forkert" not in page("/regler/3007").text_content()
    headings = page("/regler/3007").xpath("//h2/text()")
    assert [one for one in headings if "esked" in one] == ["Besked, der får rådet", "Besked, der ikke får rådet"]
    headings = page("/regler/4003").xpath("//h2/text()")
    assert [one for one in headings if "esked" in one] == ["Forkert besked", "Rigtig besked"]


def test_a_refused_fetch_says_nothing_of_storing() -> None:
    advice = page("/regler/8001").xpath("//h2[.='Hvad I skal gøre']/following-sibling::p[position()<=2]/text()")
    assert advice == ["Brug HoejesteHaendelseNummer fra jeres seneste svar.", "Hentningen er afvist."]


def test_a_fault_has_a_page() -> None:
    root = page("/regler/UDB009102")
    assert root.xpath("//h1/text()") == ["UDB009102 Ingen dataaftale"]
    text = root.text_content()
    assert "Ret InstitutionNummer, eller få aftalen på plads." in text
    assert "Kaldet er ikke behandlet, og intet er gemt." in text
    assert "Client (SOAP 1.1), Sender (SOAP 1.2)" in text
    forms = [item.text_content() for item in page("/regler/IPL000002").xpath("//main//li")]
    assert "CPRNr: skriv 10 cifre uden andre tegn." in forms
    reasons = [item.text_content() for item in page("/regler/en/UDB009108").xpath("//main//li")]
    assert any(reason.startswith("timestamp-mangler: ") for reason in reasons)


def test_what_went_before_has_danish_dates_and_the_elements_their_values() -> None:
    story = page("/regler/3007").xpath("//ol[1]/li/text()")
    assert story[1] == "Det er den 3. august 2026."
    assert "HaendelseDato 2026-08-03" in story[2]
    assert page("/regler/en/3007").xpath("//ol[1]/li/text()")[1] == "The day is 2026-08-03."


def test_the_difference_is_named_and_marked_not_by_colour_alone() -> None:
    root = page("/regler/4003")
    assert [mark.text_content().strip() for mark in root.xpath("//mark")] == [
        "<v1:AfbrudsarsagsKode>9</v1:AfbrudsarsagsKode>"
    ]
    said = "Forskellen på de to beskeder: AfbrudsarsagsKode. Den er understreget og med fed skrift."
    assert said in root.text_content()
    (style,) = root.xpath("//style/text()")
    (rule,) = re.findall(r"mark\{([^}]*)\}", style)
    assert {"font-weight:bold", "text-decoration:underline", "color:inherit"} <= set(rule.split(";"))
    alike = page("/regler/3007")
    assert alike.xpath("//mark") == []
    assert "De to beskeder har samme indhold" in alike.text_content()


def test_a_number_that_the_sandbox_draws_is_told_in_words_and_filled_in_by_the_script() -> None:
    message, script = page("/regler/6002").xpath("(//h2[.='Rigtig besked']/following::pre)[position()<=2]")
    assert "<v1:HaendelseNummer>[HaendelseNummer fra svaret i punkt 3]<" in message.text_content()
    assert "<v1:HaendelseNummer>$nummer3<" in script.text_content()
    assert "nummer3=$(send /services/UDB/IndberetningUngdomsuddannelse/v1" in script.text_content()


def test_the_count_of_what_is_found_is_singular_or_plural() -> None:
    assert page("/regler?soeg=4003").xpath("//*[@role='status']/text()") == ["1 kode fundet for „4003“."]
    several = page("/regler?soeg=820").xpath("//*[@role='status']/text()")
    assert several == ["3 koder fundet for „820“."]


def test_the_other_language_is_the_same_page() -> None:
    assert page("/regler/4003").xpath("//header//a[@hreflang='en']/@href") == ["/regler/en/4003"]
    assert page("/regler/en/4003").xpath("//header//a[@hreflang='da']/@href") == ["/regler/4003"]
    assert page("/regler/en").xpath("//header//a[@hreflang='da']/@href") == ["/regler"]


@pytest.mark.parametrize("root", ["/regler", "/regler/", "/regler/en", "/regler/en/"])
def test_search_by_code_and_by_text(root: str) -> None:
    for sought, code in (("6001", "6001"), ("gennemført", "5001"), ("GENNEMFØRT", "5001"), ("5001 ", "5001")):
        found = page(f"{root}?soeg={quote(sought)}")
        assert code in found.xpath("//tbody//th/a/text()")
        assert found.xpath("//input/@value") == [sought.strip()]
    assert page(f"{root}?soeg=findesikke").xpath("//tbody") == []
    assert page(f"{root}?soeg=").xpath("//tbody//th/a/text()") == CODES


@pytest.mark.parametrize("sought", HOSTILE)
def test_what_is_searched_for_is_text_and_nothing_else(sought: str) -> None:
    answer = get(f"/regler?soeg={quote(sought)}")
    assert answer.status == 200
    body = answer.body.decode()
    root = html.document_fromstring(body)
    assert root.xpath("//script|//img|//*[@onfocus]") == []
    assert len(root.findall(".//h1")) == 1
    printable = " ".join("".join(sign if sign.isprintable() else " " for sign in sought).split())
    assert root.xpath("//input/@value") == [printable]
    assert printable in root.xpath("//*[@role='status']")[0].text_content()
    assert not any(ord(sign) < 32 and sign != "\n" for sign in body)


@pytest.mark.parametrize(
    "query",
    [
        "soeg=%ED%A0%80",
        "soeg=%FF%FE",
        "soeg=%",
        "soeg=%zz",
        "soeg",
        "=",
        "&&&",
        "soeg=a&soeg=b",
        "sprog=xx",
        "soeg=\xe5",
    ],
)
def test_a_strange_query_is_answered(query: str) -> None:
    answer = get(f"/regler?{query}")
    assert answer.status == 200
    answer.body.decode()


@pytest.mark.parametrize("query", ["soeg=" + "a" * MOST_QUERY, "&".join("a=1" for _ in range(50))])
def test_an_endless_query_is_refused(query: str) -> None:
    answer = get(f"/regler?{query}")
    assert answer.status == 400
    assert len(answer.body) < 10_000


def test_a_long_search_is_cut() -> None:
    found = page("/regler?soeg=" + "a" * (MOST_SOUGHT + 1))
    assert found.xpath("//input/@value") == ["a" * MOST_SOUGHT]


@pytest.mark.parametrize(
    "path", ["/regler/9999", "/regler/en/9999", "/regler/da/4003", "/regler/4003/x", "/regler/../4003", "/regler/<b>"]
)
def test_there_is_no_other_page(path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert b"<b>" not in answer.body
    assert html.document_fromstring(answer.body.decode()).xpath("//form")


def test_head_and_other_methods() -> None:
    head = get("/regler", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(get("/regler").body))
    refused = get("/regler", "POST")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


SCRIPTS = "//details//pre//text()"


@pytest.mark.parametrize("path", ["/regler/4003", "/regler/en/4003"])
@pytest.mark.parametrize(
    ("settings", "host", "named"),
    [
        ({"vaerter": ["sandkasse.example:8443"]}, "sandkasse.example:8443", "http://sandkasse.example:8443"),
        ({"vaerter": ["sandkasse.example:8443"]}, "SANDKASSE.example:8443", "http://sandkasse.example:8443"),
        ({}, "localhost:8080", "http://localhost:8080"),
        ({}, "[::1]:8080", "'http://[::1]:8080'"),
        ({"adresse": "https://udb.example.dk/"}, "localhost:8080", "https://udb.example.dk"),
        ({"adresse": "https://udb.example.dk/"}, "evil.example", "https://udb.example.dk"),
        ({}, "evil.example", "http://127.0.0.1:8080"),
        ({}, "localhost:8080$(id)", "http://127.0.0.1:8080"),
        ({"adresse": "http://a.example/?x=<b>&y='$(id)"}, "", """'http://a.example/?x=<b>&y='"'"'$(id)'"""),
    ],
)
def test_the_examples_call_the_address_that_served_the_page(
    path: str, settings: dict[str, Any], host: str, named: str
) -> None:
    answer = request(application(Settings(sandbox=True, **settings)), "GET", path, headers={"Host": host})
    body = answer.body.decode()
    scripts = [text for text in html.document_fromstring(body).xpath(SCRIPTS) if "udb=" in text]
    assert [text.splitlines()[0] for text in scripts] == [f"udb={named}"] * 2
    assert "<b>" not in body
    assert "evil" not in body
    assert len(re.findall("127.0.0.1:8080", body)) == (2 if named == "http://127.0.0.1:8080" else 0)
