"""What the register remembers of the reports: a row of ``modtagelse`` for each (docs/spec/ground.md)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from udb.indberetning.modtagelse import ACCEPTED, NY, REPEATED
from udb.sandbox.draft import Draft
from udb.sandbox.past.rows import insert_numbered
from udb.store.tables import modtagelse

ANNULLERING: Final = "annullering"
SLET: Final = "slet"


def set_systems(drafts: Iterable[Draft], systems: Mapping[str, str]) -> None:
    """Name the system of each report that names none: the one by which its institution reports."""
    for draft in drafts:
        if draft.system is None:
            draft.system = systems[draft.course.institution]


def store_received(connection: Connection, drafts: Iterable[Draft], others: Iterable[dict[str, Any]]) -> None:
    """Store the row of each event, and ``others``, in the order of their time. The drafts are numbered."""
    rows = [_row(draft) for draft in drafts]
    rows += [row | {"nummer": _number(row)} for row in others]
    rows.sort(key=lambda row: row["tid"])
    first: dict[str, str] = {}
    for index, row in enumerate(rows, 1):
        row["transaction_id"] = f"historie-{index}"
        if row["resultat"] == ACCEPTED and row["nummer"]:
            first[row["nummer"]] = row["transaction_id"]
        elif row["resultat"] == REPEATED:
            row["transaction_id"] = first[row["nummer"]]
    insert_numbered(connection, modtagelse, rows)


def accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of an accepted report that made no event; ``slags`` is ny unless it is given."""
    return {
        "resultat": ACCEPTED,
        "slags": NY,
        "koder": "",
        "nummer": None,
        "dato": None,
        "forsinkelse_dage": None,
        **values,
    }


def _row(draft: Draft) -> dict[str, Any]:
    dato = (draft.cancels or draft).dato
    return {
        "tid": draft.registered,
        "system_id": draft.system,
        "institution_nummer": draft.course.institution,
        "service": draft.course.service,
        "resultat": ACCEPTED,
        "slags": ANNULLERING if draft.cancels else NY,
        "koder": " ".join(draft.advice),
        "nummer": draft.number,
        "person_id": draft.person_id,
        "dato": dato,
        "forsinkelse_dage": (draft.registered.date() - dato).days,
    }


def _number(row: dict[str, Any]) -> str | None:
    return row["nummer"].number if isinstance(row["nummer"], Draft) else row["nummer"]
