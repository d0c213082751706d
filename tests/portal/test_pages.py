import re
from datetime import timedelta

import pytest

from tests.support.portal import ADDRESS, SCHOOL, Browser, administrator, employee, headings, url_rules
from tests.support.reporting import Administrator
from udb.context import Context
from udb.domain.errors import DatabaseUnavailable
from udb.portal import app, design, guard, sessions
from udb.portal.headers import STATIC
from udb.portal.login import doors
from udb.portal.roles import ALLOWED, CHOOSING, PUBLIC, Role, may_open
from udb.sandbox.idp.beside import DOORS
from udb.serve.worker import build
from udb.settings import Settings
from udb.store.tables import metadata

NAMES = {
    "door": "unilogin",
    "name": "udb.css",
    "skaerm": "status",
    "tabel": "linje",
    "nummer": "20260817-1",
    "reference": "x",
    "form": "csv",
    "hvad": "tid",
    "slags": "job",
    "punkt": "1",
}


@pytest.fixture
def routes(house):
    """The rules of the portal's own map of addresses."""
    return url_rules(house)


def path(rule):
    return "/web" + re.sub(r"<(?:path:)?(\w+)>", lambda match: NAMES[match[1]], rule.rule)


def test_every_page_has_its_roles_and_no_role_is_given_to_a_page_that_is_not_there(routes):
    pages = {rule.endpoint for rule in routes}
    assert pages == PUBLIC | CHOOSING | ALLOWED.keys()
    assert not may_open("en.ny.side", Role.LEDER)
    assert not any(may_open(page, None) for page in ALLOWED)


def test_no_get_changes_anything_without_a_session(routes, house, browser):
    def counted():
        from sqlalchemy import func, select

        from udb.store.engine import reading

        with reading(house.engine) as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }

    before = counted()
    for rule in routes:
        if "GET" in rule.methods and rule.endpoint != "login.begin":
            browser.get(path(rule))
    now = counted()
    # A failed answer of a provider is counted against its sender.
    assert now == {**before, "web_forsoeg": before["web_forsoeg"] + 1}


def test_every_answer_has_the_headers(routes, browser):
    for rule in routes:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = browser._client.open(path(rule), base_url=ADDRESS, method=method, buffered=True)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            kept = answer.headers["Cache-Control"]
            assert (kept == "no-store") == (rule.endpoint != STATIC), rule
            assert "Strict-Transport-Security" not in answer.headers


