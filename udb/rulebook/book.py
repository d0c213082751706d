"""The book's entries: every rule of the catalogue and every refusal of a fetch."""

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Any, Final

from udb.domain.haendelse import Kind
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.hentning.refusals import FETCH_SERVICES, FETCH_SOURCES, FETCH_TEXTS
from udb.rulebook.examples import Example, examples
from udb.rulebook.words import DANISH
from udb.rules.catalogue import RULES
from udb.rules.rule import Alvor, Rule
from udb.rules.runner import silencers

MOST_SOUGHT: Final = 100
"""How many characters of a search count."""

_SENTENCE_END: Final = re.compile(r"(?<=[.?!]) (?=[A-ZÆØÅ])")
_DOC: Final = re.compile(
    r"\A\d{4}: (?P<summary>.*?)\n\n?(?P<body>.*?)\s*Wrong: (?P<wrong>.*?)\nRight: (?P<right>.*)\Z", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code.

    ``explanation``: the rule's own docstring, in English. Refusals of a fetch have neither explanation nor examples.
    """

    code: str
    alvor: Alvor
    element: str | None
    tekst: str
    text: str
    source: str
    services: tuple[str, ...]
    judges: tuple[Kind, ...] = ()
    silenced_by: tuple[str, ...] = ()
    in_force_from: date | None = None
    in_force_to: date | None = None
    explanation: tuple[str, ...] = ()
    wrong: Example | None = None
    right: Example | None = None

    def said(self, language: str) -> str:
        """Return the text in a language, with what is filled in at the time in brackets."""
        text = self.tekst if language == DANISH else self.text
        names = {name: f"[{name}]" for _, name, _, _ in Formatter().parse(text) if name}
        return text.format_map(names)

    def summary(self, language: str) -> str:
        """Return what is wrong: the first sentence."""
        return _SENTENCE_END.split(self.said(language))[0]

    def advice(self, language: str) -> str:
        """Return what to do: what follows the first sentence."""
        return self.said(language)[len(self.summary(language)) :].strip()

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return asdict(self) | {"judges": [kind.value for kind in self.judges]}


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, in code order."""
    return tuple(sorted((*map(_of_rule, RULES), *map(_of_refusal, FETCH_TEXTS)), key=lambda entry: entry.code))


def entry_of(code: str) -> Entry | None:
    """Return the entry of a code."""
    return next((entry for entry in entries() if entry.code == code), None)


def search(sought: str) -> list[Entry]:
    """Return the entries whose code begins with ``sought``, then those that have all its words.

    Case does not matter, nor which of the two languages the words are in.
    """
    words = sought[:MOST_SOUGHT].casefold().split()
    if not words:
        return []
    by_code = [entry for entry in entries() if len(words) == 1 and entry.code.startswith(words[0])]
    return by_code + [entry for entry in entries() if entry not in by_code and _has(entry, words)]


def _has(entry: Entry, words: Iterable[str]) -> bool:
    whole = " ".join(
        (entry.code, entry.tekst, entry.text, entry.element or "", *entry.services, *entry.explanation)
    ).casefold()
    return all(word in whole for word in words)


def _of_rule(rule: Rule) -> Entry:
    wrong, right = examples().get(rule.code, (None, None))
    return Entry(
        code=rule.code,
        alvor=rule.alvor,
        element=rule.element,
        tekst=rule.tekst,
        text=rule.text,
        source=rule.source,
        services=tuple(name for name in SERVICES if name in rule.services),
        judges=tuple(kind for kind in Kind if kind in rule.judges),
        silenced_by=tuple(sorted(silencers(rule))),
        in_force_from=rule.in_force_from,
        in_force_to=rule.in_force_to,
        explanation=_explanation(sys.modules[rule.check.__module__].__doc__ or ""),
        wrong=wrong,
        right=right,
    )


def _explanation(doc: str) -> tuple[str, ...]:
    """Return what a rule's docstring adds to its other fields: its explanation, and Wrong and Right in words."""
    found = _DOC.match(doc)
    if found is None:
        return ()
    part = {name: " ".join(text.split()) for name, text in found.groupdict().items()}
    about = f"{part['summary'][:1].upper()}{part['summary'][1:]} {part['body'].rpartition('Source:')[0]}".strip()
    return about, f"Wrong: {part['wrong']}", f"Right: {part['right']}"


def _of_refusal(code: str) -> Entry:
    element, tekst, text = FETCH_TEXTS[code]
    return Entry(
        code=code,
        alvor=Alvor.HAARD,
        element=element,
        tekst=" ".join(tekst.split()),
        text=" ".join(text.split()),
        source=FETCH_SOURCES.get(code, "own"),
        services=FETCH_SERVICES.get(code, (DATA_TIL_KOMMUNE,)),
    )
