"""The other contacts of the past, the wishes, the diplomas, and who answers for a kommune's data (portal 3.0.9)."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from udb.domain.clock import midnight
from udb.domain.haendelse import GENNEMFOERT
from udb.domain.kodesaet import COSA, Kodesaet
from udb.domain.services import EDUCATION, INSTITUTION_KONTAKT, ONSKER, UNGDOMSUDDANNELSE
from udb.sandbox.callers import kommune_system
from udb.sandbox.draft import Draft
from udb.sandbox.past.plants import share
from udb.sandbox.past.received import accepted
from udb.sandbox.past.rows import NO_TELEPHONE, Rows, moment
from udb.sandbox.people import Invented
from udb.store import contacts
from udb.store.own_contacts import KMD_ELEV
from udb.store.tables import abonnement, ansvarlig_funktion, egen_kontakt, haendelse, kontakt, kontakt_historik, onske
from udb.store.tables.beviser import eksamensbevis

WITH_CONTACT: Final = 0.7
"""Of the youths with an uddannelsespålæg and an open forløb, the share that the institution has a contact for."""
OWN_SHARE: Final = 0.2
WISHES: Final = 800
DIPLOMAS: Final = 0.97
UNNAMED_EVERY: Final = 7
"""Of so many kommuner, one has named no function."""
_WISHES: Final = {
    contacts.JOB: ("Tømrer", "Butiksassistent", "Pædagogmedhjælper", "Kok", "Lagermedarbejder"),
    contacts.UDDANNELSE: ("Social- og sundhedshjælper", "Hf", "Elektriker", "Frisør", "Kontoruddannelsen"),
}


def own_contacts(rng: random.Random, residents: Iterable[Invented], today: date) -> Rows:
    """Return the youths' own contacts by KMD Elev."""
    rows = Rows()
    for one in residents:
        if rng.random() < OWN_SHARE:
            registered = max(one.row["turns_15"], today - timedelta(days=rng.randint(1, 900)))
            number = one.youth.person_id
            rows.of[egen_kontakt].append(
                {
                    "person_id": number,
                    "kilde": KMD_ELEV,
                    "mail": f"elev{number}@example.com",
                    "telefon": NO_TELEPHONE,
                    "registreret": midnight(min(registered, today - timedelta(days=1))),
                }
            )
    return rows


def wishes(
    rng: random.Random, residents: Sequence[Invented], numbers: Mapping[str, str], today: date, youths: int
) -> Rows:
    """Return wishes for a job or an education, one to three of a youth."""
    rows = Rows()
    day = today - timedelta(days=600)
    able = [one for one in residents if one.row["turns_15"] <= day and today < one.row["turns_25"]]
    for one in rng.sample(able, min(len(able), share(WISHES, youths))):
        at, number = moment(rng, day + timedelta(days=rng.randrange(598))), numbers[one.youth.kommune]
        art = rng.choice(tuple(_WISHES))
        chosen = rng.sample(_WISHES[art], rng.randint(1, 3))
        of = {"person_id": one.youth.person_id, "institution_nummer": number}
        rows.of[onske] += [
            of | {"art": art, "nr": nr, "tekst": text, "registreringstid": at} for nr, text in enumerate(chosen)
        ]
        system = kommune_system(one.youth.kommune)
        rows.received.append(accepted(of | {"tid": at, "system_id": system, "service": ONSKER}))
    return rows


def responsible(numbers: Mapping[str, str], today: date) -> Rows:
    """Return the functions that kommuner have named."""
    rows = Rows()
    rows.of[ansvarlig_funktion] = [
        {
            "institution_nummer": number,
            "navn": "Den kommunale ungeindsats",
            "mail": f"ungeindsats{kode}@example.com",
            "telefon": NO_TELEPHONE,
            "fra": date(today.year - 3, 1, 1),
            "til": None,
        }
        for index, (kode, number) in enumerate(sorted(numbers.items()))
        if index % UNNAMED_EVERY
    ]
    return rows


