from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select

from tests.support.portal import ADDRESS, Browser, administrator, choose, employee, headings, token
from udb.domain import clock
from udb.domain.clock import system_time
from udb.portal import attempts, sessions
from udb.portal.login import under_way
from udb.portal.login.routes import AT_ONCE
from udb.sandbox.idp.users import STIL_CVR, Behaviour, User
from udb.store.engine import reading, writing
from udb.store.tables import institution, rolle_tildeling, web_session

SCHOOL, OTHER = "101001", "101002"
FAILED = "Du blev ikke logget ind"
NO_ROLE = "Du er logget ind, men har ingen rolle"


@pytest.fixture
def schools(world):
    for nummer in (SCHOOL, OTHER):
        world.institution(nummer)
    return world


def stored(house):
    with reading(house.engine) as connection:
        return connection.execute(select(func.count()).select_from(web_session)).scalar_one()


@pytest.mark.usefixtures("schools")
def test_an_administrator_logs_in_and_out(house, provider, browser):
    provider.users.append(administrator())
    page = browser.log_in("unilogin", "skole")
    assert page.status_code == 200
    assert f"Brugeradministrator på en institution, {SCHOOL}" in page.text
    stolen = browser.cookie(sessions.COOKIE)
    ended = browser.submit(page, "/web/log-ud")
    assert ended.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert f"{provider.address}/log-ud?" in ended.text
    assert stored(house) == 0
    browser._client.set_cookie(sessions.COOKIE, stolen, domain="127.0.0.1", secure=True)
    assert browser.get("/web/rolle").status_code == 302


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour.WRONG_NONCE,
        Behaviour.WRONG_KEY,
        Behaviour.EXPIRED,
        Behaviour.OTHER_CLIENT,
        Behaviour.NO_SIGNATURE,
        Behaviour.SHARED_SECRET,
    ],
)
@pytest.mark.usefixtures("schools")
def test_a_token_that_proves_nothing_begins_no_session(house, provider, browser, behaviour):
    provider.users.append(administrator(behaviour=behaviour))
    page = browser.log_in("unilogin", "skole")
    assert (page.status_code, headings(page)) == (403, [FAILED])
    assert stored(house) == 0


@pytest.mark.usefixtures("schools")
def test_an_answer_counts_once_and_in_its_own_browser(house, provider, site, browser):
    provider.users.append(administrator())
    answer = choose(browser.to_provider("unilogin"), "skole")
    assert headings(Browser(site).answered(answer)) == [FAILED]
    assert browser.answered(answer).status_code == 302
    assert stored(house) == 1
    again = Browser(site)
    again._client.set_cookie(under_way.COOKIE, "x", domain="127.0.0.1", secure=True)
    assert headings(again.answered(answer)) == [FAILED]
    assert headings(browser.answered(answer)) == [FAILED]
    assert stored(house) == 1


@pytest.mark.usefixtures("schools")
def test_a_code_is_not_exchanged_twice(house, provider, site):
    provider.users.append(administrator())
    first, second = Browser(site), Browser(site)
    code = choose(first.to_provider("unilogin"), "skole").partition("code=")[2].partition("&")[0]
    state = choose(second.to_provider("unilogin"), "skole").partition("state=")[2]
    page = second.get(f"/web/log-ind/svar?code={code}&state={state}")
    # The code belongs to another log-in, whose PKCE verifier this browser's log-in does not have.
    assert headings(page) == [FAILED]
    assert stored(house) == 0


