"""Fingerprints of the rules and code sets at their last change entered in REGELAENDRINGER.md.

``docs/regler/fingerprints.json`` keeps a fingerprint and the date of the entry for each. A rule whose fingerprint is
different today has changed without an entry.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from udb.domain.errors import UdbRefused
from udb.hentning.refusals import FETCH_TEXTS
from udb.paths import CODESETS, ROOT
from udb.rulebook.changelog import CHANGELOG, entries, named
from udb.rulebook.source import source_of
from udb.rules.catalogue import RULES
from udb.rules.rule import Rule
from udb.rules.runner import silencers

FILE: Final = ROOT / "docs" / "regler" / "fingerprints.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A fingerprint and the date of the entry that records it."""

    fingerprint: str
    day: date


def fingerprints() -> dict[str, str]:
    """Return the fingerprint of every rule and refusal by code, and of every code set by name, as they are now."""
    rules = {rule.code: _hash(_content(rule)) for rule in RULES}
    refusals = {code: _hash([" ".join(text.split()) for text in texts]) for code, texts in FETCH_TEXTS.items()}
    sets = {file.stem: _hash(file.read_text(encoding="utf-8")) for file in CODESETS.glob("*.csv")}
    return {**rules, **refusals, **sets}


def kept(file: Path = FILE) -> dict[str, Kept]:
    """Return the fingerprints that were written down."""
    if not file.exists():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    return {name: Kept(value["aftryk"], date.fromisoformat(value["dato"])) for name, value in found.items()}


def changed(now: Mapping[str, str], before: Mapping[str, Kept]) -> list[str]:
    """Return the names that are new, gone or changed."""
    return sorted(
        name
        for name in now.keys() | before.keys()
        if name not in before or name not in now or now[name] != before[name].fingerprint
    )


def what_to_write(names: Iterable[str], today: date) -> str:
    """Return the instruction for a change of a rule or a code set that is not written down."""
    return (
        f"Changed without an entry: {', '.join(names)}. Write in {CHANGELOG.name}, under a heading with the date "
        f"(## {today}), what changed and from when, naming each; then run: udb rules fingerprints"
    )


def write_down(today: date, *, file: Path = FILE, changelog: Path = CHANGELOG) -> list[str]:
    """Keep today's fingerprints of what has changed; return the names.

    Raises UdbRefused, with nothing written, unless an entry dated ``today`` or later names each of them.
    """
    now, before = fingerprints(), kept(file)
    names = changed(now, before)
    days = {
        name: max(day for day, text in entries(changelog) if name in named(text, [name]))
        for name in names
        if any(day >= today and name in named(text, [name]) for day, text in entries(changelog))
    }
    unnamed = [name for name in names if name not in days]
    if unnamed:
        raise UdbRefused(what_to_write(unnamed, today))
    after = {name: before[name] for name in now if name not in days}
    after |= {name: Kept(now[name], day) for name, day in days.items() if name in now}
    content = {name: {"aftryk": value.fingerprint, "dato": str(value.day)} for name, value in sorted(after.items())}
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return names


def _content(rule: Rule) -> list[Any]:
    return [
        rule.alvor,
        rule.element,
        rule.tekst,
        rule.text,
        rule.source,
        sorted(rule.services),
        sorted(silencers(rule)),
        sorted(kind.value for kind in rule.judges),
        str(rule.in_force_from),
        str(rule.in_force_to),
        source_of(rule.check),
    ]


def _hash(content: Any) -> str:
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
