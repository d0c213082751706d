"""The next step of a history: few youths, institutions, codes and dates, so that interesting cases are common."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from tests.access.ask import fetch, sweep
from tests.access.cast import (
    AGES,
    BEGINNINGS,
    EDUCATIONS,
    EFTERSKOLE,
    INSTITUTIONS,
    KOMMUNE_OF,
    PLACES,
    SCHOOL_751,
    SCHOOL_LIFE,
    TIMES,
    cprnr,
)
from tests.access.fetching import HOME, OTHER, STAR, FetchStage
from tests.access.news import NEWS, news, outdate
from tests.model.forloeb import course_with
from tests.model.words import AFBRUDT, Event, Youth, birthday, is_optag
from tests.support.kommuner import assert_found, assert_in_step
from tests.support.world import DEPARTMENT, GYMNASIUM, SCHOOL
from udb.domain.clock import DANISH
from udb.domain.haendelse import Indberetning
from udb.domain.services import (
    FORBEREDENDE_AKTIVITET,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
    WITH_STATUS,
)

ASKED_OF: Final = frozenset({FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE, VIDEREGAAENDE})


class Play:
    """One history, drawn from a seed."""

    def __init__(self, stage: FetchStage, seed: int) -> None:
        self.stage, self.rng = stage, Random(seed)
        self.serial = 100
        stage.begin(INSTITUTIONS)
        stage.happened.append(f"seed {seed}")
        start = self.rng.choice(BEGINNINGS)
        stage.clock(datetime.combine(start, time(8), DANISH))
        self.soon_25 = self.chance(0.25)
        for _ in range(self.rng.choice((2, 8, 16))):
            self.newcomer()
        self.contents = EDUCATIONS[:2] if self.soon_25 else self.rng.sample((*SCHOOL_LIFE, *EDUCATIONS), 4)
        self.days = sorted(
            {start + timedelta(self.rng.choice((-400, -200, -30, -2, -1, 0, 0, 1, 30, 200))) for _ in range(4)}
            | {
                birthday(youth.born, 25) + timedelta(self.rng.choice((-1, 0, 1)))
                for youth in stage.model.youths
                if abs((birthday(youth.born, 25) - start).days) < 800
            }
        )

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def newcomer(self) -> None:
        self.serial += 1
        age = 25 if self.soon_25 else self.rng.choice(AGES)
        days = self.rng.choice((20, 60, 100, 150) if self.soon_25 else (-300, -40, -2, -1, 0, 0, 1, 2, 20, 200))
        then = self.stage.today + timedelta(days)
        born = then.replace(year=then.year - age) if (then.month, then.day) != (2, 29) else date(then.year - age, 3, 1)
        status = self.rng.choices(("01", "03", "80"), (90, 8, 2))[0]
        self.stage.youth(cprnr(born, self.serial), status, self.rng.choice(("101", "101", "751", "461")))

    # The steps --------------------------------------------------------------------------------------------------------

    def one_youth(self) -> Youth:
        return self.rng.choice(self.stage.model.youths)

    def day(self, *, past: bool) -> date:
        known = [event.day for event in self.stage.model.events]
        day = self.rng.choice(known) if known and self.chance(0.4) else self.rng.choice(self.days)
        return min(day, self.stage.today) if past and self.chance(0.95) else day

    def run(self) -> None:
        """Play the whole history, with fetches in between and a sweep at its end."""
        steps = 10 + 7 * len(self.stage.model.youths)
        for _ in range(steps):
            self.step()
            if self.chance(20 / steps):
                fetch(self.stage, self.rng)
        sweep(self.stage, self.rng)
        assert_in_step(self.stage.engine)
        for days in (0, 400, 2000, 4000):
            assert_found(self.stage.engine, self.stage.today + timedelta(days))

    def step(self) -> None:
        self.rng.choices(STEPS, WEIGHTS)[0](self)

    def activity(self) -> None:
        rng, youth = self.rng, self.one_youth()
        service, content = rng.choice(self.contents)
        begun = [
            event
            for event in self.stage.model.events_of(youth)
            if event.stands and is_optag(event.said) and event.said.service in WITH_STATUS
        ]
        said = Indberetning(
            service=service,
            cprnr=youth.cprnr,
            institution_nummer=self.place(service, youth),
            haendelse_dato=self.instant(self.day(past=False)),
            status=1,
            kilde_leverandoer="LUDUS",
            frafaldstruet_markering=None if service == JOBCENTER else rng.choice((None, None, None, None, False, True)),
            **content,
        )
        if begun and self.chance(0.65):
            said = replace(rng.choice(begun).said, cprnr=youth.cprnr, frafaldstruet_markering=None)
            said = self.update(said) if self.chance(0.3) else self.end(said)
        elif service == UNGDOMSUDDANNELSE and self.chance(0.4):
            said = replace(said, praktiksted=rng.choice(("X", "Y")), speciale=rng.choice((None, "A")))
        elif self.chance(0.05):
            said = self.end(said)
        self.stage.report(said)

    def end(self, said: Indberetning) -> Indberetning:
        status = self.rng.choice((2, 3, 3))
        dato = self.instant(self.day(past=True))
        hf = True if said.cosa_formaal == "3017" and status == 3 and self.chance(0.8) else None
        place = self.rng.choice((None, None, "X", "Z"))
        return replace(
            said,
            status=status,
            haendelse_dato=dato,
            afbrudsarsags_kode=self.rng.choice(("1", "902")) if status == AFBRUDT else None,
            gennemfoert_hf=hf,
            praktiksted=place if said.service == UNGDOMSUDDANNELSE else None,
            frafaldstruet_markering=None,
        )

    def update(self, said: Indberetning) -> Indberetning:
        """Return the same optag with a small change: often only a practice place."""
        rng = self.rng
        if said.service == UNGDOMSUDDANNELSE:
            said = replace(
                said, praktiksted=rng.choice(("X", "Y", "Z")), gennemfoert_hf=rng.choice((None, None, False))
            )
            return replace(said, speciale=rng.choice((None, said.speciale, "B"))) if self.chance(0.5) else said
        if said.service != JOBCENTER and self.chance(0.5):
            return replace(said, frafaldstruet_markering=True, haendelse_dato=self.instant(self.day(past=True)))
        return replace(said, haendelse_dato=self.instant(self.day(past=False)))

    def place(self, service: str, youth: Youth) -> str:
        if service in PLACES:
            return self.rng.choice(PLACES[service])
        return KOMMUNE_OF[youth.kommune or "101"]

    def instant(self, day: date) -> datetime:
        return datetime.combine(day, time(), DANISH)

    def one_event(self, wanted: Any) -> Event | None:
        fit = [event for event in self.stage.model.events if event.stands and wanted(event)]
        return self.rng.choice(fit) if fit else None

    def register(self) -> None:
        """Let SKAT deliver a job or a benefit, or a correction take one back."""
        old = self.one_event(lambda event: event.register is not None and not event.outdated)
        if old is not None and self.chance(0.15):
            outdate(self.stage, old)
            return
        art, says = self.rng.choice(NEWS)
        news(self.stage, self.one_youth(), self.day(past=True), art, says)

    def cancel(self) -> None:
        event = self.one_event(lambda event: event.register is None)
        if event is None:
            return self.activity()
        said = replace(event.said, annullering=True, haendelse_nummer=event.nummer)
        self.stage.report(said)
        return None

    def repeat_after_change(self) -> None:
        """Send the report that V 1.4 asks for when a number has changed."""
        event = self.one_event(lambda event: event.register is None and event.said.cprnr != event.youth.cprnr)
        if event is None:
            return self.activity()
        said = replace(event.said, cprnr=event.youth.cprnr)
        if event.said.institution_nummer in {GYMNASIUM, DEPARTMENT} and self.chance(0.3):
            said = replace(said, institution_nummer=self.rng.choice((GYMNASIUM, DEPARTMENT)))
        if said.service == UNGDOMSUDDANNELSE and self.chance(0.3):
            said = replace(said, praktiksted=self.rng.choice((None, "X", "Z")))
        self.stage.report(said)
        return None

    def mark(self) -> None:
        def open_optag(event: Event) -> bool:
            course = course_with(self.stage.model, event) if is_optag(event.said) else None
            return course is not None and course.end is None

        about = self.one_event(open_optag)
        if about is None:
            return self.activity()
        self.stage.report(
            Indberetning(
                service=KOMMUNE_AKTIVITET,
                cprnr=about.youth.cprnr,
                institution_nummer=KOMMUNE_OF[about.youth.kommune or "101"],
                haendelse_dato=self.instant(self.day(past=True)),
                status=1,
                kilde_leverandoer="KOMMUNEN",
                ifoelge_kommunen=self.rng.choice(("Risiko", "Afbrud")),
                vedroerer_haendelse_nummer=about.nummer,
            )
        )
        return None

    def contact_time(self) -> None:
        about = self.one_event(
            lambda event: (
                event.said.service != KONTAKT_TILBUDSTID
                and (event.said.ifoelge_kommunen == "Afbrud" or event.said.status == AFBRUDT)
            )
        )
        if about is None:
            return self.activity()
        when = datetime.combine(self.rng.choice((about.day, self.stage.today)), self.rng.choice(TIMES), DANISH)
        self.stage.report(
            Indberetning(
                service=KONTAKT_TILBUDSTID,
                cprnr=about.youth.cprnr,
                institution_nummer=KOMMUNE_OF[about.youth.kommune or "101"],
                haendelse_dato=when,
                type=self.rng.choice(("Kontakttid", "Tilbudstid")),
                afbrud_haendelse_nummer=about.nummer,
                kilde_leverandoer="KOMMUNEN",
            )
        )
        return None

    def time_passes(self) -> None:
        today, rng = self.stage.today, self.rng
        edges = [birthday(youth.born, age) for youth in self.stage.model.youths for age in (15, 25, 25, 30)]
        near = [day for day in edges if timedelta(0) <= day - today < timedelta(420)]
        day = today + timedelta(rng.choice((0, 1, 1, 30)))
        if near and self.chance(0.7):
            day = (min(near) if self.soon_25 else rng.choice(near)) - timedelta(rng.choice((0, 0, 0, 1)))
        later = datetime.combine(day, rng.choice(TIMES), DANISH)
        if later > self.stage.now:
            if self.soon_25:
                self.stage.all_new(rng.choice((HOME, OTHER)))
            self.stage.clock(later)
            if self.chance(0.3):
                self.stage.job()

    def move(self) -> None:
        status = self.rng.choices(("01", "03", "80", "90"), (85, 5, 7, 3))[0]
        self.stage.youth(self.one_youth().cprnr, status, self.rng.choice(("101", "101", "751", "461")))

    def new_cprnr(self) -> None:
        youth, others = self.one_youth(), self.stage.model.youths
        if len(others) > 1 and self.chance(0.4):
            other = self.rng.choice([one for one in others if one is not youth])
            self.stage.change_number(youth, other.cprnr)
            return
        self.serial += 1
        born = youth.born if self.chance(0.7) else youth.born - timedelta(self.rng.choice((-400, -1, 1, 400)))
        self.stage.change_number(youth, cprnr(born, self.serial))

    def institution_changes(self) -> None:
        rng, stage = self.rng, self.stage
        nummer = rng.choice((DEPARTMENT, DEPARTMENT, SCHOOL, SCHOOL_751, EFTERSKOLE))
        known = stage.model.institutions[nummer]
        if nummer == DEPARTMENT and self.chance(0.5):
            stage.institution(nummer, main=DEPARTMENT if known.main == GYMNASIUM else GYMNASIUM)
        elif nummer != DEPARTMENT and self.chance(0.4):
            stage.institution(nummer, type3="1013" if known.type3 in {"1011", "1012"} else rng.choice(("1011", "1012")))
        elif self.chance(0.15):
            stage.institution(nummer, in_register=not known.in_register)
        else:
            stage.institution(nummer, kommune=rng.choice(("101", "751", "461")))

    def asked(self) -> None:
        """Let an institution look a youth up; in half of the cases it cancels the course at once."""
        about = self.one_event(lambda event: is_optag(event.said) and event.said.service in ASKED_OF)
        if about is None:
            return self.activity()
        institution, days = about.said.institution_nummer, self.rng.choice((0, 0, 0, 1, 7))
        if self.chance(0.1):
            institution = self.rng.choice((GYMNASIUM, DEPARTMENT, SCHOOL))
        if self.stage.model.institutions[institution].in_register:
            youth = self.one_youth() if self.chance(0.1) else about.youth
            if self.stage.asked_by(institution, youth, days) and self.chance(0.5):
                self.stage.report(replace(about.said, annullering=True, haendelse_nummer=about.nummer))
        return None

    def paalaeg(self) -> None:
        youth = self.one_youth()
        self.stage.report(
            Indberetning(
                service=JOBCENTER,
                cprnr=youth.cprnr,
                institution_nummer=STAR,
                kilde_leverandoer="DFDG",
                handling="Afmeld" if youth.paalaeg else "Opret",
                startdato=self.rng.choice((None, self.instant(self.day(past=True)))),
            )
        )


STEPS: Final = (
    Play.activity,
    Play.cancel,
    Play.repeat_after_change,
    Play.mark,
    Play.contact_time,
    Play.time_passes,
    Play.move,
    Play.new_cprnr,
    Play.institution_changes,
    Play.paalaeg,
    Play.register,
    Play.asked,
)
WEIGHTS: Final = (40, 9, 5, 4, 4, 9, 7, 4, 6, 4, 6, 5)
