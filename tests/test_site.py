"""The site's pages: the requirements are complete, and the first page's commands work as they are."""

import csv
import importlib.util
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from sqlalchemy import Engine

from tests.clients.toolkits import CLIENTS, TOOLKITS, Toolkit
from tests.clients.trial import TRIAL, differences
from tests.support import service
from tests.support.programs import NODE, direct, install
from udb.imports.kodesaet import load_shipped
from udb.paths import ROOT
from udb.rulebook.markdown import pages
from udb.sandbox.seed import Parameters, seed
from udb.store.engine import writing

DOCS = ROOT / "docs"
START = (DOCS / "start.md").read_text()


def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_requirements_page_has_every_row_of_the_file() -> None:
    with (DOCS / "krav.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter=";"))
    page = "\n".join(hooks().requirements(rows))
    table_rows = re.findall(r"^\| (F\d{3}) \| (.+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert [number for number, *_ in table_rows] == [row["nummer"] for row in rows]
    assert len(table_rows) > 200
    links = set(re.findall(r"\]\((regler/[^)]+)\)", page))
    assert len(links) > 50
    assert links <= {f"regler/{name}" for name in pages()}


@pytest.mark.parametrize("toolkit", TOOLKITS, ids=lambda toolkit: toolkit.name)
def test_the_first_page_has_every_client_with_how_to_install_make_and_run_it(toolkit: Toolkit) -> None:
    tab = tab_of(toolkit)
    programs = [file.name for file in toolkit.source.iterdir() if file.stem.lower() == "client"]
    assert len(programs) == 1
    assert f'--8<-- "{toolkit.name}/{programs[0]}"' in tab
    if toolkit.needs.startswith("Debian: "):
        assert toolkit.needs.removeprefix("Debian: ") in tab
    if (toolkit.source / "build.sh").exists():
        assert f"clients/{toolkit.name}/build.sh http://127.0.0.1:8080 build/{toolkit.name} 1.1\n" in tab
        assert f'--8<-- "{toolkit.name}/build.sh"' in tab


def tab_of(toolkit: Toolkit) -> str:
    tabs = START.split('\n=== "')[1:]
    (tab,) = [tab for tab in tabs if f'--8<-- "{toolkit.name}/' in tab]
    return tab


def test_what_the_first_page_says_one_will_see_is_what_one_sees() -> None:
    assert '--8<-- "eksempel.jsonl"' in START
    assert differences(TRIAL, (CLIENTS / "eksempel.jsonl").read_text(encoding="utf-8")) == []


def test_the_first_pages_commands_work_as_they_stand(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(unge=300, seed=1, dato=date(2026, 8, 10)), lambda *_: None)
    with service.running(database_url, tmp_path) as running:
        for toolkit in TOOLKITS:
            if toolkit.from_registries:
                made = tmp_path / toolkit.name
                made.mkdir()
                if (toolkit.source / "package.json").exists():
                    install(toolkit.source, made)
                block = re.findall(r"^    ```\n((?:    .*\n)+?)    ```\n", tab_of(toolkit), re.MULTILINE)[0]
                lines = [line.strip() for line in block.splitlines()]
                said = [
                    run(at(line, running.address), toolkit, made)
                    for line in lines
                    if "clients/" in line and "npm" not in line
                ]
                assert '"Accepteret"' in said[-1]
                assert '"cpr.haendelse"' in said[-1]


def at(line: str, address: str) -> str:
    """Return a line of the page for a sandbox at another address."""
    return re.sub(r"clients/parameters\.py", rf"\g<0> {address}", line).replace("http://127.0.0.1:8080", address)


def run(command: str, toolkit: Toolkit, made: Path) -> str:
    """Return the output of a command in the checkout, with this process's Python, and what is made in a folder of its
    own.
    """
    command = re.sub(r"\.venv/bin/python|python3", sys.executable, command)
    command = re.sub(rf"^node clients/{toolkit.name}/", f"{NODE} {made}/", command)
    command = re.sub(rf"(?<!\S)build/{toolkit.name}\b", str(made), command)
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=direct(), capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_page_and_its_parts_are_marked_with_their_language() -> None:
    site = hooks()
    danish = {
        str(file.relative_to(DOCS))
        for file in DOCS.rglob("*.md")
        if len(re.findall(r"\bog\b", text := file.read_text())) > len(re.findall(r"\bthe\b", text))
    }
    assert danish == site.IN_DANISH
    assert (site.language("signering.md"), site.language("spec/rules.md")) == ("da", "en")
    nav = '<a href="../velkommen.html" class="md-nav__link">V</a><a href="start.html" class="md-nav__link">S</a>'
    toc = '<a href="#afsnit" class="md-nav__link">A</a>'
    assert site.marked(nav + toc, "da") == nav.replace('<a href="start', '<a lang="en" href="start') + toc
    assert site.marked(nav + toc, "en") == nav.replace('<a href="..', '<a lang="da" href="..') + toc
    rule = "<p><strong>Dansk (Dato):</strong> Ret datoen.</p>"
    assert site.marked(rule, "en") == '<p lang="da"><strong>Dansk (Dato):</strong> Ret datoen.</p>'
    begins = site.DANISH_PARAGRAPH.replace("<p><strong>", "\n\n**")
    assert [name for name, page in pages().items() if name != "README.md" and page.count(begins) != 1] == []


def test_a_navigation_without_a_name_is_noticed() -> None:
    named = '<nav aria-label="Header"><nav class="a" aria-labelledby="b"><label id="b">'
    assert hooks().nameless(named) == []
    nameless = ["<nav>", '<nav aria-label=" ">', '<nav aria-labelledby="c">']
    assert hooks().nameless(named + "".join(nameless)) == nameless


def test_the_site_is_read_from_a_folder_and_loads_nothing_from_elsewhere() -> None:
    # Without the tags that only mkdocs knows.
    text = re.sub(r"!!\S+", "", (ROOT / "mkdocs.yml").read_text())
    config = yaml.safe_load(text)
    assert "offline" in config["plugins"]
    assert config["use_directory_urls"] is False
    assert config["theme"]["font"] is False
    (script,) = config["extra"]["polyfills"]
    # The plugin would load a script from elsewhere unless one of this name is given.
    assert "iframe-worker" in script
    assert (DOCS / script).exists()
    schemes = {entry["media"]: entry.get("scheme") for entry in config["theme"]["palette"]}
    assert schemes["(prefers-color-scheme: dark)"] == "slate"
