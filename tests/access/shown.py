"""Answers as plain values, and the differences between two of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from udb.domain.clock import midnight
from udb.wsdl.models import events


@dataclass(frozen=True)
class Shown:
    """One youth in an answer."""

    cprnr: str
    level: str | None
    paalaeg: bool | None
    education: list[dict[str, Any]]
    job_centre: list[dict[str, Any]]
    contact_times: list[dict[str, Any]]
    employment: list[dict[str, Any]]
    benefits: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    contacts: int

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return all events, kind by kind."""
        return [
            *self.education,
            *self.job_centre,
            *self.contact_times,
            *self.employment,
            *self.benefits,
            *self.orders,
        ]


def shown(answer: Any) -> list[Shown]:
    return [
        Shown(
            ung.cprnr,
            ung.afsluttet_uddannelses_niveau,
            ung.ung_har_uddannelsespaalaeg,
            _elements(events.HaendelseUddannelsesForloebType, ung.haendelse_uddannelses_forloeb),
            _elements(events.HaendelseJobcenterForloebType, ung.haendelse_jobcenter_forloeb),
            _elements(events.HaendelseKontaktTilbudstidType, ung.haendelse_kontakt_tilbudstid),
            _elements(events.HaendelseBeskaeftigelsesForloebType, ung.haendelse_beskaeftigelses_forloeb),
            _elements(events.HaendelseSocialYdelseType, ung.haendelse_social_ydelse),
            _elements(events.HaendelseUddannelsespaalaegType, ung.haendelse_uddannelsespaalaeg),
            len(ung.kontakt_job_og_uddannelsesonsker),
        )
        for ung in answer.haendelser_ung
    ]


def difference(expected: list[Shown], answered: list[Shown]) -> Iterator[str]:
    """Yield the differences between two answers, event by event."""
    yield f"youths {[ung.cprnr for ung in expected]} {[ung.cprnr for ung in answered]}"
    mine, theirs = ({ung.cprnr: ung for ung in side} for side in (expected, answered))
    for cprnr in sorted(mine.keys() | theirs.keys()):
        sides = [side.get(cprnr) for side in (mine, theirs)]
        if sides[0] == sides[1]:
            continue
        heads = [(ung.level, ung.paalaeg, ung.contacts) if ung else None for ung in sides]
        yield f"{cprnr} {heads}"
        events = [ung.events if ung else [] for ung in sides]
        yield f"order {[[event['haendelse_nummer'][-6:] for event in side] for side in events]}"
        for event in events[0]:
            other = next((one for one in events[1] if one["haendelse_nummer"] == event["haendelse_nummer"]), event)
            for name, value in event.items():
                if other[name] != value:
                    yield f"{event['haendelse_nummer']} {name}: {value} {other[name]}"


def _elements(kind: Any, written: Any) -> list[dict[str, Any]]:
    """Return the elements that the endpoint writes for each event of a kind."""
    return [_of(kind, event) for event in written]


def _of(kind: Any, event: Any) -> dict[str, Any]:
    names = set(kind.get_flat_type_info(kind)) - {"registreringstid"}
    elements = {name: _written(getattr(event, name)) for name in names}
    if elements.get("uddannelse") is not None:
        elements["uddannelse"] = (event.uddannelse.cosa_formaal, event.uddannelse.cosa_formaal_version)
    return elements


def _written(value: Any) -> Any:
    """Return a value as the endpoint writes it: a date is its midnight."""
    return midnight(value) if isinstance(value, date) and not isinstance(value, datetime) else value
