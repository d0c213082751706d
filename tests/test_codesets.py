"""The shipped code sets hold what the vejledning and the spec name, and no row contradicts another."""

import csv
import re
from datetime import date

import pytest

from udb.domain.kodesaet import KOMMUNER, Kodesaet, Row
from udb.domain.services import SERVICES
from udb.imports.csv_file import RefusedLine, decoded
from udb.imports.institutioner import KOMMUNE
from udb.imports.kilder import kilder
from udb.imports.kodesaet_file import SAET, read_kodesaet
from udb.paths import CODESETS
from udb.sandbox.places import institutions

ALWAYS = ["tekst", "gyldig_fra", "gyldig_til", "opfundet", "kilde"]
HEADERS = {
    "kommuner": ["kode", *ALWAYS, "institutionsnummer"],
    "cosa_formaal": [
        "kode",
        "version",
        *ALWAYS,
        "art",
        "genoptag",
        "fuldfoerer",
        "kompetencegivende",
        "bevis",
        "klassetrin_hoejst_10",
    ],
    "forberedende_aktiviteter": ["kode", *ALWAYS, "genoptag", "klassetrin_hoejst_10", "ved_siden_af"],
    "kommune_aktiviteter": ["kode", *ALWAYS, "skal", "klassetrin_hoejst_10", "art"],
    "afbrudsaarsager": ["kode", *ALWAYS, "art"],
    "stads": ["kode", *ALWAYS, "fuldfoerer", "kompetencegivende"],
    "aktivitetsgrupper": ["kode", *ALWAYS],
    "klassetyper": ["kode", *ALWAYS],
    "institutionstyper": ["kode", *ALWAYS, "tjenester", "efterskole"],
    "institutionstyper_register": ["kode", *ALWAYS, "tjenester", "efterskole"],
    "uddannelsesniveauer": ["kode", *ALWAYS, "rang"],
    "etater": ["kode", *ALWAYS],
    "fgu_skoleperioder": ["kode", *ALWAYS, "speciale"],
    "indtaegtsarter": ["kode", *ALWAYS, "loentype"],
    "timeloen": ["kode", *ALWAYS, "kroner"],
}
FLAGS = {
    "genoptag",
    "kompetencegivende",
    "bevis",
    "klassetrin_hoejst_10",
    "skal",
    "ved_siden_af",
    "efterskole",
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


def set_of(file):
    """Return the set that a file is of: the second edition of institutionstyper has a file of its own."""
    return file.removesuffix("_register")


def raw_rows(saet):
    with (CODESETS / f"{saet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def rows(saet):
    with decoded((CODESETS / f"{saet}.csv").open("rb")) as lines:
        found = list(read_kodesaet(set_of(saet), lines))
    assert not [fault for fault in found if isinstance(fault, RefusedLine)]
    return found


def codes(saet, **properties):
    return {row.kode for row in rows(saet) if properties.items() <= row.egenskaber.items()}


def test_there_is_one_file_for_every_set_and_a_paragraph_about_it():
    assert (
        {path.stem for path in CODESETS.glob("*.csv")} - {"kilder", "kendte_koder"}
        == set(HEADERS)
        == {*SAET, "institutionstyper_register"}
    )
    readme = (CODESETS / "README.md").read_text(encoding="utf-8")
    assert [saet for saet in HEADERS if f"**`{saet}`**" not in readme] == []


@pytest.mark.parametrize("saet", HEADERS)
def test_a_file_is_plain_utf8_with_the_columns_of_the_spec(saet):
    raw = (CODESETS / f"{saet}.csv").read_bytes()
    assert raw.endswith(b"\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.decode("utf-8").splitlines()[0].split(";") == HEADERS[saet] == list(SAET[set_of(saet)].columns)


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


@pytest.mark.parametrize("saet", HEADERS)
def test_every_row_is_from_a_source_with_a_date_or_says_column_by_column_what_is_invented(saet):
    assert {row.kilde for row in rows(saet) if row.kilde} <= kilder().keys()
    unnamed = [
        row for row in rows(saet) if bool(row.kilde) == (set(row.opfundet.split()) == set(SAET[set_of(saet)].content))
    ]
    assert unnamed == []


def test_no_invented_code_is_a_real_one_of_its_register(invented_codes):
    """Real: the codes with a source, and those that are known though not shipped."""
    with (CODESETS / "kendte_koder.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["saet"], row["kode"]): row["kilde"] for row in csv.DictReader(file, delimiter=";")}
    assert {saet for saet, _ in known} <= set(HEADERS)
    assert set(known.values()) <= kilder().keys()
    public = {(set_of(saet), row.kode) for saet in HEADERS for row in rows(saet) if "kode" not in row.opfundet.split()}
    assert invented_codes & (public | known.keys()) == set()


@pytest.fixture
def invented_codes():
    return {(set_of(saet), row.kode) for saet in HEADERS for row in rows(saet) if "kode" in row.opfundet.split()}


def test_an_invented_code_has_a_form_that_is_kept_for_it(invented_codes):
    """So that no real code that is not known here can be the same."""
    form = {"cosa_formaal": "9[0-9]{3}|338", "forberedende_aktiviteter": "9[0-9]{3}", "stads": "9[0-9]{3}"}
    form |= {"kommune_aktiviteter": "K[0-9]{2}", "aktivitetsgrupper": "J[0-9]{2}", "afbrudsaarsager": "9[0-9]{2}"}
    form |= {"institutionstyper": "KOM|STAR", "uddannelsesniveauer": "[a-z]+"}
    assert [(saet, kode) for saet, kode in sorted(invented_codes) if not re.fullmatch(form[saet], kode)] == []


def test_no_invented_institution_has_the_number_of_a_kommune():
    """The sandbox's schools keep their numbers; a KUI number, and 101000 to 860000, are a kommune's real ones."""
    found = [(row, row.egenskaber) for row in rows("kommuner")]
    kommuner = [(KOMMUNER, Row(row.kode, "", row.tekst, row.gyldig_fra, None, more)) for row, more in found]
    made = institutions(Kodesaet(1, kommuner), date(2026, 8, 10))
    schools = {place["nummer"] for place in made if place["type3"] != KOMMUNE}
    assert len(schools) > 900
    real = {more["institutionsnummer"] for _, more in found} | {f"{row.kode}000" for row, _ in found}
    assert schools & real == set()


def test_the_98_kommuner_each_have_an_institution_number_of_their_own():
    found = rows("kommuner")
    assert len(found) == len({row.kode for row in found}) == 98
    assert len({row.egenskaber["institutionsnummer"] for row in found}) == 98
    assert [(row.tekst, row.egenskaber["institutionsnummer"]) for row in found if row.kode == "101"] == [
        ("København", "281111")
    ]


def test_the_purposes_that_are_named_are_there():
    named = {("3017", "2"), ("2997", "1"), ("3000", "1")}
    assert named == {(row.kode, row.variant) for row in rows("cosa_formaal") if not row.opfundet}
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


def test_the_purposes_of_the_10th_grade_and_below():
    flagged = {"332", "2119", "4800", "4801", "4802", "4803", "4804"}
    assert codes("cosa_formaal", klassetrin_hoejst_10="1") == flagged
    assert {row.opfundet for row in rows("cosa_formaal") if row.kode in {*flagged, "1062", "1063"}} == {"version"}


def test_introduction_courses_and_brobygning_are_attended_beside_a_class():
    assert codes("forberedende_aktiviteter", ved_siden_af="1") == {"9020", "9021"}


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
    assert all(row.opfundet == "kode" for row in rows("kommune_aktiviteter"))


def test_each_activity_of_a_kommune_has_a_kind_for_the_figures():
    kinds = {art: codes("kommune_aktiviteter", art=art) for art in ("grundskole", "uddannelse", "udland", "")}
    assert kinds == {
        "grundskole": {"K01", "K02", "K59"},
        "uddannelse": {"K12", "K14", "K15", "K53", "K58"},
        "udland": {"K52"},
        "": set(),
    }
    assert len(codes("kommune_aktiviteter", art="forberedende")) == 11


def test_the_causes_that_are_named_are_there():
    by_code = {row.kode: row for row in rows("afbrudsaarsager")}
    assert {kode: by_code[kode].egenskaber["art"] for kode in ("1", "9")} == {"1": "begge", "9": "almindelig"}
    assert codes("afbrudsaarsager", art="optagelsesproeve") == {"71", "72", "73", "74", "75", "76"}
    assert codes("afbrudsaarsager", art="begge") == {"1"}
    assert "Ikke bestået afsluttende eksamen" in {row.tekst for row in rows("afbrudsaarsager")}


def test_the_pairs_of_school_period_and_speciale_are_those_of_the_interface_description():
    pairs = {(row.kode, row.variant) for row in rows("fgu_skoleperioder")}
    assert pairs == {("BA", "")} | {(period, speciale) for period in ("BA", "US", "ÅP", "KF") for speciale in "123"}


def test_the_class_types():
    assert codes("klassetyper") == {"40", "41", "45", "46", "50", "55", "99"}


def test_the_groups_of_job_centre_activities():
    """F012, F117: a set of their own, in which groups come and go."""
    assert codes("aktivitetsgrupper") == {"J10", "J20", "J30", "J40", "J50", "J60", "J90"}
    ended = {row.kode: row.gyldig_til for row in rows("aktivitetsgrupper") if row.gyldig_til}
    assert ended == {"J90": date(2018, 12, 31)}


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


@pytest.mark.parametrize("edition", ["institutionstyper", "institutionstyper_register"])
def test_institution_types_use_services_that_exist_and_each_service_has_a_user(edition):
    tjenester = {row.kode: set(row.egenskaber["tjenester"].split()) for row in rows(edition)}
    assert set().union(*tjenester.values()) == set(SERVICES)
    assert tjenester["KOM"] == KOMMUNE_SERVICES
    assert tjenester["STAR"] == {"IndberetningJobcenter", "DataTilDFDG"}
    assert {kode for kode, names in tjenester.items() if names & KOMMUNE_SERVICES} == {"KOM"}


@pytest.mark.parametrize(
    ("edition", "efterskoler"),
    [("institutionstyper", {"1011", "1012"}), ("institutionstyper_register", {"1010", "1011"})],
)
def test_the_44_public_types_and_the_efterskoler_of_each_edition(edition, efterskoler):
    assert {row.kode for row in rows(edition) if row.opfundet} == {"KOM", "STAR"}
    public = {row.kode for row in rows(edition) if not row.opfundet}
    assert len(public) == 44
    assert all(re.fullmatch("[0-9]{4}", kode) for kode in public)
    assert codes(edition, efterskole="1") == efterskoler


def test_each_kind_of_income_is_wage_or_benefit_or_neither():
    assert codes("indtaegtsarter", loentype="loen") == {
        *("00", "03", "08", "09", "0021", "0026", "0027", "0028", "0030", "0033", "0034", "0048", "0056", "0057"),
        *("0127", "0128"),
    }
    assert codes("indtaegtsarter", loentype="social_ydelse") == {
        *("06", "07", "0002", "0003", "0005", "0006", "0010", "0013", "0016", "0019", "0022", "0024", "0036", "0038"),
        *("0039", "0041", "0042", "0078", "0083", "0084", "0086", "0103", "0104", "0105", "0106", "0115", "0116"),
    }
    assert {"0087", "01", "0072", "0074", "0079", "0177"} <= codes("indtaegtsarter", loentype="")


def test_help_for_education_is_by_the_vejledning_no_benefit():
    """F135: V 4.1 names it; of the others the attachment that says it is not public."""
    (help_for_education,) = [row for row in rows("indtaegtsarter") if row.kode == "0087"]
    assert (help_for_education.egenskaber["loentype"], help_for_education.opfundet) == ("", "")
    known = {row.kode for row in rows("indtaegtsarter") if "loentype" not in row.opfundet.split()}
    assert known == {"00", "0087"}


@pytest.mark.parametrize("day", [date(2017, 1, 31), date(2020, 1, 31), date(2026, 11, 30)])
def test_each_age_group_has_one_rate_on_a_day(day):
    valid = [row.kode for row in rows("timeloen") if row.gyldig_fra <= day <= (row.gyldig_til or day)]
    assert sorted(valid) == ["15-17", "18-24"]
    assert all(row.opfundet == "kroner" for row in rows("timeloen"))


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
