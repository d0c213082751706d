"""The plant of a school that changed its system, with the findings C1 to C9 of portal 3.31 (docs/spec/sources.md)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from udb.domain.clock import add_years, midnight
from udb.domain.haendelse import AFBRUDT
from udb.domain.kodesaet import COSA
from udb.domain.services import FGU, JOBCENTER
from udb.indberetning.modtagelse import REFUSED
from udb.sandbox.draft import Course
from udb.sandbox.past import schools
from udb.sandbox.past.plants import Plants, Pupil
from udb.sandbox.past.senders import CAUSE, NOTHING_NEW, row
from udb.sandbox.places import STAR_NUMBER
from udb.statistics.system_change.announced import Announcement, announce

MAILBOX: Final = "studieadministration@skole.example"
ANNOUNCED_BY: Final = "sandkasse"
EASY: Final = "EASY-A"
NEW_SOURCE: Final = "Nyt studiesystem"
CARPENTERS: Final = "9100"
CLERKS: Final = "9200"
CLERKS_EUX: Final = "9210"
BASIC_1: Final = "9101"
BASIC_2: Final = ("9102", "9202")
"""The same pupils' code in the old and in the new system."""

SENT_AGAIN: Final = 40
REOPENED: Final = 3
"""C1: of 40 optag that the new system sent again, so many had another date; the others were refused."""
DOUBLE: Final = 5
"""C2"""
ORPHANS: Final = 4
"""C3: of the 40, so many had nothing from the new system."""
ENDED_BEFORE: Final = (5, 6, 4)
ENDED: Final = 31
"""C4: ends around the day of the change, and around that day one, two and three years before."""
STRAGGLERS: Final = 2
"""C6: reports of the old system more than three days after the change."""
LEAVING: Final = {CLERKS: (120, 9), CLERKS_EUX: (40, 2)}
"""C7: open the day before, and how many of them ended in the fourteen days after: 0.925 and 0.95."""
FGU_PUPILS: Final = 3
"""C8: the old system used FGU's service for so many, for which the new one has no agreement."""
CONTACTS: Final = 6
"""C9"""


def plant(plants: Plants) -> None:
    """Add the school's pupils and all that its two systems reported."""
    day = schools.day_of_change(plants.today)
    _carpenters(plants, day)
    for kode, (count, leaving) in LEAVING.items():
        _clerks(plants, day, kode, count, leaving)
    _doubles(plants, day)
    _ended(plants, day)
    _fgu(plants, day)


def store_announcement(connection: Connection, today: date) -> None:
    """Announce the change, two months before its day, so that its checklist can be looked at."""
    day = schools.day_of_change(today)
    wanted = Announcement(schools.CHANGED, schools.OLD, schools.NEW, day, MAILBOX)
    number, wrong = announce(connection, wanted, ANNOUNCED_BY, midnight(day - timedelta(days=60)))
    assert number is not None, wrong


def _carpenters(plants: Plants, day: date) -> None:
    """C1, C3 and C9: the new system sends every optag again, and then changes most of them."""
    for index, pupil in enumerate(_pupils(plants, CARPENTERS, day, SENT_AGAIN)):
        if index < CONTACTS:
            _with_contact(plants, day, pupil)
        again = day + timedelta(days=1)
        if index < SENT_AGAIN - REOPENED:
            refused = row(pupil.optag, REFUSED, schools.NEW, codes=NOTHING_NEW, after=timedelta(0))
            moment = pupil.optag.registered.replace(year=again.year, month=again.month, day=again.day)
            late = (again - pupil.optag.dato).days
            plants.received.append(refused | {"tid": moment, "forsinkelse_dage": late})
            if index < SENT_AGAIN - REOPENED - ORPHANS:
                _other_speciale(plants, pupil, day + timedelta(days=3 + index % 15))
        else:
            _report_new(plants, pupil, day + timedelta(days=7), on=again)


def _with_contact(plants: Plants, day: date, pupil: Pupil) -> None:
    order = Course(JOBCENTER, STAR_NUMBER, "DFDG", {})
    plants.report(pupil.youth, order, day - timedelta(days=220), None, har_uddannelsespaalaeg=True)
    plants.contacts.append((pupil.optag, schools.OLD, day - timedelta(days=200)))