def test_outside_a_sandbox_browsers_are_kept_on_tls(world):
    context = Context(world.engine, Settings(portal_adresse=ADDRESS))
    answer = Browser(app.application(context, ADDRESS)).get("/web/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "sandkasse" not in answer.text


def test_no_page_loads_anything_from_elsewhere_or_holds_style_and_script_of_its_own(routes, house, monkeypatch):
    pages = [rule for rule in routes if "GET" in rule.methods and rule.endpoint != STATIC]
    for styled in (False, True):
        monkeypatch.setattr(design, "is_installed", lambda styled=styled: styled)
        browser = Browser(app.application(house, ADDRESS))
        answers = [answer for rule in pages if (answer := browser.get(path(rule))).status_code != 302]
        for answer in answers:
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
            assert not re.search(r"<style|style=|<script>| on[a-z]+=\"", answer.text)
            assert ("dkfds.min.css" in answer.text) == styled


def test_a_page_is_danish_and_titled(browser):
    for address, heading in (
        ("/web/", "Ungedatabasen"),
        ("/web/tilgaengelighed", "Tilgængelighedserklæring"),
        ("/web/om-tallene", "Om tallene"),
        ("/web/privatliv", "Privatliv"),
        ("/web/log-ind", "Log ind"),
    ):
        page = browser.get(address)
        assert '<html lang="da">' in page.text
        assert headings(page) == [heading]
    assert browser.get("/web/was").headers["Location"] == "/web/tilgaengelighed"


def test_privacy_says_what_the_settings_say(world):
    context = Context(world.engine, Settings(sandbox=True, portal_adresse=ADDRESS, opbevaring_aar=3, laeselog_aar=7))
    text = Browser(app.application(context, ADDRESS)).get("/web/privatliv").text
    assert "til 3 år efter 30-årsdagen" in text
    assert "7 år" in text


def test_what_is_not_there_is_said_to_be_so(browser):
    page = browser.get("/web/findes-ikke")
    assert (page.status_code, headings(page)) == (404, ["Siden findes ikke"])
    assert browser.get("/web/statisk/../app.py").status_code == 404
    assert browser.get("/web/statisk/%2e%2e/app.py").status_code == 404
    wrong = browser.post("/web/log-ind", {})
    assert (wrong.status_code, set(wrong.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})


def test_a_foreign_host_gets_no_page(site):
    from werkzeug.test import Client

    assert Client(site).get("/web/", base_url="https://ond.example").status_code == 421


def test_a_database_out_of_reach_is_said_to_be_and_nothing_else_is_asked_of_it(world, provider, browser, monkeypatch):
    world.institution(SCHOOL)
    provider.users.append(administrator())
    browser.log_in("unilogin", "skole")

    def unreachable(*_):
        raise DatabaseUnavailable

    monkeypatch.setattr(guard, "reading", unreachable)
    page = browser.get("/web/rolle")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "Intet er gemt" in page.text


def test_a_defect_shows_nothing_of_itself(browser, monkeypatch):
    def broken(*_):
        raise RuntimeError("0101011234")

    monkeypatch.setattr(sessions, "find", broken)
    browser._client.set_cookie(sessions.COOKIE, "x", domain="127.0.0.1", secure=True)
    page = browser.get("/web/")
    assert (page.status_code, headings(page)) == (500, ["Der er sket en fejl hos os"])
    assert "0101011234" not in page.text


def test_without_doors_the_front_page_says_what_is_missing(house, monkeypatch):
    for door in DOORS:
        monkeypatch.delenv(f"UDB_DOOR_{door.upper()}_ISSUER")
    page = Browser(app.application(house, ADDRESS)).get("/web/")
    assert "Ingen log-in er sat op" in page.text


def test_the_sandboxs_doors_are_the_portals():
    assert tuple(doors.KINDS) == DOORS


def test_a_role_that_may_not_open_a_page_is_told_which_may(provider, browser, monkeypatch):
    monkeypatch.setitem(ALLOWED, "login.choose", frozenset({Role.LEDER}))  # type: ignore[index]
    monkeypatch.setattr("udb.portal.roles.CHOOSING", frozenset())
    provider.users.append(employee("v", "vejleder"))
    browser.log_in("kommune", "v")
    page = browser.get("/web/rolle")
    assert page.status_code == 403
    assert "Siden er for: Leder i en kommune." in page.text


@pytest.mark.parametrize(("portal", "web", "soap"), [("on", 200, 200), ("off", 404, 200), ("only", 200, 404)])
def test_the_portal_is_mounted_as_the_setting_says(database_url, portal, web, soap):
    from tests.support.endpoint import request

    settings = Settings(sandbox=True, database_url=database_url, portal=portal)
    service = build(settings)
    host = {"Host": "127.0.0.1:8080"}
    assert request(service, "GET", "/web/", b"", host).status == web
    assert request(service, "GET", "/services/UDB/DataTilKommune/v1?wsdl", b"", host).status == soap
    assert request(service, "GET", "/health/live", b"", host).status == 200


def test_sessions_that_are_over_are_removed_at_the_next_log_in(world, provider, site, house, monkeypatch):
    from sqlalchemy import func, select

    from udb.domain.clock import system_time
    from udb.store.engine import reading
    from udb.store.tables import web_session

    world.institution(SCHOOL)
    provider.users.append(administrator())
    Browser(site).log_in("unilogin", "skole")
    later = system_time() + timedelta(hours=9)
    monkeypatch.setattr(sessions, "system_time", lambda: later)
    Browser(site).log_in("unilogin", "skole")
    with reading(house.engine) as connection:
        assert connection.execute(select(func.count()).select_from(web_session)).scalar_one() == 1


def test_every_page_is_open_to_its_roles_alone(routes, world, site, house):
    world.institution(SCHOOL)
    for role in Role:
        person = Administrator(site, house.engine, SCHOOL, role)
        for rule in routes:
            for method in rule.methods & {"GET", "POST"} if rule.endpoint in ALLOWED else ():
                answer = person.get(path(rule)) if method == "GET" else person.send_form(path(rule), {})
                refused = headings(answer) == ["Din rolle har ikke adgang til denne side"]
                assert refused == (role not in ALLOWED[rule.endpoint]), (role, rule)
                assert answer.status_code == 403 or not refused
