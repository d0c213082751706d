from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from udb.wsdl.xml import lexical


def naive(*parts):
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def zone(hours, minutes=0):
    return timezone(timedelta(hours=hours, minutes=minutes))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2022-08-08T10:11:12", naive(2022, 8, 8, 10, 11, 12)),
        ("2022-08-08T10:11:12Z", datetime(2022, 8, 8, 10, 11, 12, tzinfo=UTC)),
        ("2022-08-08T10:11:12+02:00", datetime(2022, 8, 8, 10, 11, 12, tzinfo=zone(2))),
        ("2022-08-08T10:11:12-02:30", datetime(2022, 8, 8, 10, 11, 12, tzinfo=zone(-2, -30))),
        ("2022-08-08T10:11:12-00:30", datetime(2022, 8, 8, 10, 11, 12, tzinfo=zone(0, -30))),
        ("2022-08-08T10:11:12+14:00", datetime(2022, 8, 8, 10, 11, 12, tzinfo=zone(14))),
        ("2022-08-08T10:11:12-14:00", datetime(2022, 8, 8, 10, 11, 12, tzinfo=zone(-14))),
        ("2022-08-08T10:11:12.5", naive(2022, 8, 8, 10, 11, 12, 500_000)),
        ("2022-08-08T10:11:12.1234567Z", datetime(2022, 8, 8, 10, 11, 12, 123_456, UTC)),
        ("2022-08-08T10:11:12.999999999", naive(2022, 8, 8, 10, 11, 12, 999_999)),
        ("2022-08-08T24:00:00", naive(2022, 8, 9)),
        ("2022-12-31T24:00:00.000+01:00", datetime(2023, 1, 1, tzinfo=zone(1))),
        (" \t\r\n2022-08-08T00:00:00 \n", naive(2022, 8, 8)),
    ],
)
def test_points_in_time(text, value):
    read = lexical.read_datetime(text)
    assert (read, read.utcoffset()) == (value, value.utcoffset())


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T24:00:00",
        "2999-12-31T24:00:00",
        "2999-12-31T23:30:00Z",
        "1900-01-01T00:00:00+01:01",
        "0000-01-01T00:00:00",
        "12022-01-01T00:00:00",
        "-0001-01-01T00:00:00",
        "2022-02-30T00:00:00",
        "2022-08-08T24:00:01",
        "2022-08-08T23:59:60",
        "2022-08-08",
        "2022-08-08T10:11",
        "٢٠٢٢-08-08T00:00:00",
        "",
    ],
)
def test_what_python_cannot_hold_is_an_error_the_protocol_knows(text):
    with pytest.raises((ValueError, OverflowError)):
        lexical.read_datetime(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2017, 7, 31), "2017-07-31T00:00:00.000+02:00"),
        (date(2017, 12, 31), "2017-12-31T00:00:00.000+01:00"),
        (datetime(2017, 7, 31, tzinfo=UTC), "2017-07-31T02:00:00.000+02:00"),
        (naive(2017, 1, 31, 12, 0, 0, 123_999), "2017-01-31T12:00:00.123+01:00"),
    ],
)
def test_points_in_time_are_written_as_the_vejledning_prints_them(value, text):
    assert lexical.write_datetime(value) == text


@pytest.mark.parametrize(("text", "value"), [("7", 7), (" +007\n", 7), ("-0", 0), ("2147483647", 2147483647)])
def test_numbers(text, value):
    assert lexical.read_int(text) == value


@pytest.mark.parametrize(("text", "value"), [("1", True), (" true ", True), ("0", False), ("false\n", False)])
def test_booleans(text, value):
    assert lexical.read_boolean(text) is value


def test_a_token_is_collapsed_by_xml_blanks_only():
    assert lexical.read_token(" \t a \r\n b\N{NO-BREAK SPACE} ") == "a b\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("]]>", "]]&gt;"),
        ("a\rb\nc\td", "a&#13;b\nc\td"),
        ("a\x00b\x0bc\ufffed\ud800e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("Æblegrød 🍏", "Æblegrød 🍏"),
    ],
)
def test_text(value, text):
    assert lexical.write_text(value) == text
