"""Announce a change of source system, and read what was announced and ticked. Rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, not_, or_, select

from udb.callers.systems import WEB
from udb.domain.cpr import names_a_person
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.store.locks import one_statement_at_a_time
from udb.store.tables import dataaftale, institution, system, systemskifte

LONGEST: Final = {"gammelt": 100, "nyt": 100, "kontakt": 200}
"""Characters of what is typed."""
FARTHEST: Final = timedelta(days=730)
"""A change is announced at most so long before its day, and at most so long after."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A point of the checklist that a person has decided.

    ``tilstand``: ok, bekraeftet (in spite of findings) or hentet (the file of point 3). ``fund``: the findings then.
    """

    punkt: int
    tilstand: str
    bruger: str
    rolle: str
    tid: datetime
    fund: int = 0
    grund: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An announced change. ``institution_nummer``: a main institution or a kommune; ``gammelt``: a system's id, or what
    was typed for one that is unknown here. ``meldt``: when it was announced, by the domain's clock.
    """

    id: int
    institution_nummer: str
    gammelt: str
    nyt: str
    dag: date
    kontakt: str
    meldt_af: str
    meldt: datetime
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is to be announced, as it was typed."""

    institution_nummer: str
    gammelt: str
    nyt: str
    dag: date
    kontakt: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why an announcement is refused. ``felt``: the field of Announcement."""

    felt: str
    text: Text


def announce(
    connection: Connection, wanted: Announcement, meldt_af: str, now: datetime
) -> tuple[int | None, Sequence[Wrong]]:
    """Store an announcement; return its id, or None with what is wrong, and nothing is stored.

    ``now``: the domain's.
    """
    # Of two at once the second finds the first one announced.
    one_statement_at_a_time(connection, wanted.institution_nummer)
    meant = replace(
        wanted,
        gammelt=_system(connection, wanted.gammelt) or wanted.gammelt.strip(),
        nyt=_system(connection, wanted.nyt) or "",
        kontakt=wanted.kontakt.strip(),
    )
    wrong = list(_wrong(connection, meant, now.date()))
    if wrong:
        return None, wrong
    values = {name: getattr(meant, name) for name in Announcement.__dataclass_fields__}
    made = insert(systemskifte).values(**values, meldt_af=meldt_af, tid=now, punkter=[]).returning(systemskifte.c.id)
    return connection.execute(made).scalar_one(), ()


def changes(connection: Connection, institution_nummer: str | None = None) -> list[Change]:
    """Return the announced changes of a main institution or kommune, or all of them: the latest day first."""
    query = select(systemskifte).order_by(systemskifte.c.id)
    if institution_nummer is not None:
        query = query.where(systemskifte.c.institution_nummer == institution_nummer)
    return sorted(_changes(connection.execute(query).mappings().all()), key=lambda one: (one.dag, one.id), reverse=True)


def change_of(connection: Connection, number: int, institution_nummer: str | None = None) -> Change | None:
    """Return one change; None when there is none of that number, or it is not of the institution or kommune named."""
    query = select(systemskifte).where(or_(systemskifte.c.id == number, systemskifte.c.skifte == number))
    if institution_nummer is not None:
        query = query.where(systemskifte.c.institution_nummer == institution_nummer)
    found = _changes(connection.execute(query.order_by(systemskifte.c.id)).mappings().all())
    return next((one for one in found if one.id == number), None)


def add_tick(connection: Connection, change: Change, tick: Tick) -> None:
    """Add a tick to a change, in a row of its own."""
    said = {name: getattr(tick, name) for name in Tick.__dataclass_fields__} | {"tid": tick.tid.isoformat()}
    connection.execute(
        insert(systemskifte).values(
            skifte=change.id,
            **{name: getattr(change, name) for name in Announcement.__dataclass_fields__},
            meldt_af=tick.bruger,
            tid=tick.tid,
            punkter=[said],
        )
    )


