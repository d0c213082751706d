"""Hooks of mkdocs: make pages from files outside docs/, and list the pages of the rule book.

mkdocs calls the functions named on_...; mkdocs.yml names this file.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).parent
ROOT: Final = DOCS.parent
REQUIREMENTS: Final = "krav.csv", "krav.md"
FROM_ROOT: Final = {"CHANGELOG.md": "aendringer.md", "REGELAENDRINGER.md": "regelaendringer.md"}
"""Files in the root that become pages, with their names on the site."""
INSTEAD: Final = {**FROM_ROOT, "clients/README.md": "start.md"}
RULE_BOOK: Final = "Rule book"
RULES: Final = ROOT / "build" / "regler"
"""The folder in which `make site` has written the pages of the rule book."""
RULE_CODE: Final = re.compile(r"[0-9]{4}|(IPL|UDB)[0-9]{6}")
CODE_SETS: Final = "Code sets"
SETS: Final = ROOT / "build" / "koder"
"""The folder in which `make site` has written the pages of the code sets."""
REASONS: Final = {"senere": "later", "pligt": "a duty of people", "definition": "a definition"}
"""The first word of a reason in the file -> its English."""

ENGLISH: Final = "en"
DANISH: Final = "da"
IN_DANISH: Final = frozenset(
    {"databeskyttelse.md", "velkommen.md", "vejledning-til-afsendere.md", "vejledning-til-hentere.md", "signering.md"}
)
"""The pages in Danish; all others are in English, also those about Danish words."""
DANISH_PARAGRAPH: Final = "<p><strong>Dansk"
"""How a Danish paragraph of the rule book's English pages begins."""
TITLE_IN_DANISH: Final = "velkommen.md"
"""The page whose title in the navigation is Danish."""

Row = Mapping[str, str]


def on_config(config: Any) -> Any:
    """Add the pages of the rule book and of the code sets to the navigation, by code and by name."""
    for entry in config.nav:
        if RULE_BOOK in entry:
            pages = sorted(page for page in RULES.glob("*.md") if RULE_CODE.fullmatch(page.stem))
            entry[RULE_BOOK] = [entry[RULE_BOOK], *({_heading(page): f"regler/{page.name}"} for page in pages)]
        if CODE_SETS in entry:
            names = sorted(page.stem for page in SETS.glob("[a-z]*.md"))
            entry[CODE_SETS] = [entry[CODE_SETS], *({name: f"koder/{name}.md"} for name in names)]
    return config


def _heading(page: Path) -> str:
    return page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages."""
    # Imported here, so that the tests can use the rest of this module without mkdocs.
    from mkdocs.structure.files import File

    for file in sorted(RULES.glob("*.md")):
        files.append(File.generated(config, f"regler/{file.name}", content=file.read_text(encoding="utf-8")))
    for file in sorted(SETS.glob("*.md")):
        files.append(File.generated(config, f"koder/{file.name}", content=file.read_text(encoding="utf-8")))
    source, page = REQUIREMENTS
    with (DOCS / source).open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter=";"))
    files.append(File.generated(config, page, content="\n".join(requirements(rows))))
    for name, page in FROM_ROOT.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=re.sub(r"(?<=\]\()[^)#:]+(?=[)#])", _on_the_site, text)))
    return files


def _on_the_site(link: re.Match[str]) -> str:
    return INSTEAD.get(link[0], link[0].removeprefix("docs/"))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Change links to the requirements' file into links to their page."""
    source, page = REQUIREMENTS
    return markdown.replace(f"{source})", f"{page})")


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Let the page's frame (its html element, the labels of landmarks and buttons) be in the page's language."""
    config.theme["language"] = language(page.file.src_uri)
    return context


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Mark what is in another language than its page. A landmark without a name ends the build (ValueError)."""
    if found := nameless(output):
        raise ValueError(f"{page.file.src_uri}: navigation without a name: {found}")
    return marked(output, language(page.file.src_uri))


def nameless(html: str) -> list[str]:
    """Return the navigation landmarks of a page that have no name, or the name of an element that is not there."""
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    found = []
    for tag in re.findall(r"<nav\b[^>]*>", html):
        label = re.search(r'\baria-label="([^"]*)"', tag)
        by = re.search(r'\baria-labelledby="([^"]*)"', tag)
        if not (label and label[1].strip()) and not (by and by[1] in ids):
            found.append(tag)
    return found


def language(page: str) -> str:
    """Return the language of a page, given its file below docs/."""
    return DANISH if page in IN_DANISH else ENGLISH


def marked(html: str, own: str) -> str:
    """Return a page with ``lang`` on each title in the navigation that is not in the page's language (``own``), and on
    the Danish paragraphs of the rule book.
    """

    def title(link: re.Match[str]) -> str:
        target = TITLE_IN_DANISH.removesuffix(".md")
        is_danish = link[1] == f"{target}.html" or link[1].endswith(f"/{target}.html")
        titled = DANISH if is_danish else ENGLISH
        return link[0] if titled == own else link[0].replace("<a ", f'<a lang="{titled}" ', 1)

    html = re.sub(r'<a href="([^"#][^"]*)" class="md-nav__link[^"]*"', title, html)
    return html if own == DANISH else html.replace(DANISH_PARAGRAPH, DANISH_PARAGRAPH.replace("<p>", '<p lang="da">'))


TITLES: Final = {"Intro": "Intro", "own": "Not in the vejledning"}
"""The headings of what is no section of the vejledning."""


def requirements(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the requirements page, from the rows of krav.csv."""
    yield "# Requirements\n"
    yield (
        "Every sentence of the vejledning of 21 February 2020 that asks for something, with what keeps it here and "
        "what proves it. Rules lead to their pages; scenarios are those of [the conformance suite](konformitet.md), to "
        "be played against any service. Made from `docs/krav.csv`, which names each test.\n"
    )
    for section, group in groupby(rows, key=lambda row: row["afsnit"]):
        yield f"## {TITLES.get(section, f'Section {section}')}\n"
        yield "| | requirement | kept by | proven by |"
        yield "|---|---|---|---|"
        yield from (f"| {row['nummer']} | {_cell(row['krav'])} | {_keeper(row)} | {_proof(row)} |" for row in group)
        yield ""


def _keeper(row: Row) -> str:
    names = (
        f"[{name}](regler/{name}.md)" if RULE_CODE.fullmatch(name) else f"`{name}`"
        for name in row["regel_eller_modul"].split()
    )
    return ", ".join(names) or "–"


def _proof(row: Row) -> str:
    tests = len(row["test"].split())
    told = [f"{tests} test{'s' if tests > 1 else ''}"] if tests else []
    told += [f"`{name}`" for name in row["konformitet"].split()]
    why, _, what = row["grund"].partition(": ")
    told += [f"{REASONS[why]}: {_cell(what)}"] if why else []
    return ", ".join(told)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
