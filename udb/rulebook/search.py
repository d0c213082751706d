"""Search the book: by code, by words in either language, and by names folded as the contract folds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from udb.rulebook.book import entries
from udb.rulebook.entry import Entry
from udb.rulebook.words import LANGUAGES

MOST_SOUGHT: Final = 100
"""How many characters of a search count."""

_FOLDED: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, and the sentence that has the words, where its name and its first sentence have not all of them."""

    entry: Entry
    sentence: str = ""


def search(sought: str) -> list[Entry]:
    """Return the entries whose code begins with ``sought``, then those that have all its words.

    Case does not matter, nor which of the two languages the words are in, nor whether æ, ø and å are folded.
    """
    words = folded(sought[:MOST_SOUGHT]).split()
    if not words:
        return []
    by_code = [entry for entry in entries() if len(words) == 1 and folded(entry.code).startswith(words[0])]
    return by_code + [entry for entry in entries() if entry not in by_code and _has(_texts(entry), words)]


def found(sought: str, language: str) -> list[Found]:
    """Return what a search finds, each with the sentence that explains why it is there."""
    words = folded(sought[:MOST_SOUGHT]).split()
    return [Found(entry, _sentence(entry, words, language)) for entry in search(sought)]


def folded(text: str) -> str:
    """Return a text in lower case with æ, ø and å as ae, oe and aa: the form that element names have."""
    return text.casefold().translate(_FOLDED)


def _texts(entry: Entry) -> Iterable[str]:
    said = (text for language in LANGUAGES for text in (entry.said(language), *entry.explained(language)))
    return (entry.code, entry.navn, entry.name, entry.element or "", *entry.services, *said)


def _has(texts: Iterable[str], words: Iterable[str]) -> bool:
    whole = folded(" ".join(texts))
    return all(word in whole for word in words)


def _sentence(entry: Entry, words: list[str], language: str) -> str:
    if _has((entry.code, entry.named(language), entry.summary(language)), words):
        return ""
    return next((sentence for sentence in entry.sentences(language) if _has([sentence], words[:1])), "")
