"""Certificates for an operator and a vendor: the commands, and mutual TLS against the running service."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.certificates import issued
from tests.support.fake_context import envelope as soap
from tests.support.fake_context import ping
from tests.support.tls import call, tls_options
from tests.support.udb_serve import environment, serving
from tests.support.world import SYSTEM
from udb.callers import certificates, x509
from udb.readlog.sealing import seal
from udb.sandbox.soapcall import envelope
from udb.store.engine import reading, writing
from udb.wsdl.soap import SOAP11

PBE_SHA1_3DES = bytes.fromhex("060a2a864886f70d010c0103")
PBES2 = bytes.fromhex("06092a864886f70d01050d")
"""Object identifiers, as DER."""


def test_the_commands_from_an_authority_to_a_blocked_certificate(udb, tmp_path):
    assert udb("system", "create", "easy", "--name", "EASY-A")[0] == 0
    code, said, _ = udb(
        "sandbox", "ca", str(tmp_path / "ca"), "--server", "udb.example.dk", "--system", "easy", "--days", "9"
    )
    assert code == 0
    assert [Path(tmp_path, "ca", name).exists() for name in ("ca.pem", "server.pem", "easy.key", "easy.p12")] == [
        True
    ] * 4
    both = Path(tmp_path, "ca", "easy.p12").read_bytes()
    assert (both.count(PBE_SHA1_3DES), both.count(PBES2)) == (2, 0), "Mono reads no newer algorithms"
    assert oct(Path(tmp_path, "ca", "easy.key").stat().st_mode)[-3:] == "600"
    assert "easy.pem" in said
    code, out, warned = udb("system", "certificate", "list", "--json")
    (row,) = json.loads(out)
    assert (row["system"], row["dage"], row["spaerret"]) == ("easy", 8, None)
    assert "O=Afprøvning ApS" in row["subjekt"]
    assert "easy: its last certificate has 8 days left." in warned
    again = udb("system", "certificate", "add", "easy", str(tmp_path / "ca" / "easy.pem"))
    assert (again[0], "registered already" in again[2]) == (4, True)
    assert udb("system", "certificate", "block", row["fingeraftryk"][:10])[0] == 0
    code, out, warned = udb("system", "certificate", "list", "--system", "easy", "--json")
    assert json.loads(out)[0]["spaerret"] is not None
    assert warned == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("system", "certificate", "add", "easy", "findes-ikke.pem"), 2),
        (("system", "certificate", "add", "easy", __file__), 2),
        (("system", "certificate", "block", "0123456789"), 2),
    ],
)
def test_what_cannot_be_done_is_told(udb, arguments, code):
    assert udb(*arguments)[0] == code


def test_a_certificate_for_a_system_that_is_not_there_leaves_no_files(udb, tmp_path):
    assert udb("sandbox", "ca", str(tmp_path), "--system", "easy")[0] == 2
    assert not (tmp_path / "easy.pem").exists()


def test_mutual_tls_against_the_service_itself(world, database_url, tmp_path):
    own, stranger = issued("eget"), issued("fremmed")
    with writing(world.engine) as connection:
        certificates.register(connection, SYSTEM, x509.read(own.der))
    settings = {"UDB_SIGNATUR": "tjek", "TMPDIR": str(tmp_path)}
    fetch = envelope("DataTilKommune", "HentHaendelser", {"InstitutionNummer": "281111"})
    with serving(database_url, *tls_options(), **settings) as (address, _):
        assert call(address, soap(ping("DataTilKommune"), SOAP11).decode())[0] == 200
        status, _, text = call(address, fetch, own)
        assert status == 200, text
        status, headers, text = call(address, fetch)
        assert (status, "Basic" in headers["WWW-Authenticate"]) == (401, False)
        status, _, text = call(address, fetch, stranger)
        assert (status, stranger.fingerprint in text, "UDB009101" in text) == (500, True, True)
    seal(world.engine)
    with reading(world.engine) as connection:
        rows = connection.exec_driver_sql("SELECT system_id, certifikat FROM read_log").all()
    assert [tuple(row) for row in rows] == [(SYSTEM, own.fingerprint)]


@pytest.mark.parametrize(
    "options",
    [
        ("--certfile", "findes-ikke.pem", "--keyfile", "findes-ikke.key"),
        ("--keyfile", "findes-ikke.key"),
        ("--ca-certs", "findes-ikke.pem"),
    ],
)
def test_files_that_do_not_do_are_told_before_anything_is_served(options):
    command = [sys.executable, "-m", "udb", "serve", "--bind", "127.0.0.1:0", *options]
    done = subprocess.run(
        command, env=environment("sqlite://"), capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


def test_a_start_warns_of_certificates_that_end_soon_and_metrics_count_the_days(world, database_url, tmp_path):
    with writing(world.engine) as connection:
        certificates.register(connection, SYSTEM, x509.read(issued("syv-dage", 7).der))
    with serving(database_url, TMPDIR=str(tmp_path)) as (address, _):
        text, end = "", time.monotonic() + 30
        while "udb_certificate_days_left 6.0" not in text:
            assert time.monotonic() < end, text
            with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:
                text = answer.read().decode()
