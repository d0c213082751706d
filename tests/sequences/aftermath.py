"""The comparison after a sequence: the service's stored data of every youth, and the model's."""

from collections.abc import Sequence

from sqlalchemy import select

from tests.model.forloeb import all_courses, marks_in
from tests.model.jobcenter import is_order
from tests.model.words import Youth
from tests.sequences.reporting import ReportStage, numbers
from tests.support.kommuner import assert_in_step
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import PAALAEG, Haendelse
from udb.store.engine import reading
from udb.store.events import events_by_person
from udb.store.tables import abonnement, haendelse_raad, kontakt, onske


def compare(stage: ReportStage) -> None:
    """Check that events, forloeb, advice, subscriptions, contacts and wishes are the same on both sides, and that
    events have the kommuner that follow from the registers.
    """
    assert_in_step(stage.engine)
    ids = {stage.persons[youth]: youth for youth in stage.model.youths}
    with reading(stage.engine) as connection:
        stored = events_by_person(connection, list(ids))
        advice = connection.execute(select(haendelse_raad)).all()
        contacts = connection.execute(select(kontakt)).all()
        subscribed = connection.execute(select(abonnement.c.person_id)).scalars().all()
        wishes = connection.execute(select(onske).order_by(onske.c.nr)).all()
    for person_id, youth in ids.items():
        _compare_events(stage, youth, stored.get(person_id, []))
        _compare_forloeb(stage, youth, stored.get(person_id, []))
    assert {(row.nummer, row.fejl_kode) for row in advice if _is_report(stage, row.nummer)} == {
        (event.nummer, code) for event in stage.model.events for code in event.advice
    }
    assert {
        (ids[row.person_id], row.art, row.institution_nummer, row.navn, row.mail, row.telefon) for row in contacts
    } == {(*key, *one.texts) for key, one in stage.model.contacts.items()}
    assert {ids[number] for number in subscribed} == {youth for youth in stage.model.youths if youth.paalaeg}
    texts: dict[tuple[Youth, str, str], tuple[str | None, ...]] = {}
    for row in wishes:
        key = (ids[row.person_id], row.art, row.institution_nummer)
        texts[key] = (*texts.get(key, ()), row.tekst)
    assert texts == {key: one.texts for key, one in stage.model.wishes.items()}


def _is_report(stage: ReportStage, nummer: str) -> bool:
    return stage.model.numbered(nummer) is not None


def _compare_events(stage: ReportStage, youth: Youth, stored: Sequence[Haendelse]) -> None:
    mine = list(stage.model.events_of(youth))
    assert {
        (event.nummer, event.haendelse_dato, event.har_uddannelsespaalaeg) for event in stored if event.art == PAALAEG
    } == {(event.nummer, event.day, event.said.handling == "Opret") for event in mine if is_order(event)}
    assert {
        (event.nummer, event.plads, event.forloeb_id, event.annulleret, event.gentaget)
        for event in stored
        if not event.annullering
    } == {(event.nummer, event.place, event.forloeb_id, event.cancelled, event.repeated) for event in mine}
    assert sorted((event.nummer, event.annulleret_haendelse_nummer) for event in stored if event.annullering) == sorted(
        (one.nummer, one.of.nummer) for one in stage.model.cancellations if one.of.youth is youth
    )


def _compare_forloeb(stage: ReportStage, youth: Youth, stored: Sequence[Haendelse]) -> None:
    theirs = {
        (
            frozenset(event.nummer for event in found.events),
            frozenset(event.nummer for event in found.marks),
            found.end.nummer if found.end else None,
            found.open,
            found.dato_optag,
        )
        for found in all_forloeb(stored)
    }
    ours = {
        (
            frozenset(numbers(course.events)),
            frozenset(numbers(marks_in(stage.model, course))),
            course.end.nummer if course.end else None,
            course.end is None,
            course.begun,
        )
        for course in all_courses(stage.model, youth)
    }
    assert theirs == ours
