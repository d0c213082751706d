"""The doors: the providers of log-in, and the roles each of them can give.

A door is open when its issuer is configured. A claim that a door is not meant for yields nothing, whatever it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from udb.domain.errors import FileUnusable, WrongUse
from udb.portal.roles import Role

UNILOGIN: Final = "unilogin"
KOMMUNE: Final = "kommune"
STIL: Final = "stil"
MITID: Final = "mitid"

LEVELS: Final = (("Low", "Substantial", "High"), ("EnFaktor", "ToFaktor"))
"""Levels of assurance, from low to high: NSIS, and Uni-Login's own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for a door in every installation. ``claims``: our names of claims and the provider's."""

    name: str
    title: str
    roles: frozenset[Role]
    claims: Mapping[str, str]
    level: str | None


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            UNILOGIN,
            "Uni-Login (skoler og uddannelsesinstitutioner)",
            frozenset({Role.BRUGERADMINISTRATOR}),
            {
                "gruppe": "aktoer_gruppe",
                "institutioner": "institutionsnumre",
                "administrator": "brugeradministrator_for",
                "niveau": "nsis_loa",
            },
            None,
        ),
        Kind(
            KOMMUNE,
            "Kommunens log-in (vejledere og ledere)",
            frozenset({Role.VEJLEDER, Role.LEDER}),
            {"kommuner": "kommunekode", "roller": "udb_roller", "niveau": "nsis_loa"},
            "Substantial",
        ),
        Kind(
            STIL,
            "Styrelsen for It og Læring",
            frozenset({Role.DATAMEDARBEJDER}),
            {"cvr": "cvr", "roller": "udb_roller", "niveau": "nsis_loa"},
            "Substantial",
        ),
        Kind(
            MITID,
            "MitID (unge)",
            frozenset({Role.UNG}),
            {"cprnr": "cpr", "niveau": "nsis_loa"},
            "Substantial",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Door:
    """An open door. ``level``: the lowest level of assurance that it lets in; ``cvr``: whose employees (STIL)."""

    kind: Kind
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    level: str | None
    claims: Mapping[str, str]
    cvr: str | None = None

    @property
    def name(self) -> str:
        """The door's name in addresses and settings."""
        return self.kind.name


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(frozen=True)

    issuer: str | None = None
    client_id: str = "ungedatabasen"
    client_secret_fil: Path | None = None
    loa: str | None = None
    claims: dict[str, str] = Field(default_factory=dict)
    cvr: str | None = None


def load() -> dict[str, Door]:
    """Return the doors of the settings ``UDB_DOOR_‹NAME›_…``, by name.

    Raises WrongUse, which names the variable; FileUnusable when a secret's file cannot be read.
    """
    found = (_opened(kind) for kind in KINDS.values())
    return {door.name: door for door in found if door is not None}


def _opened(kind: Kind) -> Door | None:
    prefix = f"UDB_DOOR_{kind.name.upper()}_"
    try:
        given = _Settings(_env_prefix=prefix)
    except (ValidationError, SettingsError) as error:
        raise WrongUse(f"{prefix}…: {error}") from None
    if given.issuer is None:
        return None
    if given.client_secret_fil is None:
        raise WrongUse(f"{prefix}CLIENT_SECRET_FIL: must name the file of the client's secret.")
    if unknown := given.claims.keys() - kind.claims.keys():
        raise WrongUse(
            f"{prefix}CLAIMS: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(kind.claims))}."
        )
    if given.loa is not None and not any(given.loa in scale for scale in LEVELS):
        raise WrongUse(f"{prefix}LOA: one of {', '.join(level for scale in LEVELS for level in scale)}.")
    if kind.name == STIL and given.cvr is None:
        raise WrongUse(f"{prefix}CVR: the CVR number whose employees this door lets in.")
    try:
        secret = given.client_secret_fil.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise FileUnusable(f"{prefix}CLIENT_SECRET_FIL: {given.client_secret_fil} cannot be read.") from error
    return Door(
        kind,
        given.issuer.rstrip("/"),
        given.client_id,
        secret,
        given.loa or kind.level,
        {**kind.claims, **given.claims},
        given.cvr,
    )
