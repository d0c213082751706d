"""Every kind of file that can be imported, for the command line and the sandbox alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from sqlalchemy import Engine

from udb.errors import WrongUse
from udb.kilder.cpr import import_cpr
from udb.kilder.institutioner import import_institutioner
from udb.kilder.kodesaetimport import import_kodesaet
from udb.kilder.resultat import ImportResult, Progress


@dataclass(frozen=True, slots=True)
class Job:
    """One file to import: the database, a file that can be read twice, and what was said with it."""

    engine: Engine
    stream: IO[bytes]
    options: Mapping[str, str]
    invented_allowed: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind and the options it takes; all of them must be given."""

    importer: Callable[[Job], ImportResult]
    options: tuple[str, ...] = ()


def _cpr(job: Job) -> ImportResult:
    return import_cpr(job.engine, job.stream, invented_allowed=job.invented_allowed, progress=job.progress)


def _institutioner(job: Job) -> ImportResult:
    return import_institutioner(job.engine, job.stream, progress=job.progress)


def _kodesaet(job: Job) -> ImportResult:
    return import_kodesaet(job.engine, job.stream, saet=job.options["saet"], progress=job.progress)


KINDS: Final[dict[str, ImportKind]] = {
    "cpr": ImportKind(_cpr),
    "institutioner": ImportKind(_institutioner),
    "kodesaet": ImportKind(_kodesaet, ("saet",)),
}


def run(kind: str, job: Job) -> ImportResult:
    """Import a file of a kind. Raises FileRefused; WrongUse when the kind or its options are not understood."""
    if kind not in KINDS:
        raise WrongUse(f"Der er ingen import med det navn. Der er: {', '.join(KINDS)}.")
    wanted = KINDS[kind].options
    if set(job.options) != set(wanted):
        asked = f"kræver netop valget {', '.join(wanted)}" if wanted else "har ingen valg"
        raise WrongUse(f"Import af {kind} {asked}.")
    return KINDS[kind].importer(job)
