import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from udb.sandbox.running import free_address


@contextmanager
def started(database_url, bind):
    """Run ``udb sandbox start``, stopped at the end; yield all that it printed up to its last line."""
    command = [sys.executable, "-m", "udb", "sandbox", "start", "--bind", bind, "--youths", "400", "--no-history"]
    # On a busy machine the port after it may be in use.
    command += ["--idp", free_address()]
    environment = os.environ | {"UDB_DATABASE_URL": database_url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("Ctrl-C stops"):
                    break
            yield process, said
        finally:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()


@pytest.fixture
def bind():
    return free_address()


def test_from_nothing_to_an_accepted_report_and_again(empty_database_url, bind):
    with started(empty_database_url, bind) as (process, said):
        assert f"http://{bind}/services/UDB/DataTilKommune/v1?wsdl" in said
        command = said[said.index("curl --silent") : said.index("</soap:Envelope>")] + "</soap:Envelope>\nXML\n"
        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert "<v1:Resultat>Accepteret</v1:Resultat>" in answer.stdout
    assert process.wait() == 0

    youth = re.search("<v1:CPRNr>(.*)</v1:CPRNr>", said).group(1)
    with started(empty_database_url, bind) as (process, said):
        assert "youths with" not in said, "what was reported is kept"
        assert f"<v1:CPRNr>{youth}</v1:CPRNr>" not in said
    assert process.wait() == 0
