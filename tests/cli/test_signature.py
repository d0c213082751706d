"""``udb signature explain`` and what it prints of captured requests."""

import json
import re
from datetime import timedelta

import pytest

from tests.support.certificates import issued, unusual
from tests.support.fake_context import CPR, sample
from tests.support.signing import FORMS, signed
from tests.wsdl.broken import CASES, body_of, swap_certificate
from udb.domain.clock import system_time
from udb.wsdl.signature.account import FAILED, NOT_REACHED, NOT_TRIED, PASSED, account
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.signature.steps import STEPS
from udb.wsdl.soap import VERSIONS

REQUEST = sample("HentHaendelserRequest")


@pytest.fixture
def captured(tmp_path):
    def write(content):
        file = tmp_path / "kald.xml"
        file.write_bytes(content)
        return str(file)

    return write


def rows(udb, *arguments):
    code, out, _ = udb("signature", "explain", *arguments, "--json")
    return code, json.loads(out)


def test_a_request_in_order_passes_every_check(udb, captured):
    for form in FORMS:
        code, outcomes = rows(udb, captured(signed(form, REQUEST, issued("eget"))))
        assert code == 0
        assert [row["resultat"] for row in outcomes if "registered" not in row["trin"]] == [PASSED] * (len(STEPS) - 1)
        assert [row["resultat"] for row in outcomes if "registered" in row["trin"]] == [NOT_TRIED]


def test_whether_the_certificate_is_the_systems_is_told_when_asked(udb, captured):
    assert udb("system", "create", "easy", "--name", "EASY-A")[0] == 0
    assert udb("system", "certificate", "add", "easy", str(issued("eget").file))[0] == 0
    file = captured(signed("dotnet", REQUEST, issued("eget")))
    assert rows(udb, file, "--system", "easy")[0] == 0
    code, outcomes = rows(udb, file, "--system", "anden")
    assert code == 1
    (failed,) = [row for row in outcomes if row["resultat"] == FAILED]
    assert Reason.CERTIFICATE_UNKNOWN.text.en in failed["forventet"]
    assert issued("eget").fingerprint in failed["fundet"]


def test_an_old_request_is_judged_as_of_its_own_time(udb, captured):
    sent = system_time() - timedelta(days=1)
    certificate = issued("fra-i-forgaars", 30, sent - timedelta(days=1))
    file = captured(signed("dotnet", REQUEST, certificate, created=sent))
    code, outcomes = rows(udb, file)
    assert (code, [row["resultat"] for row in outcomes].count(FAILED)) == (1, 1)
    assert "tid-udloebet" in next(row["forventet"] for row in outcomes if row["resultat"] == FAILED)
    assert rows(udb, file, "--time", sent.strftime("%Y-%m-%dT%H:%M:%S%z"))[0] == 0


def test_a_table_for_people(udb, captured):
    swapped = signed("dotnet", REQUEST, issued("eget"), after=swap_certificate)
    code, out, _ = udb("signature", "explain", captured(swapped))
    assert code == 1
    assert "13. The signature is the certificate's (SignatureValue): failed\n    expected: [signaturvaerdi] " in out
    assert re.search(r"^    found: fingerprint [0-9a-f]{64}$", out, re.MULTILINE)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"<a/>", REQUEST.encode(), b"<!DOCTYPE a><a/>", f"<{CPR}/>".encode()],
)
def test_what_is_no_request_is_refused_in_words(tmp_path, content, capsys, monkeypatch):
    import sys

    from udb import cli

    file = tmp_path / "kald.xml"
    file.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["udb", "signature", "explain", str(file)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert printed.err.strip()
    assert CPR not in printed.err


def test_a_file_that_is_not_there_is_wrong_use(udb, tmp_path):
    assert udb("signature", "explain", str(tmp_path / "findes-ikke.xml"))[0] == 2


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_broken_request_is_told_with_its_reason_and_nothing_of_its_content(case, version):
    def personal(envelope):
        case.before(envelope)
        body_of(envelope)[0].set("x", CPR)

    content = signed(
        "dotnet", REQUEST, unusual(case.certificate), version, before=personal, after=case.after, **case.more
    )
    outcomes = account(content, now=system_time(), sha1=False, system_id="", known=None)
    assert len(outcomes) == len(STEPS)
    registration = {Reason.CERTIFICATE_UNKNOWN, Reason.CERTIFICATE_BLOCKED}
    keys = "".join(line.row["forventet"] for line in outcomes if line.failed)
    assert case.reason in registration or f"[{case.reason.key}]" in keys
    assert CPR not in str(outcomes)
    assert all(line.row["resultat"] in {PASSED, FAILED, NOT_REACHED, NOT_TRIED} for line in outcomes)


def test_a_check_needs_only_what_stands_before_it():
    done = set()
    for step in STEPS:
        assert set(step.needs) <= done
        done.add(step.run)
