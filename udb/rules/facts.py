"""Everything that a rule may use, as one immutable value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Final

from udb.domain.bevis import NO_BEVISER, Beviser
from udb.domain.forloeb import Forloeb, by_place, group
from udb.domain.haendelse import Haendelse, Indberetning, Key, key_of
from udb.domain.kodesaet import AKTIVITETSGRUPPER, COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS, Kodesaet
from udb.domain.persons import Institution, Person
from udb.domain.services import FGU


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of a report in the youth's history.

    ``twin``: after a number change, the valid report that this one repeats (V 1.4); this one is then judged as if it
    were reported in the twin's place. ``earlier``: the valid events of lower place, by which sections 3 to 5 judge.
    ``forloeb``: the forloeb of the report's key among them.
    """

    key: Key | None
    twin: Haendelse | None
    earlier: tuple[Haendelse, ...]
    forloeb: tuple[Forloeb, ...]

    @property
    def last(self) -> Forloeb | None:
        """The forloeb of the key that began last."""
        return self.forloeb[-1] if self.forloeb else None

    @property
    def open(self) -> Forloeb | None:
        """The open forloeb of the key."""
        return self.last if self.last is not None and self.last.open else None


UNPLACED: Final = Placement(None, None, (), ())
"""The placement of a report whose youth, institution or code is not known well enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rules judge one report by.

    ``events``: all events of the person in any order, including cancelled and repeated ones and cancellations.
    ``key_reused``: a report with other content was accepted under the same call key (9001). ``registered``: the caller
    has registered something about the youth, of the kind that the message's service registers. ``visible``: the
    numbers of those events that the calling kommune sees in the look-up, where a rule asks. ``paalaeg``: the youth has
    an uddannelsespaalaeg, that is a job centre's active subscription. ``beviser``: the person's diplomas, where a rule
    needs them. ``opens_before``: an institution's open forloeb counts if it was registered before this instant; None:
    each does (``udb.domain.registered``). ``placement``: see ``placed``.
    """

    today: date
    invented_cpr_allowed: bool
    person: Person | None
    institution: Institution | None
    codes: Kodesaet
    events: tuple[Haendelse, ...] = ()
    key_reused: bool = False
    registered: bool = False
    visible: frozenset[str] = frozenset()
    paalaeg: bool = False
    opens_before: datetime | None = None
    beviser: Beviser = NO_BEVISER
    placement: Placement = UNPLACED

    @property
    def hovedinstitution(self) -> str | None:
        """The reporting institution's main institution by today's register."""
        return self.institution.hovedinstitution if self.institution else None

    def event(self, nummer: str | None) -> Haendelse | None:
        """Return an event of this person by number, valid or not; None when there is none."""
        return next((event for event in self.events if event.nummer == nummer), None)


CODE_FIELDS: Final[Mapping[str, str]] = {
    COSA: "cosa_formaal",
    FORBEREDENDE: "forberedende_aktivitets_kode",
    ELEVTRIN: "elev_trin",
    STADS: "stads_kode",
    KOMMUNE_AKTIVITETER: "kommune_aktivitets_kode",
    AKTIVITETSGRUPPER: "aktivitetsgruppe_kode",
}
"""Code set -> the attribute of a report that names a code of it."""


def education_code(report: Indberetning) -> tuple[str, str] | None:
    """Return the code set and code of a report's forloeb key (rules.md, Forloeb); None unless it has exactly one."""
    named = [(saet, str(kode)) for saet, kode in zip(CODE_FIELDS, _codes(report), strict=True) if kode is not None]
    return named[0] if len(named) == 1 else None


_codes: Final = attrgetter(*CODE_FIELDS.values())


def placed(facts: Facts, report: Indberetning) -> Facts:
    """Return the facts with the report's place in the youth's history computed."""
    return replace(facts, placement=placement(report, facts.person, facts.institution, facts.events))


def placement(
    report: Indberetning, person: Person | None, institution: Institution | None, events: Iterable[Haendelse]
) -> Placement:
    """Return a report's place in the youth's history. ``events``: all of the person's."""
    code = education_code(report)
    if person is None or institution is None or not institution.in_register or code is None or report.annullering:
        return UNPLACED
    key = key_of(*code, institution.hovedinstitution)
    standing = by_place(events)
    twin = _twin(report, key, person, institution, standing)
    earlier = tuple(standing if twin is None else [event for event in standing if event.plads < twin.plads])
    members = [
        event for event in earlier if event.kode == key.kode and event.key == key and event.ifoelge_kommunen is None
    ]
    return Placement(key, twin, earlier, tuple(group(key, members)))


def _twin(
    report: Indberetning, key: Key, person: Person, institution: Institution, standing: Iterable[Haendelse]
) -> Haendelse | None:
    """Return the valid report under an earlier number that this report repeats under the current number (V 1.4)."""
    if report.cprnr != person.cprnr:
        return None
    for event in standing:
        if (
            event.cprnr != person.cprnr
            and event.service == report.service
            and event.key == key
            and event.hovedinstitution == institution.hovedinstitution
            and event.status == report.status
            and event.haendelse_dato == report.dato
            and event.risk == report.risk
            and (
                report.service != FGU or (event.skoleperiode, event.speciale) == (report.skoleperiode, report.speciale)
            )
        ):
            return event
    return None
