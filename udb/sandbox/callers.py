"""The sandbox's systems and dataaftaler.

Their keys follow from the seed number, so that examples and tests can name them. They protect only invented youths, and
do not exist outside the sandbox.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from udb.callers import systems
from udb.domain.services import ALL_SERVICES
from udb.imports.institutioner import KOMMUNE, STAR
from udb.sandbox import places

EVERYTHING: Final = "sandbox"
"""The system to begin with: every service for every institution."""
DFDG: Final = "dfdg"
NOT_BY_HAND: Final = places.EFTERSKOLE
"""The type whose institutions may not report by hand on the portal, so that a page without an agreement can be seen."""
_VENDORS: Final = {
    "leverandoer-grundskole": (
        places.FOLKESKOLE,
        places.FRISKOLE,
        places.EFTERSKOLE,
        "1010",
        "1014",
        "1017",
        "1015",
        "1016",
    ),
    "leverandoer-gymnasium": (places.GYMNASIUM, "1062", places.VUC),
    "leverandoer-erhverv": (places.ERHVERVSSKOLE,),
    "leverandoer-fgu": (places.FGU_SKOLE, places.PRODUKTIONSSKOLE, "1022", "1023", "1021"),
    "leverandoer-videregaaende": ("1086", places.PROFESSIONSHOEJSKOLE, places.UNIVERSITET, "1081", "1084", "1087"),
}

VENDOR_OF: Final = {type3: vendor for vendor, types in _VENDORS.items() for type3 in types}
"""The system by which a type of institution reports."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A further agreement; ``navn``: of a system of its own, ``service``: None for all."""

    system_id: str
    navn: str | None
    service: str | None
    institution_nummer: str


def kommune_system(kommunekode: str) -> str:
    """Return the id of a kommune's own system."""
    return f"kui-{kommunekode}"


def key_of(seed: int, system_id: str) -> str:
    """Return the key of one of the sandbox's systems."""
    return base64.urlsafe_b64encode(_digest(seed, "noegle", system_id)).decode().rstrip("=")


def _digest(seed: int, purpose: str, system_id: str) -> bytes:
    return hashlib.sha256(f"udb-sandbox:{seed}:{purpose}:{system_id}".encode()).digest()


def own_system(institution: Mapping[str, Any]) -> str:
    """Return the id of the system by which an institution, a row, reports."""
    type3 = institution["type3"]
    if type3 == KOMMUNE:
        return kommune_system(institution["administrerende_kommune"])
    return DFDG if type3 == STAR else VENDOR_OF[type3]


def callers(
    seed: int, institutions: Iterable[Mapping[str, Any]], made: datetime, more: Iterable[Agreed] = ()
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the systems and the dataaftaler as database rows.

    ``made``: when the systems were made; ``more``: further agreements.
    """
    names = {EVERYTHING: "Sandkassens system til alt", DFDG: "DFDG"}
    names |= {vendor: f"Leverandør: {vendor.partition('-')[2]}" for vendor in _VENDORS}
    agreed: list[tuple[str, str, str]] = []
    for institution in institutions:
        number, type3, system_id = institution["nummer"], institution["type3"], own_system(institution)
        agreed += [(EVERYTHING, ALL_SERVICES, number), (system_id, ALL_SERVICES, number)]
        if type3 == KOMMUNE:
            names[system_id] = institution["navn"]
        if type3 not in {STAR, NOT_BY_HAND}:
            agreed.append((systems.WEB, ALL_SERVICES, number))
    for one in more:
        names |= {one.system_id: one.navn} if one.navn else {}
        agreed.append((one.system_id, one.service or ALL_SERVICES, one.institution_nummer))
    rows = [
        systems.row(id_, navn, key_of(seed, id_), _digest(seed, "salt", id_).hex()[:32]) | {"oprettet": made}
        for id_, navn in names.items()
    ]
    rows.append(systems.web_row() | {"oprettet": made})
    agreements = [
        {"system_id": id_, "service": service, "institution_nummer": number, "fra": None, "til": None}
        for id_, service, number in agreed
    ]
    return rows, agreements
