"""From claims to what a person may be here as: a pure function of the door, its claims and the operator's own table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from udb.portal.login.doors import KOMMUNE, LEVELS, MITID, STIL, UNILOGIN, Door
from udb.portal.roles import RIGHTS, Role

EMPLOYEE: Final = "Medarbejder"
"""Uni-Login's group whose members may be user administrators."""


@dataclass(frozen=True, slots=True)
class Tildeling:
    """A role at an institution or kommune.

    ``institution_nummer``: of an institution; ``kommunekode``: of a kommune, whose institution the caller looks up;
    ``cprnr``: of the youth. Exactly one of them is given, none for STIL.
    """

    rolle: Role
    institution_nummer: str | None = None
    kommunekode: str | None = None
    cprnr: str | None = None
    rettigheder: tuple[str, ...] = ()


def is_sure_enough(door: Door, claims: Mapping[str, Any]) -> bool:
    """Return whether the level of assurance in the claims is at least the door's. A level that is unknown is none."""
    if door.level is None:
        return True
    given = claims.get(door.claims["niveau"])
    scale = next(scale for scale in LEVELS if door.level in scale)
    return given in scale and scale.index(given) >= scale.index(door.level)


def assignments(door: Door, claims: Mapping[str, Any], own: Collection[Tildeling] = ()) -> list[Tildeling]:
    """Return what the claims of a verified ID token yield through a door, without doubles, in a fixed order.

    ``own``: assignments of the operator's table for this subject; those whose role the door cannot give count as none.
    """
    found = [one for one in own if one.rolle in door.kind.roles]
    found += _BY_DOOR[door.name](door, claims)
    return list(dict.fromkeys(found))


def _of_unilogin(door: Door, claims: Mapping[str, Any]) -> list[Tildeling]:
    if claims.get(door.claims["gruppe"]) != EMPLOYEE:
        return []
    at_home = _texts(claims.get(door.claims["institutioner"]))
    return [
        Tildeling(Role.BRUGERADMINISTRATOR, institution_nummer=nummer)
        for nummer in _texts(claims.get(door.claims["administrator"]))
        if nummer in at_home
    ]


def _of_kommune(door: Door, claims: Mapping[str, Any]) -> list[Tildeling]:
    roles = _texts(claims.get(door.claims["roller"]))
    return [
        Tildeling(role, kommunekode=kode)
        for kode in _texts(claims.get(door.claims["kommuner"]))
        for role in (Role.VEJLEDER, Role.LEDER)
        if role in roles
    ]


def _of_stil(door: Door, claims: Mapping[str, Any]) -> list[Tildeling]:
    roles = _texts(claims.get(door.claims["roller"]))
    if claims.get(door.claims["cvr"]) != door.cvr or Role.DATAMEDARBEJDER not in roles:
        return []
    return [Tildeling(Role.DATAMEDARBEJDER, rettigheder=tuple(sorted(RIGHTS & set(roles))))]


def _of_mitid(door: Door, claims: Mapping[str, Any]) -> list[Tildeling]:
    cprnr = claims.get(door.claims["cprnr"])
    return [Tildeling(Role.UNG, cprnr=cprnr)] if isinstance(cprnr, str) and cprnr else []


_BY_DOOR: Final = {UNILOGIN: _of_unilogin, KOMMUNE: _of_kommune, STIL: _of_stil, MITID: _of_mitid}


def _texts(value: Any) -> list[str]:
    """Return a claim as a list of texts: a list as it is, a text as its only element; anything else is none."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
