import subprocess
import sys

import pytest

from udb.wsdl import spyne_shim

USE = """
import sys, warnings
warnings.filterwarnings("error")
warnings.filterwarnings("ignore", category=ImportWarning)
warnings.filterwarnings("ignore", message="'cgi' is deprecated")
import udb.wsdl
from spyne import Application, ComplexModel, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11, Soap12
from spyne.util.six.moves import urllib
from spyne.util.six.moves.urllib.parse import quote
import spyne.server.wsgi
from spyne.protocol.http import HttpRpc
print(quote("a b"))
"""


def test_every_part_of_spyne_we_use_can_be_imported_in_a_fresh_process():
    done = subprocess.run([sys.executable, "-c", USE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "a%20b"), done.stderr


def test_installing_twice_changes_nothing():
    spyne_shim.install()
    before = list(sys.meta_path)
    spyne_shim.install()
    assert sys.meta_path == before


@pytest.mark.parametrize(
    ("line", "value", "parameters"),
    [
        ("text/xml", "text/xml", {}),
        ("text/xml; charset=utf-8", "text/xml", {"charset": "utf-8"}),
        (
            'application/soap+xml; charset="utf-8"; action="a;b"',
            "application/soap+xml",
            {"charset": "utf-8", "action": "a;b"},
        ),
    ],
)
def test_the_stand_in_for_cgi_reads_headers(line, value, parameters):
    assert spyne_shim._parse_header(line) == (value, parameters)
