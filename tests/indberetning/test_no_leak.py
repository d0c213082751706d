"""What a kommune is answered about another kommune's youth equals, to the byte, the answer about an unknown number."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, func, select

from tests.support.database import in_use
from tests.support.endpoint import Answer, Endpoint, codes
from tests.support.fetches import numbers
from tests.support.pairs import (
    CHILD,
    ELSEWHERE,
    GROWN_UP,
    KOMMUNE_MESSAGES,
    MUCH,
    NEVER,
    NOT_THEIRS,
    UNKNOWN,
    Sent,
    build,
    report_elsewhere,
    report_much,
    without_time,
)
from tests.support.reports import ANNA, CPRNR, REPORTS, UNGDOM, accepted, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, World
from udb.access import constant_time
from udb.context import Context
from udb.domain.services import FGU, KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, UNGDOMSUDDANNELSE
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import haendelse, kontakt, onske, person, read_log
from udb.wsdl.use_cases import application

MESSAGES = pytest.mark.parametrize("message", KOMMUNE_MESSAGES)
TRIALS = pytest.mark.parametrize("trial", [False, True], ids=["sent", "tried"])


def land(url: str) -> None:
    """Add youths, with and without history, who do not live in KOMMUNE."""
    engine = make_engine(url)
    world = World(engine)
    world.build()
    build(world)
    endpoint = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
    report_elsewhere(world, endpoint)
    report_much(world, endpoint)
    engine.dispose()


def answered(endpoint: Endpoint, sent: Sent) -> Answer:
    return sent.ask(endpoint.app, sent.body())


def number_of(world: World, cprnr: str) -> str:
    """Return the number of a youth's first event."""
    with reading(world.engine) as connection:
        query = select(func.min(haendelse.c.nummer)).join(person).where(person.c.cprnr == cprnr)
        return str(connection.execute(query).scalar_one())


@pytest.mark.built_by(build=land)
@TRIALS
@MESSAGES
def test_a_kommunes_message_tells_nothing_of_anothers_youth(endpoint: Endpoint, message: str, *, trial: bool) -> None:
    unknown, *theirs = (answered(endpoint, Sent(message, cprnr, trial=trial)) for cprnr in (UNKNOWN, *NOT_THEIRS, MUCH))
    assert b">7001<" in unknown.body
    assert unknown.body.count(b"<v1:FejlKode>") == 1
    for answer in theirs:
        assert without_time(answer) == without_time(unknown)
        assert answer.headers["content-length"] == unknown.headers["content-length"]


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize("message", ["activity cancelled", "time cancelled"])
def test_a_number_that_exists_is_refused_as_one_that_does_not(world: World, endpoint: Endpoint, message: str) -> None:
    """Whether it is another's report on the youth, or one of the caller's own on another youth."""
    world.person(ANNA)
    activity = {**KOMMUNE_MESSAGES["activity"][1], "CPRNr": ANNA, "InstitutionNummer": KOMMUNE}
    own = accepted(endpoint.report(KOMMUNE_AKTIVITET, activity))["HaendelseNummer"]
    unknown = without_time(answered(endpoint, Sent(message, UNKNOWN)))
    for nummer in (own, number_of(world, ELSEWHERE), number_of(world, MUCH)):
        for cprnr in (UNKNOWN, ELSEWHERE, MUCH):
            sent = Sent(message, cprnr, fields=(("HaendelseNummer", nummer),))
            assert without_time(answered(endpoint, sent)) == unknown


@pytest.mark.built_by(build=land)
@MESSAGES
def test_nothing_is_locked_or_read_of_a_youth_who_is_not_theirs(world: World, endpoint: Endpoint, message: str) -> None:
    """The statements are the same whoever is meant, and they give back no event."""
    said: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    asked = {}
    for cprnr in (UNKNOWN, UNKNOWN, *NOT_THEIRS, MUCH):
        sent = Sent(message, cprnr)
        body = sent.body()
        said.clear()
        sent.ask(endpoint.app, body)
        asked[cprnr] = list(said)
    assert len({tuple(one) for one in asked.values()}) == 1
    assert not [one for one in asked[UNKNOWN] if "FOR NO KEY UPDATE" in one or "FOR UPDATE" in one]


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize("message", ["activity", "activity cancelled", "contact deleted"])
def test_a_youth_who_is_being_changed_is_refused_at_once(world: World, endpoint: Endpoint, message: str) -> None:
    """Another's lock on the youth would tell that there is one. SQLite has one lock for all."""
    if world.engine.dialect.name != "postgresql":
        assert without_time(answered(endpoint, Sent(message, ELSEWHERE)))
        return
    with writing(world.engine) as connection:
        connection.execute(select(person.c.id).where(person.c.cprnr == ELSEWHERE).with_for_update())
        held = without_time(answered(endpoint, Sent(message, ELSEWHERE)))
    assert held == without_time(answered(endpoint, Sent(message, UNKNOWN)))


@pytest.mark.built_by(build=land)
@MESSAGES
def test_an_institution_that_left_the_register_is_told_nothing(world: World, endpoint: Endpoint, message: str) -> None:
    world.institution(KOMMUNE, type3="KOM", in_register=False)
    world.person(ANNA)
    asked = (Sent(message, cprnr) for cprnr in (UNKNOWN, ANNA, CHILD, GROWN_UP, ELSEWHERE, MUCH))
    answers = {without_time(answered(endpoint, sent))[2] for sent in asked}
    assert len(answers) == 1
    assert b">2001<" in answers.pop()


