"""The shipped code sets as Markdown for the site: one page for each set, and an index."""

from collections.abc import Iterator
from typing import Final

from udb.domain.kodesaet import EDITIONS, INSTITUTIONSTYPER
from udb.imports.kodesaet_file import SAET
from udb.rulebook.set_words import WORDS, in_language
from udb.rulebook.sets import Cell, SetPage, SetRow, page_of, shipped
from udb.rulebook.sets_used import used_by
from udb.rulebook.words import ENGLISH

INDEX: Final = "README.md"

_WORDS: Final = WORDS[ENGLISH]
_MADE: Final = "<!-- Made from `codesets/` by `make site`; changes belong there. -->"


def pages() -> dict[str, str]:
    """Return the content of every page by file name."""
    return {INDEX: _index(), **{f"{saet}.md": _page(saet) for saet in SAET}}


def _index() -> str:
    lines = [f"| {_WORDS['set']} | {_WORDS['rows']} | {_WORDS['invented_rows']} |", "|---|---|---|"]
    for saet in SAET:
        found = page_of(saet, shipped(saet), ENGLISH)
        lines.append(f"| [{_en(found)}]({saet}.md) | {len(found.rows)} | {found.invented} |")
    return "\n\n".join([f"# {_WORDS['title']}", _MADE, _WORDS["intro"], "\n".join(lines)]) + "\n"


def _page(saet: str) -> str:
    editions = EDITIONS if saet == INSTITUTIONSTYPER else (None,)
    found = [
        page_of(saet, shipped(saet, edition) if edition else shipped(saet), ENGLISH, edition) for edition in editions
    ]
    return "\n\n".join((*_about(found[0]), *(part for one in found for part in _codes(one)))) + "\n"


def _about(found: SetPage) -> Iterator[str]:
    yield f"# {_en(found)}"
    yield _MADE
    yield f"[{_WORDS['all']}]({INDEX}). `{found.saet}`. {in_language(found.about, ENGLISH)}"
    rules = ", ".join(f"[{code}](../regler/{code}.md)" for code in used_by(found.saet))
    yield f"{_WORDS['used']}: {rules or _WORDS['not_used']}."
    if found.invented:
        yield _WORDS["invented_means"]
    yield f"## {_WORDS['columns']}"
    yield "\n".join(
        f"- `{name}`: {in_language(text, ENGLISH)}" + (f" {_WORDS['own_means']}" if name in found.own else "")
        for name, text in found.columns
    )


def _codes(found: SetPage) -> Iterator[str]:
    yield f"## {_WORDS['codes']}" + (f": {_WORDS['shipped_edition'].lower()} {found.edition}" if found.edition else "")
    if not found.rows:
        yield _WORDS["empty"]
        return
    names = [name for name, _ in found.columns]
    yield "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *map(_row, found.rows)])
    yield f"### {_WORDS['sources']}"
    yield (
        "\n".join(
            f"- `{kilde.noegle}`: {kilde.titel}, {_WORDS['read'].format(date=kilde.dato)}"
            + (f", <{kilde.adresse}>" if kilde.adresse else "")
            for kilde in found.kilder
        )
        or _WORDS["nothing"]
    )


def _row(row: SetRow) -> str:
    source = f"`{row.kilde.noegle}`" if row.kilde else _WORDS["nothing"]
    return f"| {' | '.join((*map(_cell, row.cells), source))} |"


def _cell(cell: Cell) -> str:
    return cell.value.replace("|", "\\|") + (f" *({_WORDS['invented']})*" if cell.invented else "")


def _en(found: SetPage) -> str:
    return in_language(found.title, ENGLISH)
