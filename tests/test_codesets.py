"""The shipped code sets hold what the vejledning and the spec name, and no row contradicts another."""

import csv
from datetime import date

import pytest

from udb.domain.services import SERVICES
from udb.imports.csv_file import RefusedLine, decoded
from udb.imports.kodesaet_file import SAET, read_kodesaet
from udb.paths import CODESETS

ALWAYS = ["tekst", "gyldig_fra", "gyldig_til", "eksempel"]
HEADERS = {
    "kommuner": ["kode", *ALWAYS, "institutionsnummer"],
    "cosa_formaal": ["kode", "version", *ALWAYS, "art", "genoptag", "fuldfoerer", "kompetencegivende", "bevis"],
    "forberedende_aktiviteter": ["kode", *ALWAYS, "genoptag", "klassetrin_hoejst_10", "ved_siden_af"],
    "kommune_aktiviteter": ["kode", *ALWAYS, "skal", "klassetrin_hoejst_10"],
    "afbrudsaarsager": ["kode", *ALWAYS, "art"],
    "stads": ["kode", *ALWAYS, "fuldfoerer", "kompetencegivende"],
    "aktivitetsgrupper": ["kode", *ALWAYS],
    "klassetyper": ["kode", *ALWAYS],
    "institutionstyper": ["kode", *ALWAYS, "tjenester"],
    "uddannelsesniveauer": ["kode", *ALWAYS, "rang"],
    "etater": ["kode", *ALWAYS],
    "fgu_skoleperioder": ["kode", *ALWAYS, "speciale"],
    "indtaegtsarter": ["kode", *ALWAYS, "social_ydelse"],
    "timeloen": ["kode", *ALWAYS, "kroner"],
}
FLAGS = {
    "eksempel",
    "genoptag",
    "kompetencegivende",
    "bevis",
    "klassetrin_hoejst_10",
    "skal",
    "social_ydelse",
    "ved_siden_af",
}
REPEATABLE_ACTIVITIES = {
    *("0300", "1013", "1030", "1031", "1040", "1042", "1043", "1050", "1051", "1060", "1100", "1101"),
    *("1102", "1103", "1104", "1106", "1110", "1111", "1112", "1123", "2112", "2113", "2211"),
}
REPEATABLE_PURPOSES = {"2542", "3016", "3018", "3019"}
KOMMUNE_SERVICES = {
    "IndberetningKommuneAktivitet",
    "IndberetningKontaktTilbudstid",
    "IndberetningKontaktperson",
    "IndberetningOnsker",
    "DataTilKommune",
}


