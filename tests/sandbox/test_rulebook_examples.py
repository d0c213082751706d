"""Every example of the rule book, tried in a seeded sandbox, is answered as its page says."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from wsgiref.types import WSGIApplication

import pytest
from lxml import etree
from sqlalchemy import Engine, select

from tests.support.database import Source
from tests.support.endpoint import HOST, Answer, basic, request
from tests.support.size import size
from tests.support.udb_serve import serving
from udb.context import Context
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.imports.kodesaet import load_shipped
from udb.rulebook.attempt import Call, calls, script
from udb.rulebook.examples import Example, examples, institutions, numbers, youths
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.sandbox import callers
from udb.sandbox.scenarios import SCENARIER
from udb.sandbox.scenarios import youths as youths_of
from udb.sandbox.seed import Parameters, seed
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import cprnummer, institution
from udb.web.pages import pages
from udb.wsdl.use_cases import application

TODAY = date(2026, 11, 30)
CODES = sorted(examples())
EVERY_KIND_OF_CALL = ["1003", "6004"]
V1 = f"{{{PAYLOAD_NAMESPACE}}}"


@contextmanager
def seeded(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(60, 1, TODAY), lambda *_: None)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def engine(databases: Source) -> Iterator[Engine]:
    """A sandbox that all examples are tried in, in any order."""
    with databases.migrated() as url, seeded(url) as engine:
        yield engine


@pytest.fixture(scope="module")
def app(engine: Engine):
    context = Context(engine, Settings(sandbox=True))
    return application(context, pages(context))


def made(app: WSGIApplication, call: Call, drawn: dict[int, str]) -> Answer:
    content = call.content
    for point, number in drawn.items():
        content = content.replace(f"$nummer{point}<", f"{number}<")
    headers = {"X-UDB-Sandbox": "1", "Host": HOST}
    if call.is_report:
        key = callers.key_of(1, callers.EVERYTHING)
        headers = {"Content-Type": "text/xml; charset=utf-8", "Authorization": basic(callers.EVERYTHING, key)}
    answer = request(app, call.method, call.path, content.encode(), headers)
    assert answer.status == 200, answer.body.decode()
    return answer


def receipt(answer: bytes) -> tuple[str, tuple[str, ...], str | None]:
    """Return the result, the codes and the number."""
    root = etree.fromstring(answer)
    (result,) = root.iter(f"{V1}Resultat")
    number = next((element.text for element in root.iter(f"{V1}HaendelseNummer")), None)
    return str(result.text), tuple(str(code.text) for code in root.iter(f"{V1}FejlKode")), number


def tried(app: WSGIApplication, example: Example) -> tuple[str, tuple[str, ...], str | None]:
    """Make every call of an example; return the receipt of its message."""
    drawn: dict[int, str] = {}
    answer = None
    for call in calls(example):
        answer = made(app, call, drawn)
        if call.is_report and call.point is not None:
            result, codes, number = receipt(answer.body)
            fact = example.before[call.point - 1]
            assert (result == "Accepteret", list(codes)) == (fact["accepted"], fact["codes"])
            drawn[call.point] = number or ""
    assert answer is not None
    return receipt(answer.body)


@pytest.mark.parametrize("code", CODES)
def test_both_messages_are_answered_as_the_page_says_also_when_tried_again(app: WSGIApplication, code: str) -> None:
    wrong, right = examples()[code]
    result = "Afvist" if BY_CODE[code].alvor is Alvor.HAARD else "Accepteret"
    accepted = tried(app, right)
    assert accepted[:2] == ("Accepteret", ())
    for _ in range(2):
        assert tried(app, wrong)[:2] == (result, wrong.codes)
    assert tried(app, right) == accepted, "the same call again"


def test_an_example_shows_its_code_and_nothing_that_can_be_left_out() -> None:
    for code, (wrong, right) in examples().items():
        # A youth of 30 may be reported on over no service.
        assert wrong.codes == (("1006", "7003") if code == "7003" else (code,))
        assert right.codes == ()


def test_no_example_teaches_to_change_a_true_date() -> None:
    for code in ("3001", "3002", "3003", "3004", "3007", "7016"):
        wrong, right = ({e.tag: e.text for e in etree.fromstring(one.xml).iter()} for one in examples()[code])
        dates = {f"{V1}HaendelseDato", f"{V1}Startdato"}
        if code == "3007":
            # The afbrud was on that day; only when it is reported differs.
            assert wrong[f"{V1}HaendelseDato"] == right[f"{V1}HaendelseDato"] == "2026-08-14T00:00:00.000+02:00"
        assert {name: wrong.get(name) for name in dates} == {name: right.get(name) for name in dates}


@pytest.mark.large
@pytest.mark.skipif(shutil.which("curl") is None, reason="the script is for those who have curl")
def test_the_script_works_as_it_stands(database_url: str) -> None:
    with seeded(database_url), serving(database_url, "--sandbox") as (base, _):
        for code in (*EVERY_KIND_OF_CALL, *CODES[: size(small=0, large=len(CODES)) : 4]):
            for example in examples()[code]:
                text = script(example, base)
                answer = subprocess.run(["/bin/sh", "-c", text], check=True, capture_output=True)
                assert answer.stderr == b""
                message = answer.stdout[answer.stdout.rindex(b"<?xml") :]
                assert receipt(message)[1] == example.codes, f"{code}: {text}\n{answer.stdout.decode()}"


def test_every_sandbox_has_the_youths_and_institutions(engine: Engine) -> None:
    with reading(engine) as connection:
        known = set(connection.execute(select(cprnummer.c.cprnr)).scalars())
        schools = {row.nummer: row for row in connection.execute(select(institution))}
    assert len(youths()) == 130
    assert {youth["cprnr"] for youth in youths()} <= known
    for row in institutions():
        assert schools[row["nummer"]].type3 == row["type3"]
    sent = {
        number for pair in examples().values() for one in pair for number in re.findall("Nummer>([0-9]{6})<", one.xml)
    }
    assert sent <= schools.keys()


def test_no_scenario_gives_a_youth_of_an_example_away(engine: Engine) -> None:
    with reading(engine) as connection:
        given = {youth["cprnr"] for name in SCENARIER for youth in youths_of(connection, name, TODAY, 100)}
    assert given
    assert not given & numbers()
