"""Compute the fields of an event that the access clauses need (access.md A2, A5, A6, A9, A11).

They follow from the whole history of the youth and from the code sets, so they are computed whenever these change,
under the person's lock, and stored with the event: then access can be a condition on the query.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from udb.domain.completion import VOCATIONAL, completes, in_doubt, with_optag
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.fritagelse import exemptions, up_to_10th_grade
from udb.domain.haendelse import OPTAGET, Haendelse
from udb.domain.kodesaet import KOMMUNE_AKTIVITETER, Kodesaet

# The fields that make a report new, apart from its practice place (rule 5002).
_NEWS: Final = (
    "haendelse_dato",
    "institution_nummer",
    "kode_version",
    "speciale",
    "skoleperiode",
    "elev_trin",
    "klasse_trin",
    "klasse_type",
    "klasse_navn",
)


class Visibility(NamedTuple):
    """The computed fields of one event.

    - ``fuldfoerer``: the education that it completes, unless it is cancelled or repeated
    - ``i_fuldfoert``: its forloeb completes an education for A6 (not when it is in doubt: ``in_doubt``)
    - ``til_10``: a school reported it, about a grade up to the 10th
    - ``vist``: it has more news than a late practice place
    - ``vis_praktiksted``: its practice place may be sent
    - ``aabent_hos``: the main institution at which its forloeb is open
    - ``dato_optag``: for an afbrud or gennemfoert, the day its forloeb began (contract 5.1)
    - ``fritager_foer``: for an admission to a class which exempts from eIndkomst, the day on which the exemption ends
      (``udb.domain.fritagelse``)
    - ``vises_under_25``: the feed may show it before the youth's 25th birthday (A6, A9)
    - ``vises_over_25``: it may from that birthday on (A5, A9), if A4 lets it
    """

    fuldfoerer: str | None
    i_fuldfoert: bool
    til_10: bool
    vist: bool
    vis_praktiksted: bool
    aabent_hos: str | None
    dato_optag: date | None = None
    fritager_foer: date | None = None
    vises_under_25: bool = False
    vises_over_25: bool = False


NOTHING: Final = Visibility(
    fuldfoerer=None, i_fuldfoert=False, til_10=False, vist=False, vis_praktiksted=False, aabent_hos=None
)
"""The values for a report that a repetition has replaced."""
FIELDS: Final = Visibility._fields
_NOT_ACCESS: Final = frozenset({"dato_optag", "aabent_hos", "fritager_foer", "vises_under_25", "vises_over_25"})
ACCESS: Final = tuple(name for name in FIELDS if name not in _NOT_ACCESS)
"""The fields that decide which recipients receive an event in the feed without criterion.

