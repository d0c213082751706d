"""Select the invented youths that fit a test: ``GET /sandbox/unge?scenarie=…`` (sources 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, true

from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET
from udb.domain.persons import RESIDENT
from udb.domain.services import FGU, JOBCENTER, UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.imports.institutioner import KOMMUNE
from udb.rulebook import examples
from udb.store.codes import is_efterskole
from udb.store.tables import abonnement, cprnummer, haendelse, institution, person


@dataclass(frozen=True, slots=True)
class Scenarie:
    """A description, in Danish, of the youths of a scenario, and the condition on ``person`` for today's date."""

    tekst: str
    condition: Callable[[date], ColumnElement[bool]]


def _reaches(age: int, offset: int) -> Callable[[date], ColumnElement[bool]]:
    return lambda today: and_(_RESIDENT, person.c[f"turns_{age}"] == today + timedelta(days=offset))


def _with_status(*statuses: str) -> Callable[[date], ColumnElement[bool]]:
    return lambda _today: person.c.status.in_(statuses)


def _has_event(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(haendelse.c.person_id == person.c.id, *conditions)


def _ongoing(today: date, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition: a resident of 15 to 24 whose newest valid event is an optag that meets ``conditions``."""
    newest = (
        select(func.max(haendelse.c.nummer))
        .where(haendelse.c.person_id == person.c.id, haendelse.c.status.is_not(None), _STANDING)
        .correlate(person)
        .scalar_subquery()
    )
    return and_(_young(today), _has_event(haendelse.c.nummer == newest, haendelse.c.status == OPTAGET, *conditions))


def _young(today: date) -> ColumnElement[bool]:
    return and_(_RESIDENT, person.c.turns_15 <= today, person.c.turns_25 > today)


def _lies_in(*, home: bool) -> ColumnElement[bool]:
    place = institution.c.beliggenhedskommune
    return exists().where(
        institution.c.nummer == haendelse.c.institution_nummer,
        institution.c.type3 != KOMMUNE,
        place == person.c.kommunekode if home else place != person.c.kommunekode,
    )


_RESIDENT: Final = person.c.status.in_(RESIDENT)
_STANDING: Final = and_(
    haendelse.c.annulleret.is_(False), haendelse.c.annullering.is_(False), haendelse.c.gentaget.is_(False)
)
_NO_RISK: Final = haendelse.c.frafaldstruet_markering.is_not(true())
_DAYS: Final = {-1: "i går", 0: "i dag", 1: "i morgen"}

SCENARIER: Final[dict[str, Scenarie]] = {
    **{
        f"fylder_{age}_{word.replace(' ', '_').replace('å', 'aa')}": Scenarie(
            f"{'Fyldte' if offset < 0 else 'Fylder'} {age} år {word} og bor i Danmark.", _reaches(age, offset)
        )
        for age in (15, 18, 25, 30)
        for offset, word in _DAYS.items()
    },
    "skudaarsdag": Scenarie(
        "Er født den 29. februar.", lambda _today: and_(_RESIDENT, func.substr(person.c.cprnr, 1, 4) == "8902")
    ),
    "bosat": Scenarie("Er 15 til 24 år og bor i Danmark.", _young),
    "uden_haendelser": Scenarie(
        "Er 15 til 24 år og bor i Danmark; intet er indberettet.", lambda today: and_(_young(today), ~_has_event())
    ),
    "groenland": Scenarie("Har CPR-status 05 eller 07.", _with_status("05", "07")),
    "uden_adresse": Scenarie("Har CPR-status 20.", _with_status("20")),
    "udrejst": Scenarie("Har CPR-status 80.", _with_status("80")),
    "doed": Scenarie("Har CPR-status 90.", _with_status("90")),
    "nyt_nummer": Scenarie(
        "Har fået nyt CPR-nummer; de gamle står i tidligere_numre.",
        lambda _today: exists().where(cprnummer.c.person_id == person.c.id, cprnummer.c.cprnr != person.c.cprnr),
    ),
    "gentaget": Scenarie(
        "Har fået nyt CPR-nummer, og skolen har gentaget indberetninger på det.",
        lambda _today: _has_event(haendelse.c.gentager.is_not(None)),
    ),
    "grundskole": Scenarie(
        "Er i gang i 9. eller 10. klasse.", lambda today: _ongoing(today, haendelse.c.elev_trin.is_not(None))
    ),
    "efterskole": Scenarie(
        "Er i gang på en efterskole, i den unges egen kommune eller i en anden.",
        lambda today: _ongoing(
            today,
            exists().where(institution.c.nummer == haendelse.c.institution_nummer, is_efterskole(institution.c.type3)),
        ),
    ),
    "ungdomsuddannelse": Scenarie(
        "Er i gang på en ungdomsuddannelse og ikke indberettet som frafaldstruet.",
        lambda today: _ongoing(today, haendelse.c.service == UNGDOMSUDDANNELSE, _NO_RISK),
    ),
    "fgu": Scenarie("Er i gang på FGU.", lambda today: _ongoing(today, haendelse.c.service == FGU)),
    "videregaaende": Scenarie(
        "Er i gang på en videregående uddannelse.", lambda today: _ongoing(today, haendelse.c.service == VIDEREGAAENDE)
    ),
    "nabokommune": Scenarie(
        "Er i gang på en institution, der ligger i en anden kommune end den, den unge bor i.",
        lambda today: _ongoing(today, _lies_in(home=False)),
    ),
    "risiko": Scenarie(
        "Er i gang og indberettet som frafaldstruet.",
        lambda today: _ongoing(today, haendelse.c.frafaldstruet_markering.is_(True)),
    ),
    "risiko_ifoelge_kommunen": Scenarie(
        "Kommunen har markeret risiko.",
        lambda today: and_(_young(today), _has_event(haendelse.c.ifoelge_kommunen.is_not(None))),
    ),
    "afbrudt": Scenarie(
        "Har afbrudt en ungdomsuddannelse.",
        lambda today: and_(
            _young(today),
            _has_event(_STANDING, haendelse.c.status == AFBRUDT, haendelse.c.service == UNGDOMSUDDANNELSE),
        ),
    ),
    "gennemfoert": Scenarie(
        "Har gennemført en ungdomsuddannelse.",
        lambda today: and_(
            _young(today),
            _has_event(_STANDING, haendelse.c.status == GENNEMFOERT, haendelse.c.service == UNGDOMSUDDANNELSE),
        ),
    ),
    "jobcenter": Scenarie(
        "Er i gang med en aktivitet hos jobcentret.",
        lambda today: _ongoing(today, haendelse.c.service == JOBCENTER),
    ),
    "uddannelsespaalaeg": Scenarie(
        "Har et uddannelsespålæg: jobcentret abonnerer på den unge.",
        lambda today: and_(_young(today), exists().where(abonnement.c.person_id == person.c.id)),
    ),
    "paalaeg_ophoert": Scenarie(
        "Har haft et uddannelsespålæg, som er afmeldt.",
        lambda today: and_(
            _young(today),
            _has_event(haendelse.c.har_uddannelsespaalaeg.is_(False)),
            ~exists().where(abonnement.c.person_id == person.c.id),
        ),
    ),
    "annulleret": Scenarie(
        "Har en annulleret indberetning.",
        lambda today: and_(_young(today), _has_event(haendelse.c.annulleret.is_(True))),
    ),
}
"""The scenarios by their name in the query."""


def youths(connection: Connection, name: str, today: date, count: int) -> list[dict[str, Any]]:
    """Return up to ``count`` youths of a scenario, always the same ones: numbers, kommune, institutions, valid events.

    Those of the rule book's examples are left out: they have no events until the example is tried.

    Raises KeyError when there is no such scenario.
    """
    condition = SCENARIER[name].condition(today)
    others = person.c.cprnr.not_in(examples.numbers())
    rows = connection.execute(select(person).where(condition, others).order_by(person.c.id).limit(count)).all()
    return [_described(connection, row.id, row.cprnr, row.status, row.kommunekode) for row in rows]


def _described(connection: Connection, person_id: int, cprnr: str, status: str, kommune: str | None) -> dict[str, Any]:
    numbers = connection.execute(select(cprnummer.c.cprnr).where(cprnummer.c.person_id == person_id)).scalars()
    shown = ("nummer", "forloeb_id", "service", "institution_nummer", "status", "haendelse_dato", "kodesaet", "kode")
    events = select(*(haendelse.c[column] for column in shown)).where(haendelse.c.person_id == person_id, _STANDING)
    return {
        "cprnr": cprnr,
        "status": status,
        "kommunekode": kommune,
        "kommune_institution": connection.execute(
            select(func.min(institution.c.nummer)).where(
                institution.c.type3 == KOMMUNE, institution.c.administrerende_kommune == kommune
            )
        ).scalar_one(),
        "institutioner": _nearby(connection, kommune),
        "tidligere_numre": sorted(number for number in numbers if number != cprnr),
        "haendelser": [dict(row) for row in connection.execute(events.order_by(haendelse.c.nummer)).mappings()],
    }


def _nearby(connection: Connection, kommune: str | None) -> dict[str, str]:
    """Return one open institution of each type in the kommune, by type."""
    query = (
        select(institution.c.type3, func.min(institution.c.nummer))
        .where(
            institution.c.beliggenhedskommune == kommune,
            institution.c.in_register.is_(True),
            institution.c.lukket.is_(None),
            institution.c.nummer.not_in([row["nummer"] for row in examples.institutions()]),
        )
        .group_by(institution.c.type3)
        .order_by(institution.c.type3)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
