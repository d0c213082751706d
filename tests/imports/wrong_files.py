"""Wrong files of every kind: each with its bytes and with what the refusal must say, and the right file beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.imports.csvs import CPR, EGNE_KONTAKTER, EINDKOMST, EKSAMENSBEVISER, INSTITUTIONER
from tests.imports.real_files import REGISTER_HEADER, register_line
from tests.support.world import GYMNASIUM

A, B, C, D = "6101054234", "6102054236", "6103054238", "6104054230"
KODESAET = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde;kroner"

Wrong = tuple[str, bytes, tuple[str, ...]]
"""A name, a file, and the words of its refusal; among them is the line."""


@dataclass(frozen=True)
class Kind:
    """One importer: what stands between ``udb import`` and the file and after it, a right file, and the wrong ones."""

    command: tuple[str, ...]
    header: str
    lines: tuple[str, ...]
    own: tuple[Wrong, ...]
    after: tuple[str, ...] = ()
    foreign: bool = False
    """Whether the file has columns that are not read, and need not end with a line break."""
    column: str = field(kw_only=True)
    """One of its columns."""

    @property
    def right(self) -> bytes:
        return file(self.header, *self.lines)

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        return (*damaged(self), *self.own)


def file(header: str, *lines: str) -> bytes:
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def damaged(kind: Kind) -> Sequence[Wrong]:
    """Return what may happen to any file on its way."""
    header, first, rest = kind.header, kind.lines[0], kind.lines[1:]
    one_less = kind.header.replace(f"{kind.column};", "").removesuffix(f";{kind.column}")
    without = ("header in line 1 lacks", kind.column)
    found: list[Wrong] = [
        ("nothing", b"", without),
        ("only a byte order mark", b"\xef\xbb\xbf\n", ("lacks", kind.column)),
        ("only empty lines", b"\n;;\n\n", ("lacks", kind.column)),
        ("the header alone", file(header), ("line 1", "An empty file is never imported.")),
        ("the header and empty lines", file(header, "", ";;;", ""), ("line 1", "An empty file is never imported.")),
        ("no header", file(first, *rest), without),
        ("a header of another kind", file("a;b;c", "1;2;3"), without),
        ("a column missing", file(one_less, *kind.lines), without),
        ("a column twice", file(f"{header};{kind.column}", f"{first};x"), ("line 1", "twice")),
        ("a field too few", file(header, first.rpartition(";")[0]), ("line 2", "fields")),
        ("a field too many", file(header, *rest, f"{first};x"), (f"line {len(kind.lines) + 1}", "fields")),
        ("a quotation mark left open", file(header, f'"{first}', *rest), ("line 2", "quotation mark")),
        ("an endless line", file(header, *rest, first + "x" * 100_000), (f"line {len(kind.lines) + 1}", "too long")),
        (
            "a spreadsheet, not CSV",
            b"PK\x03\x04\x14\x00\x08\x08" + bytes(range(256)) * 4 + b"\n",
            ("line 1", "workbook"),
        ),
        ("a spreadsheet of the older form", b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(99), ("line 1", "workbook")),
        ("UTF-16", kind.right.decode().encode("utf-16"), ("line 1", "not UTF-8")),
        ("two encodings", file(header, *rest) + f"{first}æ\n".encode() + b"\xe6\n", ("not UTF-8",)),
    ]
    if not kind.foreign:
        cut_off = kind.right[:-1]
        found += [
            ("cut off before its last line break", cut_off, (f"line {len(kind.lines) + 1}", "cut off")),
            ("a column that nobody knows", file(f"{header};x", f"{first};y"), ("line 1", "unknown")),
        ]
    return found


def at(header: str, good: str, **bad: tuple[str, str]) -> tuple[Wrong, ...]:
    """Return files whose third line is wrong: by name, the line and a word of the refusal."""
    return tuple(
        (name.replace("_", " "), file(header, good, line), ("line 3", word)) for name, (line, word) in bad.items()
    )


_SCHOOL = f"{GYMNASIUM};Skole;;1061;461;;"
_KUI = register_line(
    "281111", "Den kommunale ungeindsats i Københavns Kommune", "2025", administers="Københavns Kommune"
)
_GYMNASIUM = register_line("461247", "Et gymnasium", "1061", place="Odense Kommune")
_JUNE = f"{A};2026-06;11111111;00;5000.00"
_OWN = f"{A};;12345678;2026-08-01"
_DIPLOMA = f"{A};{GYMNASIUM};3009;2026-06-26"
_WAGE = "15-17;Timeløn;1990-01-01;1990-12-31;kroner;V 4.1;70.00"

KINDS: Final[Mapping[str, Kind]] = {
    "cpr": Kind(
        ("cpr",),
        CPR,
        (f"{A};Navn;01;101;;;", f"{B};Navn;01;751;;;"),
        at(
            CPR,
            f"{A};Navn;01;101;;;",
            hyphen=("610205-4236;Navn;01;101;;;", "10 digits"),
            no_such_day=("9913051234;Navn;01;101;;;", "no valid date"),
            unknown_status=(f"{B};Navn;02;101;;;", "status"),
            resident_without_kommune=(f"{B};Navn;01;;;;", "need a kommunekode"),
            resident_of_no_kommune=(f"{B};Navn;01;999;;;", "code set kommuner"),
            resident_on_an_old_kommune=(f"{B};Navn;03;655;;;", "code set kommuner"),
            kommune_of_two_digits=(f"{B};Navn;01;11;;;", "3 digits"),
            the_same_number_twice=(f"{A};Navn;01;751;;;", "same number"),
            replaced_by_nothing=(f"{B};;60;;;;", "new CPR number"),
            new_number_without_60=(f"{B};Navn;01;101;{C};;", "status 60"),
            replaced_by_itself=(f"{B};;60;;{B};;", "nyt_cprnr"),
            replaced_by_a_stranger=(f"{B};;60;;{D};;", "nyt_cprnr"),
            tab_in_the_name=(f"{B};a\tb;01;101;;;", "one line"),
        ),
        column="kommunekode",
    ),
    "institutioner": Kind(
        ("institutioner",),
        INSTITUTIONER,
        (_SCHOOL, "281111;Københavns Kommune;;KOM;101;101;"),
        (
            *at(
                INSTITUTIONER,
                _SCHOOL,
                short_number=("46125;Skole;;1061;461;;", "6 digits"),
                no_name=("461250;;;1061;461;;", "navn"),
                type_of_two_digits=("461250;Skole;;21;461;;", "4 digits"),
                unknown_type=("461250;Skole;;7777;461;;", "code set institutionstyper"),
                unknown_place=("461250;Skole;;1061;999;;", "code set kommuner"),
                unknown_administration=("461250;Skole;;1061;461;655;", "code set kommuner"),
                kommune_without_code=("281161;Odense Kommune;;KOM;461;;", "kommunekode of the kommune"),
                kommune_of_no_code=("281161;Odense Kommune;;KOM;461;462;", "code set kommuner"),
                main_institution_missing=("461250;Afdeling;461000;1061;461;;", "does not have this main institution"),
                danish_date=("461250;Skole;;1061;461;;31/07/2026", "YYYY-MM-DD"),
                no_such_day=("461250;Skole;;1061;461;;2026-02-30", "no such day"),
                the_same_number_twice=(_SCHOOL, "same number"),
            ),
            (
                "two kommuner with one code",
                file(INSTITUTIONER, "281111;København;;KOM;101;101;", "281112;Frederiksberg;;KOM;147;101;"),
                ("line 3", "281111 (København) in line 2", "281112 (Frederiksberg)", "--merged-kommune 101"),
            ),
        ),
        column="type3",
    ),
    "institutionsregister": Kind(
        ("institutionsregister",),
        REGISTER_HEADER,
        (_KUI, _GYMNASIUM),
        (
            *at(
                REGISTER_HEADER,
                _KUI,
                short_number=(register_line("46125", "Skole", "1061"), "6 digits"),
                no_name=(register_line("461250", "", "1061"), "Institutionsnavn"),
                type_in_words=(register_line("461250", "Skole", "Folkeskoler"), "4 digits"),
                unknown_type=(register_line("461250", "Skole", "7777"), "code set institutionstyper"),
                unknown_place=(
                    register_line("461250", "Skole", "1012", place="Odder Kommun"),
                    "no kommune of this name",
                ),
                unknown_kommune=(
                    register_line("461250", "Skole", "1012", administers="Ukendt Kommune"),
                    "no kommune of this name",
                ),
                kui_without_kommune=(register_line("281112", "KUI", "2025"), "kommunekode of the kommune"),
                main_institution_missing=(register_line("461250", "Afd.", "1061", main="461000"), "main institution"),
                iso_date=(register_line("461250", "Skole", "1061", closed="2026-07-31"), "DD/MM/YYYY"),
                no_such_day=(register_line("461250", "Skole", "1061", closed="31/02/2026"), "no such day"),
                the_same_number_twice=(_KUI, "same number"),
                two_kui_of_a_kommune=(
                    register_line("281112", "En anden KUI", "2025", administers="Københavns Kommune"),
                    "--merged-kommune 101",
                ),
            ),
            (
                "cut off in the last field",
                file(REGISTER_HEADER, _KUI, register_line("461250", "Skole", "1061", closed="31/07/202"))[:-1],
                ("line 3", "DD/MM/YYYY"),
            ),
        ),
        column="Institutionstype, nr",
        foreign=True,
    ),
    "eindkomst": Kind(
        ("eindkomst",),
        EINDKOMST,
        (_JUNE, f"{B};2026-06;22222222;0005;100.00"),
        (
            *at(
                EINDKOMST,
                _JUNE,
                another_month=(f"{B};2026-05;1;00;1.00", "2026-06"),
                month_in_another_form=(f"{B};202606;1;00;1.00", "2026-06"),
                unknown_code=(f"{B};2026-06;1;0999;1.00", "0999 in the month (1 line)"),
                code_that_no_longer_holds=(f"{B};2026-06;1;0003;1.00", "--unknown skip"),
                code_of_three_digits=(f"{B};2026-06;1;999;1.00", "indtægtsart of 4 digits"),
                no_decimals=(f"{B};2026-06;1;00;5000", "two decimals"),
                decimal_comma=(f"{B};2026-06;1;00;5.000,00", "two decimals"),
                not_a_number=(f"{B};2026-06;1;00;NaN", "two decimals"),
                hyphen=("610205-4236;2026-06;1;00;1.00", "10 digits"),
                no_employer=(f"{B};2026-06;;00;1.00", "employer"),
                the_former_code_of_wage=(f"{B};2026-06;1;LOEN;1.00", "4 digits"),
                the_same_key_twice=(_JUNE, "same youth, month, employer"),
            ),
            (
                "unknown codes, once each",
                file(EINDKOMST, *(f"{B};2026-06;{one};099{8 + one % 2};1.00" for one in range(7)), _JUNE),
                ("line 2", "2 faults in 8 lines", "0998 in the month (4 lines)", "0999 in the month (3 lines)"),
            ),
        ),
        ("--month", "2026-06"),
        column="beloeb",
    ),
    "egne-kontakter": Kind(
        ("egne-kontakter",),
        EGNE_KONTAKTER,
        (_OWN, f"{B};ung@example.dk;;2026-08-02"),
        at(
            EGNE_KONTAKTER,
            _OWN,
            number_of_nine_digits=("610105423;ung@example.dk;;2026-08-01", "10 digits"),
            no_such_birthday=("9913051234;ung@example.dk;;2026-08-01", "no valid date"),
            no_day=(f"{B};ung@example.dk;;", "YYYY-MM-DD"),
            danish_date=(f"{B};ung@example.dk;;01-08-2026", "YYYY-MM-DD"),
            no_such_day=(f"{B};ung@example.dk;;2026-02-30", "no such day"),
            tomorrow=(f"{B};ung@example.dk;;2026-08-11", "after today"),
            the_same_number_twice=(_OWN, "Line 2 has the same number"),
            long_telephone=(f"{B};;{'1' * 31};2026-08-01", "at most 30"),
        ),
        column="registreret",
    ),
    "eksamensbeviser": Kind(
        ("eksamensbeviser",),
        EKSAMENSBEVISER,
        (_DIPLOMA, f"{B};{GYMNASIUM};3009;2026-06-27"),
        at(
            EKSAMENSBEVISER,
            _DIPLOMA,
            number_of_nine_digits=(f"610105423;{GYMNASIUM};3009;2026-06-26", "10 digits"),
            no_such_birthday=(f"9913051234;{GYMNASIUM};3009;2026-06-26", "no valid date"),
            short_institution=(f"{B};46124;3009;2026-06-26", "6 digits"),
            unknown_code=(f"{B};{GYMNASIUM};8888;2026-06-26", "code set cosa_formaal"),
            no_code=(f"{B};{GYMNASIUM};;2026-06-26", "cosa_formaal"),
            danish_date=(f"{B};{GYMNASIUM};3009;26-06-2026", "YYYY-MM-DD"),
            no_such_day=(f"{B};{GYMNASIUM};3009;2026-02-30", "no such day"),
            tomorrow=(f"{B};{GYMNASIUM};3009;2026-08-11", "after today"),
        ),
        ("--until", "2026-08-01"),
        column="dato",
    ),
    "kodesaet": Kind(
        ("kodesaet", "timeloen"),
        KODESAET,
        (_WAGE, _WAGE.replace("1990", "1991")),
        at(
            KODESAET,
            _WAGE,
            unknown_code=("25-29;Timeløn;1991-01-01;;kroner;V 4.1;70.00", "15-17"),
            no_text=("18-24;;1991-01-01;1991-12-31;kroner;V 4.1;70.00", "tekst"),
            danish_date=("18-24;Timeløn;01-01-1991;1991-12-31;kroner;V 4.1;70.00", "YYYY-MM-DD"),
            no_such_day=("18-24;Timeløn;1991-02-30;1991-12-31;kroner;V 4.1;70.00", "YYYY-MM-DD"),
            ends_before_it_begins=("18-24;Timeløn;1991-01-01;1990-12-31;kroner;V 4.1;70.00", "before gyldig_fra"),
            decimal_comma=("18-24;Timeløn;1991-01-01;1991-12-31;kroner;V 4.1;70,00", "two decimals"),
            invented_column_that_is_none=("18-24;Timeløn;1991-01-01;1991-12-31;1;V 4.1;70.00", "opfundet"),
            overlaps_in_the_file=("15-17;Timeløn;1990-06-01;1990-12-31;kroner;V 4.1;70.00", "already valid"),
            overlaps_what_is_stored=("18-24;Timeløn;2021-01-01;;kroner;V 4.1;70.00", "already valid"),
        ),
        column="gyldig_fra",
    ),
}
