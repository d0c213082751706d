"""One sequence: youth, institution and date, drawn again for every step."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.model.words import Event, Youth, birthday
from tests.sequences.cast import BEGINNINGS, CONTENTS, DAYS, EDGES, FOCUS, INSTITUTIONS, LEAP_DAYS, PLACES, PROFILES
from tests.sequences.reporting import NOWHERE, ReportStage
from tests.support.world import KOMMUNE, OTHER_KOMMUNE
from udb.domain.clock import DANISH
from udb.domain.haendelse import Indberetning


def cprnr(born: date, serial: int) -> str:
    """An invented number (day + 60); a seventh digit of 4 is 2000-2036 for years up to 36, else 1937-1999."""
    return f"{born.day + 60}{born:%m%y}4{serial:03}"


class Play:
    """One sequence on a stage."""

    def __init__(self, stage: ReportStage, rng: Random) -> None:
        self.stage = stage
        self.rng = rng
        self.serial = 0
        stage.begin(INSTITUTIONS.values())
        stage.clock(datetime.fromisoformat(rng.choice(BEGINNINGS)))
        for _ in range(3):
            stage.youth(self.new_number(), "01", rng.choice(("101", "101", "101", "751")))
        self.contents = [rng.choice([one for one in CONTENTS if stage.valid_today(one[1])]), rng.choice(CONTENTS)]
        self.places = {service: rng.choice(places) for service, places in FOCUS.items()}
        self.noise = rng.choice((0.1, 1.0))
        self.focus = rng.choice((0.97, 0.97, 0.75))
        self.weights = rng.choice(PROFILES)
        anchor = stage.today
        self.dates = [anchor + timedelta(days) for days in rng.sample(DAYS, 5)]

    # Draws of youths, institutions and dates -------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def odd(self, share: float) -> bool:
        """Return whether to try something that is mostly refused."""
        return self.chance(share * self.noise)

    def new_number(self) -> str:
        today, rng = self.stage.today, self.rng
        self.serial += 1
        if self.chance(0.4 if today.month == 2 else 0.03):
            return cprnr(rng.choice(LEAP_DAYS), self.serial)
        if self.chance(0.2):
            age, days = rng.choice(EDGES)
            return cprnr(birthday(today + timedelta(days), -age), self.serial)
        return cprnr(birthday(today, -rng.choice((16, 17, 17, 19, 22, 26))) - timedelta(100), self.serial)

    def one_youth(self) -> Youth:
        youths = self.stage.model.youths
        return youths[0] if self.chance(self.focus) else self.rng.choice(youths)

    def number_of(self, youth: Youth) -> str:
        if self.odd(0.02):
            return self.rng.choice(("9913011234", "7103074999", "3102064001"))
        if len(youth.numbers) > 1 and self.odd(0.12):
            return self.rng.choice(sorted(youth.numbers))
        return youth.cprnr

    def day(self, *, past: bool = False) -> date:
        """Draw one of few days; ``past``: mostly none after today."""
        day = self._any_day()
        if past and day > self.stage.today and self.chance(0.85):
            day = self.stage.today - timedelta(self.rng.choice((0, 0, 1, 30)))
        return day

    def _any_day(self) -> date:
        known = [event.day for event in self.stage.model.events]
        if known and self.chance(0.4):
            return self.rng.choice(known) + timedelta(
                self.rng.choice((0, 0, 0, -1, 1) if self.chance(0.8) else (100, 101))
            )
        if self.chance(0.15):
            return self.stage.today + timedelta(self.rng.choice(DAYS))
        return self.rng.choice(self.dates)

    def instant(self, day: date) -> datetime:
        if self.chance(0.8):
            return datetime.combine(day, time(), DANISH)
        if self.chance(0.5):
            return datetime.combine(day, time(23, 59, 59))
        return datetime.combine(day, time(), DANISH).astimezone(UTC)

    def place(self, service: str, youth: Youth) -> str:
        if self.odd(0.03):
            return self.rng.choice((*INSTITUTIONS, NOWHERE))
        if service in PLACES:
            return self.rng.choice(PLACES[service]) if self.chance(0.04) else self.places[service][self.chance(0.3)]
        if self.odd(0.12):
            return self.rng.choice((KOMMUNE, OTHER_KOMMUNE))
        return OTHER_KOMMUNE if youth.kommune == "751" else KOMMUNE

    def event(self, wanted: Callable[[Event], bool], share: float) -> Event | None:
        """Draw one of the youths' events, mostly one that is ``wanted``."""
        events = self.stage.model.events
        fit = [event for event in events if wanted(event)]
        if fit and self.chance(share):
            return self.rng.choice(fit[-4:])
        return self.rng.choice(events) if events else None

    @property
    def events(self) -> list[Event]:
        return self.stage.model.events

    def send(self, said: Indberetning) -> None:
        if self.chance(0.05):
            self.stage.ask(said)
        self.stage.report(said)
