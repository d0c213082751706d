"""The files an operator begins with name only commands, options, settings and files that exist."""

import configparser
import re
import shlex
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
    group: Any = typer.main.get_command(cli.build())
    command = group.commands[arguments[0]]
    command.make_context(arguments[0], arguments[1:]).close()


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
    for line in (DEPLOY / "udb.env").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    found = Settings()
    assert found.url.startswith("postgresql+psycopg://")
    assert found.proxyer
    assert not found.sandbox


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_is_one_and_starts_a_command_there_is(file: Path) -> None:
    found = unit(file)
    assert {"Unit"} < set(found.sections()) <= {"Unit", "Service", "Timer", "Install"}
    if file.suffix == ".timer":
        assert file.with_suffix(".service") in UNITS
        assert found["Timer"]["OnCalendar"]
        return
    program, *arguments = shlex.split(found["Service"]["ExecStart"])
    assert Path(program).name == "udb"
    assert_is_command(arguments)
    for name in ("NoNewPrivileges", "PrivateTmp"):
        assert found["Service"][name] == "yes"


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
