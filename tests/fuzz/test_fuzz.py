"""The fuzzers' targets with a few hundred inputs, the same in every run; ``make fuzz`` runs for longer."""

import random
from pathlib import Path

import pytest

from tests.fuzz import envelopes, signatures
from tests.fuzz.bounds import KIBIBYTES, LARGEST, SECONDS, bounded
from tests.fuzz.mutate import mutated
from tests.fuzz.packet import packed, unpacked
from tests.fuzz.run import GROWTH, parsed
from tests.fuzz.targets import TARGETS
from tests.support.fake_context import CPR, Answer
from tests.support.signing import FORMS

CHANGED = 300
FINDING = Path("crash-1")


@pytest.mark.parametrize("name", TARGETS)
def test_no_seed_breaks_a_promise(name):
    seeds = TARGETS[name].seeds()
    assert seeds
    for seed in seeds.values():
        assert len(seed) <= LARGEST
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_no_changed_seed_breaks_a_promise(name):
    seeds = TARGETS[name].seeds()
    chance = random.Random(20261122)
    names = sorted(seeds)
    for _ in range(CHANGED):
        TARGETS[name].run(mutated(seeds[chance.choice(names)], chance)[:LARGEST])


def test_the_same_seed_of_chance_changes_the_same():
    for data in envelopes.seeds().values():
        assert mutated(data, random.Random(7)) == mutated(data, random.Random(7))


def test_a_packet_is_a_call():
    made = unpacked(packed("POST", "/a?b=c", {"Content-Type": "text/xml", "X-Y": "z"}, b"<a/>\n\n"))
    found = {name: made[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "HTTP_X_Y")}
    assert list(found.values()) == ["POST", "/a", "b=c", "text/xml", "z"]
    assert made["wsgi.input"].read() == b"<a/>\n\n"


def test_genuine_messages_pass():
    passing = [name for name, seed in signatures.seeds().items() if signatures._passes(signatures._examined_of(seed))]
    assert {f"{form}-{version}" for form in FORMS for version in ("1.1", "1.2")} <= set(passing)


def fault(code: str, status: int, details: str, soap: str = "Client", content_type: str = "text/xml") -> Answer:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>s:{soap}</faultcode><detail><ErrorCode>{code}</ErrorCode><Details>{details}</Details></detail>"
        "</s:Fault></s:Body></s:Envelope>"
    )
    return Answer(status, {"Content-Type": content_type}, body.encode())


@pytest.mark.parametrize(
    ("answer", "promise"),
    [
        (fault("IPL000001", 500, ""), "no fault that a caller can bring about"),
        (fault("UDB009103", 500, ""), "UDB009103 with 500"),
        (fault("IPL000002", 500, "", "Server"), "our doing"),
        (fault("UDB009108", 500, CPR), "tells a number"),
        (fault("IPL000002", 500, "Linje 3: 281111"), "a value of the message"),
    ],
)
def test_a_broken_promise_is_noticed(answer, promise):
    envelopes._check(fault("IPL000002", 500, "Linje 3"))
    with pytest.raises(AssertionError, match=promise):
        envelopes._check(answer)


def test_a_body_that_nobody_signed_is_noticed_when_it_passes(monkeypatch):
    genuine = signatures.seeds()["dotnet-1.2"]
    signatures.run(genuine)
    monkeypatch.setattr(signatures, "_genuine", frozenset)
    with pytest.raises(AssertionError, match="nobody signed"):
        signatures.run(genuine)


def test_what_takes_too_much_is_noticed(monkeypatch):
    ticks = iter([0.0, SECONDS + 1])
    with monkeypatch.context() as patch:
        patch.setattr("tests.fuzz.bounds.time.process_time", lambda: next(ticks))
        with pytest.raises(AssertionError, match=r"3\.00 s"), bounded():
            pass
    sizes = iter([0, KIBIBYTES + 1, KIBIBYTES + 1])
    monkeypatch.setattr("tests.fuzz.bounds._largest", lambda: next(sizes))
    with pytest.raises(AssertionError, match="KiB more"), bounded():
        pass


def log(*megabytes: int) -> str:
    lines = [
        f"#{number * 100}\tpulse  cov: {number} ft: 9 corp: 5/274Kb lim: 9 exec/s: 803 rss: {size}Mb"
        for number, size in enumerate(megabytes, start=1)
    ]
    return "\n".join(["INFO: Seed: 1", *lines, "Done 400 runs"])


def test_what_libfuzzer_tells_is_understood():
    flat = parsed(log(100, 100, 110, 120), ())
    assert (flat.executions, flat.coverage, flat.inputs, flat.megabytes) == (400, 4, 5, 120)
    assert flat.holds
    assert not parsed(log(10, 100, 110, int(10 * GROWTH) + 1), ()).holds
    assert not parsed(log(100), (FINDING,)).holds
    with pytest.raises(ValueError, match="no module"):
        parsed("no module", ())
