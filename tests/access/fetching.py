"""Send reports and fetches to the service and the model, and compare every answer."""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import Engine, func, select

from tests.access import model
from tests.access.life import Life, is_contact, is_education, is_of_job_centre
from tests.access.model import Caller, Found, Memory
from tests.access.shown import Shown, difference, shown
from tests.model import service as reports
from tests.model.words import Institution, Youth
from tests.support.fetches import START
from tests.support.stage import Stage, brief
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, SYSTEM
from udb.context import Context
from udb.domain.call import Call, Delivery
from udb.domain.haendelse import BESKAEFTIGELSE, PAALAEG, SOCIAL_YDELSE, Indberetning
from udb.domain.identifiers import event_number
from udb.domain.receipt import Resultat
from udb.domain.services import ALL_SERVICES, DATA_TIL_DFDG, DATA_TIL_INSTITUTION, DATA_TIL_KOMMUNE
from udb.hentning.fetch import hent_haendelser, hent_haendelser_dfdg
from udb.hentning.institution import hent_uddannelsespaalaeg
from udb.indberetning.take import take_report
from udb.settings import Settings
from udb.store.tables import counter, dataaftale, haendelse, kontakt

STAR: Final = "999001"
THIRD_KOMMUNE: Final = "281161"
SMALL_PAGE: Final = 3

HOME: Final = Caller(SYSTEM, KOMMUNE, "101")
OTHER: Final = Caller(SYSTEM, OTHER_KOMMUNE, "751")
THIRD: Final = Caller(SYSTEM, THIRD_KOMMUNE, "461")
SECOND_SYSTEM: Final = Caller("andet", KOMMUNE, "101")
JOB_CENTRES: Final = Caller(SYSTEM, STAR, None)
CALLERS: Final = (HOME, OTHER, THIRD, SECOND_SYSTEM, JOB_CENTRES)
NEW_SYSTEM: Final = "nyt"
NO_CRITERION: Final = {"haendelse_nummer": None, "cprnr": None}


