"""The files an operator begins with name only commands, options, settings and files that exist."""

import configparser
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from benchmarks.postgres import configuration
from udb import cli
from udb.paths import ROOT
from udb.settings import Settings

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted(file for file in DEPLOY.iterdir() if file.suffix in {".service", ".timer"})
SETTINGS = {f"UDB_{name.upper()}" for name in Settings.model_fields}


def assert_is_command(arguments: list[str]) -> None:
    """Check that it is a command with these options; it is not run."""
    command: Any = typer.main.get_command(cli.build())
    name, *rest = arguments
    command = command.commands[name]
    while hasattr(command, "commands"):
        name, *rest = rest
        command = command.commands[name]
    command.make_context(name, rest).close()


def unit(file: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    found.read_string(file.read_text())
    return found


def test_every_setting_that_is_named_exists() -> None:
    named = {
        (name, file.name)
        for file in (*DEPLOY.iterdir(), ROOT / "docs/drift.md", ROOT / "docs/sikkerhed.md")
        if file.is_file()
        for name in re.findall(r"\bUDB_[A-Z0-9_]+\b", file.read_text())
    }
    assert {"UDB_DATABASE_URL", "UDB_SLETTELOG", "UDB_PROXYER"} <= {name for name, _ in named}
    assert [(name, file) for name, file in named if name not in SETTINGS] == []


def test_the_database_of_compose_is_set_up_as_its_file_says() -> None:
    # The measurement of eIndkomst sets it, and so shows that a real server takes it.
    command = COMPOSE["services"]["db"]["command"]
    assert command[0] == "postgres"
    assert command[1::2] == ["-c"] * len(configuration())
    assert dict(setting.split("=") for setting in command[2::2]) == configuration()


def test_the_environment_file_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("udb.env").items():
        monkeypatch.setenv(name, value)
    found = Settings()
    assert found.url.startswith("postgresql+psycopg://")
    assert found.proxyer
    assert not found.sandbox


def environment(file: str) -> dict[str, str]:
    """Return what systemd reads from an environment file: a value may be in single quotes."""
    lines = (DEPLOY / file).read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value[1:-1] if value[0] == value[-1] == "'" else value for name, _, value in pairs}


@pytest.mark.parametrize("file", ["udb.env", "udb-ejer.env"])
def test_a_shell_reads_an_environment_file_as_systemd_does(file: str) -> None:
    script = f'set -a; . "$0"; {shlex.quote(sys.executable)} -c "import os, json; print(json.dumps(dict(os.environ)))"'
    done = subprocess.run(["sh", "-c", script, DEPLOY / file], capture_output=True, env={}, check=True)
    found = json.loads(done.stdout)
    assert {name: found.get(name) for name in environment(file)} == environment(file)
    assert {"UDB_DATABASE_URL", "PGPASSFILE", "UDB_DATA"} <= environment(file).keys()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_is_one_and_starts_a_command_there_is(file: Path) -> None:
    found = unit(file)
    assert {"Unit"} < set(found.sections()) <= {"Unit", "Service", "Timer", "Install"}
    if file.suffix == ".timer":
        assert file.with_suffix(".service") in UNITS
        assert found["Timer"]["OnCalendar"]
        return
    program, *arguments = shlex.split(found["Service"]["ExecStart"])
    if program == "/bin/sh":
        _, script = arguments
        program, *arguments = shlex.split(script.removeprefix("exec "))
    assert Path(program).name == "udb"
    assert_is_command(arguments)
    for name in ("NoNewPrivileges", "PrivateTmp"):
        assert found["Service"][name] == "yes"


def test_every_job_has_its_timer_and_the_service_is_not_its_user() -> None:
    jobs = {file.stem: unit(file)["Service"] for file in UNITS if file.suffix == ".service" and file.stem != "udb"}
    assert {file.stem for file in UNITS if file.suffix == ".timer"} == jobs.keys()
    assert jobs.keys() == {"udb-retention", "udb-backup", "udb-log-verify"}
    owners = {name for name, job in jobs.items() if job["EnvironmentFile"] == "/etc/udb/udb-ejer.env"}
    assert owners == {"udb-retention", "udb-backup"}
    for name, job in jobs.items():
        assert job["User"] == ("udb-ejer" if name in owners else "udb")
        assert job["WorkingDirectory"].removeprefix("/var/lib/") in job["StateDirectory"].split()


