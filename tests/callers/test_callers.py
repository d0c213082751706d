import base64
from datetime import date

import pytest

from tests.imports.csvs import institutioner
from udb.callers import agreements, authentication, systems
from udb.callers.agreements import Dataaftale
from udb.domain.errors import NotAuthenticated, UdbRefused, WrongUse
from udb.imports.institutioner import import_institutioner
from udb.store.engine import writing


@pytest.fixture
def connection(engine):
    import_institutioner(engine, institutioner("461248;Skole;;1061;461;;"))
    with writing(engine) as connection:
        yield connection


def system_of(connection, sent):
    environ = {} if sent is None else {"HTTP_AUTHORIZATION": sent}
    return authentication.authenticate(connection, environ, sandbox=True, proxies=()).system_id


def header(system_id, key):
    return "Basic " + base64.b64encode(f"{system_id}:{key}".encode()).decode()


def test_a_system_comes_in_with_its_key(connection):
    key = systems.create(connection, "easy", "EASY-A")
    assert len(key) >= 43
    assert system_of(connection, header("easy", key)) == "easy"
    assert system_of(connection, header("easy", key).replace("Basic ", "basic  ")) == "easy"


def test_a_key_of_ones_own_may_hold_colons(connection):
    systems.create(connection, "easy", "EASY-A", "a:b:c:d:e:f:g:h:i")
    assert system_of(connection, header("easy", "a:b:c:d:e:f:g:h:i")) == "easy"


def test_keys_are_not_stored(connection):
    key = systems.create(connection, "easy", "EASY-A")
    row = connection.exec_driver_sql("SELECT * FROM system").one()
    assert key not in [str(value) for value in row]


@pytest.mark.parametrize(
    "sent",
    [
        header("easy", "forkert-noegle-her"),
        header("findes-ikke", "en-lang-hemmelig-noegle"),
        header("", ""),
        header("easy\0", "en-lang-hemmelig-noegle"),
        "Basic",
        "Basic !!!!",
        "Basic " + base64.b64encode(b"easy").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
        "Bearer abc",
        header("easy", "x" * 5000),
    ],
)
def test_whoever_sends_wrong_credentials_is_told_so(connection, sent):
    systems.create(connection, "easy", "EASY-A", "en-lang-hemmelig-noegle")
    with pytest.raises(NotAuthenticated) as refused:
        system_of(connection, sent)
    assert refused.value.credentials_sent


@pytest.mark.parametrize("sent", [None, ""])
def test_whoever_sends_none_is_told_that(connection, sent):
    with pytest.raises(NotAuthenticated) as refused:
        system_of(connection, sent)
    assert not refused.value.credentials_sent


def test_a_blocked_system_stays_out(connection):
    key = systems.create(connection, "easy", "EASY-A")
    systems.block(connection, "easy")
    with pytest.raises(NotAuthenticated):
        system_of(connection, header("easy", key))
    assert [found.spaerret for found in systems.listed(connection)] == [True]


@pytest.mark.parametrize("system_id", ["", "a:b", "a b", "æ", "x" * 101])
def test_ids_that_basic_cannot_carry_are_refused(connection, system_id):
    with pytest.raises(WrongUse):
        systems.create(connection, system_id, "Navn")


def test_short_keys_and_second_systems_of_an_id_are_refused(connection):
    with pytest.raises(WrongUse):
        systems.create(connection, "easy", "EASY-A", "x" * 15)
    systems.create(connection, "easy", "EASY-A")
    with pytest.raises(UdbRefused):
        systems.create(connection, "easy", "EASY-A")
    with pytest.raises(UdbRefused):
        systems.block(connection, "findes-ikke")


def test_an_agreement_is_made_changed_and_closed(connection):
    systems.create(connection, "easy", "EASY-A")
    agreed = Dataaftale("easy", "alle", "461248", date(2026, 1, 1), None)
    agreements.create(connection, agreed)
    assert agreements.listed(connection, "easy") == [agreed]
    agreements.create(connection, Dataaftale("easy", "alle", "461248", date(2025, 1, 1), None))
    agreements.close(connection, agreed, today=date(2026, 8, 1))
    assert agreements.listed(connection) == [Dataaftale("easy", "alle", "461248", date(2025, 1, 1), date(2026, 7, 31))]


@pytest.mark.parametrize(
    ("agreed", "error"),
    [
        (Dataaftale("easy", "FindesIkke", "461248", None, None), WrongUse),
        (Dataaftale("easy", "alle", "461248", date(2026, 2, 1), date(2026, 1, 1)), WrongUse),
        (Dataaftale("findes-ikke", "alle", "461248", None, None), UdbRefused),
        (Dataaftale("easy", "alle", "000000", None, None), UdbRefused),
    ],
)
def test_agreements_about_what_is_not_there_are_refused(connection, agreed, error):
    systems.create(connection, "easy", "EASY-A")
    with pytest.raises(error):
        agreements.create(connection, agreed)


def test_what_was_never_agreed_cannot_be_closed(connection):
    with pytest.raises(UdbRefused):
        agreements.close(connection, Dataaftale("easy", "alle", "461248", None, None), today=date(2026, 8, 1))