def main_of(connection: Connection, nummer: str) -> str | None:
    """Return the number under which the changes of an institution are announced: its main institution's.

    Its own when that is a kommune, which changes the system of what it reports itself. None: it is not registered.
    """
    main = institution.alias()
    query = (
        select(institution.c.hovedinstitution, main.c.type3)
        .select_from(institution.outerjoin(main, main.c.nummer == institution.c.hovedinstitution))
        .where(institution.c.nummer == nummer)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    return nummer if found.type3 == KOMMUNE_TYPE else str(found.hovedinstitution)


def is_a_kommune(connection: Connection, nummer: str) -> bool:
    """Return whether a number is a kommune's."""
    query = select(institution.c.type3).where(institution.c.nummer == nummer)
    return connection.execute(query).scalar() == KOMMUNE_TYPE


def systems_near(connection: Connection, hovedinstitution: str | None) -> list[tuple[str, str]]:
    """Return ids and names of the systems with an agreement for an institution under a main institution; None: all."""
    query = select(system.c.id, system.c.navn).where(system.c.id != WEB, not_(system.c.spaerret))
    if hovedinstitution is not None:
        own = or_(institution.c.hovedinstitution == hovedinstitution, institution.c.nummer == hovedinstitution)
        under = select(institution.c.nummer).where(own)
        agreed = select(dataaftale.c.system_id).where(dataaftale.c.institution_nummer.in_(under))
        query = query.where(system.c.id.in_(agreed))
    return [(row.id, row.navn) for row in connection.execute(query.order_by(system.c.id))]


def _changes(rows: Sequence[Any]) -> list[Change]:
    ticks: dict[int, list[Tick]] = {}
    for row in rows:
        for said in row["punkter"]:
            tick = Tick(**said | {"tid": datetime.fromisoformat(said["tid"])})
            ticks.setdefault(row["skifte"], []).append(tick)
    return [
        Change(
            id=row["id"],
            **{name: row[name] for name in Announcement.__dataclass_fields__},
            meldt_af=row["meldt_af"],
            meldt=row["tid"],
            ticks=tuple(ticks.get(row["id"], ())),
        )
        for row in rows
        if row["skifte"] is None
    ]


def _system(connection: Connection, said: str) -> str | None:
    """Return the id of the system of that id or name; None when there is none, or more than one has the name."""
    said = said.strip()
    if connection.execute(select(system.c.id).where(system.c.id == said)).first():
        return said
    named = connection.execute(select(system.c.id).where(func.lower(system.c.navn) == said.lower())).scalars().all()
    return named[0] if len(named) == 1 else None


def _wrong(connection: Connection, meant: Announcement, today: date) -> Sequence[Wrong]:
    found = []
    for felt, most in LONGEST.items():
        said = getattr(meant, felt)
        if felt != "nyt" and not (said and said.isprintable() and len(said) <= most):
            found.append(
                Wrong(felt, Text(f"Skriv 1-{most} tegn på én linje.", f"Write 1 to {most} characters on one line."))
            )
        elif felt != "nyt" and names_a_person(said):
            found.append(Wrong(felt, _NUMBER))
    if not meant.nyt or meant.nyt == WEB:
        found.append(Wrong("nyt", _NO_SYSTEM))
    elif meant.nyt == meant.gammelt:
        found.append(Wrong("nyt", _SAME))
    if abs(meant.dag - today) > FARTHEST:
        found.append(Wrong("dag", _far(meant.dag, today)))
    main = main_of(connection, meant.institution_nummer)
    if main is None:
        found.append(Wrong("institution_nummer", _NO_INSTITUTION))
    elif main != meant.institution_nummer:
        found.append(Wrong("institution_nummer", _department(main)))
    elif not found and _known(connection, meant):
        found.append(Wrong("dag", _TWICE))
    return found


def _known(connection: Connection, meant: Announcement) -> bool:
    same = (systemskifte.c[name] == getattr(meant, name) for name in ("institution_nummer", "gammelt", "nyt", "dag"))
    return connection.execute(select(systemskifte.c.id).where(*same)).first() is not None


def _far(day: date, today: date) -> Text:
    if day < today:
        return Text(
            f"{day:%d-%m-%Y} ligger mere end to år tilbage. Så gamle skift kan ikke meldes.",
            f"{day} is more than two years ago. Changes of so long ago cannot be announced.",
        )
    return Text(f"{day:%d-%m-%Y} ligger mere end to år ude i fremtiden.", f"{day} is more than two years ahead.")


def _department(main: str) -> Text:
    return Text(
        f"Et skift meldes for hovedinstitutionen. Skriv {main}.",
        f"A change is announced for the main institution: {main}.",
    )


_NUMBER: Final = Text("Skriv det uden CPR-numre: det bliver gemt, og andre kan se det.", "Leave CPR numbers out.")
_NO_SYSTEM: Final = Text(
    "Det nye system findes ikke i Ungedatabasen. Skriv dets id eller navn; leverandøren kan få det oprettet hos STIL.",
    "There is no such new system. See: udb system list",
)
_SAME: Final = Text("Det er samme system som det gamle.", "The new system is the old one.")
_NO_INSTITUTION: Final = Text("Institutionen findes ikke i registret.", "There is no such institution.")
_TWICE: Final = Text("Skiftet er meldt allerede.", "This change has been announced already.")
