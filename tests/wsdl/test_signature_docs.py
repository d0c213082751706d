"""docs/signering.md describes what to do for every reason, and its promises hold."""

import re

import pytest

from udb.callers.x509 import SHORTEST_KEY
from udb.cli import build
from udb.paths import ROOT
from udb.settings import Settings
from udb.wsdl.signature import names
from udb.wsdl.signature.limits import LIFE_SECONDS, SKEW_SECONDS
from udb.wsdl.signature.reason_texts import TEXTS
from udb.wsdl.signature.reasons import Reason

PAGE = (ROOT / "docs" / "signering.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z0-9-]+)` \| (\S.+) \|$", PAGE, re.MULTILINE)


def test_every_reason_stands_once_in_its_order_with_its_own_advice():
    assert [key for key, _ in ROWS] == [reason.key for reason in Reason]
    assert len({advice for _, advice in ROWS}) == len(ROWS)


def test_the_text_of_a_reason_is_not_written_twice():
    assert [reason.key for reason in Reason if reason.text.da in PAGE] == []


def test_every_text_belongs_to_a_reason():
    assert list(TEXTS) == [reason.key for reason in Reason]


def test_reasons_named_in_the_text_exist():
    beside_keys = {"transform", "gentaget"}
    named = set(re.findall(r"\(`([a-z0-9-]+)`\)|giver `([a-z0-9-]+)`|`([a-z0-9]+-[a-z0-9-]+)`", PAGE))
    keys = {key for found in named for key in found if key} | beside_keys
    assert keys - {"enveloped-signature", "strong-soap"} <= {reason.key for reason in Reason}


@pytest.mark.parametrize(
    "promise",
    [
        f"højst {LIFE_SECONDS // 60} minutter efter `Created`",
        f"afvige {SKEW_SECONDS} sekunder",
        f"mindst {SHORTEST_KEY} bits",
        names.EXC_C14N,
        names.RSA_SHA256,
        names.SHA256,
    ],
)
def test_figures_and_names_are_those_of_the_code(promise):
    assert promise in PAGE


def test_settings_and_commands_named_exist():
    assert {f"UDB_{name.upper()}" for name in Settings.model_fields} >= set(re.findall(r"UDB_[A-Z_0-9]+[A-Z]\w*", PAGE))
    groups = {group.name: group.typer_instance for group in build().registered_groups}
    named = set(re.findall(r"udb ([a-z]+) ([a-z]+)", PAGE))
    assert ("signature", "explain") in named
    for group, command in named:
        commands = {one.name or one.callback.__name__ for one in groups[group].registered_commands}
        assert command in commands | {one.name for one in groups[group].registered_groups}
