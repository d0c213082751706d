"""A fetch without criterion that is repeated under its key, or whose answer was cut off (contract 2)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.endpoint import HOST, Endpoint, basic, codes, environ_of
from tests.support.fetches import START, numbers
from tests.support.reports import ANNA, BO, CAJA, UNGDOM, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.clock import system_time
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES, UNGDOMSUDDANNELSE
from udb.store.tables import feed_position, fetch_key, hentet, read_log

pytestmark = pytest.mark.usefixtures("youths")


@pytest.fixture
def youths(world: World) -> None:
    for cprnr in (ANNA, BO, CAJA):
        world.person(cprnr)


def test_the_same_key_gives_the_same_page_and_is_logged_again(world: World, small_pages: Endpoint) -> None:
    sent = [optag(small_pages, cprnr, 10) for cprnr in (ANNA, BO, CAJA)]
    first = small_pages.fetch(KOMMUNE, "k")
    optag(small_pages, ANNA, 11)
    again = small_pages.fetch(KOMMUNE, "k")
    for page in (first, again):
        assert (numbers(page), page["FindesFlereHaendelser"], page["HoejesteHaendelseNummer"]) == (
            sent[:2],
            True,
            sent[1],
        )
    with world.engine.connect() as connection:
        rows = connection.execute(select(read_log.c.til_nummer).where(read_log.c.operation == "HentHaendelser"))
        assert rows.scalars().all() == [sent[1], sent[1]]
    assert numbers(small_pages.fetch(KOMMUNE, "l"))[0] == sent[2]


def test_an_empty_page_comes_again_empty(endpoint: Endpoint) -> None:
    assert numbers(endpoint.fetch(KOMMUNE, "k")) == []
    optag(endpoint, ANNA, 10)
    assert numbers(endpoint.fetch(KOMMUNE, "k")) == []


def test_the_page_again_lacks_what_the_caller_may_not_see_any_more(world: World, endpoint: Endpoint) -> None:
    sent = {cprnr: optag(endpoint, cprnr, 10) for cprnr in (ANNA, BO, CAJA)}
    assert numbers(endpoint.fetch(KOMMUNE, "k")) == list(sent.values())
    world.person(BO, kommune="751")
    endpoint.report(
        UNGDOMSUDDANNELSE,
        {**UNGDOM, "CPRNr": CAJA, "Annullering": True, "HaendelseNummer": sent[CAJA]},
    )
    again = endpoint.fetch(KOMMUNE, "k")
    assert numbers(again) == [sent[ANNA]]
    assert again["HoejesteHaendelseNummer"] == sent[CAJA], "the cursor is the first answer's"


def test_an_older_key_is_8004(endpoint: Endpoint) -> None:
    optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, "k")
    endpoint.fetch(KOMMUNE, "l")
    assert codes(endpoint.fetch(KOMMUNE, "k")) == {"8004"}
    assert numbers(endpoint.fetch(KOMMUNE, "l")) == []


def test_the_latest_key_is_8004_after_a_day(world: World, endpoint: Endpoint) -> None:
    optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, "k")
    a_day_ago = system_time().replace(year=system_time().year - 1)
    with world.engine.begin() as connection:
        connection.execute(update(feed_position).values(answered=a_day_ago))
    assert codes(endpoint.fetch(KOMMUNE, "k")) == {"8004"}


def test_the_key_is_of_this_mode_kommune_and_system_alone(world: World, endpoint: Endpoint) -> None:
    sent = optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, "k")
    assert numbers(endpoint.fetch(KOMMUNE, "k", HaendelseNummer=START)) == [sent], "reads are answered afresh"
    later = optag(endpoint, ANNA, 11)
    assert numbers(endpoint.fetch(KOMMUNE, "k", CPRNr=ANNA)) == [sent, later]
    world.person(BO, kommune="751")
    elsewhere = optag(endpoint, BO, 10)
    assert numbers(endpoint.fetch(OTHER_KOMMUNE, "k")) == [elsewhere]
    world.system("anden", "en-anden-noegle-helt", KOMMUNE)
    other = Endpoint(endpoint.app, system="anden", key="en-anden-noegle-helt")
    assert numbers(other.fetch(KOMMUNE, "k")) == [sent, later]


def cut_off(endpoint: Endpoint, transaction: str) -> None:
    """Fetch, and break the connection before the answer is read."""
    service = SERVICES[DATA_TIL_KOMMUNE]
    body = f"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="{service.namespace}"><e:Body>
      <i:HentHaendelserRequest><i:Identifier><i:SystemName>k</i:SystemName>
      <i:SystemTransactionID>{transaction}</i:SystemTransactionID></i:Identifier>
      <i:Message><HentHaendelser xmlns="http://udb.stil.dk/v1"><InstitutionNummer>{KOMMUNE}</InstitutionNummer>
      </HentHaendelser></i:Message></i:HentHaendelserRequest></e:Body></e:Envelope>"""
    headers = {"Content-Type": "text/xml", "Authorization": basic()}
    seen: list[str] = []

    def start_response(status: str, _headers: Any, _exc_info: Any = None) -> Any:
        seen.append(status)

    environ = environ_of("POST", f"http://{HOST}{service.path}", body.encode(), headers)
    answer: Any = endpoint.app(environ, start_response)
    answer.close()
    assert seen == ["200 OK"]


def test_a_page_that_was_cut_off_is_new_again_under_any_key(world: World, endpoint: Endpoint) -> None:
    sent = [optag(endpoint, ANNA, 10), optag(endpoint, BO, 10)]
    cut_off(endpoint, "k")
    assert numbers(endpoint.fetch(KOMMUNE, "l")) == sent
    optag(endpoint, CAJA, 10)
    cut_off(endpoint, "m")
    assert len(numbers(endpoint.fetch(KOMMUNE, "m"))) == 1
    with world.engine.connect() as connection:
        assert sorted(connection.execute(select(fetch_key.c.transaction_id)).scalars()) == ["l", "m"]


def test_a_repeated_page_that_was_cut_off_stays_given(world: World, endpoint: Endpoint) -> None:
    sent = optag(endpoint, ANNA, 10)
    assert numbers(endpoint.fetch(KOMMUNE, "k")) == [sent]
    cut_off(endpoint, "k")
    assert numbers(endpoint.fetch(KOMMUNE, "l")) == []
    with world.engine.connect() as connection:
        assert connection.execute(select(hentet.c.givet_tid)).scalar_one() is not None
