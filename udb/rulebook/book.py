"""The book's entries: every rule of the catalogue, every refusal of a fetch and every SOAP fault."""

import re
import sys
from functools import cache
from typing import Final

from udb.domain.haendelse import Kind
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.hentning.refusals import FETCH_NAMES, FETCH_SERVICES, FETCH_SOURCES, FETCH_TEXTS
from udb.rulebook.entry import Answers, Entry
from udb.rulebook.examples import examples
from udb.rulebook.fault_entries import fault_entries
from udb.rulebook.words import DANISH, ENGLISH, IN_WORDS
from udb.rules.catalogue import RULES
from udb.rules.rule import Alvor, Rule
from udb.rules.runner import silencers

_DOC: Final = re.compile(
    r"\A\d{4}: (?P<summary>.*?)\n\n?(?P<body>.*?)\s*Wrong: (?P<wrong>.*?)\nRight: (?P<right>.*)\Z", re.DOTALL
)


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, in code order."""
    found = (*map(_of_rule, RULES), *map(_of_refusal, FETCH_TEXTS), *fault_entries())
    return tuple(sorted(found, key=lambda entry: entry.code))


def entry_of(code: str) -> Entry | None:
    """Return the entry of a code."""
    return next((entry for entry in entries() if entry.code == code), None)


def _of_rule(rule: Rule) -> Entry:
    wrong, right = examples().get(rule.code, (None, None))
    return Entry(
        code=rule.code,
        answers=Answers.REPORT,
        navn=rule.navn,
        name=rule.name,
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
        forklaring=_labelled(DANISH, rule, rule.forklaring, rule.forkert, rule.rigtigt),
        explanation=_explanation(rule),
        wrong=wrong,
        right=right,
    )


def _explanation(rule: Rule) -> tuple[str, ...]:
    """Return what a rule's docstring adds to its other fields: its explanation, and Wrong and Right in words."""
    found = _DOC.match(sys.modules[rule.check.__module__].__doc__ or "")
    if found is None:
        return ()
    part = {name: " ".join(text.split()) for name, text in found.groupdict().items()}
    about = f"{part['summary'][:1].upper()}{part['summary'][1:]} {part['body'].rpartition('Source:')[0]}".strip()
    return _labelled(ENGLISH, rule, about, part["wrong"], part["right"])


def _labelled(language: str, rule: Rule, about: str, wrong: str, right: str) -> tuple[str, ...]:
    labels = IN_WORDS[language][rule.alvor]
    return about, f"{labels[0]}: {wrong}", f"{labels[1]}: {right}"


def _of_refusal(code: str) -> Entry:
    element, tekst, text = FETCH_TEXTS[code]
    navn, name = FETCH_NAMES[code]
    return Entry(
        code=code,
        answers=Answers.FETCH,
        navn=navn,
        name=name,
        alvor=Alvor.HAARD,
        element=element,
        tekst=" ".join(tekst.split()),
        text=" ".join(text.split()),
        source=FETCH_SOURCES.get(code, "own"),
        services=FETCH_SERVICES.get(code, (DATA_TIL_KOMMUNE,)),
    )
