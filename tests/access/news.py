"""Events that come from no report: SKAT's income becomes events, in the database and in the model."""

from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import update

from tests.access.fetching import FetchStage
from tests.model.words import Event, Youth
from udb.domain.clock import DANISH
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE, Haendelse, Indberetning
from udb.domain.identifiers import event_number
from udb.store.codes import load_codes
from udb.store.engine import writing
from udb.store.events import add_event, events_by_person
from udb.store.numbers import draw
from udb.store.tables import haendelse
from udb.store.visible import store_changed, with_new

SKAT: Final = "SKAT"
NEWS: Final[tuple[tuple[str, Any], ...]] = (
    (BESKAEFTIGELSE, ("Ikke beskaeftiget", 0)),
    (BESKAEFTIGELSE, ("Deltidsbeskaeftiget", 40)),
    (BESKAEFTIGELSE, ("Fuldtidsbeskaeftiget", 100)),
    (SOCIAL_YDELSE, True),
    (SOCIAL_YDELSE, False),
)
"""Kind of event, and what it says."""


def news(stage: FetchStage, youth: Youth, day: date, art: str, says: Any) -> None:
    """Add one event of a register."""
    number = stage.persons[youth]
    with writing(stage.engine) as connection:
        history = events_by_person(connection, [number])[number]
        nummer = event_number(draw(connection, stage.now)[0])
        event = Haendelse(
            nummer=nummer,
            plads=nummer,
            art=art,
            cprnr=youth.cprnr,
            service=art,
            institution_nummer=SKAT,
            hovedinstitution=SKAT,
            haendelse_dato=day,
            registreringstid=stage.now,
            kilde_leverandoer=SKAT,
            status_beskaeftigelse=says[0] if art == BESKAEFTIGELSE else None,
            beskaeftigelsesgrad=says[1] if art == BESKAEFTIGELSE else None,
            modtager_social_ydelse=says if art == SOCIAL_YDELSE else None,
        )
        after = with_new(history, [event], load_codes(connection))
        add_event(connection, number, after[-1])
        store_changed(connection, history, after)
    said = Indberetning(
        service=art,
        cprnr=youth.cprnr,
        institution_nummer=SKAT,
        kilde_leverandoer=SKAT,
        haendelse_dato=datetime.combine(day, time(), DANISH),
    )
    stage.happened.append(f"{art} of {youth.cprnr} on {day}: {says} -> {nummer}")
    stage.model.events.append(Event(nummer, youth, said, nummer, None, frozenset(), register=(art, says)))


def outdate(stage: FetchStage, event: Event) -> None:
    """Mark an event as outdated: a correction's series no longer has this change."""
    stage.happened.append(f"outdated: {event}")
    event.outdated = True
    with writing(stage.engine) as connection:
        connection.execute(update(haendelse).where(haendelse.c.nummer == event.nummer).values(udgaaet=True))
