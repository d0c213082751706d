"""A job centre's subscription to a youth, which is the youth's uddannelsespaalaeg (V 3.2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tests.model.kommune import contact_findings
from tests.model.words import Event, Registered, World, Youth
from udb.domain.clock import danish_date, midnight
from udb.domain.haendelse import PAALAEG, Indberetning


def subscription_findings(world: World, said: Indberetning, today: date) -> Iterator[str]:
    youth = world.youth(said.cprnr)
    if said.handling is None or said.annullering:
        return
    if youth is not None and said.handling == "Opret" and youth.has_order(today):
        yield "7012"
    if youth is not None and said.handling != "Opret" and not youth.has_order(today):
        yield "7013"
    if said.handling == "Afmeld" and said.aktivitetsgruppe_kode is None:
        return
    if said.startdato is not None and danish_date(said.startdato) > today:
        yield "7016"
    if said.kontakt_navn is not None:
        yield from contact_findings(said)


def subscribe(
    world: World, youth: Youth, said: Indberetning, today: date, nummer: str | None, advice: frozenset[str]
) -> None:
    """Apply an accepted subscription; the only news of ``Ret`` is the contact person."""
    if said.handling == "Afmeld":
        _add_order(world, youth, replace(said, haendelse_dato=midnight(today)), nummer, advice)
        _end(world, youth)
        return
    if said.handling == "Opret":
        youth.paalaeg = True
        begun = danish_date(said.startdato) if said.startdato else today
        _add_order(world, youth, replace(said, haendelse_dato=midnight(begun)), nummer, advice)
    if said.kontakt_navn is not None:
        _forget_contact(world, youth)
        texts = (said.kontakt_navn, said.kontakt_mail, said.kontakt_telefon)
        world.contacts[youth, "jobcenter", said.institution_nummer] = Registered(texts, world.taken)


def end_if_over(world: World, cprnr: str, today: date) -> Event | None:
    """End a youth's subscription if it is over, as the job does; return the event, which has no number yet."""
    youth = world.youth(cprnr)
    day = youth.order_ends(today) if youth is not None else None
    if youth is None or day is None or not youth.paalaeg:
        return None
    _end(world, youth)
    last = next(event for event in reversed(world.events) if event.youth is youth and event.register == (PAALAEG, True))
    said = replace(last.said, cprnr=youth.cprnr, handling="Afmeld", haendelse_dato=midnight(day))
    return _add_order(world, youth, said, "", frozenset())


def is_order(event: Event) -> bool:
    """Return whether an event is about an uddannelsespaalaeg: on, or off."""
    return event.register is not None and event.register[0] == PAALAEG


def _add_order(world: World, youth: Youth, said: Indberetning, nummer: str | None, advice: frozenset[str]) -> Event:
    assert nummer is not None
    event = Event(nummer, youth, said, nummer, None, advice, register=(PAALAEG, said.handling == "Opret"))
    world.events.append(event)
    return event


def _end(world: World, youth: Youth) -> None:
    youth.paalaeg = False
    _forget_contact(world, youth)


def _forget_contact(world: World, youth: Youth) -> None:
    for key in [key for key in world.contacts if key[0] is youth and key[1] == "jobcenter"]:
        del world.contacts[key]
