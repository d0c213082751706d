"""The step ``fetch``: pages of events as a kommune or DFDG receives them, and what must and must not be in them."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from lxml import etree

from udb.conformance.service import wire
from udb.conformance.service.play import Play
from udb.conformance.shared import pages
from udb.conformance.shared.answers import Answer, texts
from udb.conformance.shared.expect import told, values_wrong
from udb.conformance.shared.scenario import Step
from udb.conformance.shared.transport import LARGEST
from udb.domain import elementer
from udb.domain.services import DATA_TIL_DFDG, DATA_TIL_KOMMUNE

HENT: Final = "HentHaendelser"
MOST_PAGES: Final = 400
START: Final = "start"
FIRST: Final = "UDB-" + "0" * 23
_OPERATIONS: Final = {"star": (DATA_TIL_DFDG, "HentHaendelserDFDG")}


def fetch(play: Play, step: Step) -> list[str]:
    """Fetch, page after page unless ``pages: 1``; return the faults. ``cpr`` looks a youth up, ``after``: by number."""
    answers: list[Answer] = []
    found: list[str] = []
    size = 0
    for answer in _answers(play, step):
        answers.append(answer)
        size += len(answer.reply.body)
        found += answer.wrong if size <= LARGEST else ["Siderne er tilsammen for store."]
        found += wire.fault_wrong(step, answer)
        if found or "fault" in step:
            return found
    codes = frozenset(str(code) for code in step.get("codes", ()))
    if answers[-1].codes() != codes:
        return [f"Forventede {told(sorted(codes))}, fik {told(sorted(answers[-1].codes()))}."]
    found += _pages_wrong(step, answers)
    if "highest" in step:
        wanted = play.value(elementer.HAENDELSE_NUMMER, step["highest"])
        found += values_wrong(answers[-1].texts(elementer.HOEJESTE_HAENDELSE_NUMMER), wanted, "HoejesteHaendelseNummer")
    if "more" in step:
        found += values_wrong(
            answers[-1].texts(elementer.FINDES_FLERE_HAENDELSER), step["more"], "FindesFlereHaendelser"
        )
    return found + _shown_wrong(play, step, answers)


def _answers(play: Play, step: Step) -> Iterator[Answer]:
    role = step["fetch"]
    service, operation = _OPERATIONS.get(role, (DATA_TIL_KOMMUNE, HENT))
    values: dict[str, Any] = {elementer.INSTITUTION_NUMMER: play.stage.places.institutioner[role]}
    if "cpr" in step:
        values[elementer.CPRNR] = play.numbers.get(step["cpr"], step["cpr"])
    asked_with = _asked_with(play, step)
    for _ in range(int(step.get("pages", MOST_PAGES))):
        said = values if asked_with is None else {**values, elementer.HAENDELSE_NUMMER: asked_with}
        answer = play.stage.call(
            service, operation, said, play.transaction(step), play.version(step), step.get("system", "")
        )
        if answer.payload is not None:
            pages.judge(answer, asked_with=asked_with, look_up="cpr" in step)
        yield answer
        if not pages.more(answer) or answer.codes() or elementer.SYSTEM_TRANSACTION_ID in step:
            return
        asked_with = pages.highest(answer) if asked_with is not None else None


def _asked_with(play: Play, step: Step) -> str | None:
    after = step.get("after")
    if after == START:
        return play.begun_after
    if after == "forfra":
        return FIRST
    return None if after is None else str(play.sent[after].number if after in play.sent else after)


def _pages_wrong(step: Step, answers: list[Answer]) -> list[str]:
    numbers = [[number for _, youth in pages.youths(answer) for number, _ in pages.events(youth)] for answer in answers]
    found = []
    everything = [number for page in numbers for number in page]
    if len(set(everything)) != len(everything):
        found.append("Den samme hændelse står på to sider.")
    if "after" in step and any(before and page and max(before) >= min(page) for before, page in pairwise(numbers)):
        found.append("En senere side har et lavere nummer end en tidligere.")
    return found


def _shown_wrong(play: Play, step: Step, answers: list[Answer]) -> list[str]:
    """Return the faults about the scenario's own youths alone; others may live in the kommune too."""
    own = {cprnr: name for name, cprnr in play.numbers.items()}
    youths = [(own[cprnr], youth) for answer in answers for cprnr, youth in pages.youths(answer) if cprnr in own]
    events = [event for _, youth in youths for event in pages.events(youth)]
    found = []
    if "shows" in step:
        shown = [number for number, event in events if not pages.is_cancellation(event)]
        found += _numbers_wrong(play, "Hændelser", shown, step["shows"], ordered=step.get("ordered", True))
    if "cancels" in step:
        cancelled = [
            "".join(texts(event, elementer.ANNULLERET_HAENDELSE_NUMMER))
            for _, event in events
            if pages.is_cancellation(event)
        ]
        found += _numbers_wrong(play, "Annulleringer af", sorted(cancelled), step["cancels"], ordered=False)
    if "kinds" in step:
        kinds = [etree.QName(event).localname for _, event in events]
        found += values_wrong(kinds, step["kinds"], "Slags hændelser")
    found += _values_wrong(play, step, dict(youths), dict(events))
    if "youths" in step:
        found += values_wrong([name for name, _ in youths], step["youths"], "Unge i svaret")
    for text in step.get("hides", ()):
        sought = play.numbers.get(text, text)
        if any(sought.encode() in answer.reply.body for answer in answers):
            found.append(f"Svaret viser »{text}«, som ikke må ses.")
    return found


def _values_wrong(
    play: Play, step: Step, youths: Mapping[str, etree._Element], events: Mapping[str, etree._Element]
) -> list[str]:
    found = []
    for name, wanted in step.get("youth", {}).items():
        found += _below(play, name, youths.get(name), wanted)
    for name, wanted in step.get("event", {}).items():
        found += _below(play, name, events.get(play.sent[name].number or ""), wanted)
    for name, wanted in step.get("order", {}).items():
        event = events.get(play.sent[name].number or "")
        names = [] if event is None else [etree.QName(element).localname for element in event]
        found += values_wrong(names, wanted, f"Elementerne i {name}")
    return found


def _below(play: Play, name: str, element: etree._Element | None, wanted: Mapping[str, Any]) -> list[str]:
    if element is None:
        return [f"{name} er ikke i svaret."]
    found = []
    for path, value in wanted.items():
        found += values_wrong(texts(element, path), play.value(path, value), f"{name}, {path}")
    return found


def _numbers_wrong(play: Play, what: str, shown: list[str], names: list[str], *, ordered: bool) -> list[str]:
    wanted = [play.sent[name].number or "" for name in names]
    known = {sent.number: name for name, sent in play.sent.items()}
    if shown == wanted or (not ordered and sorted(shown) == sorted(wanted)):
        return []
    return [f"{what}: forventede {told(names)}, fik {told([known.get(number, number) for number in shown])}."]
