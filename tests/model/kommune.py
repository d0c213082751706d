"""Section 7: reports by kommuner, and contact persons."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from tests.model.access import seen_courses, visible
from tests.model.forloeb import all_courses, course_with, standing_for
from tests.model.who import calls_from_home
from tests.model.words import AFBRUDT, OPTAGET, Event, World, Youth, is_optag
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import CONTACTS, EDUCATION, INSTITUTION_KONTAKT, KONTAKT_TILBUDSTID, KONTAKTPERSON, ONSKER

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"[0-9]{8}|\+[0-9]{8,15}")


def kommune_findings(world: World, said: Indberetning, today: date) -> Iterator[str]:
    """Yield the codes of section 7, except the 7001 of an ordinary report, which replaces section 1's findings."""
    youth = world.youth(said.cprnr)
    if said.service == ONSKER:
        yield from _wish_findings(said)
        asks = said.kind is Kind.REPORT or _to_register(said)
        if asks and youth is not None and youth.turned(30, today):
            yield "7003"
    if said.kind is Kind.SLET:
        if said.service in {KONTAKTPERSON, ONSKER} and not _may_delete(world, said, youth):
            yield "7001"
        return
    if said.service == KONTAKTPERSON and youth is not None and youth.turned(25, today):
        yield "7002"
    if said.service in CONTACTS:
        yield from contact_findings(said)
    if said.service == KONTAKT_TILBUDSTID and youth is not None:
        yield from _contact_time_findings(world, said, youth, today)
    if said.ifoelge_kommunen is not None:
        yield from _mark_findings(world, said, youth, today)
    if said.service == INSTITUTION_KONTAKT and youth is not None and not _may_name_contact(world, said, youth, today):
        yield "7011"


def _mark_findings(world: World, said: Indberetning, youth: Youth | None, today: date) -> Iterator[str]:
    if said.status != OPTAGET:
        yield "7008"
    if youth is not None and not _may_be_marked(world, said, youth, today):
        yield "7009"


def _may_name_contact(world: World, said: Indberetning, youth: Youth, today: date) -> bool:
    """Return whether the report may name a contact: a paalaeg, and an open forloeb at the caller's main institution."""
    main = world.main_of(said.institution_nummer)
    here = (course for course in all_courses(world, youth) if course.key[2] == main)
    return youth.has_order(today) and any(course.end is None for course in here)


def _may_delete(world: World, said: Indberetning, youth: Youth | None) -> bool:
    """Return whether the caller may delete.

    The home kommune may; another kommune may delete only what it has registered itself, and register nothing with it.
    """
    return calls_from_home(world, said) or (not _to_register(said) and _has_registered(world, said, youth))


def _has_registered(world: World, said: Indberetning, youth: Youth | None) -> bool:
    """Return whether the caller has registered something about the youth, of the kind the service registers."""
    if said.service == ONSKER:
        return any(key[0] is youth and key[2] == said.institution_nummer for key in world.wishes)
    return (youth, "kommune", said.institution_nummer) in world.contacts


def _removed(said: Indberetning) -> set[str]:
    return {"Job": {"job"}, "Uddannelse": {"uddannelse"}, "Begge": {"job", "uddannelse"}}.get(str(said.slet), set())


def _wished(said: Indberetning) -> set[str]:
    return ({"job"} if said.job_onsker else set()) | ({"uddannelse"} if said.uddannelses_onsker else set())


def _to_register(said: Indberetning) -> set[str]:
    return _wished(said) - _removed(said)


def _wish_findings(said: Indberetning) -> Iterator[str]:
    if _wished(said) & _removed(said) or not (_wished(said) or _removed(said)):
        yield "7014"


def contact_findings(said: Indberetning) -> Iterator[str]:
    mail, phone = said.kontakt_mail, said.kontakt_telefon
    bad_mail = mail is not None and not MAIL.fullmatch(mail)
    bad_phone = phone is not None and not PHONE.fullmatch(phone.replace(" ", ""))
    if said.kontakt_navn is None or (mail is None and phone is None) or bad_mail or bad_phone:
        yield "7004"
    if mail is None or phone is None:
        yield "7015"


def _contact_time_findings(world: World, said: Indberetning, youth: Youth, today: date) -> Iterator[str]:
    named = world.numbered(said.afbrud_haendelse_nummer)
    afbrud = standing_for(world, named) if named else None
    if (
        afbrud is None
        or afbrud.youth is not youth
        or not _is_afbrud(afbrud)
        or not visible(world, youth, afbrud, today)
    ):
        yield "7006"
        return
    if youth.turned(18, afbrud.day):
        yield "7005"
    late = today if said.type == "Kontakttid" else today + timedelta(days=30)
    if said.dato < afbrud.day or said.dato > late:
        yield "7007"
    own = course_with(world, afbrud)
    elsewhere = [
        event
        for course in seen_courses(world, youth, today)
        if course.end is None and not (own and set(course.events) <= set(own.events))
        for event in course.events
    ]
    admitted = [one for one in elsewhere if is_optag(one.said) and world.art(one.said) != "optagelsesproeve"]
    if any(one.said.service in EDUCATION and one.day >= afbrud.day for one in admitted):
        yield "7010"


def _is_afbrud(event: Event) -> bool:
    return event.said.ifoelge_kommunen == "Afbrud" or (not event.mark and event.said.status == AFBRUDT)


def _may_be_marked(world: World, said: Indberetning, youth: Youth, today: date) -> bool:
    about = world.numbered(said.vedroerer_haendelse_nummer)
    if about is None or about.youth is not youth or not about.stands or not is_optag(about.said):
        return False
    return any(about in course.events for course in seen_courses(world, youth, today) if course.end is None)
