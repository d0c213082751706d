"""The kinds of file that can be imported, for the command line and the sandbox."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.errors import WrongUse
from udb.domain.text import Text
from udb.imports.cpr import import_cpr
from udb.imports.csv_file import UTF_8, encoding_of, workbook
from udb.imports.egne_kontakter import import_egne_kontakter
from udb.imports.eindkomst import import_eindkomst
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.imports.institutioner import import_institutioner
from udb.imports.institutionsregister import import_institutionsregister
from udb.imports.kodesaet import import_kodesaet
from udb.imports.kodesaet_file import KOMMUNEKODE
from udb.imports.options import CORRECTION, EDITION, FEWER, MERGED, MONTH, OPTIONS, SET, SKIP, UNKNOWN, UNTIL
from udb.imports.result import FileRefused, ImportResult, Progress
from udb.imports.share import Share
from udb.settings import FAERRE_SETTING, Settings


@dataclass(frozen=True, slots=True)
class Job:
    """One file to import: the database, a file that can be read twice, and the options by their Danish names.

    ``sandbox``: the database is one; it has invented persons, and no share unless a setting says so.
    """

    engine: Engine
    stream: IO[bytes]
    options: Mapping[str, str]
    sandbox: bool
    settings: Settings
    progress: Progress

    def share(self, kind: str) -> Share:
        """Return how much the file may take away. Raises WrongUse when FEWER is no number."""
        said = self.options.get(FEWER.da)
        if said is not None and not (said.isascii() and said.isdigit()):
            raise WrongUse(
                Text(f"Valget {FEWER.da} er et helt tal fra 0.", f"{FEWER.en} is a whole number, 0 at the least.")
            )
        percent = self.settings.faerre(kind, sandbox=self.sandbox)
        return Share(percent, None if said is None else int(said), FAERRE_SETTING[kind])

    @property
    def merged(self) -> frozenset[str]:
        """The kommunekoder of MERGED. Raises WrongUse when one is none."""
        codes = [code.strip() for code in self.options.get(MERGED.da, "").split(",") if code.strip()]
        if not all(map(KOMMUNEKODE.accepts, codes)) or (MERGED.da in self.options and not codes):
            raise WrongUse(
                Text(
                    f"Valget {MERGED.da} er {KOMMUNEKODE.expected.da}, eller flere med komma imellem.",
                    f"{MERGED.en} is {KOMMUNEKODE.expected.en}.",
                )
            )
        return frozenset(codes)

    @property
    def skip_unknown(self) -> bool:
        """Whether lines of unknown codes are left out. Raises WrongUse when UNKNOWN is anything but SKIP."""
        if self.options.get(UNKNOWN.da, SKIP.da) != SKIP.da:
            raise WrongUse(Text(f"Valget {UNKNOWN.da} kan kun være {SKIP.da}.", f"{UNKNOWN.en} can only be {SKIP.en}."))
        return UNKNOWN.da in self.options


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind and the sets of options that it takes: exactly one of ``options`` must be used.

    ``words``: the options that say what is right with a file that would else be refused; any of them may be used.
    """

    importer: Callable[[Job], ImportResult]
    options: tuple[frozenset[str], ...] = (frozenset(),)
    words: frozenset[str] = frozenset()


def _cpr(job: Job) -> ImportResult:
    return import_cpr(
        job.engine, job.stream, invented_allowed=job.sandbox, share=job.share("cpr"), progress=job.progress
    )


def _egne_kontakter(job: Job) -> ImportResult:
    return import_egne_kontakter(job.engine, job.stream, invented_allowed=job.sandbox, progress=job.progress)


def _institutioner(job: Job) -> ImportResult:
    return import_institutioner(
        job.engine,
        job.stream,
        edition=job.options.get(EDITION.da),
        share=job.share("institutioner"),
        merged=job.merged,
        skip_unknown=job.skip_unknown,
        progress=job.progress,
    )


