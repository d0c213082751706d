"""The reports of a sequence: mostly reports that fit the youth's history, sometimes others."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.model.forloeb import course_with
from tests.model.jobcenter import is_order
from tests.model.words import AFBRUDT, Event, is_optag
from tests.sequences import changes
from tests.sequences.cast import CAUSES, CONTENTS, INSTITUTIONS, PLACES, UNKNOWN_NUMBER, WRONG
from tests.sequences.play import Play
from tests.sequences.reporting import NOWHERE
from udb.domain.haendelse import AFMELD, OPRET, RET, Indberetning
from udb.domain.receipt import Resultat
from udb.domain.services import (
    EDUCATION,
    FGU,
    INSTITUTION_KONTAKT,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    UNGDOMSUDDANNELSE,
)

HANDLINGS = (OPRET, RET, AFMELD)


def activity(play: Play) -> None:
    """A report of a forloeb."""
    rng, youth = play.rng, play.one_youth()
    service, content = play.contents[0] if play.chance(play.focus) else rng.choice((play.contents[1], *CONTENTS))
    begun = any(event.youth is youth and event.stands and event.said.service == service for event in play.events)
    status = rng.choices((1, 2, 3), (35, 40, 25) if begun else (80, 12, 8))[0]
    content = dict(content)
    marks = (None, None, False, False, False, True, True) if status == 1 else (None, False)
    if service != JOBCENTER:
        content["frafaldstruet_markering"] = True if play.odd(0.03) else rng.choice(marks)
    if (status == 2) != play.odd(0.04):
        content["afbrudsarsags_kode"] = rng.choice(CAUSES if play.odd(0.5) else ("1", "902"))
    if service == UNGDOMSUDDANNELSE:
        content["speciale"] = rng.choice((None, None, "A", "B", "C"))
        content["praktiksted"] = rng.choice((None, None, None, "X", "Y"))
        if play.chance(0.4 if status == 3 else 0.1):
            content["gennemfoert_hf"] = rng.choice((True, True, False))
    if service == FGU:
        content["speciale"] = rng.choice((None, "1", "1", "3"))
        if content["speciale"]:
            content["skoleperiode"] = rng.choice(("BA", "US", "US", "ÅP"))
        content["egu_uddannelsesniveau"] = rng.choice((None, None, None, False, True))
    if play.odd(0.06):
        content |= rng.choice(WRONG[service])
    if play.odd(0.02):
        content["haendelse_nummer"] = UNKNOWN_NUMBER
    play.send(
        Indberetning(
            service=service,
            cprnr=play.number_of(youth),
            institution_nummer=play.place(service, youth),
            haendelse_dato=play.instant(play.day(past=status != 1 or bool(content.get("frafaldstruet_markering")))),
            status=status,
            kilde_leverandoer=rng.choice(("LUDUS", "EASY")),
            **content,
        )
    )


def once_more(play: Play) -> None:
    """Send something that was sent before, as it was or a little changed."""
    rng = play.rng
    if not play.stage.sent:
        return activity(play)
    said = rng.choice(play.stage.sent[-8:])[0]
    youth = play.stage.model.youth(said.cprnr)
    if youth and play.chance(0.8):
        said = replace(said, cprnr=youth.cprnr)
    if play.chance(0.5):
        changed: list[dict[str, Any]] = [
            {"kilde_leverandoer": "NYT SYSTEM"},
            {"institution_nummer": play.place(said.service, play.one_youth())},
            {"cprnr": play.one_youth().cprnr},
        ]
        if said.haendelse_dato is not None:
            changed.append({"haendelse_dato": play.instant(play.day())})
        if said.status is not None:
            changed += [{"status": 1}, {"status": 2, "afbrudsarsags_kode": "1"}, {"status": 3}]
        if said.handling is not None:
            changed += [{"handling": handling} for handling in HANDLINGS]
        elif said.status is not None and said.service != JOBCENTER:
            changed.append({"frafaldstruet_markering": not said.frafaldstruet_markering})
        if said.service == UNGDOMSUDDANNELSE:
            changed += [{"speciale": rng.choice((None, "A", "B"))}, {"praktiksted": rng.choice((None, "X", "Y"))}]
            changed.append({"gennemfoert_hf": rng.choice((None, True, False))})
        said = replace(said, **rng.choice(changed))
    play.send(said)
    return None


def repeat_after_change(play: Play) -> None:
    """Send the report that V 1.4 asks for when a number has changed."""
    old = [event for event in play.events if event.said.cprnr != event.youth.cprnr and not is_order(event)]
    if play.chance(0.85):
        old = [event for event in old if event.stands]
    if not old:
        return once_more(play)
    event = play.rng.choice(old)
    said = replace(event.said, cprnr=event.youth.cprnr)
    if play.chance(0.2):
        said = replace(said, haendelse_dato=play.instant(play.day()))
    if play.chance(0.1) and said.service in PLACES:
        said = replace(said, institution_nummer=play.rng.choice(PLACES[said.service]))
    play.send(said)
    return None


def cancel(play: Play) -> None:
    rng = play.rng
    repeated = play.chance(0.2)
    event = play.event(lambda event: event.repeated if repeated else event.stands, 0.75)
    if event is None:
        return activity(play)
    nummer: str | None = event.nummer
    if play.chance(0.08):
        nummer = rng.choice((None, UNKNOWN_NUMBER, "x", *(one.nummer for one in play.stage.model.cancellations)))
    said = replace(event.said, annullering=True, haendelse_nummer=nummer)
    if is_order(event):
        said = replace(said, handling=None, startdato=None, aktivitetsgruppe_kode="J20", status=1)
    if play.chance(0.7):
        said = replace(said, cprnr=rng.choice((event.youth.cprnr, play.number_of(event.youth))))
    if play.chance(0.15) and said.service in PLACES:
        said = replace(said, institution_nummer=rng.choice(PLACES[said.service]))
    if play.chance(0.04):
        said = replace(said, institution_nummer=rng.choice((*INSTITUTIONS, NOWHERE)))
    if play.chance(0.04):
        said = replace(said, cprnr=rng.choice(play.stage.model.youths).cprnr)
    if play.chance(0.04) and said.service in EDUCATION:
        said = _as_other_service(said)
    play.send(said)
    return None


def mark(play: Play) -> None:
    """Report a risk or an afbrud according to the kommune."""
    rng = play.rng
    model = play.stage.model

    def open_optag(event: Event) -> bool:
        course = course_with(model, event) if event.stands and is_optag(event.said) else None
        return course is not None and course.end is None

    about = play.event(open_optag, 0.8)
    if about is None and play.chance(0.8):
        return activity(play)
    youth = about.youth if about and play.chance(0.95) else play.one_youth()
    play.send(
        Indberetning(
            service=KOMMUNE_AKTIVITET,
            cprnr=play.number_of(youth),
            institution_nummer=play.place(KOMMUNE_AKTIVITET, youth),
            haendelse_dato=play.instant(rng.choice((play.day(past=True), play.stage.today))),
            status=rng.choices((1, 2, 3), (92, 5, 3))[0],
            afbrudsarsags_kode=rng.choices((None, "1"), (97, 3))[0],
            kilde_leverandoer="KOMMUNEN",
            ifoelge_kommunen=rng.choice(("Risiko", "Afbrud", "Afbrud")),
            vedroerer_haendelse_nummer=about.nummer if about else rng.choice((None, UNKNOWN_NUMBER)),
            frafaldstruet_markering=rng.choices((None, True, False), (90, 5, 5))[0],
        )
    )
    return None


def contact_time(play: Play) -> None:
    rng, today = play.rng, play.stage.today
    ahead = [today + timedelta(days) for days in (1, 30, 31)]

    def left(event: Event) -> bool:
        breaks_off = event.said.ifoelge_kommunen == "Afbrud" or event.said.status == AFBRUDT
        return breaks_off and event.stands and not event.youth.turned(18, event.day)

    about = play.event(left, 0.85)
    if about is None and play.chance(0.8):
        return activity(play)
    youth = about.youth if about and play.chance(0.95) else play.one_youth()
    play.send(
        Indberetning(
            service=KONTAKT_TILBUDSTID,
            cprnr=play.number_of(youth),
            institution_nummer=play.place(KONTAKT_TILBUDSTID, youth),
            haendelse_dato=play.instant(rng.choice((play.day(past=True), today, today, *ahead))),
            type=rng.choice(("Kontakttid", "Tilbudstid")),
            afbrud_haendelse_nummer=about.nummer if about else UNKNOWN_NUMBER,
            kilde_leverandoer="KOMMUNEN",
            haendelse_nummer=rng.choices((None, UNKNOWN_NUMBER), (98, 2))[0],
        )
    )
    return None


def contact(play: Play) -> None:
    rng, youth = play.rng, play.one_youth()
    service = rng.choice((KONTAKTPERSON, INSTITUTION_KONTAKT))
    play.send(
        Indberetning(
            service=service,
            cprnr=play.number_of(youth),
            institution_nummer=play.place(service, youth),
            kontakt_navn=rng.choices(("Vera Vejleder", "Ove Ny", None), (60, 35, 5))[0],
            kontakt_mail=rng.choices(("v@example.dk", None, "ingen mail"), (75, 20, 5))[0],
            kontakt_telefon=rng.choices(("12 34 56 78", "+4512345678", None, "123"), (60, 15, 20, 5))[0],
            slet=rng.choices((None, True, False), (65, 30, 5))[0],
        )
    )


def wishes(play: Play) -> None:
    rng, youth = play.rng, play.one_youth()
    play.send(
        Indberetning(
            service=ONSKER,
            cprnr=play.number_of(youth),
            institution_nummer=play.place(ONSKER, youth),
            job_onsker=rng.choice(((), (), ("tømrer",), ("kok", "tjener"))),
            uddannelses_onsker=rng.choice(((), (), ("hf",))),
            slet=rng.choices((None, "Job", "Uddannelse", "Begge"), (70, 10, 10, 10))[0],
        )
    )


def subscription(play: Play) -> None:
    """Begin, change or end a subscription: mostly what fits."""
    rng, youth = play.rng, play.one_youth()
    fits = rng.choice(("Ret", "Afmeld", "Afmeld")) if youth.paalaeg else "Opret"
    if youth.paalaeg and play.chance(0.2):
        changes.leaves_or_turns_30(play, youth)
    said = Indberetning(
        service=JOBCENTER,
        cprnr=play.number_of(youth),
        institution_nummer=play.place(JOBCENTER, youth),
        kilde_leverandoer="DFDG",
        handling=fits if play.chance(0.85) else rng.choice(HANDLINGS),
        startdato=rng.choice((None, play.instant(play.day(past=True)))),
    )
    if play.odd(0.05):
        # Neither an activity nor a subscription.
        said = replace(said, handling=None, startdato=None)
    elif play.chance(0.6):
        said = replace(
            said,
            kontakt_navn=rng.choice(("Jens Job", "Jytte Job")),
            kontakt_mail=rng.choices(("j@example.dk", None, "ingen mail"), (75, 20, 5))[0],
            kontakt_telefon=rng.choices(("12 34 56 78", None, "123"), (75, 20, 5))[0],
        )
    play.send(said)


def same_call(play: Play) -> None:
    accepted = [sent for sent in play.stage.sent if sent[2].resultat is Resultat.ACCEPTERET]
    if not accepted:
        return activity(play)
    said, transaction, before = play.rng.choice(accepted)
    play.stage.send_again(said, transaction, before, replace(said, kilde_leverandoer="ANDET"))
    return None


def _as_other_service(said: Indberetning) -> Indberetning:
    """Return a report that names the same number over another education service."""
    content = {name: None for one in CONTENTS for name in one[1]}
    service, other = next(one for one in CONTENTS if one[0] != said.service)
    return replace(said, service=service, **(content | other))
