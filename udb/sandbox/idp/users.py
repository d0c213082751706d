"""The invented users of the test provider, one for each role and edge, taken from what the seed made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, select

from udb.domain.clock import add_years
from udb.domain.persons import KOMMUNE_TYPE
from udb.sandbox import clock
from udb.sandbox.callers import NOT_BY_HAND
from udb.sandbox.past.schools import OUTDATED
from udb.store.tables import cprnummer, haendelse, institution, person

UNKNOWN_CPR: Final = "6101011234"
"""A number of the sandbox's form (day + 60) that the seed gives to no youth: its check is not the sandbox's."""
STIL_CVR: Final = "12345678"
"""The invented CVR number of the sandbox's STIL."""
AALBORG, KOEBENHAVN = "851", "101"


class Behaviour(StrEnum):
    """What the provider does wrong for a user, so that the portal's refusals can be seen."""

    NONE = ""
    SLOW = "svarer først efter 10 sekunder"
    FAILS = "svarer med fejl 500"
    WRONG_NONCE = "forkert nonce"
    WRONG_KEY = "underskrevet med en fremmed nøgle"
    EXPIRED = "udløbet"
    OTHER_CLIENT = "udstedt til en anden klient"
    NO_SIGNATURE = "uden underskrift (alg none)"
    SHARED_SECRET = "underskrevet med den offentlige nøgle som hemmelighed (HS256)"  # noqa: S105 - words for the page


@dataclass(frozen=True, slots=True)
class User:
    """An invented user of a door. ``title``: what the page of users says, in Danish."""

    key: str
    door: str
    title: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    behaviour: Behaviour = Behaviour.NONE


def users(connection: Connection) -> list[User]:
    """Return the users of a seeded sandbox, in the order of the page. Of an empty one: those that need no register."""
    return [*_unilogin(connection), *_kommune(), *_stil(), *_mitid(connection)]


def _admin(key: str, title: str, *numbers: str, behaviour: Behaviour = Behaviour.NONE, **claims: Any) -> User:
    given = {
        "aktoer_gruppe": "Medarbejder",
        "institutionsnumre": list(numbers),
        "brugeradministrator_for": list(numbers),
        "nsis_loa": "Substantial",
        **claims,
    }
    return User(key, "unilogin", title, given, behaviour)


def _unilogin(connection: Connection) -> Iterator[User]:
    schools = select(institution.c.nummer, institution.c.navn).where(
        institution.c.type3 != KOMMUNE_TYPE, institution.c.hovedinstitution == institution.c.nummer
    )
    by_hand = (institution.c.lukket.is_(None), institution.c.type3 != NOT_BY_HAND, _has_reported())
    open_ones = connection.execute(schools.where(*by_hand).order_by(institution.c.nummer).limit(2)).all()
    closed = connection.execute(schools.where(institution.c.lukket.is_not(None)).limit(1)).all()
    without = schools.where(institution.c.lukket.is_(None), institution.c.type3 == NOT_BY_HAND)
    for nummer, navn in open_ones[:1]:
        yield _admin("skole", f"Brugeradministrator på {navn}", nummer)
        yield _admin("skole-laerer", f"Lærer på {navn}, ikke brugeradministrator", nummer, brugeradministrator_for=[])
        yield _admin("skole-elev", f"Elev på {navn}", nummer, aktoer_gruppe="Elev")
        for behaviour in Behaviour:
            if behaviour:
                key = f"skole-{behaviour.name.lower().replace('_', '-')}"
                yield _admin(key, f"Brugeradministrator på {navn}; log-in {behaviour}", nummer, behaviour=behaviour)
    if len(open_ones) > 1:
        yield _admin("to-skoler", "Brugeradministrator på to institutioner", *(nummer for nummer, _ in open_ones))
    for nummer, navn in connection.execute(without.order_by(institution.c.nummer).limit(1)):
        title = f"Brugeradministrator på {navn}, som ikke må indberette manuelt"
        yield _admin("skole-uden-aftale", title, nummer)
    for nummer, navn in closed:
        yield _admin("lukket-skole", f"Brugeradministrator på {navn}, som er lukket", nummer)
    for nummer, navn in connection.execute(schools.where(institution.c.nummer == OUTDATED)):
        title = f"Brugeradministrator på {navn}, hvis gamle indberetninger reglerne ville afvise"
        yield _admin("skole-regelkontrol", title, nummer)
    yield _admin("ukendt-skole", "Brugeradministrator på en institution, som intet register kender", "999999")


def _kommune() -> Iterator[User]:
    for kode in (AALBORG, KOEBENHAVN):
        for role in ("vejleder", "leder"):
            yield _employee(f"{role}-{kode}", f"{role.capitalize()} i kommune {kode}", kode, role)
    yield _employee("begge-851", "Både vejleder og leder i kommune 851", AALBORG, "vejleder", "leder")
    yield _employee("lavt-niveau", "Vejleder på lavt sikringsniveau", AALBORG, "vejleder", nsis_loa="Low")


def _employee(key: str, title: str, kode: str, *roles: str, **claims: Any) -> User:
    return User(
        key, "kommune", title, {"kommunekode": kode, "udb_roller": list(roles), "nsis_loa": "Substantial", **claims}
    )


def _stil() -> Iterator[User]:
    for key, title, roles in (
        ("stil", "Datamedarbejder i STIL", ["datamedarbejder"]),
        ("stil-cpr", "Datamedarbejder i STIL med ret til udtræk med CPR", ["datamedarbejder", "udtraek_cpr"]),
    ):
        yield User(key, "stil", title, {"cvr": STIL_CVR, "udb_roller": roles, "nsis_loa": "Substantial"})


def _mitid(connection: Connection) -> Iterator[User]:
    today = clock.now(connection).date()
    for age in (15, 17, 24, 25, 29):
        cprnr = connection.execute(_youth().where(*_is(age, today)).limit(1)).scalar()
        if cprnr is not None:
            yield _young(f"ung-{age}", f"Ung på {age} år", cprnr)
    replaced = select(cprnummer.c.cprnr).join(person).where(cprnummer.c.cprnr != person.c.cprnr)
    if (former := connection.execute(replaced.order_by(cprnummer.c.cprnr).limit(1)).scalar()) is not None:
        yield _young("ung-nyt-nummer", "Ung, der har fået nyt CPR-nummer og logger ind med det gamle", former)
    yield _young("ung-ukendt", "Ung, som Ungedatabasen ikke kender", UNKNOWN_CPR)
    yield _young("ung-leder", "Ung, hvis log-in påstår, at hun er leder", UNKNOWN_CPR, udb_roller=["leder"])


def _young(key: str, title: str, cprnr: str, **claims: Any) -> User:
    return User(key, "mitid", title, {"cpr": cprnr, "nsis_loa": "Substantial", **claims})


def _youth() -> Select[Any]:
    return select(person.c.cprnr).where(person.c.status == "01").order_by(person.c.id)


def _is(age: int, today: Any) -> tuple[Any, ...]:
    born_by = add_years(today, 15 - age)
    return person.c.turns_15 <= born_by, person.c.turns_15 > add_years(born_by, -1)


def _has_reported() -> Any:
    return exists().where(haendelse.c.institution_nummer == institution.c.nummer)
