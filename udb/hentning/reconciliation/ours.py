"""What UDB has of one youth that a row may be about: pure functions over what was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from udb.domain import elementer as e
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import AFBRUDT, OPTAGET, Haendelse
from udb.domain.persons import Person
from udb.hentning.reconciliation.kinds import DATO_OPTAG, KODE, Hvad, same, services_of
from udb.store.contacts import JOB, UDDANNELSE, Contact, Wish


@dataclass(frozen=True, slots=True)
class Place:
    """The caller. ``numre``: the institutions under its main institution by today's register."""

    nummer: str
    hovedinstitution: str
    numre: frozenset[str]
    is_kommune: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is reconciled: ``dag`` of a list of one day; ``fra``, ``til``, both included, of afbrud and times."""

    hvad: Hvad
    dag: date
    fra: date
    til: date


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged report of a youth from the caller (``modtagelse``), no trial."""

    tid: datetime
    is_refused: bool
    is_new: bool
    koder: tuple[str, ...]
    transaktion: str | None
    dato: date | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one youth that the caller knows. ``slettet``: when its own contact was last deleted."""

    person: Person
    events: Sequence[Haendelse] = ()
    contacts: Sequence[Contact] = ()
    wishes: Sequence[Wish] = ()
    judged: Sequence[Judged] = ()
    slettet: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """One contact, forloeb, afbrud, set of wishes or time of the caller's in UDB.

    ``i_alt``: whether it is in scope, so that the file should have it. ``dato``: as of ``Theirs``. ``afdeling``: the
    institution of the report, where the file may name another department.
    """

    cprnr: str
    noegle: str
    felter: Mapping[str, str]
    af: str
    registreret: datetime
    i_alt: bool = True
    dato: date | None = None
    nummer: str | None = None
    afdeling: str | None = None
    ens: Mapping[str, str] = field(default_factory=dict)


def ours(stored: Stored, asked: Asked, place: Place) -> list[Ours]:
    """Return what the caller has in UDB of a youth, of the kind that is asked for."""
    found = list(_found(stored, asked, place))
    return [
        Ours(
            one.cprnr, one.noegle, one.felter, one.af, one.registreret, one.i_alt, one.dato, one.nummer, one.afdeling,
            {name: same(name, value) for name, value in one.felter.items()},
        )
        for one in found
    ]  # fmt: skip


def _found(stored: Stored, asked: Asked, place: Place) -> Iterable[Ours]:
    if asked.hvad is Hvad.KONTAKT:
        return _contacts(stored)
    if asked.hvad is Hvad.OENSKER:
        return _wishes(stored)
    if asked.hvad is Hvad.FORLOEB:
        return _courses(stored, asked, place)
    return _events(own_events(stored, asked.hvad, place), asked)


def _contacts(stored: Stored) -> Iterable[Ours]:
    for one in stored.contacts:
        felter = {
            e.KONTAKT_NAVN: one.navn,
            e.KONTAKT_MAIL: one.mail or "",
            e.KONTAKT_TELEFON: one.telefon or "",
        }
        yield Ours(stored.person.cprnr, "", felter, one.institution_nummer, one.registreringstid)


def _wishes(stored: Stored) -> Iterable[Ours]:
    if stored.wishes:
        felter = {
            name: "|".join(one.tekst for one in stored.wishes if one.art == art)
            for name, art in ((e.JOB_ONSKER, JOB), (e.UDDANNELSES_ONSKER, UDDANNELSE))
        }
        latest = max(stored.wishes, key=lambda one: one.registreringstid)
        yield Ours(stored.person.cprnr, "", felter, latest.institution_nummer, latest.registreringstid)


def own_events(stored: Stored, hvad: Hvad, place: Place) -> list[Haendelse]:
    """Return the caller's own reports of a kind (A12, A13), those that do not stand and cancellations included."""
    services = services_of(hvad, kommune=place.is_kommune)
    return [
        one
        for one in stored.events
        if one.service in services and one.hovedinstitution == place.hovedinstitution and one.ifoelge_kommunen is None
    ]


def _courses(stored: Stored, asked: Asked, place: Place) -> Iterable[Ours]:
    for one in all_forloeb(own_events(stored, asked.hvad, place)):
        first = one.first or one.events[0]
        felter = {
            KODE: one.key.kode,
            DATO_OPTAG: one.dato_optag.isoformat() if one.dato_optag else "",
            e.STATUS: str(_status(one, asked.dag)),
            e.INSTITUTION_NUMMER: first.institution_nummer,
        }
        yield Ours(
            first.cprnr,
            one.key.kode.casefold(),
            felter,
            first.institution_nummer,
            first.registreringstid,
            _is_open(one, asked.dag),
            one.dato_optag,
            first.nummer,
            first.institution_nummer,
        )


def _is_open(one: Forloeb, day: date) -> bool:
    begun = one.dato_optag is not None and one.dato_optag <= day
    return begun and (one.end is None or one.end.haendelse_dato > day)


def _status(one: Forloeb, day: date) -> int:
    ended = one.end is not None and one.end.haendelse_dato <= day
    return one.end.status or OPTAGET if ended and one.end is not None else OPTAGET


def _events(events: Sequence[Haendelse], asked: Asked) -> Iterable[Ours]:
    for one in events:
        if not one.standing or (asked.hvad is Hvad.AFBRUD and one.status != AFBRUDT):
            continue
        key = one.kode if asked.hvad is Hvad.AFBRUD else one.type
        felter = {e.HAENDELSE_DATO: one.haendelse_dato.isoformat()}
        if asked.hvad is Hvad.AFBRUD:
            felter |= {KODE: one.kode or "", e.AFBRUDSARSAGS_KODE: one.afbrudsarsags_kode or ""}
        else:
            felter |= {e.TYPE: one.type or ""}
        yield Ours(
            one.cprnr,
            (key or "").casefold(),
            felter,
            one.institution_nummer,
            one.registreringstid,
            asked.fra <= one.haendelse_dato <= asked.til,
            one.haendelse_dato,
            one.nummer,
            one.institution_nummer,
        )
