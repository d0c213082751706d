"""Give each row its mark: pure functions over the rows, what is stored, and the rules' dry run (portal 3.30)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from udb.domain import elementer as e
from udb.domain.haendelse import Haendelse
from udb.hentning.reconciliation.dry_run import AGE, DryRun
from udb.hentning.reconciliation.kinds import COMPARED, Hvad, Theirs
from udb.hentning.reconciliation.marks import Afvigelse, KunIUdb, Linje, Maerke, Resultat, masked
from udb.hentning.reconciliation.ours import Asked, Judged, Ours, Place, Stored, ours, own_events
from udb.rules.catalogue import RULES
from udb.rules.rule import Alvor

_NEAR: Final = timedelta(days=1)
"""How far from the row's day a refused or cancelled report may be dated."""
_OPTIONAL: Final = frozenset({e.STATUS, e.INSTITUTION_NUMMER})
"""Fields whose empty cell says nothing."""
_ADVICE: Final = frozenset(rule.code for rule in RULES if rule.alvor is Alvor.BLOED)
"""Codes that refuse nothing."""
_LATEST: Final = frozenset({Hvad.KONTAKT, Hvad.OENSKER})
"""Kinds of which the latest report holds, whatever its day."""


@dataclass(slots=True)
class _Run:
    asked: Asked
    place: Place
    known: Mapping[str, Stored]
    stored: Mapping[int, Sequence[Ours]]
    exact: frozenset[tuple[int, str, date]]
    dry_run: DryRun
    lines: dict[tuple[object, str, date | None], int] = field(default_factory=dict)
    periods: dict[tuple[object, str], list[Theirs]] = field(default_factory=dict)
    taken: dict[int, Maerke] = field(default_factory=dict)
    blocked: set[tuple[int, str]] = field(default_factory=set)


def compare(
    rows: Sequence[Theirs],
    kolonner: Sequence[str],
    known: Mapping[str, Stored],
    everyone: Iterable[Stored],
    asked: Asked,
    place: Place,
    dry_run: DryRun,
    now: datetime,
) -> Resultat:
    """Return the rows with their marks, and what the file lacks.

    ``known``: by number as the file has it, those whom the caller may know; ``everyone``: each of them once, and those
    of whom the caller has something in scope.
    """
    people = {one.person.id: one for one in everyone}
    found = {number: ours(one, asked, place) for number, one in people.items()}
    exact = frozenset(
        (known[one.cprnr].person.id, one.noegle, one.dato)
        for one in rows
        if one.cprnr in known and one.dato is not None
    )
    run = _Run(asked, place, known, found, exact, dry_run)
    lines = [_line(one, run) for one in rows]
    in_scope = [(number, one) for number, several in found.items() for one in several if one.i_alt]
    left = [(number, one) for number, one in in_scope if id(one) not in run.taken]
    lacking = [(number, one) for number, one in left if (number, one.noegle) not in run.blocked]
    return Resultat(
        asked.hvad,
        kolonner,
        lines,
        [KunIUdb(one.cprnr, one.felter, one.af, one.registreret, one.nummer) for _, one in lacking],
        len(in_scope),
        Counter(run.taken[id(one)] for _, one in in_scope if id(one) in run.taken),
        len(left) - len(lacking),
        asked.dag,
        asked.fra,
        asked.til,
        now,
        frozenset(one.person.id for one in known.values()) | {number for number, _ in lacking},
    )


def _line(row: Theirs, run: _Run) -> Linje:
    line = Linje(row.row.linje, row.reference, masked(row.cprnr), Maerke.FUNDET, row.row.celler)
    if row.fejl is not None:
        return replace(line, maerke=Maerke.UGYLDIG_LINJE, tekst=row.fejl)
    stored = run.known.get(row.cprnr)
    who: object = stored.person.id if stored is not None else row.cprnr
    first = run.lines.setdefault((who, row.noegle, row.dato), row.row.linje)
    if first != row.row.linje:
        return replace(line, maerke=Maerke.DUBLET, tekst=f"Samme som linje {first}.")
    if run.asked.hvad is Hvad.FORLOEB:
        earlier = run.periods.setdefault((who, row.noegle), [])
        other = next((one for one in earlier if _overlap(one, row)), None)
        if other is not None:
            return replace(line, maerke=Maerke.OVERLAP, tekst=f"Overlapper linje {other.row.linje}.")
        earlier.append(row)
    if stored is None:
        return replace(line, maerke=Maerke.IKKE_VIST)
    if row.cprnr != stored.person.cprnr:
        line = replace(line, tillaeg=("Den unge har fået nyt nummer.",))
    refused = run.dry_run(row, stored)
    if refused:
        run.blocked.add((stored.person.id, row.noegle))
        is_age = any(one.code in AGE for one in refused)
        shown = [one for one in refused if (one.code in AGE) == is_age]
        return replace(
            line,
            maerke=Maerke.ALDER if is_age else Maerke.UGYLDIG_KODE,
            tekst=" ".join(one.tekst for one in shown),
            koder=[one.code for one in shown],
        )
    match = _match(row, stored, run)
    return _missing(line, row, stored, run) if match is None else _beside(line, row, match, run)


