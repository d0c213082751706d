"""Search finds codes, words of both languages, and element names, also folded."""

import pytest

from udb.rulebook.book import entries
from udb.rulebook.search import MOST_SOUGHT, found, search
from udb.rulebook.words import DANISH, ENGLISH
from udb.wsdl.xml.forms import request_forms


def codes(sought: str) -> list[str]:
    return [entry.code for entry in search(sought)]


@pytest.mark.parametrize(
    ("sought", "code"),
    [
        ("4003", "4003"),
        ("afbrudsarsagskode", "4003"),
        ("SystemTransactionID", "8004"),
        ("  5001 ", "5001"),
        ("årsag", "4003"),
        ("aarsag", "4003"),
        ("AARSAG", "4003"),
        ("uddannelsespaalaeg", "7011"),
        ("uddannelsespålæg", "7011"),
        ("gennemført", "5001"),
        ("gennemfoert", "5001"),
        ("udb009102", "UDB009102"),
        ("digest-body", "UDB009108"),
        ("KildeLeverandoer", "IPL000002"),
    ],
)
def test_search_finds(sought: str, code: str) -> None:
    assert code in codes(sought)


def test_every_element_name_of_a_request_is_found() -> None:
    assert len(request_forms()) > 35
    assert [name for name in request_forms() if not search(name)] == []


def test_search_by_code_comes_first_and_words_all_count() -> None:
    assert codes("100")[:6] == ["1001", "1002", "1003", "1004", "1005", "1006"]
    assert codes("UDB00")[:9] == [entry.code for entry in entries() if entry.code.startswith("UDB")]
    both = set(codes("annulleringen mangler"))
    assert "6001" in both
    assert both < set(codes("mangler"))


@pytest.mark.parametrize("sought", ["", "   ", "findesikke", "'; drop table regler"])
def test_search_finds_nothing(sought: str) -> None:
    assert search(sought) == []


def test_search_looks_at_so_many_characters_only() -> None:
    assert search("4003" + " " * MOST_SOUGHT + "findesikke") == search("4003")


def test_what_is_found_out_of_sight_is_shown() -> None:
    shown = {one.entry.code: one.sentence for one in found("frafald", DANISH)}
    assert shown["4012"] == "", "its first sentence has the word"
    assert shown["3007"].endswith("samme dag, som I konstaterer det.")
    assert "frafald" in shown["3007"]
    assert all("dropping out" in one.sentence for one in found("dropping", ENGLISH) if one.sentence)
