"""The project's own files: fit for any machine, locked, and true to what they name."""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.__main__ import MEASUREMENTS
from benchmarks.__main__ import main as measure
from udb import __version__
from udb.paths import ROOT
from udb.rulebook.markdown import pages

MADE_HERE = re.compile(
    r"^(\.git|\.venv.*|\.mutation|\..*_cache|\.hypothesis|__pycache__|node_modules|data|dist|build|.*\.egg-info)$"
)
# Written so that no pattern finds itself.
ADDRESSES = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|deb[.]debian[.]org|[-]-(extra-)?index-url")
MACHINE = re.compile(r"(?<![\w.*}>-])/(work|root|home)/")
MACHINE_IN_DOCS = re.compile(r"(?<![\w.*}>-])/(tmp|var/tmp)/")
APART = {"browser", "fuzz", "mutation", "site"}
"""Packages that are installed into an environment of their own, from a lock of their own."""
LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
    *(f"requirements-{name}.lock" for name in sorted(APART)),
]


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not MADE_HERE.match(name)]
        yield from (Path(folder, name) for name in names if name != ".git" and not name.endswith(".pyc"))


def texts() -> Iterator[tuple[Path, str]]:
    for file in files():
        content = file.read_bytes()
        if b"\0" not in content:
            yield file, content.decode()


DOCS = sorted(file for file in files() if file.suffix == ".md")


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {normal(name): version for name, version in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> dict[str, set[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"run": project["dependencies"], **project["optional-dependencies"]}
    names = {key: {normal(re.split(r"[\[=<>! ]", need)[0]) for need in needs} for key, needs in groups.items()}
    return {key: group - {"udb"} for key, group in names.items()}


def test_no_file_names_a_registry_or_somebodys_machine():
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if ADDRESSES.search(line) or MACHINE.search(line) or (file.suffix == ".md" and MACHINE_IN_DOCS.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    _, *entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    # A package may be there once for each Python.
    assert {entry.split("==")[0].split("[")[0] for entry in entries} == pins(lock).keys()
    assert len({entry.split(" \\\n")[0] for entry in entries}) == len(entries)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_is_older_than_the_release(lock):
    """`make lock` dates what it locks: a release with old packages has their known weaknesses."""
    first, _, _ = (ROOT / lock).read_text().partition("\n")
    locked = date.fromisoformat(first.removeprefix("# Locked on "))
    released = re.findall(r"^## \[[0-9.]+\] - ([0-9-]+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert locked >= max(map(date.fromisoformat, released))


@pytest.mark.parametrize(("client", "package"), [("node", "soap"), ("strong-soap", "strong-soap")])
def test_every_locked_package_of_a_node_client_has_a_hash_and_no_address(client, package):
    lock = json.loads((ROOT / "clients" / client / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert f"node_modules/{package}" in packages
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "://" in json.dumps(entry)] == []


def test_the_locks_hold_every_declared_package_in_one_version():
    needs = declared()
    assert needs["run"] <= pins("requirements.lock").keys()
    assert needs["build"] <= pins("requirements-build.lock").keys()
    for name in APART:
        assert needs[name] <= pins(f"requirements-{name}.lock").keys()
    everything = pins("requirements-dev.lock")
    assert set().union(*(group for key, group in needs.items() if key not in APART)) <= everything.keys()
    for lock in LOCKS:
        locked = pins(lock)
        assert {name: everything.get(name, version) for name, version in locked.items()} == locked
        assert lock in {f"requirements-{name}.lock" for name in APART} or locked.keys() <= everything.keys()


def test_every_declared_package_has_its_reason():
    rows = re.findall(r"^\| (\S+) \| \S.+ \|$", (ROOT / "docs/afhaengigheder.md").read_text(), re.MULTILINE)
    assert {normal(name) for name in rows} - {"package"} == set().union(*declared().values())


def test_every_make_verb_that_is_named_exists():
    verbs = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    # In prose "make" is an English word: there a verb is in backquotes.
    in_docs, elsewhere = re.compile(r"(?:`|^ *|\$ )make ([a-z-]+)", re.MULTILINE), re.compile(r"`make ([a-z-]+)")
    named = {
        (verb, file.name)
        for file, text in texts()
        for verb in (in_docs if file.suffix == ".md" else elsewhere).findall(text)
    }
    assert {("run", "README.md"), ("bench", "feed.py"), ("check-large", "size.py")} <= named
    assert [(verb, file) for verb, file in named if verb not in verbs] == []


def test_every_measurement_that_is_named_exists():
    named = {(name, file.name) for file, text in texts() for name in re.findall(r"make bench WHAT=([a-z]+)", text)}
    assert {"calls", "leak", "nation"} <= {name for name, _ in named}
    assert [(name, file) for name, file in named if name not in {"list", *MEASUREMENTS}] == []


def test_a_measurement_without_a_known_name_lists_them_and_fails(capsys):
    assert measure(["hest"]) == 2
    printed = capsys.readouterr().err
    assert 'No measurement is named "hest"' in printed
    assert [name for name in MEASUREMENTS if f"  {name} " not in printed] == []


def test_the_changelog_has_the_form_of_keep_a_changelog():
    text = (ROOT / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert releases[0] == "[Unreleased]"
    dates = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", release).groups() for release in releases[1:]]
    assert dates[0][0] == __version__
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds
    catalogued = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert (catalogued["softwareVersion"], catalogued["releaseDate"]) == dates[0]


def test_the_license_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MPL-2.0"
    assert "SPDX-License-Identifier: MPL-2.0\n" in (ROOT / "LICENSE").read_text()
    assert "https://www.mozilla.org/MPL/2.0/\n" in (ROOT / "LICENSE").read_text()
    assert yaml.safe_load((ROOT / "publiccode.yml").read_text())["legal"] == {"license": "MPL-2.0"}
    assert "[MPL-2.0](LICENSE)" in (ROOT / "README.md").read_text()


def test_the_commit_hooks_run_what_is_installed_here():
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    programs = {hook["entry"].split()[0] for hook in repositories[0]["hooks"]}
    assert programs == {".venv/bin/ruff", ".venv/bin/mypy"}
    assert {Path(program).name for program in programs} <= declared()["dev"]


@pytest.mark.parametrize("file", DOCS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_in_the_docs_leads_somewhere(file):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text())
    # The pages of the rule book are made with the site.
    made = {f"regler/{name}" for name in pages()}
    missing = [link for link in links if "://" not in link and link not in made and not (file.parent / link).exists()]
    assert missing == []


def test_every_page_of_the_docs_is_in_the_sites_navigation():
    found = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    made = {"krav.md", "aendringer.md", "regelaendringer.md", "regler/README.md", "koder/README.md"}
    assert set(leaves(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])) == found | made


def leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for inner in entry.values() if isinstance(entry, dict) else entry:
            yield from leaves(inner)


def test_every_decision_has_a_number_of_its_own():
    numbers = re.findall(
        r"^\| ([A-Z]+[0-9]+) \|", (ROOT / "docs" / "fortolkninger.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(numbers) == len(set(numbers)) > 100


def test_ci_runs_the_command_of_the_readme():
    script = (ROOT / ".ci/run").read_text()
    assert re.search(r"^exec make test$", script, re.MULTILINE)
    assert "make test" in (ROOT / "README.md").read_text()
    assert os.access(ROOT / ".ci/run", os.X_OK)
