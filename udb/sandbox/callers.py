"""The sandbox's systems and dataaftaler.

Their keys follow from the seed number, so that examples and tests can name them. They protect only invented youths, and
do not exist outside the sandbox.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
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


def kommune_system(kommunekode: str) -> str:
    """Return the id of a kommune's own system."""
    return f"kui-{kommunekode}"


def key_of(seed: int, system_id: str) -> str:
    """Return the key of one of the sandbox's systems."""
    return base64.urlsafe_b64encode(_digest(seed, "noegle", system_id)).decode().rstrip("=")


def _digest(seed: int, purpose: str, system_id: str) -> bytes:
    return hashlib.sha256(f"udb-sandbox:{seed}:{purpose}:{system_id}".encode()).digest()


def callers(
    seed: int, institutions: Iterable[Mapping[str, Any]], made: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the systems and the dataaftaler as database rows; ``made``: when the systems were made."""
    names = {EVERYTHING: "Sandkassens system til alt", DFDG: "DFDG"}
    names |= {vendor: f"Leverandør: {vendor.partition('-')[2]}" for vendor in _VENDORS}
    agreed: list[tuple[str, str]] = []
    vendor_of = {type3: vendor for vendor, types in _VENDORS.items() for type3 in types}
    for institution in institutions:
        number, type3 = institution["nummer"], institution["type3"]
        agreed.append((EVERYTHING, number))
        if type3 == KOMMUNE:
            system_id = kommune_system(institution["administrerende_kommune"])
            names[system_id] = institution["navn"]
            agreed += [(system_id, number), (systems.WEB, number)]
        elif type3 == STAR:
            agreed.append((DFDG, number))
        else:
            agreed.append((vendor_of[type3], number))
            if type3 != NOT_BY_HAND:
                agreed.append((systems.WEB, number))
    rows = [
        systems.row(id_, navn, key_of(seed, id_), _digest(seed, "salt", id_).hex()[:32]) | {"oprettet": made}
        for id_, navn in names.items()
    ]
    rows.append(systems.web_row() | {"oprettet": made})
    agreements = [
        {"system_id": id_, "service": ALL_SERVICES, "institution_nummer": number, "fra": None, "til": None}
        for id_, number in agreed
    ]
    return rows, agreements
