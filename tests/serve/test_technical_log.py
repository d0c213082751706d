import logging
import sys

import pytest
import structlog

from udb.serve import technical_log

CPR = "6101054234"


def test_what_looks_like_a_cpr_number_is_struck_out_wherever_it_stands():
    event = {"event": f"about {CPR} and 610105-4234", "rows": [CPR, {"nr": CPR}], "number": 5}
    assert technical_log.strike_out(None, "info", event) == {
        "event": "about ********** and **********",
        "rows": ["**********", {"nr": "**********"}],
        "number": 5,
    }


def test_event_numbers_stay():
    number = "UDB-20190628164654103000405"
    assert technical_log.strike_out(None, "info", {"event": number}) == {"event": number}


def test_of_an_exception_only_kind_and_place_are_kept():
    def fails():
        raise ValueError(f"bad value {CPR}")

    try:
        fails()
    except ValueError as error:
        for found in (True, error, (type(error), error, error.__traceback__)):
            event = technical_log.without_words(None, "error", {"event": "failed", "exc_info": found})
            assert event["error"] == "ValueError"
            assert event["traceback"][-1].endswith(" fails")
            assert "bad value" not in str(event)
    assert technical_log.without_words(None, "info", {"event": "x"}) == {"event": "x"}


def test_lines_of_ours_and_of_libraries_are_json_without_numbers(capsys):
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        technical_log.configure()
        structlog.get_logger("test").info("ours", value=f"x {CPR}")
        logging.getLogger("gunicorn.error").error("theirs %s", CPR)
        try:
            raise ValueError(CPR)
        except ValueError:
            logging.getLogger("library").exception("failed")
        lines = capsys.readouterr().err.splitlines()
    finally:
        root.handlers, root.level = before
        structlog.reset_defaults()
    assert len(lines) == 3
    assert all(line.startswith("{") for line in lines)
    assert CPR not in "".join(lines)
    assert '"error": "ValueError"' in lines[2]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("I/O operation on closed file")])
def test_a_line_that_cannot_be_written_fails_no_call(error, monkeypatch):
    class Broken:
        def write(self, _=None):
            raise error

        flush = write

    root = logging.getLogger()
    before = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", Broken())
    try:
        technical_log.configure()
        structlog.get_logger("test").info("ours")
        structlog.get_logger("test").error("ours")
    finally:
        root.handlers, root.level = before
        structlog.reset_defaults()


@pytest.mark.parametrize(
    "kept",
    [
        "4f0101014234c7b1",
        "3a9e0101014234",
        "0101014234ab",
        "6c1b0101-4234-4aaa-9bbb-0101014234ff",
        "AB0101014234",
        "1234567890",
        "3002014234",
        "3204014234",
        "9104014234",
        "0013014234",
        "9202014234",
        "0101000000000",
    ],
)
def test_parts_of_ids_and_numbers_without_a_date_stay(kept):
    assert technical_log.strike_out(None, "info", {"event": kept}) == {"event": kept}


@pytest.mark.parametrize(
    "number", ["0101014234", "3112994234", "2902004234", "6101014234", "9112994234", "8902014234", "310199-4234"]
)
@pytest.mark.parametrize("around", ["{}", "nummer={}.", "({})", "nr{}", "Ø{}Ø", "_{}_", "{}-1"])
def test_a_number_with_a_date_is_struck_out_beside_anything_but_a_hexadecimal_digit(number, around):
    found = technical_log.strike_out(None, "info", {"event": around.format(number)})
    assert found == {"event": around.format("**********")}


def test_a_number_in_an_object_that_json_has_no_form_for_is_struck_out(capsys):
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        technical_log.configure()
        structlog.get_logger("test").info("ours", value={CPR})
        line = capsys.readouterr().err
    finally:
        root.handlers, root.level = before
        structlog.reset_defaults()
    assert CPR not in line
    assert "**********" in line
