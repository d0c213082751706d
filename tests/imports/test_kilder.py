"""The shipped sources, and what is said of where a row's columns are from."""

import re

import pytest

from udb.imports.kilder import Kilde, kilder, provenance

VEJLEDNING = Kilde("v-4.1", "Styrelsen for It og Læring: Ungedatabasen vejledning 1.0, afsnit 4.1", "2020-02-12", "")


def test_each_source_has_a_title_and_a_date_and_perhaps_an_address():
    assert kilder()["v-4.1"] == VEJLEDNING
    for noegle, kilde in kilder().items():
        assert re.fullmatch("[a-z0-9.-]+", noegle)
        assert kilde.noegle == noegle
        assert kilde.titel == kilde.titel.strip() != ""
        assert re.fullmatch("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", kilde.dato)
        assert re.fullmatch("(https://.+)?", kilde.adresse)


def test_a_row_of_which_one_column_is_invented():
    found = provenance("timeloen", "kroner", "v-4.1")
    assert (found.invented, found.public, found.own) == (("kroner",), ("kode", "tekst"), ())
    assert found.kilde == VEJLEDNING


def test_a_row_that_is_invented_whole_has_no_source():
    found = provenance("cosa_formaal", "tekst version kode", "")
    assert (found.invented, found.public) == (("kode", "version", "tekst"), ())
    assert found.own == ("art", "genoptag", "fuldfoerer", "kompetencegivende", "bevis", "klassetrin_hoejst_10")
    assert found.kilde is None


def test_a_public_row_may_have_its_source_in_words():
    found = provenance("stads", "", "STADS, november 2026")
    assert (found.invented, found.public) == ((), ("kode", "tekst"))
    assert found.kilde == Kilde("", "STADS, november 2026", "", "")


def test_an_unknown_set_has_no_provenance():
    with pytest.raises(KeyError):
        provenance("skolekode", "", "v-1.1")
