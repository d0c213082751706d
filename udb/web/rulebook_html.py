"""The rule book as HTML: plain pages without scripts, pictures or anything from another address."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup, escape

from udb.domain.services import SERVICES
from udb.rulebook.attempt import marked, script
from udb.rulebook.book import entries, entry_of
from udb.rulebook.entry import Entry
from udb.rulebook.examples import Example, Line, readable
from udb.rulebook.facts import answer, difference, facts, other, paragraphs, what_to_do
from udb.rulebook.search import MOST_SOUGHT, Found
from udb.rulebook.set_words import title_of
from udb.rulebook.sets import find_sets
from udb.rulebook.sets_used import sets_used
from udb.rulebook.words import DANISH, EXAMPLES, GROUPS, WORDS
from udb.rules.rule import Alvor
from udb.templating import environment, stylesheet

ROOT: Final = "/regler"
SETS: Final = "/koder"
SOUGHT: Final = "soeg"

STYLE: Final = stylesheet("udb.web", "plain.css")
STYLE_HASH: Final = f"sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}"
_CODE: Final = re.compile(r"``([^`]+)``")


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as its page shows it."""

    example: Example
    path: str
    lines: list[Line]
    script: str


def address(language: str, code: str = "") -> str:
    """Return the path of a rule's page, or of the index without ``code``."""
    return "/".join(filter(None, (ROOT, "" if language == DANISH else language, code)))


def set_address(language: str, saet: str = "") -> str:
    """Return the path of a code set's page, or of the index without ``saet``."""
    return "/".join(filter(None, (SETS, "" if language == DANISH else language, saet)))


def index_page(language: str) -> str:
    """Return the page of all rules, by group."""
    groups = [
        (group, GROUPS[language][group], [Found(entry) for entry in members])
        for group, members in groupby(entries(), key=lambda entry: entry.code[0])
    ]
    return _page("rulebook_index.html", language, WORDS[language]["title"], groups=groups)


def search_page(language: str, sought: str, found: Sequence[Found]) -> str:
    """Return the page of the rules that a search has found."""
    words = WORDS[language]
    result = words[{0: "none", 1: "found_one"}.get(len(found), "found")].format(count=len(found), text=sought)
    sets = [(saet, title_of(saet, language), codes) for saet, codes in find_sets(sought)]
    if sets and not found:
        result = words["found"].format(count=0, text=sought)
    return _page("rulebook_search.html", language, words["title"], sought=sought, result=result, found=found, sets=sets)


def message_page(language: str, title: str, text: str) -> str:
    """Return a page with a message, for example that a rule does not exist."""
    return _page("rulebook_message.html", language, title, text=text)


def rule_page(language: str, entry: Entry, base: str) -> str:
    """Return the page of one code. ``base``: the address that the examples call."""
    text, listed = paragraphs(entry, language)
    pair = (
        [_shown(entry.wrong, entry.right, language, base), _shown(entry.right, entry.wrong, language, base)]
        if entry.wrong and entry.right
        else []
    )
    return _page(
        "rulebook_rule.html",
        language,
        f"{entry.code} {entry.named(language)}",
        entry.code,
        entry=entry,
        advice=what_to_do(entry, language),
        shown=list(zip([WORDS[language][word] for word in EXAMPLES[entry.alvor or Alvor.HAARD]], pair, strict=False)),
        difference=difference(entry.wrong, entry.right, language) if entry.wrong and entry.right else "",
        differs=any(line.differs for one in pair for line in one.lines),
        facts=list(facts(entry, language)),
        paragraphs=text,
        listed=listed,
        sets=sets_used(entry.code),
        answer=answer,
    )


def _shown(example: Example, other: Example, language: str, base: str) -> Shown:
    lines = [Line(readable(line.text, language), line.differs) for line in marked(example, other)]
    return Shown(example, SERVICES[example.service].path, lines, script(example, base))


def _page(template: str, language: str, title: str, code: str = "", *, there: str = "", **values: Any) -> str:
    second = other(language)
    return _TEMPLATES.get_template(template).render(
        language=language,
        second=second,
        words=WORDS[language],
        title=title,
        there=there or address(second, code),
        set_address=set_address,
        address=address,
        field=SOUGHT,
        longest=MOST_SOUGHT,
        style=STYLE,
        **values,
    )


def other_page(template: str, language: str, title: str, saet: str, **values: Any) -> str:
    """Return a page of the code sets, for which the page in the other language is that of ``saet``."""
    return _page(template, language, title, there=set_address(other(language), saet), **values)


def _plain(text: str) -> str:
    """Escape a text. A plain string: what ``re.sub`` joins to Markup would be escaped, on Python before 3.13."""
    return str(escape(text))


def _with_code(line: str, language: str) -> Markup:
    """Turn double backticks into ``code`` elements, and the codes in a line into links."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(_with_links(line, language))))  # noqa: S704 - escaped before


def _with_links(value: str, language: str) -> Markup:
    """Turn the rule codes in a value into links."""

    def link(found: re.Match[str]) -> str:
        code = found.group()
        return f'<a href="{address(language, code)}">{code}</a>' if entry_of(code) else code

    return Markup(re.sub(r"\b(\d{4}|(IPL|UDB)\d{6})\b", link, _plain(value)))  # noqa: S704 - escaped before


_TEMPLATES: Final = environment("udb.web")
_TEMPLATES.filters.update(with_code=_with_code, with_links=_with_links)
