import io

import pytest

from udb.domain.text import Text
from udb.imports.csv_file import Line, RefusedLine, decoded, encoding_of, read_lines

COLUMNS = ("a", "b")
FIELDS_MISSING = Text(
    "Linjen har 1 felter, men overskriften har 2 kolonner.", "The line has 1 fields, but the header has 2 columns."
)


def read(*lines):
    return list(read_lines([line + "\n" for line in lines], COLUMNS))


@pytest.mark.parametrize("header", ["a;b", "\N{ZERO WIDTH NO-BREAK SPACE}a;b", "a,b", '"a";"b"', " a ; b "])
def test_a_header_is_understood(header):
    separator = "," if "," in header else ";"
    assert read(header, separator.join(("1", " 2 "))) == [Line(2, {"a": "1", "b": "2"})]


def test_columns_may_stand_in_any_order():
    assert read("b;a", "2;1") == [Line(2, {"a": "1", "b": "2"})]


def test_the_separator_is_the_headers_and_the_other_one_is_text():
    assert read("a;b", "1,5;2") == [Line(2, {"a": "1,5", "b": "2"})]


def test_empty_lines_are_left_out_and_still_counted():
    assert read("a;b", "", ";", "1;2") == [Line(4, {"a": "1", "b": "2"})]


def test_a_quoted_value_may_hold_separators_and_lines_and_is_named_by_its_first_line():
    assert read("a;b", '"x', ';y";2', "3;4") == [Line(2, {"a": "x\n;y", "b": "2"}), Line(4, {"a": "3", "b": "4"})]


@pytest.mark.parametrize(("header", "columns"), [("a", ["b"]), ("a;b;c", [""]), ("a;b;b", ["b"]), ("a;;b", [""])])
def test_a_bad_header_is_refused_and_nothing_is_read(header, columns):
    found = read(header, "1;2")
    assert [(fault.number, fault.column) for fault in found] == [(1, column) for column in columns]
    assert all(isinstance(fault, RefusedLine) and fault.reason for fault in found)


def test_a_file_without_header_is_refused_without_repeating_what_it_holds():
    assert "6101051234" not in repr(read("6101051234;Navn", "6101051235;Navn"))


def test_a_file_without_a_line_lacks_its_columns():
    assert [fault.column for fault in read_lines([], COLUMNS)] == ["a", "b"]


@pytest.mark.parametrize("bad", ["1", "1;2;3", '1;"x"y'])
def test_a_bad_line_is_refused_and_the_next_is_read(bad):
    refused, good = read("a;b", bad, "3;4")
    assert (refused.number, refused.column) == (2, "")
    assert good == Line(3, {"a": "3", "b": "4"})


def test_a_quote_left_open_is_refused_where_it_begins():
    (refused,) = read("a;b", '1;"x', "3;4")
    assert (refused.number, refused.column) == (2, "")


def test_bytes_that_are_not_utf8_are_refused_on_their_own_line():
    raw = io.BytesIO("a;b\n1;æ\n".encode() + "2;æ\n".encode("latin-1") + "3;å\n".encode())
    good, refused, later = read_lines(decoded(raw), COLUMNS)
    assert good == Line(2, {"a": "1", "b": "æ"})
    assert isinstance(refused, RefusedLine)
    assert refused.number == 3
    assert later == Line(4, {"a": "3", "b": "å"})


def test_bytes_with_a_byte_order_mark_and_windows_line_ends_are_read():
    raw = io.BytesIO(b"\xef\xbb\xbfa;b\r\n1;2\r\n")
    assert list(read_lines(decoded(raw), COLUMNS)) == [Line(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    "before", [["", "a;b"], ["", " ", "a;b"], [";", ",", "a;b"], ["sep=;", "a;b"], ['"sep=;"', "", "a;b"]]
)
@pytest.mark.parametrize("mark", ["", "\N{ZERO WIDTH NO-BREAK SPACE}"])
def test_empty_lines_and_excels_own_line_may_come_before_the_header(mark, before):
    lines = [mark + before[0], *before[1:]]
    assert read(*lines, "1;2", "3") == [
        Line(len(before) + 1, {"a": "1", "b": "2"}),
        RefusedLine(len(before) + 2, "", FIELDS_MISSING),
    ]


def test_excels_own_line_decides_the_separator():
    assert read("sep=,", "a,b", "1;x,2") == [Line(3, {"a": "1;x", "b": "2"})]
    assert [(fault.number, fault.column) for fault in read("sep=,", "a;b", "1;2")] == [(2, "a"), (2, "b"), (2, "")]


def test_a_column_that_is_missing_is_named_with_the_line_of_the_header():
    assert [(fault.number, fault.column) for fault in read("", "sep=;", "a", "1")] == [(3, "b")]


def test_a_file_of_empty_lines_alone_lacks_its_columns():
    assert [fault.column for fault in read("", ";", "")] == ["a", "b"]


def test_a_file_that_windows_1252_alone_explains_is_read_as_it():
    raw = io.BytesIO("a;b\r\nÆblegård – “Ø”;Søren\r\n€;2\r\n".encode("windows-1252"))
    assert encoding_of(raw) == "windows-1252"
    assert list(read_lines(decoded(raw), COLUMNS)) == [
        Line(2, {"a": "Æblegård – “Ø”", "b": "Søren"}),
        Line(3, {"a": "€", "b": "2"}),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"a;b\n1;2\n",
        "a;b\n1;æ\n".encode(),
        "a;b\n1;æ\n".encode("utf-8-sig"),
        "a;b\n1;š\n".encode(),
        "a;b\n1;æ\n".encode() + "2;æ\n".encode("windows-1252"),
        "a;b\n1;æ\n".encode("windows-1252") + "2;æ\n".encode(),
        b"a;b\n1;\x81\n",
        "a;b\n1;æ\n".encode("utf-16"),
    ],
)
def test_any_other_file_is_utf_8(content):
    assert encoding_of(io.BytesIO(content)) == "utf-8"


@pytest.mark.parametrize("before", range(-4, 2))
def test_a_character_of_utf_8_is_known_across_two_pieces(before):
    content = b"x" * (1024 * 1024 + before) + "€".encode() + b"x" * 1024
    assert encoding_of(io.BytesIO(content)) == "utf-8"
    assert encoding_of(io.BytesIO(content + "æ\n".encode("windows-1252"))) == "utf-8"


def test_a_file_of_utf_16_is_refused_as_such_a_file():
    (refused,) = read_lines(decoded(io.BytesIO("a;b\n1;æ\n".encode("utf-16"))), COLUMNS)
    assert (refused.number, refused.reason.en) == (1, "The line is not UTF-8. Save the file as UTF-8.")