@pytest.mark.usefixtures("schools")
def test_an_answer_without_state_or_code_and_an_old_one_fail(provider, browser, monkeypatch):
    provider.users.append(administrator())
    answer = choose(browser.to_provider("unilogin"), "skole")
    for wrong in (answer.partition("?")[0], answer.replace("state=", "state=x"), answer.replace("code=", "kode=")):
        assert headings(browser.answered(wrong)) == [FAILED]
    answer = choose(browser.to_provider("unilogin"), "skole")
    later = system_time() + under_way.LASTS
    monkeypatch.setattr(under_way, "system_time", lambda: later)
    assert headings(browser.answered(answer)) == [FAILED]


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (administrator(), 200),
        (administrator(aktoer_gruppe="Elev"), 403),
        (administrator(brugeradministrator_for=[]), 403),
        (administrator(institutionsnumre=[]), 403),
        (administrator(brugeradministrator_for="101001"), 200),
        (administrator(brugeradministrator_for={"101001": True}), 403),
        (administrator("ukendt", "999999"), 403),
        (employee("v", "vejleder"), 200),
        (employee("v", "leder"), 200),
        (employee("v", "datamedarbejder"), 403),
        (employee("v", "vejleder", kommune="998"), 403),
        (employee("v", "vejleder", level="High"), 200),
        (employee("v", "vejleder", level="Low"), 403),
        (employee("v", "vejleder", level="Ukendt"), 403),
        (User("s", "stil", "s", {"cvr": STIL_CVR, "udb_roller": ["datamedarbejder"], "nsis_loa": "Substantial"}), 200),
        (User("s", "stil", "s", {"cvr": "87654321", "udb_roller": ["datamedarbejder"], "nsis_loa": "High"}), 403),
        (User("s", "stil", "s", {"cvr": STIL_CVR, "udb_roller": ["leder"], "nsis_loa": "Substantial"}), 403),
        (User("u", "mitid", "u", {"cpr": "6101091234", "nsis_loa": "Substantial"}), 200),
        (User("u", "mitid", "u", {"cpr": "", "udb_roller": ["leder"], "nsis_loa": "Substantial"}), 403),
    ],
)
@pytest.mark.usefixtures("schools")
def test_what_claims_yield(house, provider, browser, user, expected):
    provider.users.append(user)
    page = browser.log_in(user.door, user.key)
    assert page.status_code == expected, page.text
    assert stored(house) == (expected == 200)


def test_a_youth_is_the_own_person_also_by_a_former_number(world, house, provider, browser):
    who = world.person("7001100001")
    provider.users.append(User("u", "mitid", "u", {"cpr": "7001100001", "nsis_loa": "Substantial"}))
    assert "Ung" in browser.log_in("mitid", "u").text
    with reading(house.engine) as connection:
        assert connection.execute(select(web_session.c.person_id)).scalar_one() == who


@pytest.mark.usefixtures("schools")
def test_of_several_roles_one_is_chosen_and_the_session_gets_a_new_id(provider, browser):
    provider.users.append(administrator("to", SCHOOL, OTHER))
    page = browser.log_in("unilogin", "to")
    assert headings(page) == ["Vælg, hvad du er her som"]
    before = browser.cookie(sessions.COOKIE)
    assert browser.get("/web/").status_code == 302
    assert browser.submit(page, "/web/rolle", {"valg": "2"}).status_code == 400
    chosen = browser.follow(browser.submit(page, "/web/rolle", {"valg": "1"}))
    assert f"Brugeradministrator på en institution, {OTHER}" in chosen.text
    after = browser.cookie(sessions.COOKIE)
    assert after != before
    browser._client.set_cookie(sessions.COOKIE, before, domain="127.0.0.1", secure=True)
    assert browser.get("/web/rolle").status_code == 302


@pytest.mark.usefixtures("schools")
def test_a_session_ends_when_it_is_idle_or_old(provider, browser, monkeypatch):
    provider.users.append(administrator())
    browser.log_in("unilogin", "skole")
    begun = system_time()

    def at(minutes):
        monkeypatch.setattr(sessions, "system_time", lambda: begun + timedelta(minutes=minutes))
        return browser.get("/web/rolle").status_code

    assert at(29) == 200
    assert at(58) == 200
    assert at(89) == 302
    assert [at(minutes) for minutes in range(59, 480, 29)] == [200] * 15
    assert at(481) == 302


