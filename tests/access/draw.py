"""What happens next: few youths, institutions, codes and dates, so that the interesting is common."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from tests.access.model import Caller
from tests.access.stage import (
    CALLERS,
    HOME,
    NEW_SYSTEM,
    OTHER,
    SMALL_PAGE,
    STAR,
    START,
    THIRD,
    THIRD_KOMMUNE,
    Stage,
)
from tests.model.forloeb import course_with
from tests.model.words import AFBRUDT, RESIDENT, Event, Institution, Youth, birthday, is_optag
from tests.world import DEPARTMENT, EUD_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL, UNIVERSITY
from udb.clock import DANISH
from udb.haendelse import Indberetning
from udb.services import (
    EDUCATION,
    FORBEREDENDE_AKTIVITET,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)

SCHOOL_751: Final = "449751"
EFTERSKOLE: Final = "452751"
INSTITUTIONS: Final = (
    Institution(KOMMUNE, KOMMUNE, "KOM", "101"),
    Institution(OTHER_KOMMUNE, OTHER_KOMMUNE, "KOM", "751"),
    Institution(THIRD_KOMMUNE, THIRD_KOMMUNE, "KOM", "461"),
    Institution(STAR, STAR, "STAR", "101"),
    Institution(GYMNASIUM, GYMNASIUM, "1021", "101"),
    Institution(DEPARTMENT, GYMNASIUM, "1021", "751"),
    Institution(EUD_SCHOOL, EUD_SCHOOL, "1031", "101"),
    Institution(UNIVERSITY, UNIVERSITY, "1083", "101"),
    Institution(SCHOOL, SCHOOL, "1013", "101"),
    Institution(SCHOOL_751, SCHOOL_751, "1013", "751"),
    Institution(EFTERSKOLE, EFTERSKOLE, "1012", "751"),
)
KOMMUNE_OF: Final = {"101": KOMMUNE, "751": OTHER_KOMMUNE, "461": THIRD_KOMMUNE}

GRADES: Final[tuple[dict[str, Any], ...]] = (
    {"elev_trin": 9, "klasse_trin": 9, "klasse_type": "40"},
    {"elev_trin": 10, "klasse_trin": 10, "klasse_type": "40", "klasse_navn": "10A"},
    {"elev_trin": 10, "klasse_trin": 10, "klasse_type": "45"},
    {"elev_trin": 10, "klasse_trin": 9, "klasse_type": "46"},
    {"elev_trin": 11, "klasse_trin": 10, "klasse_type": "45"},
)
ACTIVITIES: Final = ({"forberedende_aktivitets_kode": code} for code in ("9010", "9011", "0300"))
SCHOOL_LIFE: Final = tuple((FORBEREDENDE_AKTIVITET, content) for content in (*GRADES, *ACTIVITIES))
EDUCATIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3009", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3017", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9100", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9200", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "2542", "cosa_formaal_version": 1}),
    (VIDEREGAAENDE, {"stads_kode": "9301"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K01"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K03"}),
)
PLACES: Final = {
    FORBEREDENDE_AKTIVITET: (SCHOOL, SCHOOL_751, SCHOOL_751, EFTERSKOLE, GYMNASIUM, DEPARTMENT),
    UNGDOMSUDDANNELSE: (GYMNASIUM, GYMNASIUM, DEPARTMENT, EUD_SCHOOL),
    VIDEREGAAENDE: (UNIVERSITY,),
}
BEGINNINGS: Final = (date(2026, 8, 10), date(2025, 2, 27), date(2026, 10, 24))
AGES: Final = (15, 16, 17, 20, 24, 25, 25, 25, 26, 26, 30)
TIMES: Final = (time(0, 0, 5), time(8), time(23, 30))


def cprnr(born: date, serial: int) -> str:
    """An invented number (day + 60); a seventh digit of 4 is 2000-2036 for years up to 36, else 1937-1999."""
    return f"{born.day + 60}{born:%m%y}4{serial:03}"


class Play:
    """One history, drawn from a seed."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.rng = stage, Random(seed)
        self.serial = 100
        stage.begin(INSTITUTIONS)
        stage.told.append(f"seed {seed}")
        start = self.rng.choice(BEGINNINGS)
        stage.clock(datetime.combine(start, time(8), DANISH))
        for _ in range(self.rng.choice((2, 8, 16))):
            self.newcomer()
        self.contents = self.rng.sample((*SCHOOL_LIFE, *EDUCATIONS), 4)
        self.days = sorted(
            {start + timedelta(self.rng.choice((-400, -200, -30, -2, -1, 0, 0, 1, 30, 200))) for _ in range(4)}
            | {
                birthday(youth.born, 25) + timedelta(self.rng.choice((-1, 0, 1)))
                for youth in stage.known.youths
                if abs((birthday(youth.born, 25) - start).days) < 800
            }
        )

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def newcomer(self) -> None:
        self.serial += 1
        age = self.rng.choice(AGES)
        days = self.rng.choice((-300, -40, -2, -1, 0, 0, 1, 2, 20, 200))
        then = self.stage.today + timedelta(days)
        born = then.replace(year=then.year - age) if (then.month, then.day) != (2, 29) else date(then.year - age, 3, 1)
        status = self.rng.choices(("01", "03", "80"), (90, 8, 2))[0]
        self.stage.youth(cprnr(born, self.serial), status, self.rng.choice(("101", "101", "751", "461")))

    # What happens -----------------------------------------------------------------------------------------------------

    def one_youth(self) -> Youth:
        return self.rng.choice(self.stage.known.youths)

    def day(self, *, past: bool) -> date:
        known = [event.day for event in self.stage.known.events]
        day = self.rng.choice(known) if known and self.chance(0.4) else self.rng.choice(self.days)
        return min(day, self.stage.today) if past and self.chance(0.95) else day

    def run(self) -> None:
        """The whole history, with fetches in between and a sweep at its end."""
        steps = 10 + 7 * len(self.stage.known.youths)
        for _ in range(steps):
            self.step()
            if self.chance(20 / steps):
                self.fetch()
        self.sweep()

    def step(self) -> None:
        self.rng.choices(STEPS, WEIGHTS)[0](self)

    def activity(self) -> None:
        rng, youth = self.rng, self.one_youth()
        service, content = rng.choice(self.contents)
        begun = [
            event
            for event in self.stage.known.events_of(youth)
            if event.stands and is_optag(event.said) and event.said.service in {*EDUCATION, KOMMUNE_AKTIVITET}
        ]
        said = Indberetning(
            service=service,
            cprnr=youth.cprnr,
            institution_nummer=self.place(service, youth),
            haendelse_dato=self.instant(self.day(past=False)),
            status=1,
            kilde_leverandoer="LUDUS",
            frafaldstruet_markering=rng.choice((None, None, None, None, False, True)),
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
            afbrudsarsags_kode=self.rng.choice(("1", "2")) if status == AFBRUDT else None,
            gennemfoert_hf=hf,
            praktiksted=place if said.service == UNGDOMSUDDANNELSE else None,
            frafaldstruet_markering=None,
        )

    def update(self, said: Indberetning) -> Indberetning:
        """The same optag with a little that is new: often only a practice place."""
        rng = self.rng
        if said.service == UNGDOMSUDDANNELSE:
            said = replace(
                said, praktiksted=rng.choice(("X", "Y", "Z")), gennemfoert_hf=rng.choice((None, None, False))
            )
            return replace(said, speciale=rng.choice((None, said.speciale, "B"))) if self.chance(0.5) else said
        if self.chance(0.5):
            return replace(said, frafaldstruet_markering=True, haendelse_dato=self.instant(self.day(past=True)))
        return replace(said, haendelse_dato=self.instant(self.day(past=False)))

    def place(self, service: str, youth: Youth) -> str:
        if service in PLACES:
            return self.rng.choice(PLACES[service])
        return KOMMUNE_OF[youth.kommune or "101"]

    def instant(self, day: date) -> datetime:
        return datetime.combine(day, time(), DANISH)

    def one_event(self, wanted: Any) -> Event | None:
        fit = [event for event in self.stage.known.events if event.stands and wanted(event)]
        return self.rng.choice(fit) if fit else None

    def cancel(self) -> None:
        event = self.one_event(lambda _: True)
        if event is None:
            return self.activity()
        said = replace(event.said, annullering=True, haendelse_nummer=event.nummer)
        self.stage.report(said)
        return None

    def repeat_after_change(self) -> None:
        """The report that V 1.4 asks for when a number has changed."""
        event = self.one_event(lambda event: event.said.cprnr != event.youth.cprnr)
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
            course = course_with(self.stage.known, event) if is_optag(event.said) else None
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
        edges = [birthday(youth.born, age) for youth in self.stage.known.youths for age in (15, 25, 25, 30)]
        near = [day for day in edges if timedelta(0) <= day - today < timedelta(420)]
        day = today + timedelta(rng.choice((0, 1, 1, 30)))
        if near and self.chance(0.7):
            day = rng.choice(near) - timedelta(rng.choice((0, 0, 0, 1)))
        later = datetime.combine(day, rng.choice(TIMES), DANISH)
        if later > self.stage.now:
            self.stage.clock(later)

    def move(self) -> None:
        status = self.rng.choices(("01", "03", "80", "90"), (85, 5, 7, 3))[0]
        self.stage.youth(self.one_youth().cprnr, status, self.rng.choice(("101", "101", "751", "461")))

    def new_cprnr(self) -> None:
        youth, others = self.one_youth(), self.stage.known.youths
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
        known = stage.known.institutions[nummer]
        if nummer == DEPARTMENT and self.chance(0.5):
            stage.institution(nummer, main=DEPARTMENT if known.main == GYMNASIUM else GYMNASIUM)
        elif nummer != DEPARTMENT and self.chance(0.4):
            stage.institution(nummer, type3="1013" if known.type3 in {"1011", "1012"} else rng.choice(("1011", "1012")))
        elif self.chance(0.15):
            stage.institution(nummer, in_register=not known.in_register)
        else:
            stage.institution(nummer, kommune=rng.choice(("101", "751", "461")))

    def paalaeg(self) -> None:
        youth = self.one_youth()
        self.stage.paalaeg(youth, on=not youth.paalaeg)

    # What is asked ----------------------------------------------------------------------------------------------------

    def fetch(self) -> None:
        caller = self.rng.choices(CALLERS, (5, 4, 1, 2, 3))[0]
        size = self.rng.choice((1, SMALL_PAGE, 1000, 1000))
        if self.chance(0.7):
            self.stage.all_new(caller, size)
        else:
            self.stage.by_number(caller, self.number(), size)

    def number(self) -> str:
        numbers = [event.nummer for event in self.stage.known.events]
        return self.rng.choice((START, START, "UDB-" + "9" * 23, *numbers[-4:]))

    def sweep(self) -> None:
        """Every caller in every mode."""
        for caller in CALLERS:
            self.stage.by_number(caller, START)
            self.stage.by_number(caller, self.number(), SMALL_PAGE)
            self.stage.all_new(caller, SMALL_PAGE)
            self.stage.all_new(caller)
        self.look_ups()
        self.new_system()

    def look_ups(self) -> None:
        """Every number from the home kommune, and half of the others."""
        for caller in (HOME, OTHER, THIRD):
            for youth in list(self.stage.known.youths):
                for number in sorted(youth.numbers):
                    if youth.kommune == caller.kommune or self.chance(0.5):
                        self.stage.look_up(caller, number)

    def new_system(self) -> None:
        """What a new system of the home kommune is given of a youth without cancellations is what the look-up shows,
        less what completed educations keep from the feed.
        """
        stage = self.stage
        given = {
            caller.kommune: {ung.cprnr: ung for ung in stage.all_new(Caller(NEW_SYSTEM, caller.nummer, caller.kommune))}
            for caller in (HOME, OTHER, THIRD)
        }
        cancelled = {one.of.youth for one in stage.known.cancellations}
        for youth in stage.known.youths:
            if youth in cancelled or youth.status not in RESIDENT:
                continue
            caller = next(caller for caller in (HOME, OTHER, THIRD) if caller.kommune == youth.kommune)
            shown = stage.look_up(caller, youth.cprnr)
            fed = given[youth.kommune].get(youth.cprnr)
            kept_back = not youth.turned(25, stage.today) and stage.completed(youth)
            seen = [*shown[0].education, *shown[0].contact_times] if shown else []
            got = [*fed.education, *fed.contact_times] if fed else []
            assert all(event in seen for event in got), stage.story(youth.cprnr, seen, got)
            assert got == seen or kept_back, stage.story(youth.cprnr, seen, got)


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
)
WEIGHTS: Final = (40, 9, 5, 4, 4, 9, 7, 4, 6, 4)