def raw_rows(saet):
    with (CODESETS / f"{saet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def rows(saet):
    with decoded((CODESETS / f"{saet}.csv").open("rb")) as lines:
        found = list(read_kodesaet(saet, lines))
    assert not [fault for fault in found if isinstance(fault, RefusedLine)]
    return found


def codes(saet, **properties):
    return {row.kode for row in rows(saet) if properties.items() <= row.egenskaber.items()}


def test_there_is_one_file_for_every_set_and_a_paragraph_about_it():
    assert {path.stem for path in CODESETS.glob("*.csv")} == set(HEADERS) == set(SAET)
    readme = (CODESETS / "README.md").read_text(encoding="utf-8")
    assert [saet for saet in HEADERS if f"**`{saet}`**" not in readme] == []


@pytest.mark.parametrize("saet", HEADERS)
def test_a_file_is_plain_utf8_with_the_columns_of_the_spec(saet):
    raw = (CODESETS / f"{saet}.csv").read_bytes()
    assert raw.endswith(b"\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.decode("utf-8").splitlines()[0].split(";") == HEADERS[saet] == list(SAET[saet].columns)


@pytest.mark.parametrize("saet", HEADERS)
def test_the_values_of_a_file_are_well_formed(saet):
    for row in raw_rows(saet):
        assert row["tekst"] == row["tekst"].strip() != ""
        assert date.fromisoformat(row["gyldig_fra"]) <= date.fromisoformat(row["gyldig_til"] or "9999-12-31")
        assert all(row[column] in {"0", "1"} for column in FLAGS & row.keys())


@pytest.mark.parametrize("saet", HEADERS)
def test_a_key_says_one_thing_on_a_day(saet):
    found = rows(saet)
    assert len(found) == len(raw_rows(saet))
    assert [(one, other) for place, one in enumerate(found) for other in found[:place] if one.overlaps(other)] == []


def test_the_98_kommuner_each_have_an_institution_number_of_their_own():
    found = rows("kommuner")
    assert len(found) == len({row.kode for row in found}) == 98
    assert len({row.egenskaber["institutionsnummer"] for row in found}) == 98
    assert [(row.kode, row.tekst, row.egenskaber["institutionsnummer"]) for row in found if not row.eksempel] == [
        ("101", "København", "281111")
    ]


def test_the_purposes_that_are_named_are_there():
    named = {("3017", "2"), ("2997", "1"), ("3000", "1")}
    assert named == {(row.kode, row.variant) for row in rows("cosa_formaal") if not row.eksempel}
    assert {"3009", "3010", "3310"} == codes("cosa_formaal", art="gymnasial", fuldfoerer="ungdomsuddannelse", bevis="1")
    assert {"2997", "3000"} == codes("cosa_formaal", art="optagelsesproeve")
    assert "3017" in codes("cosa_formaal", art="hf", fuldfoerer="ungdomsuddannelse", bevis="1")
    assert codes("cosa_formaal", art="fgu")


def test_every_art_has_a_purpose_and_eud_has_two_of_each_part():
    assert {row.egenskaber["art"] for row in rows("cosa_formaal")} == {
        *("gymnasial", "hf", "eud", "gf1", "gf2", "hf_enkeltfag", "avu", "fvu", "obu", "du", "fgu"),
        *("optagelsesproeve", "andet"),
    }
    for art in ("eud", "gf1", "gf2"):
        assert len(codes("cosa_formaal", art=art)) >= 2
    assert all(
        row.egenskaber["fuldfoerer"] == "erhvervskompetencegivende"
        for row in rows("cosa_formaal")
        if row.egenskaber["art"] == "eud"
    )


def test_a_purpose_was_closed_and_followed_by_its_next_version_the_day_after():
    closed = {(row.kode, row.gyldig_til.toordinal() + 1) for row in rows("cosa_formaal") if row.gyldig_til}
    followed = closed & {(row.kode, row.gyldig_fra.toordinal()) for row in rows("cosa_formaal")}
    assert followed
    assert closed - followed, "one purpose has ended without a successor"


@pytest.mark.parametrize(
    ("saet", "repeatable"),
    [("cosa_formaal", REPEATABLE_PURPOSES), ("forberedende_aktiviteter", REPEATABLE_ACTIVITIES)],
)
def test_exactly_the_codes_of_the_vejledning_may_be_taken_again(saet, repeatable):
    assert codes(saet, genoptag="1") == repeatable
    assert not codes(saet, genoptag="0") & repeatable


def test_the_activities_up_to_10th_grade_are_eud10_and_20_20():
    assert len(REPEATABLE_ACTIVITIES) == 23
    texts = {row.kode: row.tekst for row in rows("forberedende_aktiviteter")}
    assert {texts[kode] for kode in codes("forberedende_aktiviteter", klassetrin_hoejst_10="1")} == {
        "EUD10",
        "20/20-ordning",
    }
    assert texts["1060"] == "Produktionsskole"


def test_introduction_courses_and_brobygning_are_attended_beside_a_class():
    assert codes("forberedende_aktiviteter", ved_siden_af="1") == {"0301", "9020"}


def test_the_kommune_may_report_16_activities_and_must_report_8_and_those_of_v_5():
    """F104, F105: the two lists of V 2.3; V 5 adds Hjemmeundervisning (F154)."""
    assert len(codes("kommune_aktiviteter", skal="0")) == 16
    texts = {row.tekst for row in rows("kommune_aktiviteter") if row.egenskaber["skal"] == "1"}
    assert texts == {
        "Andre udviklende og forberedende aktiviteter aftalt med KUI",
        "Ophold i udlandet",
        "Ungdomsuddannelser i udlandet (bopælsadresse i Danmark)",
        "Selvstændig erhvervsdrivende",
        "Praktik i ungevejledningen",
        "Fritagelse for uddannelsespligt i henhold til lov om kommunal indsats for unge under 25 år",
        "Sygdom, orlov mv.",
        "Særligt tilrettelagt ungdomsuddannelse (STU)",
        "Hjemmeundervisning",
    }
    assert all(row.eksempel for row in rows("kommune_aktiviteter"))


def test_the_causes_that_are_named_are_there():
    by_code = {row.kode: row for row in rows("afbrudsaarsager")}
    assert {kode: by_code[kode].egenskaber["art"] for kode in ("1", "9")} == {"1": "begge", "9": "almindelig"}
    assert codes("afbrudsaarsager", art="optagelsesproeve") == {"71", "72", "73", "74", "75"}
    assert codes("afbrudsaarsager", art="begge") == {"1"}
    assert "Ikke bestået afsluttende eksamen" in {row.tekst for row in rows("afbrudsaarsager")}


def test_the_pairs_of_school_period_and_speciale_are_those_of_the_interface_description():
    pairs = {(row.kode, row.variant) for row in rows("fgu_skoleperioder")}
    assert pairs == {("BA", "")} | {(period, speciale) for period in ("BA", "US", "ÅP", "KF") for speciale in "123"}


def test_the_class_types():
    assert codes("klassetyper") == {"40", "41", "45", "46", "50", "55", "99"}


def test_the_groups_of_job_centre_activities():
    """F012, F117: a set of their own, in which groups come and go."""
    assert codes("aktivitetsgrupper") == {"10", "20", "30", "40", "50", "60", "90"}
    ended = {row.kode: row.gyldig_til for row in rows("aktivitetsgrupper") if row.gyldig_til}
    assert ended == {"90": date(2018, 12, 31)}


def test_the_levels_rise_and_answer_to_what_a_course_completes():
    levels = sorted(rows("uddannelsesniveauer"), key=lambda row: int(row.egenskaber["rang"]))
    assert [row.tekst for row in levels] == [
        "Uddannelsespligt",
        "Ungdomsuddannelse",
        "Erhvervskompetencegivende uddannelse",
        "Videregående uddannelse",
    ]
    assert len({row.egenskaber["rang"] for row in levels}) == len(levels)
    completes = {row.egenskaber["fuldfoerer"] for saet in ("cosa_formaal", "stads") for row in rows(saet)} - {""}
    assert completes == {row.kode for row in levels[1:]}


def test_higher_education_has_codes_that_complete_and_one_that_does_not():
    assert len(codes("stads", fuldfoerer="videregaaende", kompetencegivende="1")) > 1
    assert codes("stads", fuldfoerer="")


def test_institution_types_use_services_that_exist_and_each_service_has_a_user():
    tjenester = {row.kode: set(row.egenskaber["tjenester"].split()) for row in rows("institutionstyper")}
    assert set().union(*tjenester.values()) == set(SERVICES)
    assert tjenester["KOM"] == KOMMUNE_SERVICES
    assert tjenester["STAR"] == {"IndberetningJobcenter", "DataTilDFDG"}
    assert {kode for kode, names in tjenester.items() if names & KOMMUNE_SERVICES} == {"KOM"}
    assert {"1011", "1012"} == {row.kode for row in rows("institutionstyper") if not row.eksempel}


def test_wage_and_help_for_education_are_no_social_benefit():
    by_text = {row.tekst: row for row in rows("indtaegtsarter")}
    for tekst in ("Løn", "Uddannelseshjælp", "Aktivitetstillæg til uddannelseshjælp"):
        assert by_text[tekst].egenskaber["social_ydelse"] == "0"
    assert by_text["Løn"].kode == "LOEN"
    assert codes("indtaegtsarter", social_ydelse="1")


@pytest.mark.parametrize("day", [date(2017, 1, 31), date(2020, 1, 31), date(2026, 11, 30)])
def test_each_age_group_has_one_rate_on_a_day(day):
    valid = [row.kode for row in rows("timeloen") if row.gyldig_fra <= day <= (row.gyldig_til or day)]
    assert sorted(valid) == ["15-17", "18-24"]
    assert all(row.eksempel for row in rows("timeloen"))


def test_no_row_of_etater_is_public():
    assert rows("etater") == []


@pytest.mark.parametrize(
    ("saet", "kode", "variant", "day"),
    [
        ("klassetyper", "40", "", date(2017, 7, 31)),
        ("afbrudsaarsager", "9", "", date(2017, 11, 28)),
        ("forberedende_aktiviteter", "1060", "", date(2018, 3, 10)),
        ("cosa_formaal", "3017", "2", date(2019, 8, 1)),
    ],
)
def test_the_example_of_the_vejledning_finds_its_codes(saet, kode, variant, day):
    assert [
        row
        for row in rows(saet)
        if (row.kode, row.variant) == (kode, variant) and row.gyldig_fra <= day <= (row.gyldig_til or day)
    ]
