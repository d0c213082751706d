from datetime import date

import pytest

from udb.imports.csv_file import RefusedLine
from udb.imports.kodesaet_file import SAET, KodesaetRow, read_kodesaet

STADS = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde;fuldfoerer;kompetencegivende"
COSA = "kode;version;tekst;gyldig_fra;gyldig_til;opfundet;kilde;art;genoptag;fuldfoerer;kompetencegivende;bevis"
COSA += ";klassetrin_hoejst_10"
FGU = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde;speciale"
KLASSETYPER = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde"


def read(saet, *lines):
    return list(read_kodesaet(saet, [line + "\n" for line in lines]))


def test_a_row_of_a_set_with_versions():
    (row,) = read("cosa_formaal", COSA, "3017;2;Hf;2017-08-01;;;v-5.1;hf;0;ungdomsuddannelse;1;1;0")
    assert row == KodesaetRow(
        saet="cosa_formaal",
        kode="3017",
        variant="2",
        tekst="Hf",
        gyldig_fra=date(2017, 8, 1),
        gyldig_til=None,
        opfundet="",
        kilde="v-5.1",
        egenskaber={
            "art": "hf",
            "genoptag": "0",
            "fuldfoerer": "ungdomsuddannelse",
            "kompetencegivende": "1",
            "bevis": "1",
            "klassetrin_hoejst_10": "0",
        },
    )


def test_the_speciale_is_the_variant_of_a_school_period():
    rows = read(
        "fgu_skoleperioder",
        FGU,
        "BA;Basis;2019-08-01;;;v-1.4;",
        "BA;Basis;2019-08-01;2030-12-31;kode tekst speciale;;3",
    )
    assert [(row.kode, row.variant, row.gyldig_til, row.opfundet, row.kilde, row.egenskaber) for row in rows] == [
        ("BA", "", None, "", "v-1.4", {}),
        ("BA", "3", date(2030, 12, 31), "kode tekst speciale", "", {}),
    ]


def test_a_set_without_variant_has_an_empty_one():
    (row,) = read("stads", STADS, "1;Jura;2000-01-01;;kode tekst;;videregaaende;1")
    assert (row.variant, row.egenskaber) == ("", {"fuldfoerer": "videregaaende", "kompetencegivende": "1"})


def test_commas_and_a_byte_order_mark_are_understood():
    header = "\N{ZERO WIDTH NO-BREAK SPACE}" + KLASSETYPER.replace(";", ",")
    (row,) = read("klassetyper", header, '40,"Normalklasse, årgangsdelt",2000-01-01,,,dst-kltype')
    assert row.tekst == "Normalklasse, årgangsdelt"


def test_an_unknown_set_has_no_reader():
    with pytest.raises(KeyError):
        read("skolekode", "kode")


def test_a_missing_column_is_named():
    (refused,) = read("stads", STADS.replace(";kompetencegivende", ""), "1;Jura;2000-01-01;;kode tekst;;videregaaende")
    assert (refused.number, refused.column) == (1, "kompetencegivende")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (";Jura;2000-01-01;;kode tekst;;;0", "kode"),
        ("12345678901;Jura;2000-01-01;;kode tekst;;;0", "kode"),
        ("1 2;Jura;2000-01-01;;kode tekst;;;0", "kode"),
        ("1;;2000-01-01;;kode tekst;;;0", "tekst"),
        ("1;Ju\x00ra;2000-01-01;;kode tekst;;;0", "tekst"),
        ('1;"Ju\nra";2000-01-01;;kode tekst;;;0', "tekst"),
        ("1;Jura;;;kode tekst;;;0", "gyldig_fra"),
        ("1;Jura;01-08-2020;;kode tekst;;;0", "gyldig_fra"),
        ("1;Jura;20200801;;kode tekst;;;0", "gyldig_fra"),
        ("1;Jura;2020-W01-1;;kode tekst;;;0", "gyldig_fra"),
        ("1;Jura;2021-02-29;;kode tekst;;;0", "gyldig_fra"),
        ("1;Jura;2020-01-01;altid;kode tekst;;;0", "gyldig_til"),
        ("1;Jura;2020-01-02;2020-01-01;kode tekst;;;0", "gyldig_til"),
        ("1;Jura;2020-01-01;;ja;egen;;0", "opfundet"),
        ("1;Jura;2020-01-01;;kompetencegivende;egen;;0", "opfundet"),
        ("1;Jura;2020-01-01;;gyldig_fra;egen;;0", "opfundet"),
        ("1;Jura;2020-01-01;;kode kode;egen;;0", "opfundet"),
        ("1;Jura;2020-01-01;;kode  tekst;;;0", "opfundet"),
        ("1;Jura;2020-01-01;;;;;0", "kilde"),
        ("1;Jura;2020-01-01;;kode;;;0", "kilde"),
        ("1;Jura;2020-01-01;;tekst kode;egen;;0", "kilde"),
        (f"1;Jura;2020-01-01;;;{'x' * 201};;0", "kilde"),
        ("1;Jura;2020-01-01;;kode tekst;;ungdomsuddannelse;0", "fuldfoerer"),
        ("1;Jura;2020-01-01;;kode tekst;;;2", "kompetencegivende"),
        ("1;Jura;2020-01-01;;kode tekst;;;", "kompetencegivende"),
    ],
)
def test_a_bad_field_is_refused_with_its_line_and_column(line, column):
    good, refused = read("stads", STADS, "9;Jura;2000-01-01;;kode tekst;;;0", line)
    assert isinstance(good, KodesaetRow)
    assert (refused.number, refused.column) == (3, column)
    assert refused.reason.da.endswith(".")


