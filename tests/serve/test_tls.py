"""HTTPS with a slow caller: a handshake ends in time, and no other caller waits for it."""

import socket
import time

import pytest

from tests.support.certificates import folder, for_service
from tests.support.fake_context import envelope, ping
from tests.support.tls import call, tls_options
from tests.support.udb_serve import serving
from udb.domain.errors import WrongUse
from udb.serve import tls
from udb.settings import Settings
from udb.wsdl.soap import SOAP11

SECONDS = 1.0


@pytest.mark.parametrize("first", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["silent", "begun"])
def test_a_handshake_that_does_not_end_is_ended(database_url, tmp_path, first):
    options = [*tls_options(), "--workers", "1", "--threads", "1"]
    settings = {"UDB_MODTAGETID": str(SECONDS), "TMPDIR": str(tmp_path)}
    with serving(database_url, *options, **settings) as (address, _):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as dawdling:
            dawdling.sendall(first)
            began = time.monotonic()
            # The only thread is free again.
            assert call(address, envelope(ping("DataTilKommune"), SOAP11).decode())[0] == 200
            assert time.monotonic() - began < 20
            if first:
                assert dawdling.recv(100) == b""


def test_callers_of_old_tls_are_not_heard():
    own = for_service()
    settings = Settings(tls_certifikat=own.file, tls_noegle=own.key_file, tls_klient_ca=folder() / "ca.pem")
    assert tls.context(settings).minimum_version.name == "TLSv1_2"
    assert tls.options(Settings()) == {}
    with pytest.raises(WrongUse, match="both"):
        tls.options(Settings(tls_noegle=own.key_file))
