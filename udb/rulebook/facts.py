"""Facts that the pages list about a rule in addition to its texts, in the reader's language."""

from collections.abc import Iterable
from datetime import date

from udb.domain.clock import day_in_words
from udb.domain.services import REPORTS, SERVICES
from udb.rulebook.entry import Answers, Entry
from udb.rulebook.examples import Example, differing
from udb.rulebook.words import ALVOR, DANISH, DO, ENGLISH, FAULT, FETCH_REFUSED, LANGUAGES, WORDS


def facts(entry: Entry, language: str) -> list[tuple[str, str]]:
    """Return label and value of everything a rule states of itself; what it does not state is left out."""
    words = WORDS[language]
    rows = [
        (words["severity"], ALVOR[language][entry.alvor] if entry.alvor else ""),
        (words["soap"], words["soap_codes"].format(*entry.soap) if entry.soap else ""),
        (words["element"], entry.element or ""),
        (words["source"], _source(entry.source, language)),
        (words["services"], _services(entry.services, words["all_services"], words["all_reports"])),
        (words["in_force"], _in_force(entry, language)),
        (words["silenced"], ", ".join(entry.silenced_by)),
    ]
    return [(label, value) for label, value in rows if value]


def what_to_do(entry: Entry, language: str) -> list[str]:
    """Return what to do, and what the answer means for the message."""
    if entry.answers is Answers.CALL:
        meaning = FAULT[language][entry.soap[1]]
    elif entry.answers is Answers.FETCH or entry.alvor is None:
        meaning = FETCH_REFUSED[language]
    else:
        meaning = DO[language][entry.alvor]
    return [text for text in (entry.advice(language), meaning) if text]


def paragraphs(entry: Entry, language: str) -> tuple[list[str], list[str]]:
    """Return the explanation in paragraphs, and the list that follows it: of names in double backticks."""
    explained = entry.explained(language)
    listed = [line for line in explained if line.startswith("``")]
    return [line for line in explained if line not in listed], listed


def other(language: str) -> str:
    """Return the book's other language."""
    return next(other for other in LANGUAGES if other != language)


def difference(wrong: Example, right: Example, language: str) -> str:
    """Return what differs between two messages."""
    names = differing(wrong, right)
    return WORDS[language]["marked"].format(", ".join(names)) if names else WORDS[language]["alike"]


def answer(example: Example, language: str) -> str:
    """Return the codes an example is answered with."""
    return ", ".join(example.codes) or WORDS[language]["no_codes"]


def _source(source: str, language: str) -> str:
    # "V 1.4" is a section of the vejledning; what has no source there is the project's own decision.
    words = WORDS[language]
    named = {"own": words["own"], WORDS[ENGLISH]["pages"]: words["pages"]}
    parts = [part.strip() for part in source.split(",")]
    return ", ".join(words["guide"].format(part[2:]) if part[:2] == "V " else named.get(part, part) for part in parts)


def _services(services: Iterable[str], everything: str, reports: str) -> str:
    found = frozenset(services)
    if found == frozenset(SERVICES):
        return everything
    return reports if found == REPORTS else ", ".join(services)


def _in_force(entry: Entry, language: str) -> str:
    words = WORDS[language]
    written = day_in_words if language == DANISH else date.isoformat
    if entry.in_force_from is None:
        return ""
    first = written(entry.in_force_from)
    if entry.in_force_to is None:
        return words["from"].format(first=first)
    return words["from_to"].format(first=first, last=written(entry.in_force_to))