def _overlap(one: Theirs, other: Theirs) -> bool:
    # A forloeb without DatoOptag is no valid row.
    first, second = one.dato or date.min, other.dato or date.min
    return first <= (other.til or date.max) and second <= (one.til or date.max)


def _match(row: Theirs, stored: Stored, run: _Run) -> Ours | None:
    free = [one for one in run.stored[stored.person.id] if one.noegle == row.noegle and id(one) not in run.taken]
    if run.asked.hvad is Hvad.FORLOEB:
        # The one open on the day, else the latest.
        return max(free, key=lambda one: (one.i_alt, one.dato or date.min), default=None)
    if row.dato is None:
        own = [one for one in free if one.af == run.place.nummer]
        return next(iter(own or free), None)
    same = next((one for one in free if one.dato == row.dato), None)
    day = row.dato
    near = [one for one in free if one.i_alt and (stored.person.id, one.noegle, one.dato) not in run.exact]
    return same or min(near, key=lambda one: abs((one.dato or day) - day), default=None)


def _beside(line: Linje, row: Theirs, match: Ours, run: _Run) -> Linje:
    differing = [
        Afvigelse(name, row.felter[name], match.felter.get(name, ""))
        for name in COMPARED[run.asked.hvad]
        if name in row.ens and _differs(name, row, match, run)
    ]
    mark = Maerke.AFVIGER if differing else Maerke.FUNDET
    run.taken[id(match)] = mark
    extra = list(line.tillaeg)
    department = row.felter.get(e.INSTITUTION_NUMMER)
    if department in run.place.numre and match.afdeling is not None and department != match.afdeling:
        extra.append(f"UDB har en anden afdeling: {match.afdeling}.")
    return replace(
        line,
        maerke=mark,
        afvigelser=differing,
        nummer=match.nummer,
        af=match.af,
        registreret=match.registreret,
        tillaeg=tuple(extra),
    )


def _differs(name: str, row: Theirs, match: Ours, run: _Run) -> bool:
    if name in _OPTIONAL and not row.ens[name]:
        return False
    if name == e.INSTITUTION_NUMMER:
        return row.ens[name] not in run.place.numre
    return row.ens[name] != match.ens.get(name, "")


def _missing(line: Linje, row: Theirs, stored: Stored, run: _Run) -> Linje:
    """Return the mark of a row that UDB does not have: refused, cancelled or never arrived."""
    latest = _latest(row, stored.judged, run.asked.hvad)
    if latest is not None and latest.is_refused:
        return replace(
            line,
            maerke=Maerke.AFVIST,
            koder=[code for code in latest.koder if code not in _ADVICE],
            transaktion=latest.transaktion,
            tid=latest.tid,
        )
    if run.asked.hvad in _LATEST:
        deleted = stored.slettet
        if deleted is None and latest is not None and not latest.is_new:
            deleted = latest.tid
        if deleted is not None:
            return replace(line, maerke=Maerke.ANNULLERET, tid=deleted)
        return replace(line, maerke=Maerke.MANGLER_I_UDB)
    cancelled = _cancelled(row, stored, run)
    if cancelled is None:
        return replace(line, maerke=Maerke.MANGLER_I_UDB)
    by = next((one for one in stored.events if one.annulleret_haendelse_nummer == cancelled.nummer), cancelled)
    return replace(line, maerke=Maerke.ANNULLERET, nummer=cancelled.nummer, tid=by.registreringstid)


def _latest(row: Theirs, judged: Sequence[Judged], hvad: Hvad) -> Judged | None:
    if hvad in _LATEST:
        return max(judged, key=lambda one: one.tid, default=None)
    near = (one for one in judged if one.is_new and _is_near(one.dato, row.dato))
    return max(near, key=lambda one: one.tid, default=None)


def _is_near(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= _NEAR


def _cancelled(row: Theirs, stored: Stored, run: _Run) -> Haendelse | None:
    hvad = run.asked.hvad
    found = [
        one
        for one in own_events(stored, hvad, run.place)
        if one.annulleret
        and not one.annullering
        and ((one.type if hvad is Hvad.TIDER else one.kode) or "").casefold() == row.noegle
        and (hvad is Hvad.FORLOEB or _is_near(one.haendelse_dato, row.dato))
    ]
    return max(found, key=lambda one: one.nummer, default=None)
