"""The invented subscriptions that are active when the world begins, each with the job centre's contact person."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, insert

from udb.sandbox.draft import Draft
from udb.store.contacts import JOBCENTER
from udb.store.tables import abonnement, kontakt

_UNUSED_NUMBER: Final = "00000000"


def store_subscriptions(connection: Connection, drafts: Iterable[Draft]) -> None:
    """Store the subscriptions that are active after ``drafts``, which are numbered and in order of registration."""
    active: dict[int, Draft] = {}
    for draft in drafts:
        if draft.course.is_subscription:
            if draft.extra["har_uddannelsespaalaeg"]:
                active[draft.person_id] = draft
            else:
                del active[draft.person_id]
    if active:
        connection.execute(insert(abonnement), [_subscription(draft) for draft in active.values()])
        connection.execute(insert(kontakt), [_contact(draft) for draft in active.values()])


def _subscription(draft: Draft) -> dict[str, Any]:
    return {
        "person_id": draft.person_id,
        "startdato": draft.dato,
        "institution_nummer": draft.course.institution,
        "kilde_leverandoer": draft.course.source,
        "nummer": draft.number,
    }


def _contact(draft: Draft) -> dict[str, Any]:
    return {
        "person_id": draft.person_id,
        "art": JOBCENTER,
        "institution_nummer": draft.course.institution,
        "navn": "Jytte Eksempel",
        "mail": f"jobcenter{draft.person_id}@example.com",
        "telefon": _UNUSED_NUMBER,
        "registreringstid": draft.registered,
    }
