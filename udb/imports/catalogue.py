"""Every kind of file that can be imported, for the command line and the sandbox alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.errors import WrongUse
from udb.imports.cpr import import_cpr
from udb.imports.eindkomst import import_eindkomst
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.imports.institutioner import import_institutioner
from udb.imports.kodesaet import import_kodesaet
from udb.imports.result import ImportResult, Progress


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
    """One kind and the options it takes: exactly those of one of ``options`` must be given."""

    importer: Callable[[Job], ImportResult]
    options: tuple[frozenset[str], ...] = (frozenset(),)


def _cpr(job: Job) -> ImportResult:
    return import_cpr(job.engine, job.stream, invented_allowed=job.invented_allowed, progress=job.progress)


def _institutioner(job: Job) -> ImportResult:
    return import_institutioner(job.engine, job.stream, progress=job.progress)


def _kodesaet(job: Job) -> ImportResult:
    return import_kodesaet(job.engine, job.stream, saet=job.options["saet"], progress=job.progress)


def _eksamensbeviser(job: Job) -> ImportResult:
    return import_eksamensbeviser(
        job.engine,
        job.stream,
        til=job.options.get("til"),
        invented_allowed=job.invented_allowed,
        progress=job.progress,
    )


def _eindkomst(job: Job) -> ImportResult:
    if job.options.get("rettelse", "") not in {"", "1"}:
        raise WrongUse("Valget rettelse skal stå uden værdi.")
    return import_eindkomst(job.engine, job.stream, maaned=job.options.get("maaned"), progress=job.progress)


KINDS: Final[dict[str, ImportKind]] = {
    "cpr": ImportKind(_cpr),
    "institutioner": ImportKind(_institutioner),
    "kodesaet": ImportKind(_kodesaet, (frozenset({"saet"}),)),
    "eksamensbeviser": ImportKind(_eksamensbeviser, (frozenset(), frozenset({"til"}))),
    "eindkomst": ImportKind(_eindkomst, (frozenset({"maaned"}), frozenset({"rettelse"}))),
}


def run(kind: str, job: Job) -> ImportResult:
    """Import a file of a kind. Raises FileRefused; WrongUse when the kind or its options are not understood."""
    if kind not in KINDS:
        raise WrongUse(f"Der findes ingen import med det navn. Vælg en af: {', '.join(KINDS)}.")
    allowed = KINDS[kind].options
    if set(job.options) not in allowed:
        raise WrongUse(f"Import af {kind} {_named(allowed)}.")
    return KINDS[kind].importer(job)


def _named(allowed: tuple[frozenset[str], ...]) -> str:
    choices = [", ".join(sorted(choice)) for choice in allowed if choice]
    if not choices:
        return "har ingen valg"
    listed = " og ".join(choices)
    if frozenset() in allowed:
        return f"har kun valget {listed}"
    return f"kræver valget {listed}" if len(choices) == 1 else f"kræver præcis ét af valgene {listed}"
