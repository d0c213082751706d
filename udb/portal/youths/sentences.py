"""The sentences of a youth's page: the situation, the employment, and the rules that bear on the youth."""

from collections.abc import Sequence
from typing import Final

from udb.domain.clock import day_in_words, month_end
from udb.domain.haendelse import AFBRUDT
from udb.domain.kodesaet import AFBRUDSAARSAGER
from udb.hentning.kommune.youth import YouthPage
from udb.portal.youths.courses import title_of
from udb.statistics.definitions.courses import Course, Slags
from udb.statistics.definitions.situation import IN_WORDS, Situation

MONTHS: Final = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_IN_COURSE: Final = {
    Situation.GRUNDSKOLE: (Slags.GRUNDSKOLE,),
    Situation.UNGDOMSUDDANNELSE: (Slags.UNGDOMSUDDANNELSE,),
    Situation.VIDEREGAAENDE: (Slags.VIDEREGAAENDE,),
    Situation.FORBEREDENDE: (Slags.FORBEREDENDE, Slags.UDDANNELSE),
    Situation.FRITAGET: (Slags.FRITAGET, Slags.SYGDOM, Slags.FORANSTALTNING),
    Situation.UDLAND: (Slags.UDLAND,),
    Situation.PRAKTIK: (Slags.PRAKTIK,),
}
_BY_WORK: Final = frozenset({Situation.JOB, Situation.DELTID, Situation.UDEN})


def situation_of(found: YouthPage) -> str:
    """Return the youth's situation in a sentence."""
    now, today = found.seen.situation, found.caller.today
    said = IN_WORDS[now]
    if now in {Situation.JOB, Situation.DELTID} and found.seen.youth.work.grad:
        said = f"{said} ({found.seen.youth.work.grad} %)"
    if now in _IN_COURSE:
        open_ones = [one for one in found.seen.courses if one.slags in _IN_COURSE[now] and one.is_open(today)]
        said += _since(max(open_ones, key=_begun), found) if open_ones else ""
    elif now in _BY_WORK:
        ended = [one for one in found.seen.courses if one.til is not None and one.til <= today]
        said += _after(max(ended, key=lambda one: (one.til or today).toordinal()), found) if ended else ""
    missing = _not_delivered(found)
    return f"{said} (beskæftigelse for {missing} er ikke leveret)." if missing and now in _BY_WORK else f"{said}."


def _begun(course: Course) -> int:
    return course.fra.toordinal() if course.fra else 0


def _since(course: Course, found: YouthPage) -> str:
    if course.forloeb is None or course.fra is None:
        return ""
    event = course.forloeb.events[-1]
    where = found.institutioner.get(event.institution_nummer, (event.institution_nummer, ""))[0]
    return f" siden {day_in_words(course.fra)}: {title_of(event, found.codes)}, {where}"


def _after(course: Course, found: YouthPage) -> str:
    if course.forloeb is None or course.forloeb.end is None:
        return ""
    end = course.forloeb.end
    where = found.institutioner.get(end.institution_nummer, (end.institution_nummer, ""))[0]
    how = "afbrudt" if end.status == AFBRUDT else "gennemført"
    cause = ""
    if end.afbrudsarsags_kode:
        row = found.codes.describing(AFBRUDSAARSAGER, end.afbrudsarsags_kode, end.haendelse_dato)
        cause = f", årsag {row.tekst if row is not None else end.afbrudsarsags_kode}"
    return f" siden {day_in_words(end.haendelse_dato)} ({how} {title_of(end, found.codes)} på {where}{cause})"


def _not_delivered(found: YouthPage) -> str:
    """Return the name of the month of today, when eIndkomst has not delivered it for a youth it is delivered for."""
    today = found.caller.today
    if found.seen.turns_25 <= today or found.maaned == month_end(today):
        return ""
    return MONTHS[today.month - 1]


def employment(found: YouthPage) -> str:
    """Return the youth's employment in the last delivered month."""
    if found.seen.turns_25 <= found.caller.today:
        return "Ukendt: eIndkomst dækker 15-24-årige."
    work, missing = found.seen.youth.work, _not_delivered(found)
    later = f"; {missing} er ikke leveret" if missing else ""
    if work.maaned is None:
        return f"Ingen måned er leveret{later}."
    rows = [one for one in found.svar.haendelse_beskaeftigelses_forloeb if one.haendelse_dato <= work.maaned]
    latest = max(rows, key=lambda row: (row.haendelse_dato, row.nummer), default=None)
    words = {"Deltidsbeskaeftiget": "Deltid", "Fuldtidsbeskaeftiget": "Fuld tid"}
    status = words.get(latest.status_beskaeftigelse or "", "Ikke beskæftiget") if latest is not None else "Intet vist"
    grad = f" ({work.grad} %)" if work.grad else ""
    return f"{status}{grad} pr. {day_in_words(work.maaned)}{later}."


def limits(*, over_25: bool, has_level: bool) -> Sequence[str]:
    """Return the rules that bear on a youth, by age and level alone: nothing depends on what they withhold."""
    if over_25:
        more = (
            ["Har den unge fuldført en erhvervskompetencegivende uddannelse, vises senere hændelser ikke (V 5)."]
            if has_level
            else []
        )
        return ["Den unge er fyldt 25 år: hændelser før 25-års-dagen vises ikke (V 5).", *more]
    if has_level:
        return ["Den unge har fuldført en uddannelse: senere hændelser vises kun, hvis forløbet er fuldført (V 5, 7)."]
    return ["Den unge er under 25 år og har ikke fuldført en uddannelse: alt, der gælder, vises."]
