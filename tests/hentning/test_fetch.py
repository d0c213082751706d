"""HentHaendelser through the public endpoint: modes, pages, cursors, order, refusals, read log."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START, numbers
from tests.support.reports import ANNA, BO, CAJA, UNGDOM, optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.hentning import feed
from udb.readlog.entries import NO_PERSON
from udb.store.tables import hentet, person, read_log


@pytest.fixture
def youths(world: World) -> None:
    for cprnr in (ANNA, BO, CAJA):
        world.person(cprnr)


@pytest.mark.usefixtures("youths")
def test_pages_without_criterion_give_every_event_once_and_in_order(small_pages: Endpoint) -> None:
    sent = [optag(small_pages, cprnr, day) for day, cprnr in enumerate((ANNA, BO, ANNA, CAJA, BO), start=10)]
    pages = [small_pages.fetch(KOMMUNE) for _ in range(4)]
    assert [numbers(page) for page in pages] == [sent[:2], sent[2:4], sent[4:], []]
    assert [page["FindesFlereHaendelser"] for page in pages] == [True, True, False, False]
    assert [page["HoejesteHaendelseNummer"] for page in pages] == [sent[1], sent[3], sent[4], None]
    later = optag(small_pages, ANNA, 20)
    assert numbers(small_pages.fetch(KOMMUNE)) == [later]


@pytest.mark.usefixtures("youths")
def test_pages_by_number_follow_the_cursor_as_often_as_asked(small_pages: Endpoint) -> None:
    sent = [optag(small_pages, cprnr, day) for day, cprnr in enumerate((ANNA, BO, CAJA), start=10)]
    first = small_pages.fetch(KOMMUNE, HaendelseNummer=START)
    again = small_pages.fetch(KOMMUNE, HaendelseNummer=START)
    assert numbers(first) == numbers(again) == sent[:2]
    assert (first["FindesFlereHaendelser"], first["HoejesteHaendelseNummer"]) == (True, sent[1])
    rest = small_pages.fetch(KOMMUNE, HaendelseNummer=sent[1])
    assert (numbers(rest), rest["FindesFlereHaendelser"], rest["HoejesteHaendelseNummer"]) == (
        [sent[2]],
        False,
        sent[2],
    )
    end = small_pages.fetch(KOMMUNE, HaendelseNummer=sent[2])
    assert (numbers(end), end["HoejesteHaendelseNummer"]) == ([], sent[2])


def test_the_cursor_passes_what_is_not_the_callers(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    world.person(BO, kommune="751")
    own = optag(endpoint, ANNA, 10)
    foreign = optag(endpoint, BO, 10)
    answer = endpoint.fetch(KOMMUNE, HaendelseNummer=START)
    assert (numbers(answer), answer["HoejesteHaendelseNummer"]) == ([own], foreign)


@pytest.mark.usefixtures("youths")
def test_a_youth_stands_once_in_a_page_by_first_event_with_its_events_by_date(endpoint: Endpoint) -> None:
    bo_late = optag(endpoint, BO, 30)
    anna = optag(endpoint, ANNA, 12)
    bo_early = optag(endpoint, BO, 11)
    answer = endpoint.fetch(KOMMUNE)
    assert [youth["CPRNr"] for youth in answer["HaendelserUng"]] == [BO, ANNA]
    assert numbers(answer) == [bo_early, bo_late, anna]


def test_by_number_does_not_steer_the_feed_without_criterion(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, HaendelseNummer=START)
    with world.engine.connect() as connection:
        fetched, given = connection.execute(select(hentet.c.hentet_tid, hentet.c.givet_tid)).one()
    assert given is None
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent]
    with world.engine.connect() as connection:
        first, given = connection.execute(select(hentet.c.hentet_tid, hentet.c.givet_tid)).one()
    assert (first, given is not None) == (fetched, True), "fetched keeps its first time"


def test_a_look_up_does_not_count_as_fetched(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    with world.engine.connect() as connection:
        assert connection.execute(select(hentet)).all() == []
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent]


def test_two_systems_of_a_kommune_each_begin_with_everything(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.system("anden", "en-anden-noegle-helt", KOMMUNE)
    other = Endpoint(endpoint.app, system="anden", key="en-anden-noegle-helt")
    assert numbers(endpoint.fetch(KOMMUNE)) == numbers(other.fetch(KOMMUNE)) == [sent]
    assert numbers(other.fetch(KOMMUNE)) == []


def test_a_resident_about_whom_nothing_is_known(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    answer = endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    (youth,) = answer["HaendelserUng"]
    assert (youth["CPRNr"], youth["AfsluttetUddannelsesNiveau"], youth["UngHarUddannelsespaalaeg"]) == (
        ANNA,
        "Uddannelsespligt",
        False,
    )
    assert (answer["FindesFlereHaendelser"], answer["HoejesteHaendelseNummer"]) == (False, None)


@pytest.mark.parametrize(
    ("criterion", "code"),
    [
        ({"HaendelseNummer": START, "CPRNr": ANNA}, "8003"),
        ({"HaendelseNummer": "UDB-1"}, "8001"),
        ({"HaendelseNummer": "UDB-" + "٣" * 23}, "8001"),
        ({"HaendelseNummer": "UDB-FL-" + "0" * 23}, "8001"),
        ({"HaendelseNummer": "UDB-" + "9" * 23}, "8001"),
        ({"CPRNr": "7103075999"}, "8002"),
        ({"CPRNr": "0000000000"}, "8002"),
        ({"CPRNr": BO}, "8002"),
    ],
)
def test_refusals_and_nothing_else(world: World, endpoint: Endpoint, criterion: dict[str, str], code: str) -> None:
    world.person(ANNA)
    world.person(BO, kommune="751")
    optag(endpoint, ANNA, 10)
    answer = endpoint.fetch(KOMMUNE, **criterion)
    assert codes(answer) == {code}
    assert [line["Alvor"] for line in answer["Fejl"]] == ["Haard"]
    rest = (answer["FindesFlereHaendelser"], answer["HoejesteHaendelseNummer"], answer["HaendelserUng"])
    assert rest == (None, None, [])


@pytest.mark.parametrize(
    ("status", "kommune", "born", "seen"),
    [
        ("01", "101", "110307", True),
        ("03", "101", "110307", True),
        ("01", "751", "110307", False),
        ("80", "101", "110307", False),
        ("90", "101", "110307", False),
        ("05", "101", "110307", False),
        ("01", "101", "100811", True),  # 15 on the day of the fetch
        ("01", "101", "110811", False),  # 15 tomorrow
        ("01", "101", "110896", True),  # 30 tomorrow
        ("01", "101", "100896", False),  # 30 on the day of the fetch
    ],
)
def test_who_sees_whom_in_all_three_modes(
    world: World, endpoint: Endpoint, *, status: str, kommune: str, born: str, seen: bool
) -> None:
    cprnr = f"{int(born[:2]) + 60}{born[2:]}{'4101' if born[4:] == '96' else '5101'}"
    reported_on = "2026-08-09" if born[4:] == "96" else "2026-08-12"
    world.person(cprnr)
    world.clock(f"{reported_on}T08:00:00")
    sent = optag(endpoint, cprnr, 9)
    world.person(cprnr, status=status, kommune=kommune)
    world.clock("2026-08-10T08:00:00")
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=START)) == ([sent] if seen else [])
    assert numbers(endpoint.fetch(KOMMUNE)) == ([sent] if seen else [])
    assert (codes(endpoint.fetch(KOMMUNE, CPRNr=cprnr)) == {"8002"}) is not seen


def test_a_youth_who_moves_in_brings_everything_and_one_who_moves_away_takes_the_rest(
    world: World, endpoint: Endpoint
) -> None:
    world.person(ANNA, kommune="751")
    first = optag(endpoint, ANNA, 10)
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == [first]
    second = optag(endpoint, ANNA, 11)
    world.person(ANNA, kommune="101")
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == []
    assert numbers(endpoint.fetch(KOMMUNE)) == [first, second]
    assert codes(endpoint.fetch(OTHER_KOMMUNE, CPRNr=ANNA)) == {"8002"}


def test_an_earlier_number_cannot_be_looked_up_and_events_come_under_the_current(
    world: World, endpoint: Endpoint
) -> None:
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.change_number(ANNA, "7103075900")
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=ANNA)) == {"8002"}
    (youth,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert youth["CPRNr"] == "7103075900"
    assert numbers(endpoint.fetch(KOMMUNE, CPRNr="7103075900")) == [sent]


def test_only_kommuner_fetch_and_only_while_in_the_register(world: World, endpoint: Endpoint) -> None:
    assert codes(endpoint.fetch(GYMNASIUM)) == {"2003"}
    world.institution(OTHER_KOMMUNE, type3="KOM", kommune="751", in_register=False)
    assert codes(endpoint.fetch(OTHER_KOMMUNE, HaendelseNummer="x", CPRNr=ANNA)) == {"2001"}, (
        "the first refusal in order"
    )


def test_every_answer_and_every_refusal_is_in_the_read_log(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE)
    endpoint.fetch(KOMMUNE, HaendelseNummer=START)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    endpoint.fetch(KOMMUNE, CPRNr=BO)
    columns = (read_log.c.klausul, read_log.c.personer, read_log.c.fra_nummer, read_log.c.til_nummer)
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(*columns).where(read_log.c.operation == "HentHaendelser").order_by(read_log.c.id)
        ).all()
        assert connection.execute(select(person.c.id)).scalars().all() == [anna]
    assert rows == [("A1", [anna], sent, sent)] * 3 + [(None, [NO_PERSON], None, None)]


def test_from_the_25th_birthday_nothing_before_it_is_told_in_any_mode(world: World, endpoint: Endpoint) -> None:
    """A4 (V 5): the optag at 24 is hidden, and the afbrud at 25 does not show its date."""
    cprnr = "7508015104"
    world.person(cprnr)
    before = optag(endpoint, cprnr, 14)
    left = {"Status": 2, "AfbrudsarsagsKode": "9"}
    world.clock("2026-08-15T08:00:00")
    assert numbers(endpoint.fetch(KOMMUNE, CPRNr=cprnr)) == []
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=START)) == []
    after = optag(endpoint, cprnr, 15, **left)
    for answer in (
        endpoint.fetch(KOMMUNE, CPRNr=cprnr),
        endpoint.fetch(KOMMUNE, HaendelseNummer=START),
        endpoint.fetch(KOMMUNE),
    ):
        (ung,) = answer["HaendelserUng"]
        (event,) = ung["HaendelseUddannelsesForloeb"]
        assert (event["HaendelseNummer"], event["DatoOptag"]) == (after, None)
        assert before not in str(answer)


def test_the_day_before_the_25th_birthday_everything_is_told(world: World, endpoint: Endpoint) -> None:
    cprnr = "7508015104"
    world.person(cprnr)
    sent = optag(endpoint, cprnr, 10)
    world.clock("2026-08-14T23:59:00")
    assert numbers(endpoint.fetch(KOMMUNE, CPRNr=cprnr)) == [sent]
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent]
    cancel = {**UNGDOM, "CPRNr": cprnr, "Annullering": True, "HaendelseNummer": sent}
    world.clock("2026-08-15T00:00:00")
    receipt = endpoint.report(UNGDOMSUDDANNELSE, cancel)
    assert numbers(endpoint.fetch(KOMMUNE)) == [receipt["HaendelseNummer"]], (
        "who fetched the report gets its cancellation"
    )
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=sent)) == [receipt["HaendelseNummer"]]


@pytest.mark.parametrize("criterion", [{}, {"HaendelseNummer": START}])
def test_what_is_cancelled_once_the_page_is_picked_was_given_and_the_cancellation_follows(
    world: World, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, criterion: dict[str, str]
) -> None:
    if world.engine.dialect.name == "sqlite":
        # A fetch holds SQLite's one write lock: nothing can change under it.
        return
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    cancel = {**UNGDOM, "CPRNr": ANNA, "Annullering": True, "HaendelseNummer": sent}
    once = iter([lambda: endpoint.report(UNGDOMSUDDANNELSE, cancel)])
    caller = Endpoint(endpoint.app)
    mark = feed.mark_fetched

    def mark_late(*arguments: Any, **options: Any) -> None:
        next(once, lambda: None)()
        mark(*arguments, **options)

    monkeypatch.setattr(feed, "mark_fetched", mark_late)
    assert numbers(caller.fetch(KOMMUNE, **criterion)) == [sent]
    with world.engine.connect() as connection:
        rows = connection.execute(select(read_log.c.id).where(read_log.c.operation == "HentHaendelser")).all()
        assert connection.execute(select(hentet.c.nummer)).scalars().all() == [sent]
    assert len(rows) == 1
    (cancellation,) = numbers(caller.fetch(KOMMUNE, **dict.fromkeys(criterion, sent)))
    assert cancellation > sent


def test_a_refused_look_up_of_somebody_elses_youth_tells_the_log_who_was_sought(
    world: World, endpoint: Endpoint
) -> None:
    sought = world.person(BO, kommune="751")
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=BO)) == {"8002"}
    with world.engine.connect() as connection:
        assert connection.execute(select(read_log.c.personer, read_log.c.klausul)).all() == [([sought], None)]
