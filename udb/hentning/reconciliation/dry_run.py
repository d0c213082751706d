"""The rules' own answer to the report that a row would be: only what is about the age or a code is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from udb.domain import elementer as e
from udb.domain.clock import midnight
from udb.domain.haendelse import AFBRUDT, OPTAGET, Indberetning
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS, Kodesaet
from udb.domain.persons import Institution
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.hentning.reconciliation.kinds import KODE, Hvad, Theirs, services_of
from udb.hentning.reconciliation.ours import Stored
from udb.rules.facts import CODE_FIELDS, Facts, placed
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate

AGE: Final = frozenset({"1005", "1006", "7002"})
CODES: Final = frozenset({"4001", "4002", "4004", "4006", "4007", "4008", "4013"})
_ALSO_OF_OTHERS: Final = {"4008": frozenset({e.ELEV_TRIN})}
"""Rules that also judge elements which a list does not have: only findings about these count."""
_LARGEST_GRADE: Final = 99

DryRun = Callable[[Theirs, Stored], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a dry run needs beside row and youth. ``institution``: the caller's."""

    hvad: Hvad
    institution: Institution
    codes: Kodesaet
    today: date
    invented_cpr_allowed: bool


def dry_run(bench: Bench) -> DryRun:
    """Return the function that judges a row."""

    def judged(row: Theirs, stored: Stored) -> Sequence[Finding]:
        report = _report(row, stored, bench)
        facts = Facts(
            today=bench.today,
            invented_cpr_allowed=bench.invented_cpr_allowed,
            person=stored.person,
            institution=bench.institution,
            codes=bench.codes,
            events=tuple(stored.events),
        )
        return [one for one in evaluate(report, placed(facts, report)) if _counts(one)]

    return judged


def _counts(finding: Finding) -> bool:
    if finding.alvor is not Alvor.HAARD or finding.code not in AGE | CODES:
        return False
    return finding.code not in _ALSO_OF_OTHERS or finding.element in _ALSO_OF_OTHERS[finding.code]


def _report(row: Theirs, stored: Stored, bench: Bench) -> Indberetning:
    hvad, given = bench.hvad, row.row.celler
    is_kommune = bench.institution.kommunekode is not None
    head: dict[str, Any] = {"cprnr": stored.person.cprnr, "institution_nummer": bench.institution.nummer}
    if row.dato is not None:
        head["haendelse_dato"] = midnight(row.dato)
    if hvad in {Hvad.FORLOEB, Hvad.AFBRUD}:
        saet, kode, version, service = _code(row, stored, bench)
        head |= {CODE_FIELDS[saet]: int(kode) if saet == ELEVTRIN else kode, "cosa_formaal_version": version}
        head |= {"service": service, "status": OPTAGET if hvad is Hvad.FORLOEB else AFBRUDT}
        head["afbrudsarsags_kode"] = given.get(e.AFBRUDSARSAGS_KODE) or None if hvad is Hvad.AFBRUD else None
        return Indberetning(**head)
    (service,) = services_of(hvad, kommune=is_kommune)
    if hvad is Hvad.KONTAKT:
        head |= {e.ATTRIBUTE[name]: given.get(name) or None for name in _CONTACT}
    return Indberetning(service=service, **head)


_CONTACT: Final = (e.KONTAKT_NAVN, e.KONTAKT_MAIL, e.KONTAKT_TELEFON)


def _code(row: Theirs, stored: Stored, bench: Bench) -> tuple[str, str, int | None, str]:
    """Return the code set, the code, its version and the service of a row: those of the caller's own report of it, else
    those of the first set that has the code.
    """
    kode, codes = row.row.celler[KODE], bench.codes
    if bench.institution.kommunekode is not None:
        return KOMMUNE_AKTIVITETER, kode.upper(), None, KOMMUNE_AKTIVITET
    main = bench.institution.hovedinstitution
    services = services_of(bench.hvad, kommune=False)
    for event in stored.events:
        own = event.hovedinstitution == main and event.service in services
        if own and event.kode is not None and event.kodesaet is not None and event.kode.casefold() == row.noegle:
            return event.kodesaet, event.kode, _version(row, event.kode, codes) or event.kode_version, event.service
    for saet, service in ((STADS, VIDEREGAAENDE), (FORBEREDENDE, FORBEREDENDE_AKTIVITET)):
        if any(codes.rows(saet, kode)):
            return saet, kode, None, service
    described = codes.describing(COSA, kode, row.dato or bench.today)
    if described is not None:
        fgu = described.text("art") == "fgu"
        return COSA, kode, _version(row, kode, codes) or int(described.variant), FGU if fgu else UNGDOMSUDDANNELSE
    if kode.isascii() and kode.isdecimal() and int(kode) <= _LARGEST_GRADE and not kode.startswith("0"):
        return ELEVTRIN, kode, None, FORBEREDENDE_AKTIVITET
    return COSA, kode, 1, UNGDOMSUDDANNELSE


def _version(row: Theirs, kode: str, codes: Kodesaet) -> int | None:
    """Return the version of a formaal on the row's day; None when no version holds then."""
    found = codes.on(COSA, kode, row.dato) if row.dato is not None else None
    return int(found.variant) if found is not None else None
