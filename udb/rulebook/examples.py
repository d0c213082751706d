"""Each rule's right and wrong message, with what happened before it.

``make docs`` writes them down from the rules' own cases.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from udb.domain.clock import day_in_words
from udb.rulebook.words import DANISH

FILE: Final = Path(__file__).parent / "eksempler.json"

_BEFORE: Final[Mapping[str, tuple[str, str]]] = {
    "day": ("Det er den {day}.", "The day is {day}."),
    "born": ("Den unge er født den {day}.", "The youth was born on {day}."),
    "paalaeg": ("Den unge har uddannelsespålæg.", "The youth has an uddannelsespålæg."),
    "person": ("Den unge i CPR: {details}.", "The youth in the CPR register: {details}."),
    "bevis": (
        "Eksamensdatabasen har et bevis for den unge: formål {formaal}, institution {nummer}, dateret den {day}.",
        "Eksamensdatabasen has a diploma of the youth: formål {formaal}, institution {nummer}, dated {day}.",
    ),
    "leveret": (
        "Eksamensdatabasen har leveret alle beviser til og med den {day}.",
        "Eksamensdatabasen has delivered all diplomas up to and including {day}.",
    ),
    "number": ("Den unge får et nyt CPR-nummer.", "The youth gets a new CPR number."),
    "institution": ("Institution {nummer}: {details}.", "Institution {nummer}: {details}."),
    "report": ("Indberettet gennem {service}: {details}.", "Reported through {service}: {details}."),
}
_DETAILS: Final[Mapping[str, tuple[str, str]]] = {
    "status": ("status {}", "status {}"),
    "kommune": ("kommune {}", "kommune {}"),
    "type3": ("type {}", "type {}"),
    "hovedinstitution": ("hovedinstitution {}", "main institution {}"),
    "lukket": ("lukket fra den {}", "closed from {}"),
}
_DAYS: Final = ("day", "lukket")
_GONE: Final = ("ikke længere i Institutionsregisteret", "no longer in the register of institutions")
_ANSWERED: Final = ("Svar", "Answer")
_RESULT: Final = {True: "Accepteret", False: "Afvist"}


@dataclass(frozen=True, slots=True)
class Example:
    """One message and the codes of all its findings.

    ``before``: what happened before, as in the rules' cases. ``transaction``: the message's id, where that matters.
    """

    before: tuple[Mapping[str, Any], ...]
    transaction: str | None
    xml: str
    codes: tuple[str, ...]

    def story(self, language: str) -> list[str]:
        """Return what happened before, one sentence each."""
        return [_sentence(fact, 0 if language == DANISH else 1) for fact in self.before]


@cache
def examples() -> dict[str, tuple[Example, Example]]:
    """Return the examples: code -> (wrong, right)."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {code: (_example(pair["wrong"]), _example(pair["right"])) for code, pair in found.items()}


def _example(kept: Mapping[str, Any]) -> Example:
    return Example(tuple(kept["before"]), kept["transaction"], kept["xml"], tuple(kept["codes"]))


def _day(written: str) -> str:
    return day_in_words(date.fromisoformat(written))


def _sentence(kept: Mapping[str, Any], language: int) -> str:
    fact = kept if language else {**kept, **{key: _day(kept[key]) for key in _DAYS if key in kept}}
    what = fact["what"]
    details = ", ".join(words[language].format(fact[key]) for key, words in _DETAILS.items() if key in fact)
    if what == "institution" and not fact.get("in_register", True):
        details = ", ".join(filter(None, (details, _GONE[language])))
    if what == "report":
        elements = ", ".join(f"{name} {value}" for name, value in fact["elements"].items())
        result = ", ".join(filter(None, (_RESULT[fact["accepted"]], fact["number"], *fact["codes"])))
        details = f"{elements}. {_ANSWERED[language]}: {result}"
    return _BEFORE[what][language].format(**{**fact, "details": details})
