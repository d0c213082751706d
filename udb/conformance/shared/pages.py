"""Check what every page of events must satisfy, whatever the call (contract 5.1)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from udb.conformance.shared.answers import Answer, texts
from udb.domain import elementer

KINDS: Final = (
    elementer.HAENDELSE_UDDANNELSES_FORLOEB,
    elementer.HAENDELSE_JOBCENTER_FORLOEB,
    elementer.HAENDELSE_BESKAEFTIGELSES_FORLOEB,
    elementer.HAENDELSE_SOCIAL_YDELSE,
    elementer.HAENDELSE_UDDANNELSESPAALAEG,
    elementer.HAENDELSE_KONTAKT_TILBUDSTID,
)
"""The elements of a youth that are events, in the contract's order."""


def youths(answer: Answer) -> list[tuple[str, etree._Element]]:
    """Return the youths of an answer with their CPR numbers, in its order."""
    if answer.payload is None:
        return []
    found = [element for element in answer.payload if etree.QName(element).localname == elementer.HAENDELSER_UNG]
    return [("".join(texts(element, elementer.CPRNR)), element) for element in found]


def events(youth: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield a youth's events with their numbers, in the answer's order."""
    for element in youth:
        if etree.QName(element).localname in KINDS:
            yield "".join(texts(element, elementer.HAENDELSE_NUMMER)), element


def is_cancellation(event: etree._Element) -> bool:
    """Return whether an event cancels another."""
    return texts(event, elementer.ANNULLERING) == ["true"]


def more(answer: Answer) -> bool:
    """Return whether the answer says that there are further events."""
    return answer.texts(elementer.FINDES_FLERE_HAENDELSER) == ["true"]


def highest(answer: Answer) -> str | None:
    """Return HoejesteHaendelseNummer; None when it is missing."""
    return next(iter(answer.texts(elementer.HOEJESTE_HAENDELSE_NUMMER)), None)


def judge(answer: Answer, *, asked_with: str | None, look_up: bool) -> None:
    """Add a page's faults to ``answer.wrong``. ``asked_with``: the number in the call; ``look_up``: by CPR number."""
    if answer.payload is None:
        return
    wrong, found = answer.wrong, youths(answer)
    if answer.codes():
        wrong += refusal_wrong(answer)
        return
    if not answer.texts(elementer.FINDES_FLERE_HAENDELSER):
        wrong.append("FindesFlereHaendelser mangler.")
    _judge_order(wrong, found)
    numbers = [number for _, youth in found for number, _ in events(youth)]
    if len(set(numbers)) != len(numbers):
        wrong.append("Et HaendelseNummer står to gange i svaret.")
    _judge_highest(answer, numbers, asked_with, look_up=look_up)


def refusal_wrong(answer: Answer) -> list[str]:
    """Return the fault of a refusal that has other content than ``Fejl`` (contract 5)."""
    if not answer.codes() or answer.payload is None or len(answer.payload) == len(answer.texts(elementer.FEJL)):
        return []
    return ["Et svar med Fejl må ikke have andet indhold."]


def _judge_order(wrong: list[str], found: list[tuple[str, etree._Element]]) -> None:
    if len({cprnr for cprnr, _ in found}) != len(found):
        wrong.append("En ung står mere end én gang i svaret.")
    firsts = [min((number for number, _ in events(youth)), default="") for _, youth in found]
    if firsts != sorted(firsts):
        wrong.append("De unge står ikke i rækkefølge efter deres første hændelse.")
    for _, youth in found:
        for kind in KINDS:
            of_kind = [element for _, element in events(youth) if etree.QName(element).localname == kind]
            order = [(_day(element), texts(element, elementer.HAENDELSE_NUMMER)) for element in of_kind]
            if order != sorted(order):
                wrong.append(f"{kind} står ikke i rækkefølge efter HaendelseDato og derefter nummer.")


def _day(event: etree._Element) -> str:
    # Midnights and local times: their text order is time order, except in the hour that comes twice.
    return "".join(texts(event, elementer.HAENDELSE_DATO))[:23]


def _judge_highest(answer: Answer, numbers: list[str], asked_with: str | None, *, look_up: bool) -> None:
    said, top = highest(answer), max(numbers, default=None)
    if asked_with is None or (more(answer) and not look_up):
        if said != top:
            answer.wrong.append("HoejesteHaendelseNummer er ikke det højeste nummer i svaret.")
    elif said is None or said < max(asked_with, top or ""):
        answer.wrong.append(
            "HoejesteHaendelseNummer er lavere end det nummer, der blev spurgt med, eller end et nummer i svaret."
        )
    if asked_with is not None and any(number <= asked_with for number in numbers):
        answer.wrong.append("Svaret har hændelser med et nummer, der ikke er højere end det, der blev spurgt med.")
    if look_up and more(answer):
        answer.wrong.append("Et opslag er aldrig delt i sider.")
