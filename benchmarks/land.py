"""An invented land for the benchmarks: kommuner with a school each, and a youth for every report."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Engine, insert, select, text

from tests.support.world import GYMNASIUM, World
from udb.domain.cpr import birthdays
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.sandbox import mark
from udb.store import state
from udb.store.engine import writing
from udb.store.tables import cprnummer, person

_FIRST_BORN: Final = date(2005, 1, 1)
_SERIALS: Final = range(4000, 9900)
_HEAD: Final = {"HaendelseDato": "2026-08-10T00:00:00", "Status": "1", "KildeLeverandoer": "LUDUS"}
_UDDANNELSE: Final = {"Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": "2"}, "Annullering": "false"}
_SCHOOL: Final = {"ElevTrin": "10", "KlasseTrin": "10", "KlasseType": "40", "KlasseNavn": "10A", "Annullering": "false"}


@dataclass(frozen=True, slots=True)
class Task:
    """One report, and the kommuner that may see it."""

    service: str
    payload: dict[str, Any]
    seen_by: frozenset[str]

    @property
    def key(self) -> str:
        """The call key of the report."""
        return f"indberetning {self.payload['CPRNr']}"


@dataclass(frozen=True, slots=True)
class Kommune:
    """A kommune with its code, and the school in it."""

    nummer: str
    kode: str
    school: str


def kommuner(count: int) -> list[Kommune]:
    """Return this many kommuner."""
    return [Kommune(f"28{2000 + i}", str(201 + i), f"44{2000 + i}") for i in range(count)]


def tasks(count: int, there: list[Kommune]) -> list[Task]:
    """Half of the youths begin at a gymnasium, which only the home kommune sees; the others in the 10th grade, often in
    another kommune, which then sees it too.
    """
    made = []
    for i, cprnr in zip(range(count), _cprnrs(), strict=False):
        home, school = there[i % len(there)], there[(i * 7 + 3) % len(there)]
        if i % 2:
            payload = {"CPRNr": cprnr, "InstitutionNummer": GYMNASIUM, **_HEAD, **_UDDANNELSE}
            made.append(Task(UNGDOMSUDDANNELSE, payload, frozenset({home.nummer})))
        else:
            payload = {"CPRNr": cprnr, "InstitutionNummer": school.school, **_HEAD, **_SCHOOL}
            made.append(Task(FORBEREDENDE_AKTIVITET, payload, frozenset({home.nummer, school.nummer})))
    return made


def _cprnrs() -> Iterator[str]:
    for i in range(len(_SERIALS) * 1000):
        born = _FIRST_BORN + timedelta(days=i % 1000)
        yield f"{born.day + 60:02}{born:%m%y}{_SERIALS[i // 1000]}"


def build(engine: Engine, there: list[Kommune], reports: list[Task]) -> None:
    """Build the world of the tests with these kommuner, schools and youths, as a sandbox's database."""
    world = World(engine)
    world.build()
    for kommune in there:
        world.institution(kommune.nummer, type3="KOM", kommune=kommune.kode)
        world.institution(kommune.school, type3="1013", kommune=kommune.kode)
    rows = []
    for i, task in enumerate(reports):
        cprnr = task.payload["CPRNr"]
        born = date(2000 + int(cprnr[4:6]), int(cprnr[2:4]), int(cprnr[:2]) - 60)
        kode = there[i % len(there)].kode
        rows.append({"cprnr": cprnr, "status": "01", "kommunekode": kode, **asdict(birthdays(born))})
    with writing(engine) as connection:
        state.write(connection, mark.SANDBOX, {})
        connection.execute(insert(person), rows)
        added = select(person.c.cprnr, person.c.id)
        connection.execute(insert(cprnummer).from_select(["cprnr", "person_id"], added))
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