def _institutionsregister(job: Job) -> ImportResult:
    return import_institutionsregister(
        job.engine,
        job.stream,
        share=job.share("institutioner"),
        merged=job.merged,
        skip_unknown=job.skip_unknown,
        progress=job.progress,
    )


def _kodesaet(job: Job) -> ImportResult:
    return import_kodesaet(job.engine, job.stream, saet=job.options[SET.da], progress=job.progress)


def _eksamensbeviser(job: Job) -> ImportResult:
    return import_eksamensbeviser(
        job.engine,
        job.stream,
        til=job.options.get(UNTIL.da),
        invented_allowed=job.sandbox,
        progress=job.progress,
    )


def _eindkomst(job: Job) -> ImportResult:
    if job.options.get(CORRECTION.da, "") not in {"", "1"}:
        raise WrongUse(Text("Valget rettelse skal stå uden værdi.", "--correction has no value."))
    if CORRECTION.da in job.options and FEWER.da in job.options:
        raise WrongUse(
            Text(f"Valget {FEWER.da} hører til {MONTH.da}.", f"{FEWER.en} belongs to {MONTH.en}, not to corrections.")
        )
    return import_eindkomst(
        job.engine,
        job.stream,
        maaned=job.options.get(MONTH.da),
        share=job.share("eindkomst"),
        skip_unknown=job.skip_unknown,
        progress=job.progress,
    )


KINDS: Final[dict[str, ImportKind]] = {
    "cpr": ImportKind(_cpr, words=frozenset({FEWER.da})),
    "egne-kontakter": ImportKind(_egne_kontakter),
    "institutioner": ImportKind(
        _institutioner, (frozenset(), frozenset({EDITION.da})), words=frozenset({FEWER.da, MERGED.da, UNKNOWN.da})
    ),
    "institutionsregister": ImportKind(_institutionsregister, words=frozenset({FEWER.da, MERGED.da, UNKNOWN.da})),
    "kodesaet": ImportKind(_kodesaet, (frozenset({SET.da}),)),
    "eksamensbeviser": ImportKind(_eksamensbeviser, (frozenset(), frozenset({UNTIL.da}))),
    "eindkomst": ImportKind(
        _eindkomst,
        (frozenset({MONTH.da}), frozenset({CORRECTION.da})),
        words=frozenset({FEWER.da, UNKNOWN.da}),
    ),
}


def run(kind: str, job: Job) -> ImportResult:
    """Import a file of a kind. Raises FileRefused; WrongUse when the kind is unknown or its options are wrong."""
    require_options(kind, job.options)
    if found := workbook(job.stream):
        raise FileRefused(0, [found])
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
    allowed, words = KINDS[kind].options, KINDS[kind].words
    if set(options) - words not in allowed:
        raise WrongUse(_named(kind, allowed, words))


def _named(kind: str, allowed: tuple[frozenset[str], ...], words: Collection[str]) -> Text:
    choices = [", ".join(sorted(choice)) for choice in allowed if choice]
    danish, english = " og ".join(choices), " or ".join(OPTIONS[choice].en for choice in choices)
    if not choices and words:
        known = [OPTIONS[word] for word in sorted(words)]
        return Text(
            f"Import af {kind} har kun valgene {' og '.join(word.da for word in known)}.",
            f"import {kind} has only the options {' and '.join(word.en for word in known)}.",
        )
    if not choices:
        return Text(f"Import af {kind} har ingen valg.", f"import {kind} has no options.")
    if frozenset() in allowed:
        return Text(f"Import af {kind} har kun valget {danish}.", f"import {kind} has only the option {english}.")
    if len(choices) == 1:
        return Text(f"Import af {kind} kræver valget {danish}.", f"import {kind} needs {english}.")
    return Text(f"Import af {kind} kræver præcis ét af valgene {danish}.", f"Give either {english}.")
