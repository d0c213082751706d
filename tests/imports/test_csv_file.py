import io

import pytest

from udb.imports.csv_file import Line, RefusedLine, decoded, read_lines

COLUMNS = ("a", "b")


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