@pytest.mark.parametrize(
    ("saet", "column", "good", "bad"),
    [
        ("kommuner", "kode", "101", "0101"),
        ("kommuner", "institutionsnummer", "28A111", "28111"),
        ("cosa_formaal", "version", "999", "02"),
        ("cosa_formaal", "version", "1", "1000"),
        ("cosa_formaal", "art", "gf1", "eux"),
        ("afbrudsaarsager", "art", "begge", ""),
        ("institutionstyper", "tjenester", "DataTilKommune IndberetningOnsker", "DataTilAlle"),
        ("institutionstyper", "tjenester", "", "DataTilKommune,DataTilDFDG"),
        ("uddannelsesniveauer", "rang", "10", "-1"),
        ("fgu_skoleperioder", "speciale", "", "4"),
        ("indtaegtsarter", "kode", "0087", "LOEN"),
        ("indtaegtsarter", "kode", "00", "068"),
        ("indtaegtsarter", "loentype", "", "su"),
        ("timeloen", "kode", "15-17", "25-29"),
        ("timeloen", "kroner", "75.00", "75,00"),
        ("timeloen", "kroner", "0.05", "75"),
    ],
)
def test_the_columns_of_each_set_take_their_own_kind_of_value(saet, column, good, bad):
    kind = SAET[saet].kode if column == "kode" else SAET[saet].further[column]
    assert kind.accepts(good)
    assert not kind.accepts(bad)


def test_every_fault_of_a_line_is_given():
    found = read("stads", STADS, ";;i går;;ja;egen;x;y")
    assert {fault.column for fault in found} == {
        "kode",
        "tekst",
        "gyldig_fra",
        "opfundet",
        "fuldfoerer",
        "kompetencegivende",
    }


def test_a_code_may_come_back_after_its_end():
    rows = read("klassetyper", KLASSETYPER, "40;A;2000-01-01;2009-12-31;;dst", "40;B;2010-01-01;;;dst")
    assert [row.tekst for row in rows] == ["A", "B"]


@pytest.mark.parametrize(
    "second",
    [
        "40;B;2009-12-31;;;dst",
        "40;B;2000-01-01;2009-12-31;;dst",
        "40;B;1990-01-01;2000-01-01;;dst",
        "40;B;1990-01-01;;;dst",
    ],
)
def test_two_periods_of_a_code_must_not_meet(second):
    _, refused = read("klassetyper", KLASSETYPER, "40;A;2000-01-01;2009-12-31;;dst", second)
    assert (refused.number, refused.column) == (3, "gyldig_fra")
    assert "linje 2" in refused.reason.da


def test_two_versions_may_hold_at_once():
    rest = "Hf;2017-08-01;;;v-5.1;hf;0;;1;1;0"
    assert not any(
        isinstance(row, RefusedLine) for row in read("cosa_formaal", COSA, f"3017;1;{rest}", f"3017;2;{rest}")
    )


def test_the_header_has_the_version_second_and_the_further_columns_last():
    assert SAET["cosa_formaal"].columns == tuple(COSA.split(";"))
    assert SAET["fgu_skoleperioder"].columns == tuple(FGU.split(";"))
    assert SAET["klassetyper"].columns == tuple(KLASSETYPER.split(";"))


def test_a_row_that_is_invented_whole_needs_no_source_and_any_other_may_have_a_source_in_words():
    rows = read("stads", STADS, "1;Jura;2000-01-01;;tekst kode;;;0", "2;Fysik;2000-01-01;;;STADS, 2026-11-01;;0")
    assert [(row.opfundet, row.kilde) for row in rows] == [("tekst kode", ""), ("", "STADS, 2026-11-01")]
