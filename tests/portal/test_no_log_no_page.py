"""While the read log takes no rows, no page and no file shows a person, in any role."""

import io
import re

import pytest
from sqlalchemy import text, update
from structlog.testing import capture_logs

from tests.support.endpoint import Endpoint
from tests.support.officer import FIND, Officer
from tests.support.own import Youth
from tests.support.portal import url_rules
from tests.support.reporting import Administrator, agree
from tests.support.reports import ANNA, BO, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM
from udb.domain.services import KONTAKTPERSON
from udb.hentning.kommune.list_job import refresh_lists
from udb.portal.headers import STATIC
from udb.portal.roles import Role, may_open
from udb.statistics.quality.refresh import refresh_quality
from udb.store.engine import writing
from udb.store.tables import person
from udb.wsdl.use_cases import application

CHANGE = {"gammelt": "g", "nyt": SYSTEM, "dag-dag": "1", "dag-maaned": "8", "dag-aar": "2026", "kontakt": "it"}
KINDS = {
    "afbrud": "CPRNr;Kode;HaendelseDato;AfbrudsarsagsKode",
    "forloeb": f"CPRNr;Kode;DatoOptag\n{ANNA};3009;10-08-2026\n{BO};3009;10-08-2026",
    "kontakt": f"CPRNr;KontaktNavn\n{ANNA};Vera\n{BO};Vera",
}
"""Lists to reconcile, by kind."""


@pytest.fixture
def rules(house):
    """The rules of the portal's own map of addresses."""
    return [one for one in url_rules(house) if one.endpoint not in {STATIC, "login.out", "login.begin"}]


def refuse_rows(engine):
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(
                text("CREATE TRIGGER full BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'full'); END")
            )
        else:
            connection.execute(text("ALTER TABLE read_log ADD CONSTRAINT full_now CHECK (id < 0) NOT VALID"))


def opened(rules, browsers, values):
    """Yield every page that a role may open, with its address: by GET, and by POST what changes nothing."""
    for role, browser in browsers.items():
        for rule in rules:
            if not may_open(rule.endpoint, role):
                continue
            for more in ({}, {"nummer": "2", "punkt": "3", "form": "json"}):
                named = {**values[role], **more}
                path = "/web" + re.sub(r"<(?:path:)?(\w+)>", lambda part, named=named: named[part[1]], rule.rule)
                if "GET" in rule.methods:
                    yield (role, path), browser.get(path)
                if rule.endpoint in {"youths.find", "youths.reveal", "own_reports.reveal", "change_points.numbers"}:
                    yield (role, path, "POST"), browser.post(path, {"csrf": browser.csrf, "CPRNr": ANNA})
        if may_open("reconciliation.answer", role):
            for kind, rows in KINDS.items():
                data = {"csrf": browser.csrf, "hvad": kind, "fil": (io.BytesIO(rows.encode()), "f.csv")}
                yield (role, kind), browser.post("/web/afstemning/", data)


def test_without_its_row_no_person_is_shown(rules, site, house, world):
    world.clock("2026-08-17T10:00:00")
    for nummer in (KOMMUNE, GYMNASIUM):
        agree(house.engine, nummer)
    numbers = [world.person(one) for one in (ANNA, BO)]
    with writing(house.engine) as connection:
        connection.execute(update(person).values(navn="Zita Hemmelig"))
    endpoint = Endpoint(application(house, {}))
    events = [optag(endpoint, one, 10) for one in (ANNA, BO)]
    contact = {"CPRNr": ANNA, "InstitutionNummer": KOMMUNE, "KontaktNavn": "Vera", "KontaktMail": "vera@kommune.dk"}
    accepted(endpoint.report(KONTAKTPERSON, contact))
    refresh_lists(house.engine)
    refresh_quality(house.engine)
    browsers = {
        Role.BRUGERADMINISTRATOR: Administrator(site, house.engine, GYMNASIUM),
        Role.LEDER: Officer(site, house.engine, role=Role.LEDER),
        Role.VEJLEDER: Officer(site, house.engine),
        Role.DATAMEDARBEJDER: Administrator(site, house.engine, "", Role.DATAMEDARBEJDER),
        Role.UNG: Youth(site, house.engine, numbers[0]),
    }
    for role in (Role.BRUGERADMINISTRATOR, Role.LEDER):
        assert browsers[role].send_form("/web/systemskifte/meld", CHANGE).status_code == 303
    first = {
        "door": "unilogin", "name": "udb.css", "skaerm": "status", "tabel": "linje", "nummer": events[0], "punkt": "1",
        "form": "csv", "hvad": "kontakt", "slags": "job", "reference": "x",
    }  # fmt: skip
    values = dict.fromkeys(browsers, first)
    for role in (Role.LEDER, Role.VEJLEDER):
        address = browsers[role].send_form(FIND, {"CPRNr": ANNA}).headers["Location"]
        values[role] = {**first, "reference": address.rsplit("/", 1)[1]}
    personal = re.compile("|".join((ANNA, BO, f"{ANNA[:4]}xx", "Hemmelig", "vera@", *events)))
    shown = {what for what, answer in opened(rules, browsers, values) if personal.search(answer.text)}
    assert {what[0] for what in shown} == {*browsers} - {Role.DATAMEDARBEJDER}
    refuse_rows(house.engine)
    with capture_logs() as lines:
        asked = dict(opened(rules, browsers, values))
    assert not personal.search(repr([{name: line[name] for name in line if name != "exc_info"} for line in lines]))
    assert [what for what, answer in asked.items() if personal.search(answer.text)] == []
    assert {asked[what].status_code for what in shown} == {503}
    assert len(shown) >= 20