def _clerks(plants: Plants, day: date, kode: str, count: int, leaving: int) -> None:
    """C7, and of the first code C6: some leave, the others have news from the new system."""
    stragglers = STRAGGLERS if kode == CLERKS else 0
    for index, pupil in enumerate(_pupils(plants, kode, day, count)):
        if index >= leaving:
            _other_speciale(plants, pupil, day + timedelta(days=2 + index % 18))
            continue
        by_old = index < stragglers
        left, reported = day + timedelta(days=2), day + timedelta(days=10 + index if by_old else 2)
        system = schools.OLD if by_old else schools.NEW
        plants.report(
            pupil.youth, pupil.optag.course, left, AFBRUDT, on=reported, system=system, afbrudsarsags_kode=CAUSE
        )


def _doubles(plants: Plants, day: date) -> None:
    """C2: the new system codes the pupils otherwise, after the fortnight that C7 looks at."""
    old, new = BASIC_2
    for pupil in _pupils(plants, old, day, DOUBLE, days=150):
        began = day + timedelta(days=16)
        course = plants.course(new, schools.CHANGED, began, NEW_SOURCE)
        plants.report(pupil.youth, course, began, system=schools.NEW)
        # Else the old forløb would be an orphan (C3) too.
        _report_new(plants, pupil, began + timedelta(days=1), frafaldstruet_markering=True)


def _ended(plants: Plants, day: date) -> None:
    """C4, and C5: the old system's last reports before the day are more than a week older."""
    rest = ENDED - sum(leaving for _, leaving in LEAVING.values())
    for index, pupil in enumerate(_pupils(plants, BASIC_1, day, rest, days=130)):
        _leave(plants, pupil, day - timedelta(days=11 + index % 4), schools.OLD)
    for years, count in enumerate(ENDED_BEFORE, 1):
        then = add_years(day, -years)
        for index, pupil in enumerate(_pupils(plants, BASIC_1, then, count, days=130)):
            _leave(plants, pupil, then + timedelta(days=index % 3), schools.OLD)


def _leave(plants: Plants, pupil: Pupil, day: date, system: str, reported: date | None = None) -> None:
    course = pupil.optag.course
    plants.report(pupil.youth, course, day, AFBRUDT, on=reported, system=system, afbrudsarsags_kode=CAUSE)


def _fgu(plants: Plants, day: date) -> None:
    """C8"""
    began = day - timedelta(days=200)
    for _ in range(FGU_PUPILS):
        youth = plants.youth(19, day)
        fields = {"kodesaet": COSA, "kode": "338", "kode_version": plants.world.version("338", began)}
        course = Course(FGU, schools.CHANGED_FGU, EASY, fields)
        left: dict[str, Any] = {"skoleperiode": "BA", "afbrudsarsags_kode": CAUSE}
        plants.report(youth, course, began, system=schools.OLD, skoleperiode="BA")
        plants.report(youth, course, began + timedelta(days=90), AFBRUDT, system=schools.OLD, **left)


def _pupils(plants: Plants, kode: str, day: date, count: int, days: int = 357) -> Iterator[Pupil]:
    """Yield pupils that the old system reported so many days before the change."""
    began = day - timedelta(days=days)
    main: dict[str, Any] = {"speciale": "1"} if kode in {CARPENTERS, *LEAVING} else {}
    for _ in range(count):
        youth = plants.youth(19, began)
        course = plants.course(kode, schools.CHANGED, began, EASY, **main)
        yield Pupil(youth, plants.report(youth, course, began, system=schools.OLD))


def _other_speciale(plants: Plants, pupil: Pupil, day: date) -> None:
    _report_new(plants, pupil, day, speciale="2")


def _report_new(plants: Plants, pupil: Pupil, dato: date, on: date | None = None, **extra: Any) -> None:
    extra |= {"kilde_leverandoer": NEW_SOURCE}
    plants.report(pupil.youth, pupil.optag.course, dato, on=on, system=schools.NEW, **extra)
