"""The rule book has every code, and its examples get the codes they show."""

from dataclasses import fields, replace
from datetime import date
from functools import cache

import pytest
from lxml import etree

from tests.rules.examples import examples as played
from tests.rules.examples import written
from udb.domain.cpr import INVENTED_DAY
from udb.domain.elementer import CPRNR
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.hentning.refusals import FETCH_TEXTS
from udb.paths import CONTRACT
from udb.rulebook import book, words
from udb.rulebook.book import MOST_SOUGHT, Entry, entries, entry_of, search
from udb.rulebook.examples import FILE, examples
from udb.rulebook.facts import facts
from udb.rules.catalogue import BY_CODE, RULES

RULE_ENTRIES = [entry for entry in entries() if entry.code in BY_CODE]
CASES_MISSING = "write tests/rules/cases/{0}.yml with a right and a wrong case, then: make docs"


def code_of(entry: Entry) -> str:
    return entry.code


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(CONTRACT / "udb.xsd"))


def test_every_rule_and_every_refusal_has_one_entry_in_code_order() -> None:
    codes = [entry.code for entry in entries()]
    assert codes == sorted({*BY_CODE, *FETCH_TEXTS})


def test_the_examples_are_made_from_the_cases_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: make docs"


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_the_wrong_message_shows_the_code_and_the_right_one_does_not(entry: Entry) -> None:
    assert entry.wrong, CASES_MISSING.format(entry.code)
    assert entry.right, CASES_MISSING.format(entry.code)
    answers = {kind: example["codes"] for kind, example in played()[entry.code].items()}
    assert entry.code in answers["wrong"]
    assert entry.code not in answers["right"]


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_messages_fit_the_schema_and_name_nobody(entry: Entry) -> None:
    for example in filter(None, (entry.wrong, entry.right)):
        message = etree.fromstring(example.xml)
        schema().assertValid(message)
        cprnr = message.findtext(f"{{{PAYLOAD_NAMESPACE}}}{CPRNR}")
        assert cprnr is not None
        impossible = entry.code == "1001"
        assert int(cprnr[:2]) > INVENTED_DAY or impossible


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_what_went_before_is_told_in_both_languages(entry: Entry) -> None:
    for example in filter(None, (entry.wrong, entry.right)):
        danish, english = example.story("da"), example.story("en")
        assert len(danish) == len(english) > 0
        assert all(a != b for a, b in zip(danish, english, strict=True) if not a.startswith("Institution"))
        assert not any(sign in line for line in (*danish, *english) for sign in "{}")


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_the_explanation_is_the_docstring_whole(entry: Entry) -> None:
    about, wrong, right = entry.explanation
    assert about.endswith((".", ".)", "`"))
    assert "Source:" not in " ".join(entry.explanation)
    assert wrong.startswith("Wrong: ")
    assert right.startswith("Right: ")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_texts_are_whole_and_braces_are_filled(language: str) -> None:
    for entry in entries():
        said = f"{entry.summary(language)} {entry.advice(language)}".strip()
        assert said == entry.said(language)
        assert not set("{}") & set(said)


def test_the_date_of_the_optag_stands_in_brackets() -> None:
    entry = entry_of("3005")
    assert entry is not None
    assert entry.summary("da") == "Afbruddet ligger før optagets dato ([optag])."


def test_facts_tell_source_services_silence_and_dates() -> None:
    shown = dict(facts(entry_of("5001"), "da"))
    assert shown["Alvor"] == "Haard (afvist)"
    assert shown["Kilde"] == "vejledningen afsnit 1.3"
    assert shown["Gælder for"].split(", ")[0] == "IndberetningUngdomsuddannelse"
    assert {"2001", "4001"} <= set(shown["Vises ikke sammen med"].split(", "))
    assert shown["I kraft"] == "fra den 1. januar 2000"
    assert dict(facts(entry_of("9001"), "en"))["Applies to"] == "all reports"
    assert dict(facts(entry_of("2001"), "en"))["Applies to"] == "all services"
    assert dict(facts(entry_of("9001"), "en"))["Source"] == "the project's interpretation"
    assert dict(facts(entry_of("9001"), "da"))["Kilde"] == "projektets fortolkning"


def test_a_rule_that_ends_says_when() -> None:
    rule = replace(BY_CODE["4003"], in_force_from=date(2026, 1, 1), in_force_to=date(2026, 12, 31))
    shown = dict(facts(book._of_rule(rule), "en"))
    assert shown["In force"] == "from 2026-01-01 to 2026-12-31"
    shown = dict(facts(book._of_rule(rule), "da"))
    assert shown["I kraft"] == "fra den 1. januar 2026 til og med den 31. december 2026"


@pytest.mark.parametrize(
    ("sought", "first"),
    [("4003", "4003"), ("afbrudsarsagskode", "4003"), ("SystemTransactionID", "8004"), ("  5001 ", "5001")],
)
def test_search_finds(sought: str, first: str) -> None:
    assert first in [entry.code for entry in search(sought)]


def test_search_by_code_comes_first_and_words_all_count() -> None:
    assert [entry.code for entry in search("100")][:6] == ["1001", "1002", "1003", "1004", "1005", "1006"]
    both = {entry.code for entry in search("annulleringen mangler")}
    assert "6001" in both
    assert both < {entry.code for entry in search("mangler")}


@pytest.mark.parametrize("sought", ["", "   ", "findesikke", "'; drop table regler"])
def test_search_finds_nothing(sought: str) -> None:
    assert search(sought) == []


def test_search_looks_at_so_many_characters_only() -> None:
    assert search("4003" + " " * MOST_SOUGHT + "findesikke") == search("4003")


def test_both_languages_have_the_same_words() -> None:
    for table in (words.WORDS, words.ALVOR, words.DO, words.GROUPS):
        danish, english = table[words.DANISH], table[words.ENGLISH]
        assert danish.keys() == english.keys()
        assert all(danish.values())
        assert all(english.values())
    assert {rule.code[0] for rule in RULES} <= words.GROUPS[words.DANISH].keys()


def test_json_holds_every_field() -> None:
    for entry in entries():
        assert entry.to_json().keys() == {field.name for field in fields(Entry)}


def test_no_example_is_left_of_a_rule_that_is_gone() -> None:
    assert examples().keys() <= BY_CODE.keys()