def diplomas(rng: random.Random, drafts: Iterable[Draft], codes: Kodesaet) -> Rows:
    """Return the diplomas of most completed youth educations. No day is declared up to which all are delivered."""
    with_diploma = {kode for kode in codes.codes(COSA) if any(row.flag("bevis") for row in codes.rows(COSA, kode))}
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for draft in drafts:
        course = draft.course
        is_completed = draft.status == GENNEMFOERT and course.service == UNGDOMSUDDANNELSE and not draft.cancels
        if is_completed and course.fields.get("kode") in with_diploma and rng.random() < DIPLOMAS:
            key = {
                "cprnr": draft.cprnr,
                "institution_nummer": course.institution,
                "cosa_formaal": course.fields["kode"],
                "dato": draft.dato,
            }
            found[tuple(key.values())] = key | {"person_id": draft.person_id}
    rows = Rows()
    if found:
        rows.of[eksamensbevis] = list(found.values())
    return rows


def institution_contacts(
    connection: Connection,
    rng: random.Random,
    planted: Iterable[tuple[Draft, str, date]],
    systems: Mapping[str, str],
    today: date,
) -> Rows:
    """Return the contacts of institutions: the planted ones, and of most youths with an uddannelsespålæg and a forløb.

    The events are stored.
    """
    rows = Rows()
    for draft, system, day in planted:
        _add(rows, draft.person_id, draft.course.institution, system, moment(rng, day))
    known = {row["person_id"] for row in rows.of[kontakt]}
    query = (
        select(
            haendelse.c.person_id, haendelse.c.institution_nummer, haendelse.c.registreringstid, abonnement.c.startdato
        )
        .join(abonnement, abonnement.c.person_id == haendelse.c.person_id)
        .where(haendelse.c.aabent_hos.is_not(None), haendelse.c.service.in_(sorted(EDUCATION)))
        .order_by(haendelse.c.person_id, haendelse.c.nummer)
    )
    for person_id, number, registered, since in connection.execute(query):
        first = max(registered.date(), since) + timedelta(days=8)
        if person_id not in known and first < today - timedelta(days=1) and rng.random() < WITH_CONTACT:
            known.add(person_id)
            day = first + timedelta(days=rng.randrange((today - first).days - 1))
            _add(rows, person_id, number, systems[number], moment(rng, day))
    return rows


def _add(rows: Rows, person_id: int, number: str, system: str, at: datetime) -> None:
    of = {"person_id": person_id, "institution_nummer": number}
    rows.of[kontakt].append(
        of
        | {
            "art": contacts.INSTITUTION,
            "navn": "Inge Eksempel",
            "mail": f"skole{number}@example.com",
            "telefon": NO_TELEPHONE,
            "registreringstid": at,
        }
    )
    rows.of[kontakt_historik].append(of | {"art": contacts.INSTITUTION, "fra": at, "til": None, "afsluttet": None})
    rows.received.append(accepted(of | {"tid": at, "system_id": system, "service": INSTITUTION_KONTAKT}))


def job_centres(drafts: Iterable[Draft]) -> Rows:
    """Return the job centres' contacts that were: each holds as long as the uddannelsespålæg it came with."""
    rows, open_ = Rows(), {}
    for draft in drafts:
        if not draft.course.is_subscription:
            continue
        if draft.extra["har_uddannelsespaalaeg"]:
            open_[draft.person_id] = row = {
                "person_id": draft.person_id,
                "art": contacts.JOBCENTER,
                "institution_nummer": draft.course.institution,
                "fra": draft.registered,
                "til": None,
                "afsluttet": None,
            }
            rows.of[kontakt_historik].append(row)
        else:
            open_.pop(draft.person_id).update(til=draft.registered, afsluttet=contacts.SLETTET)
    return rows
