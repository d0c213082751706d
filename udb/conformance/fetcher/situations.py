"""The situations of ``udb conformance fetcher``, in the order in which they come."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from udb.conformance.fetcher import calls
from udb.conformance.fetcher.calls import Fetch
from udb.conformance.fetcher.judge import (
    HOME,
    MOST_CALLS,
    SLACK,
    Planned,
    Script,
    Situation,
    once,
    pass_on,
    repeating,
    unavailable,
)
from udb.conformance.shared.proxy import Plan, Proxy
from udb.conformance.shared.transport import Request
from udb.domain import elementer

_HF: Final = "HF"
_STX: Final = "STX"


def _pages(script: Script) -> Planned:
    for kinds in ((_HF, _STX, "AVU"), (_HF, _STX, "AVU"), (_HF, _STX)):
        cprnr = script.youth()
        numbers = [script.report(cprnr, kind) for kind in kinds]
        script.expected.update(numbers)
        script.first = script.first if script.first[0] else (cprnr, numbers[0])
    return pass_on


def _cut(script: Script) -> Planned:
    script.news(2)
    return once(Plan(cut=True))


def _repeated(script: Script) -> Planned:
    script.news(5)
    return repeating()


def _cancelled(script: Script) -> Planned:
    if not script.first[0]:
        _pages(script)
    cprnr, number = script.first
    cancellation = {elementer.ANNULLERING: True, elementer.HAENDELSE_NUMMER: number}
    script.expected.add(script.report(cprnr, _HF, **cancellation))
    return pass_on


def _moved(script: Script) -> Planned:
    cprnr, numbers = script.mover
    script.expected.update(numbers)
    script.stage.put([script.stage.row(cprnr, {"kommune": HOME})])
    return pass_on


def _fault(script: Script) -> Planned:
    script.news(1)
    left = [True]

    def plan(request: Request, _proxy: Proxy) -> Plan:
        if calls.is_feed(request) and left:
            left.pop()
            return Plan(instead=unavailable(script.pause, request))
        return Plan()

    return plan


def _slow(script: Script) -> Planned:
    script.news(1)
    return once(Plan(delay=script.delay))


def everything(script: Script, found: Sequence[Fetch]) -> bool:
    """Return whether the caller has all events that it should have, and an answer that there are no more."""
    feed = [one for one in found if one.is_feed and one.given]
    return script.expected <= calls.given_numbers(found) and bool(feed) and not feed[-1].more


def _cursors_wrong(_script: Script, found: Sequence[Fetch]) -> list[str]:
    feed = [one for one in found if one.is_feed]
    wrong = []
    for one, following in pairwise(feed):
        if not (one.given and one.more):
            continue
        if following.cursor is None and following.repeats(one):
            wrong.append("Der er spurgt om næste side med samme SystemTransactionID; det giver samme side igen.")
        if following.cursor is not None and following.cursor != one.highest:
            wrong.append("Der er spurgt om næste side med et andet nummer end HoejesteHaendelseNummer fra den forrige.")
    if len(feed) > MOST_CALLS:
        wrong.append(f"Der er kaldt {len(feed)} gange for ganske få sider.")
    return list(dict.fromkeys(wrong))


def _after_cut_wrong(_script: Script, found: Sequence[Fetch]) -> list[str]:
    return _again_wrong([one.passed.plan.cut for one in found], found, "Efter den afbrudte forbindelse")


def _after_fault_wrong(script: Script, found: Sequence[Fetch]) -> list[str]:
    at = [one.passed.plan.instead is not None for one in found]
    wrong = _again_wrong(at, found, "Efter fejlen", by_number=True)
    if True in at and at.index(True) + 1 < len(found):
        failed, following = found[at.index(True)].passed, found[at.index(True) + 1].passed
        if following.begun - failed.ended < script.pause - SLACK:
            wrong.append(f"Der er kaldt igen, før de {script.pause:g} sekunder i Retry-After var gået.")
    return wrong


def _again_wrong(at: Sequence[bool], found: Sequence[Fetch], when: str, *, by_number: bool = False) -> list[str]:
    """Return the fault if the call after the failed one does not repeat it; ``by_number``: only if it is by number."""
    if True not in at:
        return []
    position = at.index(True)
    following = next((one for one in found[position + 1 :] if one.is_feed), None)
    if following is None:
        return [f"{when} er der ikke kaldt igen."]
    if following.repeats(found[position]) or (by_number and following.cursor is None):
        return []
    if following.cursor is None:
        return [f"{when} skal samme kald sendes igen med samme SystemTransactionID. Ellers går siden tabt."]
    return [f"{when} skal der spørges igen med samme HaendelseNummer."]


def _slow_wrong(_script: Script, found: Sequence[Fetch]) -> list[str]:
    slow = next((one for one in found if one.passed.plan.delay), None)
    if slow is None:
        return []
    meanwhile = [
        one
        for one in found
        if one is not slow and slow.passed.begun < one.passed.begun < slow.passed.ended and not one.repeats(slow)
    ]
    return ["Et andet kald er sendt, før svaret på det forrige var kommet."] if meanwhile else []


def _nothing_wrong(_script: Script, _found: Sequence[Fetch]) -> list[str]:
    return []


SITUATIONS: Final = (
    Situation(
        "henter-sider",
        "Flere sider",
        ("F138", "F139", "F155"),
        "Hent, til FindesFlereHaendelser er false: uden kriterium med et nyt SystemTransactionID for hver side, efter "
        "nummer med HoejesteHaendelseNummer fra den forrige side.",
        _pages,
        everything,
        _cursors_wrong,
    ),
    Situation(
        "henter-afbrudt",
        "Forbindelsen afbrydes, før siden kommer",
        ("F138",),
        "Gem id og nummer, før der kaldes, og send præcis samme kald igen, til siden er modtaget og gemt.",
        _cut,
        everything,
        _after_cut_wrong,
    ),
    Situation(
        "henter-gentaget",
        "En side kommer to gange",
        ("F139", "F161"),
        "HaendelseNummer er unikt: gem hver hændelse én gang, og hent videre fra sidens HoejesteHaendelseNummer.",
        _repeated,
        everything,
        _cursors_wrong,
    ),
    Situation(
        "henter-annullering",
        "En annullering",
        ("F047", "F071"),
        "Hent jævnligt; en annullering er en hændelse med sit eget nummer, og den hændelse, den nævner, skal slettes.",
        _cancelled,
        everything,
        _nothing_wrong,
    ),
    Situation(
        "henter-tilflytter",
        "En tilflytter",
        ("F138", "F202"),
        "Uden kriterium kommer tilflytterens hændelser automatisk; den, der henter efter nummer, skal slå tilflyttere "
        "op.",
        _moved,
        everything,
        _nothing_wrong,
        told=lambda script: f"{script.mover[0]} has moved to the kommune.",
    ),
    Situation(
        "henter-fejl",
        "Tjenesten svarer med en fejl",
        ("F093",),
        "Vent så længe, som Retry-After angiver, og send kaldet igen; flyt ikke nummeret, før en side er modtaget.",
        _fault,
        everything,
        _after_fault_wrong,
    ),
    Situation(
        "henter-langsom",
        "Et svar lader vente på sig",
        ("F093",),
        "Vent på svaret. Kommer det ikke i tide, så send samme kald igen; send ikke et nyt ved siden af.",
        _slow,
        everything,
        _slow_wrong,
    ),
)
"""In order; the events that each expects include those of the earlier ones."""
