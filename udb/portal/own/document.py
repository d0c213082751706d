"""Everything about the youth as one document: as JSON, and printed under the labels (docs/oversigt.md)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from udb.callers.systems import WEB
from udb.domain.clock import danish
from udb.domain.haendelse import FIELDS
from udb.hentning.own.overview import Overview
from udb.hentning.own.stored import OwnEvent, Rows, by_number
from udb.portal.own.history import History
from udb.portal.own.people import name_of
from udb.portal.own.receivers import YOURSELF, what_for
from udb.portal.own.words import BROWSER, CPR_STATUS, OPERATOR
from udb.readlog.grouped import Group, Kind, by_month
from udb.rules.catalogue import BY_CODE

VERSION: Final = 1
"""Grows when a key changes its meaning or goes; new keys may come at any time."""
_PERSON: Final = ("cprnr", "navn", "status", "kommunekode", "mail", "telefon", "kontakt_registreret", "beskyttet")
_SECTIONS: Final[Mapping[str, str]] = {
    "kontaktpersoner": "kontakt",
    "egne_kontakter": "egen_kontakt",
    "tidligere_kontaktpersoner": "kontakt_historik",
    "onsker": "onske",
    "uddannelsespaalaeg": "abonnement",
    "beskaeftigelse": "indkomstserie",
    "eksamensbeviser": "eksamensbevis",
    "bopael": "bopael",
    "indberetninger": "modtagelse",
}
"""The sections that are the rows of a table."""
_OF_AN_EVENT: Final = ("haendelse_raad", "hentet", "opslag")


def document(overview: Overview, history: History) -> dict[str, Any]:
    """Return everything that is shown of a person, as values of JSON. Times have the Danish offset."""
    texts = {line.nummer: line.text for line in (*history.lines, *history.corrected)}
    of_events = {name: by_number(overview.rows[name]) for name in _OF_AN_EVENT}
    return {
        "version": VERSION,
        "tidspunkt": _plain(overview.now),
        "person": _person(overview),
        "situation": list(history.situation),
        "haendelser": [_event(overview, one, texts[one.event.nummer], of_events) for one in overview.events],
        **{name: [_row(overview, row) for row in overview.rows[table]] for name, table in _SECTIONS.items()},
        "modtagere": [_group(overview, one) for one in by_month(overview.readings, overview.alone)],
    }


def nothing(now: datetime) -> dict[str, Any]:
    """Return the document of a person that UDB does not know; ``now``: the domain's."""
    sections = ("situation", "haendelser", *_SECTIONS, "modtagere")
    return {"version": VERSION, "tidspunkt": _plain(now), "person": None, **{name: [] for name in sections}}


def _person(overview: Overview) -> dict[str, Any]:
    row = overview.person
    found = {name: _plain(row[name]) for name in _PERSON}
    found["status_tekst"] = CPR_STATUS.get(row["status"], row["status"])
    found["alle_cprnumre"] = [one["cprnr"] for one in overview.rows["cprnummer"]]
    return found


def _event(overview: Overview, one: OwnEvent, text: str, of_events: Mapping[str, Mapping[str, Rows]]) -> dict[str, Any]:
    event = one.event
    found = {name: _plain(getattr(event, name)) for name in FIELDS}
    found["tekst"] = text
    found["institution"] = name_of(overview, event.institution_nummer)
    found["system"] = _system(overview, one.system_id)
    rows = {name: of_events[name].get(event.nummer, ()) for name in _OF_AN_EVENT}
    codes = [row["fejl_kode"] for row in rows["haendelse_raad"]]
    found["raad"] = [{"kode": code, "tekst": BY_CODE[code].tekst if code in BY_CODE else ""} for code in codes]
    for name in ("hentet", "opslag"):
        found[name] = [_row(overview, row) for row in rows[name]]
    return found


def _row(overview: Overview, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with names beside its numbers; the system by name alone."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name == "system_id":
            found["system"] = _system(overview, value)
        else:
            found[name] = _plain(value)
        if name == "institution_nummer":
            found["institution"] = name_of(overview, value)
        elif name == "modtager":
            found["modtager_navn"] = name_of(overview, value)
    return found


def _group(overview: Overview, group: Group) -> dict[str, Any]:
    """Return alike rows of the read log, each with its time, without user, certificate and ids."""
    what = group.what
    by_operator = what.system_id is None or not what.institution_nummer
    who = YOURSELF if what.kind is Kind.OWN else OPERATOR if by_operator else name_of(overview, what.institution_nummer)
    return {
        "art": what.kind.value,
        "modtager": what.institution_nummer or None,
        "modtager_navn": who,
        "system": _system(overview, what.system_id),
        "operation": what.operation,
        "formaal": what.formaal,
        "tekst": what_for(what),
        "antal": group.count,
        "tidspunkter": [_plain(time) for time in group.times],
    }


def _system(overview: Overview, system_id: str | None) -> str | None:
    if system_id is None:
        return None
    return BROWSER if system_id == WEB else overview.names.systems.get(system_id, system_id)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return danish(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
