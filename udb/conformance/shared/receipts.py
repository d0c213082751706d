"""Check what every receipt must satisfy, whatever the report (contract 4.1 and 6)."""

import re
from typing import Final

from lxml import etree

from udb.conformance.shared.answers import Answer, texts
from udb.domain import elementer
from udb.domain.identifiers import EVENT_PREFIX, FORLOEB_PREFIX, is_event_number
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor

ACCEPTED: Final = "Accepteret"
REFUSED: Final = "Afvist"
_TEN_DIGITS: Final = re.compile(r"(?<![0-9A-Za-z-])[0-9]{10}(?![0-9])")
_FORLOEB: Final = re.compile(rf"{FORLOEB_PREFIX}[0-9]{{23}}", re.ASCII)


def number_of(answer: Answer) -> str | None:
    """Return the receipt's HaendelseNummer."""
    return next(iter(answer.texts(elementer.HAENDELSE_NUMMER)), None)


def judge(answer: Answer, *, makes_event: bool, has_forloeb: bool, newest: str | None) -> None:
    """Add the faults of a receipt to ``answer.wrong``.

    ``makes_event``, ``has_forloeb``: what an accepted report is; ``newest``: the highest number in a receipt before,
    None for a call sent again.
    """
    receipt = answer.payload
    if receipt is None:
        return
    wrong = answer.wrong
    result = answer.texts(elementer.RESULTAT)
    lines = [line for line in receipt if etree.QName(line).localname == elementer.FEJL]
    hard = _judge_lines(wrong, lines)
    wanted = REFUSED if hard else ACCEPTED
    if result != [wanted]:
        wrong.append(f"Resultat er {' '.join(result)}, men kodernes Alvor giver {wanted}.")
    number = number_of(answer)
    if (number is not None) != (wanted == ACCEPTED and makes_event):
        wrong.append("HaendelseNummer skal stå i kvitteringen, når indberetningen bliver til en hændelse, og kun da.")
    if number is not None:
        _judge_number(wrong, number, newest)
    forloeb = answer.texts(elementer.FORLOEB_ID)
    if any(_FORLOEB.fullmatch(text) is None for text in forloeb):
        wrong.append(f"ForloebId har ikke formen {FORLOEB_PREFIX} og 23 cifre.")
    if (number is not None and has_forloeb) != bool(forloeb):
        wrong.append("ForloebId skal stå i kvitteringen, når hændelsen hører til et forløb, og kun da.")


def _judge_lines(wrong: list[str], lines: list[etree._Element]) -> bool:
    """Check the lines; return whether one of them is hard."""
    codes = [code for line in lines for code in texts(line, elementer.FEJL_KODE)]
    if codes != sorted(codes):
        wrong.append("Fejlene står ikke i rækkefølge efter FejlKode.")
    hard = False
    for line in lines:
        code, severity, text = (
            "".join(texts(line, name)) for name in (elementer.FEJL_KODE, elementer.ALVOR, elementer.FEJL_TEKST)
        )
        rule = BY_CODE.get(code)
        if rule is not None and severity != rule.alvor:
            wrong.append(f"{code} har Alvor {severity}; den er {rule.alvor}.")
        if not text or _TEN_DIGITS.search(text):
            wrong.append(f"{code}: FejlTekst er tom eller nævner et CPR-nummer.")
        hard = hard or severity == Alvor.HAARD
    return hard


def _judge_number(wrong: list[str], number: str, newest: str | None) -> None:
    if not is_event_number(number):
        wrong.append(f"HaendelseNummer har ikke formen {EVENT_PREFIX} og 23 cifre.")
    elif newest is not None and number <= newest:
        wrong.append("HaendelseNummer er ikke højere end et, der er tildelt tidligere.")
