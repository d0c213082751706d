"""``udb access explain``: why a kommune sees a youth's events, or does not."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from udb.cli import groups, output, values
from udb.domain.text import DANISH, ENGLISH, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from udb.access.clauses import Recipient
    from udb.access.explain import Decision, Explained, YouthExplained


class _Language(StrEnum):
    ENGLISH = ENGLISH
    DANISH = DANISH


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "access").command()(explain)


def explain(
    cpr: values.Cpr,
    kommune: Annotated[str, typer.Option(metavar="NUMBER", help="The kommune's institution number, or kommunekode.")],
    on: Annotated[
        date | None,
        typer.Option(parser=values.day, metavar="YYYY-MM-DD", help="As at the end of an earlier day; without it: now."),
    ] = None,
    language: Annotated[_Language, typer.Option(help="en, or da to read it to a caseworker.")] = _Language.ENGLISH,
    as_json: output.Json = False,
) -> None:
    """Explain for every event of a youth whether a kommune sees it today, and why.

    In the feed and in the look-up, with the clauses of access.md that decided. With --on: by the events and the age of
    that day, but by today's addresses, schools and codes, since the registers keep no earlier ones. Your question is
    logged in the read log.
    """
    from udb.access.as_of import explain_as_of
    from udb.access.explain import explain as explain_now
    from udb.cli.database import opened
    from udb.domain.errors import UnknownName
    from udb.readlog.lookup import log_command
    from udb.store.engine import reading, writing
    from udb.store.persons import find_person

    number = values.cpr_number(cpr)
    with opened() as engine:
        with writing(engine) as connection:
            caller = _caller(connection, kommune, on)
            found = find_person(connection, number)
            persons = [] if found is None else [found.id]
            log_command(connection, "udb access explain", persons, caller.institution_nummer)
        if found is None:
            raise UnknownName("No person in the register has or had this CPR number.")
        if on is None:
            with reading(engine) as connection:
                explained = explain_now(connection, found.id, caller)
        else:
            with writing(engine) as connection:
                explained = explain_as_of(connection, found.id, caller)
    if as_json:
        _as_json(explained, caller)
    else:
        output.blocks(text.said(language.value) for text in _paragraphs(explained, caller, earlier=on is not None))


def _caller(connection: Connection, kommune: str, on: date | None) -> Recipient:
    from udb.domain.errors import UnknownName, WrongUse
    from udb.hentning.deliveries import recipient
    from udb.sandbox import clock
    from udb.store.persons import institutions

    today = clock.now(connection).date()
    if on is not None and on > today:
        raise WrongUse(f"--on {on} is later than today, {today}.")
    for found in institutions(connection).values():
        if found.kommunekode is not None and kommune in {found.nummer, found.kommunekode}:
            return recipient(found, on or today)
    raise UnknownName(f"There is no kommune {kommune} among the institutions. See: udb import institutioner --help")


def _as_json(explained: YouthExplained, caller: Recipient) -> None:
    from dataclasses import asdict

    output.document(
        {
            "kommune": caller.institution_nummer,
            "kommunekode": caller.kommunekode,
            "dato": caller.today.isoformat(),
            "opslag": asdict(explained.opslag),
            "haendelser": [output.plain(asdict(one)) for one in explained.haendelser],
        }
    )


_SHOWN: Final = {
    (True, True): Text("Vises i hentningen og i opslag:", "Shown in the feed and in the look-up:"),
    (True, False): Text("Vises i hentningen, men ikke i opslag:", "Shown in the feed, but not in the look-up:"),
    (False, True): Text("Vises i opslag, men ikke i hentningen:", "Shown in the look-up, but not in the feed:"),
    (False, False): Text(
        "Vises ikke, hverken i hentningen eller i opslag:", "Not shown, neither in the feed nor in the look-up:"
    ),
}
_STATUS: Final = {1: Text("optag", "optag"), 2: Text("afbrud", "afbrud"), 3: Text("gennemført", "gennemført")}
_CANCELLED: Final = Text("annullering", "annullering")
_OTHER: Final = Text("", "")


def _head(explained: YouthExplained, caller: Recipient, *, earlier: bool) -> Text:
    """Return who asked of which day, and the answer in one sentence."""
    name, day = f"{caller.institution_nummer} ({caller.kommunekode})", caller.today
    fed = sum(one.feed.sees for one in explained.haendelser)
    looked_up = sum(one.opslag.sees for one in explained.haendelser)
    count = len(explained.haendelser)
    turned_25 = explained.turns_25 <= day
    da = [f"Kommune {name}, {'den' if earlier else 'i dag'} {day}."]
    en = [f"Kommune {name}, {'on' if earlier else 'today'} {day}."]
    if earlier:
        da.append("Hændelser, annulleringer og alder er den dags; adresse, skoler og koder er dagens.")
        en.append("Events, cancellations and age are that day's; address, schools and codes are today's.")
    if turned_25:
        da.append(f"Den unge er fyldt 25 år; alt før {explained.turns_25} er skærmet (V 5).")
        en.append(f"The youth is over 25; everything before {explained.turns_25} is withheld (V 5).")
    da.append(f"Af den unges hændelser ({count}) ser kommunen {fed} i hentningen og {looked_up} i opslag.")
    en.append(f"Of the youth's events ({count}) the kommune sees {fed} in the feed and {looked_up} in the look-up.")
    return Text("\n".join(da), "\n".join(en))


def _paragraphs(explained: YouthExplained, caller: Recipient, *, earlier: bool) -> Iterator[Text]:
    """Yield what the kommune sees: of the youth, then the events with the same reasons together."""
    from udb.access.explain import LOOK_UP

    head = _head(explained, caller, earlier=earlier)
    allowed = explained.opslag.sees
    reasons = _reasons(explained.opslag, LOOK_UP, explained, annullering=False)
    yield Text(
        f"{head.da}\n"
        f"Kommunen kan {'' if allowed else 'ikke '}slå den unge op og se kontaktpersoner og ønsker (A8).\n{reasons.da}",
        f"{head.en}\n"
        f"The kommune {'can' if allowed else 'cannot'} look the youth up and see contacts and wishes (A8).\n"
        f"{reasons.en}",
    )
    alike: dict[tuple[Text, Text], list[Explained]] = {}
    for one in explained.haendelser:
        alike.setdefault((_SHOWN[one.feed.sees, one.opslag.sees], _why(one, explained)), []).append(one)
    for (shown, why), events in alike.items():
        lines = [_line(one) for one in events]
        yield Text(
            "\n".join((shown.da, why.da, *(line.da for line in lines))),
            "\n".join((shown.en, why.en, *(line.en for line in lines))),
        )
    if not explained.haendelser:
        yield Text("Den unge har ingen hændelser.", "The youth has no events.")


def _why(one: Explained, explained: YouthExplained) -> Text:
    from udb.access.explain import FEED, LOOK_UP

    feed = _reasons(one.feed, FEED, explained, annullering=one.annullering)
    look_up = _reasons(one.opslag, LOOK_UP, explained, annullering=one.annullering)
    if feed == look_up:
        return feed
    if one.feed.sees == one.opslag.sees and set(look_up.da.split("\n")) <= set(feed.da.split("\n")):
        return feed
    return Text(
        f"I hentningen:\n{feed.da}\nI opslag:\n{look_up.da}", f"In the feed:\n{feed.en}\nIn the look-up:\n{look_up.en}"
    )


def _reasons(decision: Decision, mode: str, explained: YouthExplained, *, annullering: bool) -> Text:
    from udb.access import reasons

    found = [
        (
            clause,
            reasons.GIVES[clause]
            if decision.sees
            else reasons.withholds(clause, mode=mode, turns_25=explained.turns_25, annullering=annullering),
        )
        for clause in decision.clauses
    ]
    return Text(
        "\n".join(f"  {text.da} ({clause})" for clause, text in found),
        "\n".join(f"  {text.en} ({clause})" for clause, text in found),
    )


def _line(one: Explained) -> Text:
    from udb.domain.clock import time_in_figures

    kind = _CANCELLED if one.annullering else _STATUS.get(one.status or 0, _OTHER)
    head = f"    {one.nummer}  {one.haendelse_dato}  {one.institution_nummer}"
    fetched = time_in_figures(one.hentet) if one.hentet else ""
    return Text(
        "  ".join(filter(None, (head, kind.da, fetched and f"hentet {fetched}"))),
        "  ".join(filter(None, (head, kind.en, fetched and f"fetched {fetched}"))),
    )
