"""The rule book as HTML: plain pages without scripts, pictures or anything from another address."""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup, escape

from udb.hentning.refusals import FETCH_TEXTS
from udb.rulebook.book import MOST_SOUGHT, Entry, entries, entry_of
from udb.rulebook.facts import answer, facts, other
from udb.rulebook.words import DANISH, DO, EXAMPLES, FETCH_REFUSED, GROUPS, WORDS
from udb.templating import environment, stylesheet

ROOT: Final = "/regler"
SOUGHT: Final = "soeg"

STYLE: Final = stylesheet("udb.web", "rulebook.css")
STYLE_HASH: Final = f"sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}"
_CODE: Final = re.compile(r"``([^`]+)``")


def address(language: str, code: str = "") -> str:
    """Return the path of a rule's page, or of the index without ``code``."""
    return "/".join(filter(None, (ROOT, "" if language == DANISH else language, code)))


def index_page(language: str) -> str:
    """Return the page of all rules, by group."""
    groups = [
        (GROUPS[language][group], list(members))
        for group, members in groupby(entries(), key=lambda entry: entry.code[0])
    ]
    return _page("rulebook_index.html", language, WORDS[language]["title"], groups=groups)


def search_page(language: str, sought: str, found: Sequence[Entry]) -> str:
    """Return the page of the rules that a search has found."""
    words = WORDS[language]
    result = words[{0: "none", 1: "found_one"}.get(len(found), "found")].format(count=len(found), text=sought)
    return _page("rulebook_search.html", language, words["title"], sought=sought, result=result, found=found)


def message_page(language: str, title: str, text: str) -> str:
    """Return a page with a message, for example that a rule does not exist."""
    return _page("rulebook_message.html", language, title, text=text)


def rule_page(language: str, entry: Entry) -> str:
    """Return the page of one rule."""
    return _page(
        "rulebook_rule.html",
        language,
        f"{entry.code}: {entry.summary(language)}",
        entry.code,
        entry=entry,
        advice=f"{_do(entry, language)} {entry.advice(language)}".strip(),
        headings=[WORDS[language][heading] for heading in EXAMPLES[entry.alvor]],
        facts=list(facts(entry, language)),
        answer=answer,
    )


def _do(entry: Entry, language: str) -> str:
    return FETCH_REFUSED[language] if entry.code in FETCH_TEXTS else DO[language][entry.alvor]


def _page(template: str, language: str, title: str, code: str = "", **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(
        language=language,
        second=other(language),
        words=WORDS[language],
        title=title,
        code=code,
        address=address,
        field=SOUGHT,
        longest=MOST_SOUGHT,
        style=STYLE,
        **values,
    )


def _plain(text: str) -> str:
    """Escape a text. A plain string: what ``re.sub`` joins to Markup would be escaped, on Python before 3.13."""
    return str(escape(text))


def _with_code(line: str) -> Markup:
    """Turn the double backticks in a line of a docstring into ``code`` elements."""
    return Markup(_CODE.sub(r"<code>\1</code>", _plain(line)))  # noqa: S704 - escaped before


def _with_links(value: str, language: str) -> Markup:
    """Turn the rule codes in a value into links."""

    def link(found: re.Match[str]) -> str:
        code = found.group()
        return f'<a href="{address(language, code)}">{code}</a>' if entry_of(code) else code

    return Markup(re.sub(r"\b\d{4}\b", link, _plain(value)))  # noqa: S704 - escaped before


_TEMPLATES: Final = environment("udb.web")
_TEMPLATES.filters.update(with_code=_with_code, with_links=_with_links)
