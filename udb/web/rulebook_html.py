"""The book as HTML: plain pages that need no script, no picture and nothing from elsewhere."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from itertools import groupby
from typing import Final

from udb.rulebook.book import MOST_SOUGHT, Entry, entries, entry_of
from udb.rulebook.examples import Example
from udb.rulebook.facts import answer, facts, other
from udb.rulebook.words import DANISH, DO, ENGLISH, GROUPS, WORDS

ROOT: Final = "/regler"
SOUGHT: Final = "soeg"

_STYLE: Final = """
:root{color-scheme:light dark}
body{font:1rem/1.55 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:0 1rem 3rem;overflow-wrap:break-word}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
header,form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline}
header{justify-content:space-between;padding:1rem 0;border-bottom:1px solid}
header p{margin:0}
form{margin:1rem 0;align-items:center}
input,button{font:inherit;padding:.45rem .7rem;min-height:2.75rem;box-sizing:border-box}
input{flex:1 1 14rem;min-width:0}
label{flex-basis:100%}
h1{line-height:1.25;font-size:1.6rem}
h2{margin-top:2rem;font-size:1.25rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.45rem .8rem .45rem 0;border-bottom:1px solid #8888}
th{white-space:nowrap}
th a{display:inline-block}
h3{font-size:1rem}
pre{overflow-x:auto;border:1px solid #888;padding:.8rem;font-size:.9rem;line-height:1.4}
pre,code{font-family:ui-monospace,monospace;overflow-wrap:normal}
dt{font-weight:bold}
dd{margin:0 0 .6rem}
:focus-visible{outline:3px solid;outline-offset:2px}
"""
STYLE_HASH: Final = f"sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}"
_CODE: Final = re.compile(r"``([^`]+)``")


def address(language: str, code: str = "") -> str:
    """Where a page is."""
    return "/".join(filter(None, (ROOT, "" if language == DANISH else language, code)))


def index_page(language: str) -> str:
    """All rules, by group."""
    words = WORDS[language]
    parts = [f"<h1>{words['title']}</h1>", f"<p>{words['intro']}</p>", _form(language)]
    for group, members in groupby(entries(), key=lambda entry: entry.code[0]):
        parts += [f"<h2>{GROUPS[language][group]}</h2>", _table(members, language)]
    return _page(language, words["title"], "", parts)


def search_page(language: str, sought: str, found: Sequence[Entry]) -> str:
    """What a search found."""
    words = WORDS[language]
    told = words["found" if found else "none"].format(count=len(found), text=escape(sought))
    parts = [f"<h1>{words['title']}</h1>", _form(language, sought), f'<p role="status">{told}</p>']
    parts += [_table(found, language)] if found else []
    return _page(language, words["title"], "", [*parts, _back(language)])


def message_page(language: str, title: str, text: str) -> str:
    """A page that says why there is no other."""
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(text)}</p>", _form(language), _back(language)]
    return _page(language, title, "", parts)


def rule_page(language: str, entry: Entry) -> str:
    """One rule."""
    words, second = WORDS[language], other(language)
    title = f"{entry.code}: {entry.summary(language)}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<h2>{words['do']}</h2>",
        f"<p>{escape(f'{DO[language][entry.alvor]} {entry.advice(language)}'.strip())}</p>",
        f"<h2>{words['facts']}</h2>",
        "<dl>",
        *(f"<dt>{label}</dt><dd>{_linked(value, language)}</dd>" for label, value in facts(entry, language)),
        "</dl>",
    ]
    if entry.explanation:
        said = "".join(f"<p>{_marked(line)}</p>" for line in entry.explanation)
        parts += [f"<h2>{words['explanation']}</h2>", f'<div lang="{ENGLISH}">{said}</div>']
    for heading, example in ((words["wrong"], entry.wrong), (words["right"], entry.right)):
        if example is not None:
            parts += _example(heading, example, language)
    parts += [f"<h2>{words['text']}</h2>", f'<p lang="{second}">{escape(entry.said(second))}</p>', _back(language)]
    return _page(language, title, entry.code, parts)


def _example(heading: str, example: Example, language: str) -> list[str]:
    words = WORDS[language]
    story = "".join(f"<li>{escape(line)}</li>" for line in example.story(language))
    parts = [f"<h2>{heading}</h2>", f"<h3>{words['before']}</h3><ol>{story}</ol>"]
    if example.transaction is not None:
        parts.append(f"<p>{words['transaction']}: <code>{escape(example.transaction)}</code></p>")
    parts.append(f'<pre tabindex="0" role="region" aria-label="{heading}"><code>{escape(example.xml)}</code></pre>')
    return [*parts, f"<p>{words['answer']}: {_linked(answer(example, language), language)}</p>"]


def _table(members: Iterable[Entry], language: str) -> str:
    words = WORDS[language]
    head = "".join(f'<th scope="col">{words[name]}</th>' for name in ("code", "severity", "what"))
    rows = "".join(
        f'<tr><th scope="row">{_link(entry.code, language)}</th><td>{entry.alvor.value}</td>'
        f"<td>{escape(entry.summary(language))}</td></tr>"
        for entry in members
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _form(language: str, sought: str = "") -> str:
    words = WORDS[language]
    return (
        f'<form action="{address(language)}" method="get" role="search"><label for="{SOUGHT}">{words["search"]}</label>'
        f'<input type="search" id="{SOUGHT}" name="{SOUGHT}" maxlength="{MOST_SOUGHT}" value="{escape(sought)}">'
        f'<button type="submit">{words["go"]}</button></form>'
    )


def _back(language: str) -> str:
    return f'<p><a href="{address(language)}">{WORDS[language]["all"]}</a></p>'


def _link(code: str, language: str) -> str:
    return f'<a href="{address(language, code)}">{code}</a>'


def _marked(line: str) -> str:
    """A docstring's line, with its code marks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(line))


def _linked(value: str, language: str) -> str:
    """A value with the codes in it made links."""
    return re.sub(
        r"\b\d{4}\b",
        lambda found: _link(found.group(), language) if entry_of(found.group()) else found.group(),
        escape(value),
    )


def _page(language: str, title: str, code: str, parts: Iterable[str]) -> str:
    words, second = WORDS[language], other(language)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - {words['service']}</title><style>{_STYLE}</style></head><body>"
        f'<a class="skip" href="#indhold">{words["skip"]}</a>'
        f'<header><p>{words["service"]}: <a href="{address(language)}">{words["title"]}</a></p>'
        f'<p><a href="{address(second, code)}" lang="{second}" hreflang="{second}">{words["other"]}</a></p></header>'
        f'<main id="indhold">{"".join(parts)}</main></body></html>\n'
    )
