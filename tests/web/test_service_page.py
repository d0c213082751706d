"""A browser that opens a service's address gets a page; programs get what they always got."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from tests.support.endpoint import Answer, request
from tests.wsdl.contract import OPERATIONS
from udb.context import Context
from udb.domain.services import REPORTS, SERVICES, UNGDOMSUDDANNELSE
from udb.web.pages import pages
from udb.wsdl.use_cases import application

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PATH = SERVICES[UNGDOMSUDDANNELSE].path


def opened(
    context: Context, path: str, headers: Mapping[str, str] = BROWSER, method: str = "GET", body: bytes = b""
) -> Answer:
    return request(application(context, pages(context)), method, path, body, headers)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("query", "language"), [("", "da"), ("?sprog=en", "en"), ("?sprog=fr&x=1", "da")])
def test_every_service_has_its_page_in_both_languages(
    context: Context, service: str, query: str, language: str
) -> None:
    answer = opened(context, f"{SERVICES[service].path}{query}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["vary"] == "Accept"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    root = html.fromstring(answer.body.decode())
    assert (root.get("lang"), root.findtext(".//h1")) == (language, service)
    assert root.xpath("//dt/code/text()") == [*OPERATIONS[service], "Ping"]
    said = root.text_content()
    assert ("Sådan kalder I tjenesten" in said) == (language == "da")
    assert ("How to call it" in said) == (language == "en")
    assert ("kun-validering=1" in said) == (service in REPORTS)
    assert "Ungedatabasens vejledning" in said, "what the WSDL says of the service"
    assert f"http://127.0.0.1:8080{SERVICES[service].path}" in said


def test_every_link_of_a_page_and_of_the_front_page_answers(context: Context) -> None:
    for page in ("/", PATH, f"{PATH}?sprog=en"):
        root = html.fromstring(opened(context, page).body.decode())
        links = [
            link if link.startswith("/") else f"{PATH}{link}" for link in root.xpath("//a/@href") if link[0] != "#"
        ]
        assert len(links) > 7
        for link in links:
            assert opened(context, link).status == 200, link
    front = html.fromstring(opened(context, "/").body.decode()).xpath("//a/@href")
    assert {service.path for service in SERVICES.values()} <= set(front)
    assert "/services/UDB/kontrakt.zip" in front


def test_the_call_that_the_page_shows_is_answered(context: Context) -> None:
    root = html.fromstring(opened(context, PATH).body.decode())
    shown = root.findtext(".//pre/code")
    found = re.fullmatch(r"curl -H '([^:]+): ([^']+)' --data-binary @- '([^']+)' <<'XML'\n(.*)\nXML", shown, re.DOTALL)
    assert found
    name, value, address, message = found.groups()
    answer = opened(context, urlsplit(address).path, {name: value}, "POST", message.encode())
    assert (answer.status, etree.fromstring(answer.body).findtext(".//{*}Status")) == (200, "up")


def test_programs_get_what_they_always_got(context: Context) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "text/xml"}):
        answer = opened(context, PATH, headers)
        assert (answer.status, answer.headers["allow"]) == (405, "POST")
        assert b"UDB009107" in answer.body
    assert opened(context, f"{PATH}?wsdl").headers["content-type"] == "text/xml; charset=utf-8"
    assert opened(context, PATH, method="POST").headers["content-type"].startswith("application/soap+xml")
    assert opened(context, "/services/UDB/Findes/v1").status == 404
    assert opened(context, f"{PATH}/").status == 404
    head = opened(context, PATH, method="HEAD")
    assert (head.status, head.body, head.headers["content-type"]) == (200, b"", "text/html; charset=utf-8")


def test_no_foreign_host_is_repeated(context: Context) -> None:
    answer = opened(context, PATH, {**BROWSER, "Host": "evil.example"})
    assert answer.status == 200
    assert "evil" not in answer.body.decode()


def test_it_says_what_a_call_needs_where_it_is_served(context: Context) -> None:
    assert "HTTP Basic" in opened(context, PATH).body.decode()
    strict = replace(context, settings=context.settings.model_copy(update={"sandbox": False, "signatur": "kraev"}))
    said = opened(strict, PATH).body.decode()
    assert "signeret efter WS-Security" in said
    assert "KunValidering" in said
    assert "kun-validering=1" not in said
    assert "signed by WS-Security" in opened(strict, f"{PATH}?sprog=en").body.decode()