@pytest.fixture
def waited(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Record each wait: its seconds, the connections held, and how many rows of the read log were committed by then."""
    found: list[tuple[Any, ...]] = []

    def slept(seconds: float) -> None:
        held = in_use(world.engine)
        found.append((seconds, held, logged(world)))

    seen = count()
    monkeypatch.setattr(constant_time, "monotonic", lambda: next(seen) * constant_time.STEP / 4)
    monkeypatch.setattr(constant_time, "sleep", slept)
    return found


def logged(world: World) -> int:
    with reading(world.engine) as connection:
        return connection.execute(select(func.count()).select_from(read_log)).scalar_one()


@pytest.mark.built_by(build=land)
@TRIALS
@pytest.mark.parametrize("cprnr", [UNKNOWN, ELSEWHERE])
@MESSAGES
def test_a_refusal_waits_for_its_step_and_holds_nothing(
    world: World, endpoint: Endpoint, waited: list[Any], message: str, cprnr: str, *, trial: bool
) -> None:
    sent = Sent(message, cprnr, trial=trial)
    body, before = sent.body(), logged(world)
    waited.clear()
    sent.ask(endpoint.app, body)
    assert [(held, rows) for _, held, rows in waited] == [(0, before + 1)]
    assert 0 < waited[0][0] <= constant_time.STEP


def test_what_an_institution_is_told_of_a_number_waits_too(world: World, endpoint: Endpoint, waited: list[Any]) -> None:
    world.person(ANNA)
    world.person(CHILD)
    nummer = optag(endpoint, ANNA, 10)
    waited.clear()
    cancelled = {**UNGDOM, "Annullering": True, "HaendelseNummer": NEVER}
    refused = ({**UNGDOM, "CPRNr": UNKNOWN}, {**UNGDOM, "CPRNr": CHILD}, {**cancelled, "CPRNr": ANNA})
    for number, report in enumerate(refused, 1):
        assert codes(endpoint.report(UNGDOMSUDDANNELSE, report)) <= {"1002", "1005", "6002"}
        assert len(waited) == number
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**cancelled, "CPRNr": ANNA, "HaendelseNummer": nummer}))
    endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": ANNA, "Status": 2})
    assert len(waited) == len(refused), "neither what is stored nor a mistake in the message alone"


@pytest.mark.built_by(build=land)
def test_a_kommune_takes_back_its_own_after_a_move(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    sent = [
        accepted(endpoint.report(service, {"CPRNr": ANNA, "InstitutionNummer": KOMMUNE, **said}))
        for name, (service, said) in KOMMUNE_MESSAGES.items()
        if name in {"activity", "contact", "wishes"}
    ]
    world.person(ANNA, status="80", kommune=None)
    number = (("HaendelseNummer", sent[0]["HaendelseNummer"]),)
    for name, fields in (("activity cancelled", number), ("contact deleted", ()), ("wishes deleted", ())):
        assert b">7001<" in answered(endpoint, Sent(name, ANNA, institution=OTHER_KOMMUNE, fields=fields)).body
        assert b">Accepteret<" in answered(endpoint, Sent(name, ANNA, fields=fields)).body
    with reading(world.engine) as connection:
        left = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (kontakt, onske)]
    assert left == [0, 0]


def test_the_advice_on_a_contact_time_tells_nothing_that_the_look_up_hides(world: World, endpoint: Endpoint) -> None:
    """7010 told the home kommune of an optag that A6 withholds."""
    youth = "7103095123"
    world.person(youth)

    def school(day: str, **said: Any) -> str:
        report = {**UNGDOM, "CPRNr": youth, "HaendelseDato": f"{day}T00:00:00", **said}
        return str(accepted(endpoint.report(UNGDOMSUDDANNELSE, report))["HaendelseNummer"])

    school("2026-07-01")
    afbrud = school("2026-07-02", Status=2, AfbrudsarsagsKode="904")
    time = {**KOMMUNE_MESSAGES["time"][1], "CPRNr": youth, "InstitutionNummer": KOMMUNE}
    tried = Endpoint(endpoint.app, query="kun-validering=1")
    before = codes(tried.report(KONTAKT_TILBUDSTID, {**time, "AfbrudHaendelseNummer": afbrud}))
    stx = {"Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2}}
    school("2026-07-03", **stx)
    school("2026-07-04", Status=3, **stx)
    course = {**REPORTS[FGU], "CPRNr": youth, "HaendelseDato": "2026-07-05T00:00:00"}
    hidden = accepted(endpoint.report(FGU, course))["HaendelseNummer"]
    assert hidden not in numbers(endpoint.fetch(KOMMUNE, CPRNr=youth))
    assert codes(tried.report(KONTAKT_TILBUDSTID, {**time, "AfbrudHaendelseNummer": afbrud})) == before == set()


def test_the_read_log_tells_accepted_refused_repeated_and_tried_apart(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    tried = Endpoint(endpoint.app, query="kun-validering=1")
    for _ in range(2):
        endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "k")
    endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "Status": 2})
    tried.report(UNGDOMSUDDANNELSE, {**UNGDOM, "Status": 3})
    tried.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": UNKNOWN})
    endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": UNKNOWN})
    answered(endpoint, Sent("contact", UNKNOWN))
    with reading(world.engine) as connection:
        rows = connection.execute(select(read_log.c.klausul, read_log.c.personer).order_by(read_log.c.id)).all()
        holder = connection.execute(select(person.c.id)).scalar_one()
    assert [tuple(row) for row in rows] == [
        ("accepteret", [holder]),
        ("gentaget", [holder]),
        ("afvist", [holder]),
        ("proevet accepteret", [holder]),
        ("proevet afvist", []),
        ("afvist", []),
        ("afvist", [0]),
    ]
