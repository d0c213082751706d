"""Write the generated parts of the conformance suite: ``python -m tests.conformance.written``.

The rules' cases become scenarios, one right and one wrong for each rule, except the cases that change the register of
institutions or a youth's uddannelsespaalaeg, which cannot be done over HTTP like that. And docs/krav.csv names each
row's scenarios.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import yaml

from tests.krav.table import mentioned
from tests.rules.cases import SHARED, _read, files
from udb.conformance.report.krav import proofs
from udb.conformance.shared.scenario import FOLDER, RULES_FILE
from udb.domain.cpr import birthdays
from udb.domain.persons import RESIDENT
from udb.paths import ROOT

HEADER = "# Written from tests/rules/cases by `make docs`.\n"
KRAV = ROOT / "docs/krav.csv"
WORDS = {
    "right": ("rigtig", "Beskeder, der overholder regel {}"),
    "wrong": ("forkert", "Beskeder, der overtræder regel {}"),
}
KEPT = ("name", "each", "clock", "youths", "steps")


def rules() -> str:
    """Return the rules' scenarios, as the package has them."""
    shared = _read(SHARED)
    content = {
        "shared": {"clock": shared["clock"], "youths": shared["youths"], "reports": shared["reports"]},
        "scenarios": [scenario for code in files() for scenario in _of_rule(code)],
    }
    return HEADER + yaml.dump(
        content, Dumper=Plain, allow_unicode=True, sort_keys=False, width=118, default_flow_style=None
    )


class Plain(yaml.SafeDumper):
    """Repeat values that YAML could refer to: a reader should not have to look elsewhere."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _of_rule(code: str) -> Iterator[dict[str, Any]]:
    for kind, (word, name) in WORDS.items():
        parts = [{key: case[key] for key in KEPT if key in case} for case in _read(code)[kind] if _is_playable(case)]
        if parts:
            krav = sorted(set().union(*(mentioned(part["name"]) for part in parts)))
            yield {
                "id": f"regel-{code}-{word}",
                "name": name.format(code),
                "rule": code,
                **({"krav": krav} if krav else {}),
                "parts": [{**part, "steps": [_without_mark(step) for step in part["steps"]]} for part in parts],
            }


def _is_playable(case: Mapping[str, Any]) -> bool:
    """Return whether HTTP can play the case.

    Not the cases that change the register of institutions or leave a resident without kommune: no import takes that.
    Nor those of Eksamensdatabasen: what is delivered once is delivered for every scenario after it.
    """
    persons = [step.get("person", {}) for step in case["steps"]] + list(case.get("youths", {}).values())
    if "institutions" in case or any({"institution", "eksamensdatabasen"} & step.keys() for step in case["steps"]):
        return False
    if any("paalaeg" in step.get("person", {}) for step in case["steps"]) or not _can_be_subscribed_to(case):
        return False
    return not any(one.get("kommune", "") is None and one.get("status", "01") in RESIDENT for one in persons)


def _can_be_subscribed_to(case: Mapping[str, Any]) -> bool:
    """Return False for a case whose youths have an uddannelsespaalaeg that a report would be refused: abroad, or too
    old.
    """
    ordered = [youth for youth in case.get("youths", {}).values() if youth.get("paalaeg")]
    today = case.get("clock", _read(SHARED)["clock"])
    today = today.date() if isinstance(today, datetime) else today
    return all(youth.get("status", "01") in RESIDENT and birthdays(youth["born"]).turns_30 > today for youth in ordered)


def _without_mark(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != "example"}


def krav() -> str:
    """Return docs/krav.csv with its column ``konformitet`` filled in from the scenarios, tasks and situations."""
    with KRAV.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file, delimiter=";"))
    at = header.index("konformitet")
    proven = proofs()
    for line in lines:
        line[at] = " ".join(proven.get(line[0], ()))
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([header, *lines])
    return text.getvalue()


if __name__ == "__main__":
    (FOLDER / RULES_FILE).write_text(rules(), encoding="utf-8")
    KRAV.write_text(krav(), encoding="utf-8")
