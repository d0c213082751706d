"""The wheel and the source archive of ``make dist``: their content, and that the wheel works without the checkout."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.size import LARGE
from udb import __version__
from udb.paths import ROOT
from udb.sandbox.running import free_address

SURROUNDINGS = {name: value for name, value in os.environ.items() if not name.startswith(("UDB_", "PYTHON"))}


def build(source: Path, to: Path) -> tuple[Path, Path]:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(to)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return to / f"udb-{__version__}-py3-none-any.whl", to / f"udb-{__version__}.tar.gz"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive of this checkout."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def programs(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment with the wheel, and with this environment's other packages."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(built[0])], check=True, env=SURROUNDINGS)
    # A path of a .pth file is searched without that folder's own .pth files: the checkout is not on it.
    (installed,) = folder.glob("lib/python*/site-packages")
    (installed / "packages.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], cwd=cwd, env=SURROUNDINGS, capture_output=True, text=True, check=False)


@contextmanager
def sandbox(programs: Path, bind: str, cwd: Path) -> Iterator[str]:
    """Run ``udb sandbox start``, stopped at the end; yield what it printed up to its last line."""
    command = [programs / "udb", "sandbox", "start", "--bind", bind, "--youths", "400"]
    with subprocess.Popen(command, cwd=cwd, env=SURROUNDINGS, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = []
            for line in process.stdout or ():
                lines.append(line)
                if line.startswith("Ctrl-C stops"):
                    break
            yield "".join(lines)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
    assert process.returncode == 0


def files(folder: str) -> set[str]:
    """Return the files below a folder of the checkout, without Python's caches."""
    found = (file for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {str(file.relative_to(ROOT)) for file in found}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_carries_the_package_and_its_data_and_nothing_else(built: tuple[Path, Path]) -> None:
    found = contents(built[0])
    krav = {"docs/krav.csv", "docs/krav.da.csv"}
    data = {f"udb/_data/{name}" for name in files("codesets") | files("migrations") | krav}
    assert {"udb/_data/codesets/kommuner.csv", "udb/_data/migrations/env.py"} <= data
    about = {name for name in found if name.startswith(f"udb-{__version__}.dist-info/")}
    assert found.keys() - about == files("udb") | data
    metadata = found[f"udb-{__version__}.dist-info/METADATA"].decode()
    assert re.findall("^(?:Version|License-Expression): (.+)$", metadata, re.MULTILINE) == [__version__, "MPL-2.0"]
    assert f"udb-{__version__}.dist-info/licenses/LICENSE" in about


def test_the_source_archive_makes_the_same_wheel_and_carries_no_tests_and_no_data(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / f"udb-{__version__}"
    assert {entry.name for entry in source.iterdir()} == {
        ".gitignore",
        "CHANGELOG.md",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "REGELAENDRINGER.md",
        "codesets",
        "docs",
        "migrations",
        "pyproject.toml",
        "requirements-build.lock",
        "requirements.lock",
        "udb",
    }
    assert sorted(entry.name for entry in (source / "docs").iterdir()) == ["krav.csv", "krav.da.csv"]
    assert contents(build(source, tmp_path)[0]) == contents(built[0])


def test_the_wheel_works_in_an_empty_folder(programs: Path, tmp_path: Path) -> None:
    # From the working directory these folders would be found instead, and the database could not be made.
    for name in ("codesets", "migrations"):
        (tmp_path / name).mkdir()
    version = run(programs / "udb", "--version", cwd=tmp_path)
    assert (version.returncode, version.stdout) == (0, f"udb {__version__}\n")
    where = run(programs / "python", "-c", "import udb.paths; print(udb.paths.ROOT)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(programs.parent), where
    migrated = run(programs / "udb", "migrate", cwd=tmp_path)
    assert (migrated.returncode, "The database is at version" in migrated.stdout) == (0, True), migrated
    bind = free_address()
    with sandbox(programs, bind, tmp_path) as printed:
        assert f"http://{bind}/services/UDB/DataTilKommune/v1?wsdl" in printed
        end = "</soap:Envelope>"
        command = f"{printed[printed.index('curl --silent') : printed.index(end)]}{end}\nXML\n"
        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert "<v1:Resultat>Accepteret</v1:Resultat>" in answer.stdout
    assert {entry.name for entry in tmp_path.iterdir()} == {"codesets", "migrations", "data"}


def test_the_fingerprints_are_kept_in_a_checkout_alone(programs: Path, tmp_path: Path) -> None:
    refused = run(programs / "udb", "rules", "fingerprints", cwd=tmp_path)
    assert (refused.returncode, "in a checkout" in refused.stderr) == (2, True), refused


if LARGE:

    @pytest.mark.large
    def test_the_wheel_passes_its_own_conformance_suite(programs: Path, tmp_path: Path) -> None:
        tried = run(programs / "udb", "conformance", "try", "--report", "report", cwd=tmp_path)
        assert tried.returncode == 0, tried.stdout + tried.stderr
        assert (tmp_path / "report").is_dir()
