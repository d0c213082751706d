"""The kinds of file that can be imported, for the command line and the sandbox."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.errors import WrongUse
from udb.domain.text import Text
from udb.imports.cpr import import_cpr
from udb.imports.csv_file import UTF_8, encoding_of
from udb.imports.eindkomst import import_eindkomst
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.imports.institutioner import import_institutioner
from udb.imports.kodesaet import import_kodesaet
from udb.imports.result import ImportResult, Progress


@dataclass(frozen=True, slots=True)
class Job:
    """One file to import: the database, a file that can be read twice, and the options."""

    engine: Engine
    stream: IO[bytes]
    options: Mapping[str, str]
    invented_allowed: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind and the sets of options that it takes: exactly one of ``options`` must be used."""

    importer: Callable[[Job], ImportResult]
    options: tuple[frozenset[str], ...] = (frozenset(),)


def _cpr(job: Job) -> ImportResult:
    return import_cpr(job.engine, job.stream, invented_allowed=job.invented_allowed, progress=job.progress)


def _institutioner(job: Job) -> ImportResult:
    return import_institutioner(job.engine, job.stream, edition=job.options.get("udgave"), progress=job.progress)


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
        raise WrongUse(Text("Valget rettelse skal stå uden værdi.", "--correction has no value."))
    return import_eindkomst(job.engine, job.stream, maaned=job.options.get("maaned"), progress=job.progress)


KINDS: Final[dict[str, ImportKind]] = {
    "cpr": ImportKind(_cpr),
    "institutioner": ImportKind(_institutioner, (frozenset(), frozenset({"udgave"}))),
    "kodesaet": ImportKind(_kodesaet, (frozenset({"saet"}),)),
    "eksamensbeviser": ImportKind(_eksamensbeviser, (frozenset(), frozenset({"til"}))),
    "eindkomst": ImportKind(_eindkomst, (frozenset({"maaned"}), frozenset({"rettelse"}))),
}


OPTIONS: Final = {
    "udgave": "--edition",
    "saet": "SET",
    "til": "--until",
    "maaned": "--month",
    "rettelse": "--correction",
}
"""The options' names on the command line."""


def run(kind: str, job: Job) -> ImportResult:
    """Import a file of a kind. Raises FileRefused; WrongUse when the kind is unknown or its options are wrong."""
    require_options(kind, job.options)
    result = KINDS[kind].importer(job)
    encoding = encoding_of(job.stream)
    return result if encoding == UTF_8 else replace(result, encoding=encoding)


def require_options(kind: str, options: Collection[str]) -> None:
    """Check that the kind exists and takes these options together. Raises WrongUse."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise WrongUse(
            Text(
                f"Der findes ingen import med det navn. Vælg en af: {known}.",
                f"There is no import {kind}. There are: {known}.",
            )
        )
    allowed = KINDS[kind].options
    if set(options) not in allowed:
        raise WrongUse(_named(kind, allowed))


def _named(kind: str, allowed: tuple[frozenset[str], ...]) -> Text:
    choices = [", ".join(sorted(choice)) for choice in allowed if choice]
    danish, english = " og ".join(choices), " or ".join(OPTIONS[choice] for choice in choices)
    if not choices:
        return Text(f"Import af {kind} har ingen valg.", f"import {kind} has no options.")
    if frozenset() in allowed:
        return Text(f"Import af {kind} har kun valget {danish}.", f"import {kind} has only the option {english}.")
    if len(choices) == 1:
        return Text(f"Import af {kind} kræver valget {danish}.", f"import {kind} needs {english}.")
    return Text(f"Import af {kind} kræver præcis ét af valgene {danish}.", f"Give either {english}.")