class FetchStage(Stage):
    """A stage that fetches. ``cases`` counts the comparisons of one youth each, ``with_events`` those with something to
    show.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.contexts = {
            size: Context(engine, Settings(sandbox=True, sidestoerrelse=size)) for size in (1, SMALL_PAGE, 1000)
        }
        self.world.institution(THIRD_KOMMUNE, type3="KOM", kommune="461")
        self.world.institution(STAR, type3="STAR")
        for system in (SECOND_SYSTEM.system, NEW_SYSTEM):
            self.world.system(system, f"en-noegle-til-{system}-her", KOMMUNE)
        for nummer in (OTHER_KOMMUNE, THIRD_KOMMUNE):
            self.world.add(dataaftale, system_id=NEW_SYSTEM, service=ALL_SERVICES, institution_nummer=nummer)
        self.cases = self.with_events = 0

    def begin(self, institutions: Iterable[Institution]) -> None:
        super().begin(institutions)
        self.memory = Memory()

    # The steps --------------------------------------------------------------------------------------------------------

    def youth(self, cprnr: str, status: str, kommune: str | None) -> Youth:
        """Add a youth with a contact person, or change one."""
        new = self.model.youth(cprnr) is None
        youth = super().youth(cprnr, status, kommune)
        if new:
            self.world.add(
                kontakt,
                person_id=self.persons[youth],
                art="kommune",
                institution_nummer=KOMMUNE,
                navn="Vera Vejleder",
                registreringstid=self.now,
            )
        return youth

    def report(self, said: Indberetning) -> bool:
        """Send a report; the model takes it if it was accepted."""
        call = Call("adgang", SYSTEM, said.service, said.service, said.institution_nummer, str(next(self.calls)))
        receipt = take_report(self.context, call, said)
        accepted = receipt.resultat is Resultat.ACCEPTERET
        found = [line.fejl_kode for line in receipt.fejl]
        self.happened.append(f"{brief(said)}\n    -> {receipt.resultat} {found} {receipt.haendelse_nummer}")
        if accepted:
            expected = reports.Expected({}, event=True)
            self.memory.registered[receipt.haendelse_nummer or ""] = self.today
            reports.take(self.model, said, expected, self.today, receipt.haendelse_nummer, receipt.forloeb_id)
            if said.annullering:
                self.add_cancellations()
        return accepted

    def asked_by(self, institution: str, youth: Youth, days: int) -> bool:
        """Let an institution ask for a youth's uddannelsespålæg, where a course must be ``days`` days old; compare
        whether it is answered, and return that.
        """
        context = replace(self.context, settings=Settings(sandbox=True, forloeb_dage=days))
        operation = "HentUddannelsespaalaeg"
        call = Call("adgang", SYSTEM, DATA_TIL_INSTITUTION, operation, institution, str(next(self.calls)))
        answer = hent_uddannelsespaalaeg(context, call, SimpleNamespace(cprnr=youth.cprnr))
        found = [line.fejl_kode for line in answer.fejl]
        self.happened.append(f"{institution} looks up {youth.cprnr}, {days} days\n    -> {found}")
        opens = model.opening(Life(self.model, youth, self.today), self.memory, institution, days)
        assert found == ([] if opens else ["8301"]), self.story(institution, youth.cprnr, days, opens)
        if opens:
            assert answer.har_uddannelsespaalaeg == youth.has_order(self.today), self.story(answer)
        self.memory.looked_up |= {event.place for event in opens}
        return bool(opens)

    # The fetches ------------------------------------------------------------------------------------------------------

    def all_new(self, caller: Caller, size: int = 1000) -> list[Shown]:
        """Fetch the feed without criterion and compare."""
        found = [(life, one) for life in self._lives() for one in model.all_new(life, caller, self.memory)]
        answer = self._ask(caller, size)
        page = self._compare_page(caller, found, answer, size, "all new")
        for _, (nummer, _, _) in page:
            self.memory.gave(caller, nummer)
        assert answer.hoejeste_haendelse_nummer == (page[-1][1][0] if page else None), self.story("highest", answer)
        return shown(answer)

    def by_number(self, caller: Caller, after: str, size: int = 1000) -> None:
        """Fetch the feed after a number and compare."""
        found = [(life, one) for life in self._lives() for one in model.by_number(life, caller, self.memory, after)]
        answer = self._ask(caller, size, haendelse_nummer=after)
        drawn = self._last_drawn()
        if after > drawn:
            assert [line.fejl_kode for line in answer.fejl] == ["8001"], self.story(answer)
            return
        page = self._compare_page(caller, found, answer, size, f"after {after}")
        for _, (nummer, _, _) in page:
            self.memory.fetched.add((caller.nummer, nummer))
        if answer.findes_flere_haendelser:
            assert answer.hoejeste_haendelse_nummer == page[-1][1][0], self.story("cursor", answer)
        else:
            assert max(self._last_stored(), after) <= answer.hoejeste_haendelse_nummer <= drawn, self.story("cursor")

    def look_up(self, caller: Caller, cprnr: str) -> list[Shown]:
        """Look a youth up and compare."""
        answer = self._ask(caller, 1000, cprnr=cprnr)
        self.cases += 1
        youth = self.model.youth(cprnr)
        life = Life(self.model, youth, self.today) if youth else None
        if life is None or life.youth.cprnr != cprnr or not model.may_look_up(life, caller):
            assert [line.fejl_kode for line in answer.fejl] == ["8002"], self.story(caller, cprnr, answer)
            assert shown(answer) == []
            return []
        found = model.look_up(life, caller)
        expected = [self._expected(caller, life, found, contacts=1)]
        assert shown(answer) == expected, self.story(caller, *difference(expected, shown(answer)))
        assert answer.findes_flere_haendelser is False
        self.with_events += bool(found)
        highest = max((nummer for nummer, _, _ in found), default=None)
        assert answer.hoejeste_haendelse_nummer == highest, self.story("highest", answer)
        return shown(answer)

    def completed(self, youth: Youth) -> bool:
        """Return whether a youth has completed a youth or higher education."""
        life = Life(self.model, youth, self.today)
        return any(life.completed(course) for course in life.courses)

    def _lives(self) -> list[Life]:
        lives = [Life(self.model, youth, self.today) for youth in self.model.youths]
        return [life for life in lives if next(self.model.events_of(life.youth), None)]

    def _ask(self, caller: Caller, size: int, **criterion: str) -> Any:
        asked = SimpleNamespace(institution_nummer=caller.nummer, **NO_CRITERION | criterion)
        transaction = str(next(self.calls))
        kommune = caller.kommune is not None
        service, operation = (DATA_TIL_KOMMUNE, "HentHaendelser") if kommune else (DATA_TIL_DFDG, "HentHaendelserDFDG")
        call = Call("adgang", caller.system, service, operation, caller.nummer, transaction)
        self.happened.append(f"{caller} asks {criterion}, {size} a page")
        answer = (hent_haendelser if kommune else hent_haendelser_dfdg)(self.contexts[size], call, asked)  # type: ignore[operator]  # two shapes of one call
        return answer.payload if isinstance(answer, Delivery) else answer

    def _compare_page(
        self, caller: Caller, found: list[tuple[Life, Found]], answer: Any, size: int, what: str
    ) -> list[tuple[Life, Found]]:
        found.sort(key=lambda one: one[1][0])
        page = found[:size]
        by_youth: dict[Youth, tuple[Life, list[Found]]] = {}
        for life, one in page:
            by_youth.setdefault(life.youth, (life, []))[1].append(one)
        expected = [self._expected(caller, life, events) for life, events in by_youth.values()]
        assert shown(answer) == expected, self.story(what, caller, *difference(expected, shown(answer)))
        assert answer.findes_flere_haendelser == (len(found) > size), self.story(what, "more", answer)
        assert answer.fejl == ()
        self.cases += len(self._lives())
        self.with_events += len(expected)
        return page

    def _expected(self, caller: Caller, life: Life, found: list[Found], contacts: int = 0) -> Shown:
        home = caller.kommune is not None and life.home_is(caller.kommune)
        found = model.order(found)
        return Shown(
            life.youth.cprnr,
            life.level if home else None,
            life.youth.has_order(self.today) if home else None,
            [model.shown(life, one) for one in found if is_education(one[1])],
            [model.shown(life, one) for one in found if is_of_job_centre(one[1])],
            [model.shown(life, one) for one in found if is_contact(one[1])],
            *(model.of_kind(life, found, art) for art in (BESKAEFTIGELSE, SOCIAL_YDELSE, PAALAEG)),
            contacts,
        )

    def _last_stored(self) -> str:
        with self.engine.connect() as connection:
            return connection.execute(select(func.max(haendelse.c.nummer))).scalar() or START

    def _last_drawn(self) -> str:
        with self.engine.connect() as connection:
            return event_number(int(connection.execute(select(counter.c.last)).scalar() or 0))