def test_the_backup_job_writes_a_file_for_each_day_and_keeps_thirty_days(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "udb-backup"
    folder.mkdir()
    log = tmp_path / "sletninger.jsonl"
    old, kept, other = (folder / name for name in ("udb-2026-01-01.zip", "udb-2026-01-02.zip", "andet.zip"))
    for file, days in ((old, 32), (kept, 29), (other, 32)):
        file.touch()
        os.utime(file, (time.time() - days * 24 * 60 * 60,) * 2)
    job = unit(DEPLOY / "udb-backup.service")["Service"]
    for name in ("ExecStart", "ExecStartPost"):
        command = job[name].replace("$$", "$").replace("%%", "%")
        assert {"/opt/udb/bin/udb", "/var/lib/udb-backup"} & set(re.findall(r"/(?:opt|var)/[\w/-]+[\w]", command))
        command = command.replace("/opt/udb/bin/udb", f"{sys.executable} -m udb")
        command = command.replace("/var/lib/udb-backup", str(folder))
        settings = {"UDB_DATABASE_URL": database_url, "UDB_SLETTELOG": str(log)}
        subprocess.run(shlex.split(command), env={**os.environ, **settings}, check=True)
    (made,) = {file.name for file in folder.iterdir()} - {kept.name, other.name}
    assert re.fullmatch(r"udb-\d{4}-\d{2}-\d{2}\.zip", made)
    assert kept.exists()
    assert other.exists()


def test_a_stop_is_given_the_time_it_may_take() -> None:
    from udb.serve.server import SLOWEST_CALL

    assert int(unit(DEPLOY / "udb.service")["Service"]["TimeoutStopSec"]) > SLOWEST_CALL
    assert int(COMPOSE["services"]["udb"]["stop_grace_period"].removesuffix("s")) > SLOWEST_CALL


def test_compose_starts_commands_there_are_from_files_there_are() -> None:
    services = COMPOSE["services"]
    ours = {name: service for name, service in services.items() if "build" in service}
    assert {"migrate", "udb", "udb2", "retention"} == ours.keys()
    for service in ours.values():
        assert_is_command(service["command"])
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    mounted = [volume.split(":")[0] for volume in services["nginx"]["volumes"] if volume.startswith("./")]
    assert [name for name in mounted if "hemmeligt" not in name and not (DEPLOY / name).exists()] == []
    assert {name for service in services.values() for name in service.get("depends_on", [])} <= services.keys()
    hosts = set(re.findall(r"^server (\S+):8080;$", (DEPLOY / "nginx-vaerter-compose.conf").read_text(), re.MULTILINE))
    assert hosts == {name for name in ours if ours[name]["command"][0] == "serve"}


def test_no_process_of_compose_but_the_database_has_the_owners_word() -> None:
    files = {name: service.get("env_file") for name, service in COMPOSE["services"].items()}
    assert files == {
        "db": "hemmeligt/db.env",
        "migrate": "hemmeligt/udb-ejer.env",
        "retention": "hemmeligt/udb-ejer.env",
        "udb": "hemmeligt/udb.env",
        "udb2": "hemmeligt/udb.env",
        "nginx": None,
    }
    assert COMPOSE["services"]["migrate"]["command"] == ["migrate", "--role", "udb_tjeneste"]


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_finds_its_files_and_folders(file: Path) -> None:
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        if name == "EnvironmentFile":
            assert (DEPLOY / Path(value).name).exists()
        # A folder that does not exist ends the unit (226/NAMESPACE); StateDirectory makes its own.
        assert name != "ReadWritePaths"


def test_the_image_is_made_of_files_there_are() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert copied
    assert [name for line in copied for name in line.split() if not (ROOT / name).exists()] == []
