"""The rule book's entry: one code with all that is written about it."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any, Final

from udb.domain.haendelse import Kind
from udb.rulebook.examples import Example
from udb.rulebook.words import DANISH
from udb.rules.rule import Alvor

_SENTENCE_END: Final = re.compile(r"(?<=[.?!]) (?=[A-ZÆØÅ])")


class Answers(StrEnum):
    """What is answered with a code."""

    REPORT = "indberetning"
    FETCH = "hentning"
    CALL = "kald"
    """Any call, by a SOAP fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code.

    ``navn``, ``name``: the short name. ``tekst``, ``text``: what the answer says. ``forklaring``, ``explanation``: the
    explanation in paragraphs. ``alvor``: None for the codes of SOAP faults; ``soap``: their code in SOAP 1.1 and 1.2.
    Codes that no rule gives have no examples.
    """

    code: str
    answers: Answers
    navn: str
    name: str
    tekst: str
    text: str
    alvor: Alvor | None = None
    element: str | None = None
    soap: tuple[str, ...] = ()
    source: str = "own"
    services: tuple[str, ...] = ()
    judges: tuple[Kind, ...] = ()
    silenced_by: tuple[str, ...] = ()
    in_force_from: date | None = None
    in_force_to: date | None = None
    forklaring: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    wrong: Example | None = None
    right: Example | None = None

    def named(self, language: str) -> str:
        """Return the short name in a language."""
        return self.navn if language == DANISH else self.name

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

    def explained(self, language: str) -> tuple[str, ...]:
        """Return the paragraphs of the explanation in a language."""
        return self.forklaring if language == DANISH else self.explanation

    def sentences(self, language: str) -> list[str]:
        """Return every sentence that is written about the code in a language."""
        texts = (self.said(language), *self.explained(language))
        return [sentence for text in texts for sentence in _SENTENCE_END.split(text)]

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return asdict(self) | {"judges": [kind.value for kind in self.judges]}
