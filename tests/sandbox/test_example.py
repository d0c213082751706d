import shlex
from datetime import date

import pytest
from lxml import etree

from tests.support.endpoint import HOST, basic, request
from udb.domain.services import PAYLOAD_NAMESPACE, UNGDOMSUDDANNELSE
from udb.imports.kodesaet import load_shipped
from udb.sandbox import callers, clock, example
from udb.sandbox.seed import Parameters, seed
from udb.sandbox.soapcall import Caller
from udb.store.engine import reading, writing
from udb.wsdl.use_cases import application

TODAY = date(2026, 8, 10)


@pytest.fixture
def caller() -> Caller:
    return Caller(f"http://{HOST}", callers.EVERYTHING, callers.key_of(1, callers.EVERYTHING))


@pytest.fixture
def seeded(engine):
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(unge=400, seed=1, dato=TODAY), lambda *_: None)
    return engine


def send(context, command):
    """Make the call of the printed curl command, to the service in this process."""
    options, _, rest = command.partition(" <<'XML'\n")
    words = shlex.split(options.replace("\\\n", ""))
    credentials, header = words[words.index("--user") + 1], words[words.index("--header") + 1]
    name, _, value = header.partition(": ")
    body = rest.removesuffix("XML")
    system, _, key = credentials.partition(":")
    url = next(word for word in words if word.startswith("http://"))
    headers = {name: value, "Authorization": basic(system, key)}
    return request(application(context, {}), "POST", url, body.encode(), headers)


def test_the_printed_command_is_an_accepted_report(seeded, context, caller):
    with reading(seeded) as connection:
        chosen = example.choose(connection, clock.now(connection).date())
    answer = send(context, example.command(caller, chosen, TODAY))
    assert answer.status == 200
    receipt = etree.fromstring(answer.body).find(f".//{{{PAYLOAD_NAMESPACE}}}{UNGDOMSUDDANNELSE}Svar")
    assert [child.text for child in receipt if etree.QName(child).localname == "Resultat"] == ["Accepteret"]
    assert [child for child in receipt if etree.QName(child).localname == "Fejl"] == []


def test_the_next_command_is_about_another_youth(seeded, context, caller):
    with reading(seeded) as connection:
        first = example.choose(connection, TODAY)
    send(context, example.command(caller, first, TODAY))
    with reading(seeded) as connection:
        second = example.choose(connection, TODAY)
    assert second.cprnr != first.cprnr


def test_without_a_world_there_is_no_example(engine):
    with reading(engine) as connection:
        assert example.choose(connection, TODAY) is None
