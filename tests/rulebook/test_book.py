"""The rule book has every code, and its examples get the codes they show."""

import re
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
from udb.rulebook.attempt import marked
from udb.rulebook.book import entries, entry_of
from udb.rulebook.entry import Entry
from udb.rulebook.examples import FILE, differing, examples
from udb.rulebook.facts import facts, what_to_do
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.wsdl import faults

RULE_ENTRIES = [entry for entry in entries() if entry.code in BY_CODE]
PAIR_MISSING = "write a pair for {0} in tests/rules/pairs.yml, then: make docs"


def code_of(entry: Entry) -> str:
    return entry.code


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(CONTRACT / "udb.xsd"))


def test_every_rule_every_refusal_and_every_fault_has_one_entry_in_code_order() -> None:
    codes = [entry.code for entry in entries()]
    assert codes == sorted({*BY_CODE, *FETCH_TEXTS, *(kind.error_code for kind in faults.TABLE)})


def test_the_examples_are_made_from_the_pairs_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: make docs"


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_the_wrong_message_shows_the_code_and_the_right_one_does_not(entry: Entry) -> None:
    assert entry.wrong, PAIR_MISSING.format(entry.code)
    assert entry.right, PAIR_MISSING.format(entry.code)
    answers = {kind: example["codes"] for kind, example in played()[entry.code].items()}
    assert entry.code in answers["wrong"]
    assert answers["right"] == []


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_messages_fit_the_schema_and_name_nobody(entry: Entry) -> None:
    for example in filter(None, (entry.wrong, entry.right)):
        message = etree.fromstring(example.xml)
        schema().assertValid(message)
        cprnr = message.findtext(f"{{{PAYLOAD_NAMESPACE}}}{CPRNR}")
        assert cprnr is not None
        assert int(cprnr[:2]) > INVENTED_DAY


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_what_went_before_is_told_in_both_languages(entry: Entry) -> None:
    for example in filter(None, (entry.wrong, entry.right)):
        danish, english = example.story("da"), example.story("en")
        assert len(danish) == len(english) > 0
        assert all(a != b for a, b in zip(danish, english, strict=True))
        assert not any(sign in line for line in (*danish, *english) for sign in "{}$")


@pytest.mark.parametrize("entry", RULE_ENTRIES, ids=code_of)
def test_the_english_explanation_is_the_docstring_whole(entry: Entry) -> None:
    about, wrong, right = entry.explanation
    refuses = entry.alvor is Alvor.HAARD
    labels = [line.partition(": ")[0] for line in entry.forklaring[1:]]
    assert labels == (["Forkert", "Rigtigt"] if refuses else ["Får rådet", "Får ikke rådet"])
    assert about.endswith((".", ".)", "`"))
    assert "Source:" not in " ".join(entry.explanation)
    assert wrong.startswith("Wrong: " if refuses else "Gets the advice: ")
    assert right.startswith("Right: " if refuses else "Does not get it: ")


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
    assert dict(facts(entry_of("4010"), "da"))["Kilde"] == "vejledningen afsnit 1.4, STIL's sider om grænsefladerne"
    assert dict(facts(entry_of("7011"), "en"))["Source"] == "STIL's interface pages"


def test_a_rule_that_ends_says_when() -> None:
    rule = replace(BY_CODE["4003"], in_force_from=date(2026, 1, 1), in_force_to=date(2026, 12, 31))
    shown = dict(facts(book._of_rule(rule), "en"))
    assert shown["In force"] == "from 2026-01-01 to 2026-12-31"
    shown = dict(facts(book._of_rule(rule), "da"))
    assert shown["I kraft"] == "fra den 1. januar 2026 til og med den 31. december 2026"


def test_both_languages_have_the_same_words() -> None:
    for table in (words.WORDS, words.ALVOR, words.DO, words.FAULT, words.GROUPS):
        danish, english = table[words.DANISH], table[words.ENGLISH]
        assert danish.keys() == english.keys()
        assert all(danish.values())
        assert all(english.values())
    assert {entry.code[0] for entry in entries()} == words.GROUPS[words.DANISH].keys()


@pytest.mark.parametrize("entry", entries(), ids=code_of)
def test_a_name_is_short_and_its_own(entry: Entry) -> None:
    for language in words.LANGUAGES:
        name = entry.named(language)
        assert 4 <= len(name) <= 40
        assert not name.endswith(".")
        assert [one.code for one in entries() if one.named(language) == name] == [entry.code]


DANISH_ADVICE = re.compile(
    r"\b(angiv|annullér|brug|del|fjern|få|hent|indberet|kontrollér|lad|prøv|ret|send|skal|slå|spørg|stop|sæt|udelad|vent"
    r"|behøver (i )?ikke|bør)\b"
)
ENGLISH_ADVICE = re.compile(
    r"\b(ask|cancel|check|correct|divide|do not|fetch|get|give|look|must|need not|nothing more|remove|report|send|set"
    r"|should|sign|stop|to be reported|try|use|wait)\b"
)


@pytest.mark.parametrize("entry", entries(), ids=code_of)
def test_every_text_says_what_to_do(entry: Entry) -> None:
    for language, advice in ((words.DANISH, DANISH_ADVICE), (words.ENGLISH, ENGLISH_ADVICE)):
        assert advice.search(entry.said(language).casefold()), entry.said(language)
        assert what_to_do(entry, language)[0] == entry.advice(language) or not entry.advice(language)


def test_json_holds_every_field() -> None:
    for entry in entries():
        assert entry.to_json().keys() == {field.name for field in fields(Entry)}


def test_what_differs_between_two_messages_is_what_the_rule_is_about() -> None:
    expected = {
        "1004": ["CPRNr"],
        "3007": [],
        "4003": ["AfbrudsarsagsKode"],
        "5003": [],
        "6001": ["HaendelseNummer"],
        "7006": ["AfbrudHaendelseNummer"],
        "9001": ["SystemTransactionID"],
    }
    assert {code: differing(*examples()[code]) for code in expected} == expected
    wrong, right = examples()["4003"]
    assert [line.text.strip() for line in marked(wrong, right) if line.differs] == []
    lines = [line.text.strip() for line in marked(right, wrong) if line.differs]
    assert lines == ["<v1:AfbrudsarsagsKode>9</v1:AfbrudsarsagsKode>"]


def test_no_example_is_left_of_a_rule_that_is_gone() -> None:
    assert examples().keys() <= BY_CODE.keys()