Of the other fields, one is sent with the event, one decides what institutions see (they read by number alone), one
decides for which youths eIndkomst is computed, and two say where an index finds what the others decide.
"""


def visibility(events: Iterable[Haendelse], codes: Kodesaet) -> dict[str, Visibility]:
    """Return the computed fields of every event of one person, by number.

    A cancelled report and its cancellation have the values that the report would have without that cancellation
    (contract 5.1), except that a cancelled report completes nothing.
    """
    history = {event.nummer: event for event in events}
    found = _of_standing(history.values(), codes)
    for event in [one for one in history.values() if one.annullering]:
        if event.annulleret_haendelse_nummer in history:
            report = history[event.annulleret_haendelse_nummer]
            restored = report.but(annulleret=False, gentaget=False)
            would_be = _of_standing((history | {report.nummer: restored}).values(), codes)[report.nummer]
            found[event.nummer] = found[report.nummer] = would_be._replace(
                fuldfoerer=None, dato_optag=None, fritager_foer=None
            )
    return _with_ages(history, {nummer: found.get(nummer, NOTHING) for nummer in history})


def _with_ages(history: Mapping[str, Haendelse], found: Mapping[str, Visibility]) -> dict[str, Visibility]:
    """Return the values with ``vises_under_25`` and ``vises_over_25``, which follow from the others of all events.

    They are the clauses A5, A6 and A9 of the feed; of a cancellation always true, because a recipient that fetched the
    report is sent it whatever they say (contract 5.1).
    """
    completed = any(seen.fuldfoerer is not None and seen.i_fuldfoert for seen in found.values())
    vocational = [
        (history[nummer].haendelse_dato, nummer) for nummer, seen in found.items() if seen.fuldfoerer in VOCATIONAL
    ]
    first = min(vocational, default=None)
    made = {}
    for nummer, seen in found.items():
        event = history[nummer]
        later = first is not None and first < (event.haendelse_dato, event.annulleret_haendelse_nummer or nummer)
        made[nummer] = seen._replace(
            vises_under_25=event.annullering or (seen.vist and (seen.i_fuldfoert or not completed)),
            vises_over_25=event.annullering or (seen.vist and not later),
        )
    return made


def _of_standing(events: Iterable[Haendelse], codes: Kodesaet) -> dict[str, Visibility]:
    # All events: a mark may name a report that a repetition has replaced.
    events = list(events)
    found: dict[str, Visibility] = {}
    courses = all_forloeb(events)
    up_to_10th = {event.nummer for event in events if up_to_10th_grade(event, codes)}
    exempt = exemptions(courses, up_to_10th, codes)
    begun = with_optag(courses)
    for forloeb in courses:
        completed = {member.nummer: completes(member, codes) for member in forloeb.events}
        whole = any(completed.values()) and not in_doubt(forloeb, begun)
        open_at, dato_optag = forloeb.open_at, forloeb.dato_optag
        # A9: only the practice place of the forloeb's first valid Status 1 report may be sent.
        opener = next((one for one in forloeb.events if one.status == OPTAGET), None)
        for one in (*forloeb.events, *forloeb.marks):
            what = completed[one.nummer] if one.nummer in completed else completes(one, codes)
            found[one.nummer] = Visibility(
                fuldfoerer=what,
                i_fuldfoert=whole,
                til_10=_of_school(one, up_to_10th),
                vist=one is opener or not _only_late_practice(one, forloeb),
                vis_praktiksted=one is opener,
                aabent_hos=open_at,
                # A kommune's mark has none.
                dato_optag=None if one.status == OPTAGET or one.ifoelge_kommunen is not None else dato_optag,
                fritager_foer=exempt.get(one.nummer),
            )
    for event in events:
        if event.standing and event.nummer not in found:
            found[event.nummer] = Visibility(
                fuldfoerer=completes(event, codes),
                i_fuldfoert=False,
                til_10=_of_school(event, up_to_10th),
                vist=True,
                vis_praktiksted=False,
                aabent_hos=None,
            )
    return found


def _of_school(event: Haendelse, up_to_10th: Collection[str]) -> bool:
    """A2: what a kommune reports belongs to no school."""
    return event.nummer in up_to_10th and event.kodesaet != KOMMUNE_AKTIVITETER


def _only_late_practice(event: Haendelse, forloeb: Forloeb) -> bool:
    """Return whether the only news is a practice place reported after the optag (A9).

    ``event`` does not open the forloeb.
    """
    if event.praktiksted is None or event.status != OPTAGET:
        return False
    earlier = forloeb.events[: forloeb.events.index(event)]
    return any(one.status == OPTAGET and _says_all_of(one, event) for one in earlier)


def _says_all_of(one: Haendelse, event: Haendelse) -> bool:
    """Return whether ``one`` has all values of ``event``, apart from the practice place; a field that ``event`` leaves
    out agrees, and an absent mark counts as false (5002).
    """
    return (
        one.risk == event.risk
        and event.gennemfoert_hf in {None, bool(one.gennemfoert_hf)}
        and all((value := getattr(event, name)) is None or value == getattr(one, name) for name in _NEWS)
    )
