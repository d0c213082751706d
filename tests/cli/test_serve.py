"""The service as a process of its own."""

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from tests.support.udb_serve import environment, serving
from udb.rulebook import examples
from udb.sandbox.running import free_address
from udb.serve.shared_memory import MEMORY, has_room
from udb.settings import Settings
from udb.store.engine import make_engine, writing
from udb.store.tables import institution


def udb(url, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "udb", *arguments],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def get(url, method="GET", headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_a_sandbox_answers_and_ends_without_traces(database_url, tmp_path):
    assert udb(database_url, "migrate")[0] == 0
    assert udb(database_url, "sandbox", "seed", "--youths", "50", "--date", "2026-08-10")[0] == 0
    with serving(database_url, "--sandbox", "--workers", "2", TMPDIR=str(tmp_path)) as (address, process):
        assert get(f"{address}/health/live")[0] == 200
        assert json.loads(get(f"{address}/health/ready")[2]) == {"status": "up"}
        status, headers, text = get(f"{address}/")
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "/services/UDB/DataTilKommune/v1?wsdl" in text
        wsdl = get(f"{address}/services/UDB/DataTilKommune/v1?wsdl")
        assert wsdl[0] == 200
        assert f"{address}/services/UDB/DataTilKommune/v1" in wsdl[2]
        status, _, text = get(f"{address}/sandbox/status", headers={"X-UDB-Sandbox": "1"})
        assert json.loads(text)["unge"] == 50 + len(examples.youths())
        folder = shared_by(process, tmp_path)
        assert list(folder.glob("*.db"))
        metrics = get(f"{address}/metrics")[2]
        assert 'udb_calls_total{operation="andet",outcome="ok",service="DataTilKommune"} 1.0' in metrics
        assert 'udb_call_seconds_count{service="DataTilKommune"} 1.0' in metrics
        assert get(f"{address}/health/live", "POST")[0] == 405
    assert process.returncode == 0
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def shared_by(process, temporary):
    """Return the folder that the service's processes share: in memory, where a system has room for that."""
    if not has_room(MEMORY):
        (folder,) = temporary.iterdir()
        return folder
    assert list(temporary.iterdir()) == []
    files = set()
    for file in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            files.add(file.readlink())
    (folder,) = {file.parent for file in files if file.is_relative_to(MEMORY)}
    return folder


def test_what_the_workers_share_lies_on_no_disk(database_url, tmp_path):
    if not has_room(MEMORY):
        pytest.skip("has no room for files in memory")
    assert udb(database_url, "migrate")[0] == 0
    assert udb(database_url, "sandbox", "seed", "--youths", "50", "--date", "2026-08-10")[0] == 0
    with serving(database_url, "--sandbox", "--workers", "1", TMPDIR=str(tmp_path), UDB_KALD_I_MINUTTET="100") as (
        address,
        process,
    ):
        assert get(f"{address}/services/UDB/DataTilKommune/v1?wsdl")[0] == 200
        (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in (process.pid, worker):
            maps = Path(f"/proc/{pid}/maps").read_text()
            assert "zero" in maps, "what counts the calls is in memory without a name"
            assert str(tmp_path) not in maps


def test_without_sandbox_there_is_none(database_url):
    assert udb(database_url, "migrate")[0] == 0
    with serving(database_url) as (address, _):
        assert get(f"{address}/sandbox/status", headers={"X-UDB-Sandbox": "1"})[0] == 404


def test_a_register_that_is_not_the_sandboxs_is_refused(database_url):
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(
            insert(institution).values(
                nummer="461248", navn="S", hovedinstitution="461248", type3="1061", in_register=True
            )
        )
    engine.dispose()
    code, said = udb(database_url, "serve", "--sandbox", "--bind", free_address())
    assert code == 4
    assert "not made by the sandbox" in said


def test_a_database_that_was_not_migrated_is_refused(empty_database_url):
    code, said = udb(empty_database_url, "serve", "--bind", free_address())
    assert code == 3
    assert "udb migrate" in said


def test_a_database_of_a_version_nobody_knows_is_refused(database_url):
    engine = make_engine(database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    code, said = udb(database_url, "serve", "--bind", free_address())
    assert code == 3
    assert "at version 9999, which this program does not know" in said


@pytest.mark.parametrize("url", ["sqlite:////usr", "postgresql://127.0.0.1:1/udb"])
def test_a_database_out_of_reach(url):
    code, said = udb(url, "serve", "--bind", free_address())
    assert code == 3
    assert "Traceback" not in said


def test_help_lists_every_setting():
    said = udb("sqlite://", "serve", "--help")[1]
    assert [name for name in Settings.model_fields if f"UDB_{name.upper()}" not in said] == []


def test_a_body_that_is_taken_for_a_request_is_not_logged(database_url):
    with serving(database_url) as (address, process):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as sender:
            # The Content-Length is too small: what follows looks like the next request.
            sender.sendall(
                b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n<KontaktNavn>Ida Jensen</KontaktNavn>\r\n\r\n"
            )
            while sender.recv(65536):
                pass
        lines = []
        while not lines or "Invalid request" not in lines[-1]:
            lines.append(process.stderr.readline())
            assert lines[-1], "it was not logged at all"
    assert "Jensen" not in "".join(lines)


def limited(files, bind):
    """Return a command that serves with so many files: the soft and the hard limit."""
    first = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, {files})"
    return [sys.executable, "-c", f"{first}; from udb.cli import main; main()", "serve", "--bind", bind]


def test_too_low_a_limit_of_files_is_refused_before_a_worker_starts(database_url):
    """A worker without a file number left would end, with every caller it has."""
    command = limited((256, 256), free_address())
    done = subprocess.run(
        command, env=environment(database_url), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "may have 256 files open" in done.stderr
    assert "LimitNOFILE" in done.stderr


def test_a_limit_of_files_that_may_be_raised_is(database_url):
    bind = free_address()
    command = [*limited((256, 4096), bind), "--workers", "1"]
    with subprocess.Popen(command, env=environment(database_url), stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            while "Booting worker" not in line:
                assert line, "the service ended at once"
                line = process.stderr.readline()
            # A worker that has not begun to answer would not hear the signal that ends it.
            assert get(f"http://{bind}/health/live")[0] == 200
            limits = Path(f"/proc/{process.pid}/limits").read_text()
        finally:
            process.terminate()
            process.stderr.read()
    (row,) = (row.split() for row in limits.splitlines() if row.startswith("Max open files"))
    assert row[3:5] == ["2160", "4096"]
