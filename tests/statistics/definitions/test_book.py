"""Every definition says all that the page about the figures shows, and no two have one name."""

import re
from pathlib import Path

import udb.statistics as package
from udb.statistics.definitions.book import FIRST, all_definitions


def test_every_definition_is_complete():
    found = all_definitions()
    assert len({one.kort for one in found}) == len({one.navn for one in found}) == len(found)
    for one in found:
        assert re.fullmatch("[a-z0-9_]{1,30}", one.kort)
        assert re.fullmatch("v[0-9]+", one.version)
        for text in (one.navn, one.kilde, one.formel, one.eksempel):
            assert len(text.strip()) > 5, one.kort
        # A worked case has figures, or says who counts.
        assert re.search(r"[0-9]|tælles|en|to|tre", one.eksempel)
        assert one.formel.endswith(".")
    assert [one.kort for one in found][: len(FIRST)] == list(FIRST)


def test_no_definition_is_left_out():
    files = Path(package.__path__[0]).rglob("*.py")
    written = sum(file.read_text(encoding="utf-8").count("= Definition(") for file in files)
    assert written == len(all_definitions()) >= 12
