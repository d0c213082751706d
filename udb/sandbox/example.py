"""A youth of the sandbox for a first report, and that report as a command to paste."""

import shlex
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, exists, select

from udb.domain import elementer
from udb.domain.clock import add_years
from udb.domain.haendelse import OPTAGET
from udb.domain.persons import RESIDENT
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.imports.institutioner import KOMMUNE
from udb.rulebook import examples
from udb.sandbox import places
from udb.sandbox.soapcall import Caller, Payload, envelope
from udb.store.tables import haendelse, institution, person
from udb.wsdl.soap import SOAP11

YOUNGEST: Final = 17
HF: Final = "3017"
VERSION: Final = "2"
_BOOLEAN: Final = ("false", "true")


@dataclass(frozen=True, slots=True)
class Example:
    """An invented youth without events, the home kommune's number, and a school that may report."""

    cprnr: str
    kommune: str
    gymnasium: str


def choose(connection: Connection, today: date) -> Example | None:
    """Return a youth to report on; None when there is none left, or no sandbox world."""
    home = institution.alias("home")
    school = institution.alias("school")
    query = (
        select(person.c.cprnr, home.c.nummer, school.c.nummer)
        .join(home, (home.c.administrerende_kommune == person.c.kommunekode) & (home.c.type3 == KOMMUNE))
        .join(school, school.c.beliggenhedskommune == person.c.kommunekode)
        .where(person.c.status.in_(RESIDENT))
        .where(person.c.turns_15 <= add_years(today, 15 - YOUNGEST), person.c.turns_25 > today)
        .where(school.c.type3 == places.GYMNASIUM, school.c.in_register, school.c.lukket.is_(None))
        .where(~exists().where(haendelse.c.person_id == person.c.id))
        .where(person.c.cprnr.not_in(examples.numbers()))
        .order_by(person.c.turns_15.desc(), person.c.cprnr, school.c.nummer)
        .limit(1)
    )
    found = connection.execute(query).first()
    return None if found is None else Example(*found)


def report(
    example: Example,
    day: date,
    status: int = OPTAGET,
    *,
    formaal: str = HF,
    afbrudsaarsag: str | None = None,
    hf_gennemfoert: bool | None = None,
    annullerer: str | None = None,
) -> Payload:
    """Return the report that the youth begins hf, or has left or finished it; ``annullerer``: the number to cancel."""
    said: dict[str, str | Payload | None] = {
        elementer.CPRNR: example.cprnr,
        elementer.HAENDELSE_NUMMER: annullerer,
        elementer.INSTITUTION_NUMMER: example.gymnasium,
        elementer.HAENDELSE_DATO: f"{day.isoformat()}T00:00:00",
        elementer.STATUS: str(status),
        elementer.AFBRUDSARSAGS_KODE: afbrudsaarsag,
        elementer.KILDE_LEVERANDOER: "Sandkasse",
        elementer.UDDANNELSE: {elementer.COSA_FORMAAL: formaal, elementer.COSA_FORMAAL_VERSION: VERSION},
        elementer.GENNEMFOERT_HF: None if hf_gennemfoert is None else _BOOLEAN[hf_gennemfoert],
        elementer.ANNULLERING: _BOOLEAN[annullerer is not None],
    }
    return {name: value for name, value in said.items() if value is not None}


def command(caller: Caller, example: Example, today: date) -> str:
    """Return the youth's optag as a curl command to paste into a shell."""
    xml = envelope(UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, report(example, today))
    return (
        f"curl --silent --show-error --user {shlex.quote(f'{caller.system}:{caller.key}')} "
        f"--header {shlex.quote(f'Content-Type: {SOAP11.content_type}')} \\\n"
        f"  --data-binary @- {caller.url(UNGDOMSUDDANNELSE)} <<'XML'\n{xml}XML"
    )
