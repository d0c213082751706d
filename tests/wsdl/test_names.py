"""Names invented by callers do not fill the memory."""

import codecs
import encodings
import gc
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from encodings.aliases import aliases
from pathlib import Path

import pytest

from tests.support.fake_context import REPORT, app_of, envelope, ping, post, sample
from udb.wsdl.xml import parse as parsing
from udb.wsdl.xml.parse import parse


def resident() -> int:
    """Return this process's memory in KiB, without garbage."""
    gc.collect()
    found = re.search(r"^VmRSS:\s*(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def made_up(call: int) -> bytes:
    return envelope("<a>" + "".join(f"<n{call}x{i}{'y' * 150}/>" for i in range(1000)) + "</a>")


def attributes(call: int) -> bytes:
    return envelope("".join(f"<a n{call}x{i}{'y' * 1500}='1'/>" for i in range(100)))


def cut_off(call: int) -> bytes:
    return f"<n{call}{'y' * 49_000}".encode()


def instructions(call: int) -> bytes:
    return envelope("<a>" + "".join(f"<?n{call}x{i}{'y' * 150}?>" for i in range(1000)) + "</a>")


@pytest.mark.parametrize("message", [made_up, attributes, cut_off, instructions])
def test_memory_does_not_grow_with_the_names_that_callers_make_up(message):
    app = app_of()
    with ThreadPoolExecutor(1) as pool:
        for call in range(150):
            pool.submit(post, app, REPORT, message(call)).result()
        before = resident()
        for call in range(150, 750):
            answer = pool.submit(post, app, REPORT, message(call)).result()
        assert answer.status == 400
        assert resident() - before < 20 * 1024, "kept, they are 30 to 130 MB"
        assert pool.submit(post, app, REPORT, envelope(sample(f"{REPORT}Request"))).result().status == 200


def test_names_of_encodings_that_callers_make_up_are_not_kept():
    app = app_of()
    before = len(encodings._cache)
    for call in range(50):
        in_header = post(app, REPORT, b"<a/>", CONTENT_TYPE=f"text/xml; charset=klingon{call}")
        declared = post(app, REPORT, f'<?xml version="1.0" encoding="romulan{call}"?><a/>'.encode())
        assert (in_header.status, declared.status) == (415, 400)
    assert len(encodings._cache) == before


def looked_up(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in parsing.CHARSETS else None


def test_an_encoding_is_known_by_every_name_that_python_knows_it_by():
    names = {*aliases, *aliases.values(), "utf-7", "klingon", "", "iso-8859-15"}
    assert {looked_up(name) for name in names} == {*parsing.CHARSETS, None}
    for name in names | {name.upper().replace("_", "-") for name in names}:
        assert parsing.known_charset(name) == looked_up(name), name
    assert parsing.known_charset("ütf-8") is None


def test_ordinary_callers_are_read_where_they_are_and_others_by_a_thread_that_ends(monkeypatch):
    seen = []
    original = parsing._parse

    def watched(body, charset):
        seen.append(threading.current_thread())
        return original(body, charset)

    monkeypatch.setattr(parsing, "_parse", watched)

    def calls(*bodies):
        for body in bodies:
            parse(body)
        return threading.current_thread()

    ordinary = envelope(sample(f"{REPORT}Request"))
    with ThreadPoolExecutor(1) as pool:
        here = pool.submit(calls, *[ordinary] * 500).result()
        assert set(seen) == {here}
        pool.submit(calls, *map(made_up, range(3))).result()
        seen.clear()
        pool.submit(calls, ordinary).result()
        assert seen != [here]
        assert not seen[0].is_alive()
        assert pool.submit(post, app_of(), REPORT, envelope(ping(REPORT))).result().status == 200