@pytest.mark.usefixtures("schools")
def test_a_form_without_token_or_from_elsewhere_is_not_taken(house, provider, site, browser):
    provider.users.append(administrator())
    page = browser.log_in("unilogin", "skole")
    other = Browser(site).log_in("unilogin", "skole")
    for refused in (
        browser.post("/web/log-ud", {}),
        browser.post("/web/log-ud", {"csrf": token(other)}),
        browser.submit(page, "/web/log-ud", headers={"Origin": "https://example.dk"}),
        browser.submit(page, "/web/log-ud", headers={"Sec-Fetch-Site": "cross-site"}),
        browser.submit(page, "/web/log-ud", headers={"Origin": "null"}),
        browser.submit(page, "/web/log-ud", headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"}),
    ):
        assert refused.status_code == 422
        assert "Intet er gemt" in refused.text
    assert stored(house) == 2
    assert browser.submit(page, "/web/log-ud", headers={"Origin": ADDRESS}).status_code == 200
    # As Chromium sends a form of a page with "Referrer-Policy: no-referrer".
    ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    third = Browser(site)
    assert third.submit(third.log_in("unilogin", "skole"), "/web/log-ud", headers=ours).status_code == 200


@pytest.mark.usefixtures("schools")
def test_who_fails_too_often_waits(provider, browser, monkeypatch):
    provider.users.append(administrator(behaviour=Behaviour.EXPIRED))
    for _ in range(attempts.FAILED_LOG_INS.most):
        assert browser.log_in("unilogin", "skole").status_code == 403
    refused = browser.get("/web/log-ind/unilogin")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    later = system_time() + attempts.FAILED_LOG_INS.within
    monkeypatch.setattr(attempts, "system_time", lambda: later)
    assert browser.get("/web/log-ind/unilogin").status_code == 302


@pytest.mark.usefixtures("schools")
def test_a_provider_that_fails_or_is_gone_is_said_to_be(house, provider, browser, monkeypatch):
    provider.users.append(administrator(behaviour=Behaviour.FAILS))
    page = browser.log_in("unilogin", "skole")
    assert (page.status_code, headings(page)) == (503, ["Log-in svarer ikke lige nu"])
    assert stored(house) == 0
    monkeypatch.setenv("UDB_DOOR_UNILOGIN_ISSUER", "http://127.0.0.1:9/unilogin")
    from udb.portal import app

    gone = Browser(app.application(house, ADDRESS)).get("/web/log-ind/unilogin")
    assert (gone.status_code, gone.headers["Retry-After"]) == (503, "1")


@pytest.mark.usefixtures("schools")
def test_no_more_threads_wait_for_providers_than_they_may(provider, browser):
    from udb.portal.login import routes

    provider.users.append(administrator())
    answer = choose(browser.to_provider("unilogin"), "skole")
    for _ in range(AT_ONCE):
        assert routes._WAITING.acquire(blocking=False)
    try:
        busy = browser.answered(answer)
        assert (busy.status_code, busy.headers["Refresh"]) == (503, "1")
    finally:
        for _ in range(AT_ONCE):
            routes._WAITING.release()
    assert browser.answered(answer).status_code == 302


def test_the_operators_own_table_gives_roles_within_its_days_and_the_doors(schools, house, provider, browser):
    provider.users.append(administrator(brugeradministrator_for=[], institutionsnumre=[]))
    today = schools.today()

    def given(role, first, last):
        with writing(house.engine) as connection:
            connection.execute(
                insert(rolle_tildeling).values(
                    udbyder="unilogin",
                    subjekt="skole",
                    rolle=role,
                    institution_nummer=SCHOOL,
                    fra=first,
                    til=last,
                    tildelt_af="drift",
                    oprettet=system_time(),
                )
            )

    given("brugeradministrator", today - timedelta(days=9), today - timedelta(days=1))
    given("leder", today, today)
    assert headings(browser.log_in("unilogin", "skole")) == [NO_ROLE]
    given("brugeradministrator", today, today)
    assert browser.log_in("unilogin", "skole").status_code == 200


def test_a_closed_institution_may_still_cancel_so_its_administrator_comes_in(schools, provider, browser):
    schools.institution(SCHOOL, lukket=date(2026, 1, 1))
    provider.users.append(administrator())
    assert browser.log_in("unilogin", "skole").status_code == 200


@pytest.mark.usefixtures("schools")
def test_an_institution_that_left_the_register_gives_no_role(house, provider, browser):
    with writing(house.engine) as connection:
        connection.execute(institution.update().where(institution.c.nummer == SCHOOL).values(in_register=False))
    provider.users.append(administrator())
    assert headings(browser.log_in("unilogin", "skole")) == [NO_ROLE]


@pytest.mark.usefixtures("schools")
def test_a_log_in_leads_to_pages_of_the_portal_alone(provider, browser):
    provider.users.append(administrator())
    for wanted, leads in (("/indberet", "/web/indberet"), ("//example.dk", "/web/"), ("https://example.dk", "/web/")):
        address = browser.get("/web/log-ind/unilogin", query_string={"naeste": wanted}).headers["Location"]
        assert browser.answered(choose(address, "skole")).headers["Location"] == leads


def test_system_time_is_the_only_clock_of_a_session(schools, provider, browser):
    provider.users.append(administrator())
    browser.log_in("unilogin", "skole")
    schools.clock("2031-01-01T08:00:00")
    assert browser.get("/web/rolle").status_code == 200
    assert clock.system_time().year != 2031
