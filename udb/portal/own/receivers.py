"""Who was given the youth's data, when and what for, in words: by month, and never an employee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from udb.callers.systems import WEB
from udb.domain.clock import danish_date, day_in_words, month_in_words
from udb.hentning.own.overview import Overview
from udb.portal.own.people import name_of
from udb.portal.own.words import ABOUT_YOU, ALL_NEW, BROWSER, DONE, LOOK_UP, LOOKED_FOR, OPERATOR, OWN_LOOKS, RESULTS
from udb.readlog.grouped import Group, Kind, What, by_month

YOURSELF: Final = "Dig selv"
_BOTH_WAYS: Final = "HentHaendelser"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Alike rows of one month. ``when``: the day, or how many times in the month."""

    month: str
    when: str
    who: str
    system: str
    what: str
    count: int


def receivers(overview: Overview) -> Mapping[Kind, Mapping[str, Sequence[Receiver]]]:
    """Return every row of the read log in exactly one line, by kind and month, the latest first."""
    found: dict[Kind, dict[str, list[Receiver]]] = {kind: {} for kind in Kind}
    for group in by_month(overview.readings, overview.alone):
        line = _receiver(overview, group)
        found[group.what.kind].setdefault(line.month, []).append(line)
    return found


def _receiver(overview: Overview, group: Group) -> Receiver:
    what, last = group.what, danish_date(group.times[-1])
    month = month_in_words(last)
    when = day_in_words(last) if group.count == 1 else f"{group.count} gange i {month}"
    return Receiver(month, when, _who(overview, what), _system(overview, what), what_for(what), group.count)


def _who(overview: Overview, what: What) -> str:
    if what.kind is Kind.OWN:
        return YOURSELF
    if what.system_id is None:
        return OPERATOR
    return name_of(overview, what.institution_nummer) if what.institution_nummer else OPERATOR


def _system(overview: Overview, what: What) -> str:
    if what.system_id is None:
        return ""
    return BROWSER if what.system_id == WEB else overview.names.systems.get(what.system_id, what.system_id)


def what_for(what: What) -> str:
    """Return what the rows of a group were for, in words."""
    if what.kind is Kind.OWN:
        return OWN_LOOKS.get(what.operation) or LOOKED_FOR[what.formaal or ""]
    if what.operation == _BOTH_WAYS:
        if what.kind is Kind.REFUSED:
            # What is refused with a youth's name in the log is a look-up.
            return LOOK_UP
        return ABOUT_YOU if what.alone else ALL_NEW
    done = DONE.get(what.operation)
    looked_for = LOOKED_FOR.get(what.formaal or "")
    result = RESULTS.get(what.klausul or "", "") if what.kind is Kind.REPORTED else ""
    return ", ".join(part for part in (looked_for if done is None else done, result) if part) or "andet"
