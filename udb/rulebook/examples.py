"""Each rule's right and wrong message, with what happened before it.

``make docs`` writes them down from ``tests/rules/pairs.yml``. The youths and institutions are in every sandbox.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final

from udb.domain.clock import day_in_words
from udb.domain.cpr import birth_date
from udb.domain.elementer import STATUS, SYSTEM_TRANSACTION_ID
from udb.domain.persons import RESIDENT
from udb.rulebook.words import DANISH

FILE: Final = Path(__file__).parent / "eksempler.json"
NUMBER_OF: Final = "$nummer{}"
"""Stands for the HaendelseNummer that the report at a point of the story has drawn; points count from 1."""

_NUMBER: Final = re.compile(r"\$nummer(\d+)")
_ELEMENT: Final = re.compile(r"<v1:(\w+)")
_BEFORE: Final[Mapping[str, tuple[str, str]]] = {
    "day": ("Det er den {day}.", "The day is {day}."),
    "youth": (
        "{cprnr} er en opdigtet ung, født den {born}. {details}.",
        "{cprnr} is invented, born on {born}. {details}.",
    ),
    "bevis": (
        "Eksamensdatabasen har et bevis for den unge: formål {formaal}, institution {nummer}, dateret den {day}.",
        "Eksamensdatabasen has a diploma of the youth: formål {formaal}, institution {nummer}, dated {day}.",
    ),
    "leveret": (
        "Eksamensdatabasen har leveret alle beviser til og med den {day}.",
        "Eksamensdatabasen has delivered all diplomas up to and including {day}.",
    ),
    "number": ("{old} får det nye CPR-nummer {new}.", "{old} gets the new CPR number {new}."),
    "report": ("Indberettet gennem {service}: {details}.", "Reported through {service}: {details}."),
}
_LIVES: Final = ("CPR-status {status}, bor i kommune {kommune}", "CPR status {status}, lives in kommune {kommune}")
_LIVES_NOT: Final = ("CPR-status {status}", "CPR status {status}")
_DAYS: Final = ("day", "born")
_ANSWERED: Final = ("Svar", "Answer")
_RESULT: Final = {True: "Accepteret", False: "Afvist"}
_FROM_POINT: Final = ("[HaendelseNummer fra svaret i punkt {}]", "[HaendelseNummer of the answer at point {}]")


@dataclass(frozen=True, slots=True)
class Example:
    """One message and the codes of all its findings.

    ``youths``: whom it is about, as the sandbox has them: CPR number, CPR status, kommune. ``before``: what happened
    before, in order. ``xml``: the report, in which NUMBER_OF stands for numbers.
    """

    youths: tuple[Mapping[str, str], ...]
    before: tuple[Mapping[str, Any], ...]
    service: str
    transaction: str
    xml: str
    codes: tuple[str, ...]

    @property
    def repeats_its_id(self) -> bool:
        """True when an earlier report has the message's SystemTransactionID."""
        return self.transaction in {fact.get("transaction") for fact in self.before}

    def story(self, language: str) -> list[str]:
        """Return what happened before, one sentence each."""
        return [_with_points(_sentence(fact, 0 if language == DANISH else 1), language) for fact in self.before]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message. ``differs``: it is not in the other message of the pair."""

    text: str
    differs: bool

    @property
    def indentation(self) -> str:
        """The blanks before the text."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


@cache
def examples() -> dict[str, tuple[Example, Example]]:
    """Return the examples: code -> (wrong, right)."""
    return {code: (_example(pair["wrong"]), _example(pair["right"])) for code, pair in _written()["eksempler"].items()}


def youths() -> list[Mapping[str, str]]:
    """Return every youth of the examples once, by CPR number."""
    found = {youth["cprnr"]: youth for pair in examples().values() for one in pair for youth in one.youths}
    return [youth for _, youth in sorted(found.items())]


def numbers() -> frozenset[str]:
    """Return the CPR numbers that the examples use or bring: no other youth of a sandbox may have them."""
    facts = [fact for pair in examples().values() for one in pair for fact in one.before]
    new = {str(fact["new"]) for fact in facts if fact["what"] == "number"}
    return frozenset(new.union(youth["cprnr"] for youth in youths()))


def institutions() -> list[Mapping[str, Any]]:
    """Return the institutions that the examples need, as rows of the register without their place."""
    return list(_written()["institutioner"])


def compared(example: Example, other: Example) -> list[Line]:
    """Return the lines of a report, with those that differ from another's.

    Each example has a youth of its own, and numbers that its own earlier reports have drawn: these are compared by whom
    and what they stand for.
    """
    mine, theirs = ([_by_role(line, one) for line in one.xml.splitlines()] for one in (example, other))
    same = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    common = {index for block in same for index in range(block.a, block.a + block.size)}
    return [Line(line, index not in common) for index, line in enumerate(example.xml.splitlines())]


def _by_role(line: str, example: Example) -> str:
    for place, youth in enumerate(example.youths):
        line = line.replace(f">{youth['cprnr']}<", f">youth {place}<")

    def report(found: re.Match[str]) -> str:
        fact = example.before[int(found.group(1)) - 1]
        return f"{fact['service']} {fact['elements'].get(STATUS)}"

    return _NUMBER.sub(report, line)


def differing(wrong: Example, right: Example) -> list[str]:
    """Return the names of the elements in which two messages differ, without those around others."""
    both = [*compared(wrong, right), *compared(right, wrong)]
    found = [_ELEMENT.search(line.text) for line in both if line.differs and "</" in line.text]
    own = [SYSTEM_TRANSACTION_ID] if wrong.repeats_its_id != right.repeats_its_id else []
    return [*own, *dict.fromkeys(one.group(1) for one in found if one)]


def readable(xml: str, language: str) -> str:
    """Return a message with words where a number is filled in."""
    return _with_points(xml, language)


@cache
def _written() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def _example(kept: Mapping[str, Any]) -> Example:
    return Example(
        youths=tuple(kept["youths"]),
        before=tuple(kept["before"]),
        service=kept["service"],
        transaction=kept["transaction"],
        xml=kept["xml"],
        codes=tuple(kept["codes"]),
    )


def _with_points(text: str, language: str) -> str:
    words = _FROM_POINT[0 if language == DANISH else 1]
    return _NUMBER.sub(lambda found: words.format(found.group(1)), text)


def _day(written: str) -> str:
    return day_in_words(date.fromisoformat(written))


def _sentence(kept: Mapping[str, Any], language: int) -> str:
    fact = dict(kept)
    what = fact["what"]
    if what == "youth":
        fact["born"] = str(birth_date(fact["cprnr"], invented_allowed=True))
    if not language:
        fact |= {key: _day(fact[key]) for key in _DAYS if key in fact}
    details = ""
    if what == "youth":
        details = (_LIVES if fact["status"] in RESIDENT else _LIVES_NOT)[language].format(**fact)
    if what == "report":
        elements = ", ".join(f"{name} {value}" for name, value in fact["elements"].items())
        result = ", ".join((_RESULT[fact["accepted"]], *fact["codes"]))
        details = f"{elements}. {_ANSWERED[language]}: {result}"
    return _BEFORE[what][language].format(**{**fact, "details": details})
