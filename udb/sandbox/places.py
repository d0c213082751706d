"""The invented institutions: every type, in all 98 kommuner, and the few numbers that the vejledning names."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from udb.domain.kodesaet import KOMMUNER, Kodesaet
from udb.imports.institutioner import KOMMUNE, STAR

STAR_NUMBER: Final = "280000"
CLOSED_NUMBER: Final = "449011"
LEFT_NUMBER: Final = "449012"

FOLKESKOLE: Final = "1012"
FRISKOLE: Final = "1013"
EFTERSKOLE: Final = "1011"
GYMNASIUM: Final = "1061"
ERHVERVSSKOLE: Final = "1071"
FGU_SKOLE: Final = "1027"
VUC: Final = "1053"
PRODUKTIONSSKOLE: Final = "1025"
PROFESSIONSHOEJSKOLE: Final = "1085"
UNIVERSITET: Final = "1131"

SOSU: Final = "Social- og sundhedsskole"

_VEJLEDNING: Final = (
    ("449009", "Strandskolen", FOLKESKOLE, "450"),
    ("449010", "10. klasse-skolen ved Strandskolen", FOLKESKOLE, "450"),
    ("483350", "Produktionsskolen Værkstedet", PRODUKTIONSSKOLE, "480"),
    ("461248", "Hf og gymnasium ved åen", GYMNASIUM, "461"),
)
"""Numbers of the example in V 5.1, with names of our own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of institution: ``count`` of them in every ``every``-th kommune."""

    type3: str
    name: str
    every: int = 1
    count: int = 1


_KINDS: Final = (
    Kind(FOLKESKOLE, "Folkeskole", count=3),
    Kind(FRISKOLE, "Friskole"),
    Kind("1014", "Ungdomsskole"),
    Kind("1017", "International skole", every=30),
    Kind("1015", "Specialskole", every=9),
    Kind("1016", "Dagbehandlingstilbud", every=9),
    Kind("1010", "Særlig efterskole", every=20),
    Kind(EFTERSKOLE, "Efterskole", every=2),
    Kind(GYMNASIUM, "Gymnasium"),
    Kind("1062", "Privat gymnasium", every=25),
    Kind(ERHVERVSSKOLE, "Erhvervsskole", every=2),
    Kind(ERHVERVSSKOLE, SOSU, every=12),
    Kind(FGU_SKOLE, "FGU-skole", every=4),
    Kind(VUC, "VUC", every=5),
    Kind(PRODUKTIONSSKOLE, "Produktionsskole", every=10),
    Kind("1022", "Højskole", every=8),
    Kind("1023", "Fri fagskole", every=14),
    Kind("1021", "Daghøjskole", every=25),
    Kind("1086", "Erhvervsakademi", every=14),
    Kind(PROFESSIONSHOEJSKOLE, "Professionshøjskole", every=14),
    Kind(UNIVERSITET, "Universitet", every=16),
    Kind("1081", "Maritim skole", every=33),
    Kind("1084", "Kunstnerisk skole", every=33),
    Kind("1087", "Øvrig uddannelse", every=33),
)
_WITH_BRANCHES: Final = frozenset({ERHVERVSSKOLE, FGU_SKOLE, VUC})

Row = dict[str, Any]


_OFFICIAL: Final = {"København": "Københavns Kommune", "Bornholm": "Bornholms Regionskommune"}
"""The official names of kommuner that are not their name and "Kommune"."""


def institutions(codes: Kodesaet, today: date) -> list[Row]:
    """Return every institution as a database row."""
    kommuner = sorted(
        (row.kode, row.tekst, row.text("institutionsnummer"))
        for kode in codes.codes(KOMMUNER)
        if (row := codes.on(KOMMUNER, kode, today)) is not None
    )
    kodes = [kode for kode, _, _ in kommuner]
    rows = [
        _row(number, _OFFICIAL.get(name, f"{name} Kommune"), KOMMUNE, kode, administers=kode)
        for kode, name, number in kommuner
    ]
    rows.append(_row(STAR_NUMBER, "Styrelsen for Arbejdsmarked og Rekruttering", STAR, "101"))
    rows += [_row(number, name, type3, kode) for number, name, type3, kode in _VEJLEDNING]
    rows.append(_row(CLOSED_NUMBER, "Nedlagt Skole", FOLKESKOLE, "450") | {"lukket": date(today.year - 1, 8, 1)})
    rows.append(_row(LEFT_NUMBER, "Udgået Skole", FOLKESKOLE, "450") | {"in_register": False})
    for index, (kode, name, _) in enumerate(kommuner):
        rows += _schools(index, kode, name, kodes)
    return rows


def _schools(index: int, kode: str, name: str, kodes: Sequence[str]) -> Iterable[Row]:
    serial = 0
    for kind in _KINDS:
        if index % kind.every:
            continue
        for nth in range(1, kind.count + 1):
            serial += 1
            number = f"{kode}{serial:03}"
            yield _row(number, f"{kind.name} {name}" + (f" {nth}" if kind.count > 1 else ""), kind.type3, kode)
            if kind.type3 in _WITH_BRANCHES and kind.name != SOSU:
                neighbour = kodes[(index + 1) % len(kodes)]
                branch = f"{kode}{serial + 500:03}"
                yield _row(branch, f"{kind.name} {name}, afdeling", kind.type3, neighbour, main=number)


def _row(
    number: str, name: str, type3: str, kommune: str, *, main: str | None = None, administers: str | None = None
) -> Row:
    return {
        "nummer": number,
        "navn": name,
        "hovedinstitution": main or number,
        "type3": type3,
        "beliggenhedskommune": kommune,
        "administrerende_kommune": administers,
        "lukket": None,
        "in_register": True,
    }


class Places:
    """The open institutions, by type and kommune."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """``rows``: the institutions; closed ones and those that have left the register are ignored.

        So are SOSU schools: no course of the sandbox is theirs, though their type is that of all erhvervsskoler.
        """
        rows = [
            row for row in rows if row["in_register"] and row["lukket"] is None and not row["navn"].startswith(SOSU)
        ]
        self.kommune_number = {row["administrerende_kommune"]: row["nummer"] for row in rows if row["type3"] == KOMMUNE}
        self.kommuner = sorted(self.kommune_number)
        self._index = {kode: index for index, kode in enumerate(self.kommuner)}
        self._at: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            self._at.setdefault((row["type3"], row["beliggenhedskommune"]), []).append(row["nummer"])

    def near(self, rng: random.Random, type3: str, kommune: str, *, leaves: float = 0.12) -> str:
        """Return an institution of a type in the kommune or the nearest that has one, sometimes one further away."""
        start = self._index[kommune]
        step = rng.randint(1, 3) if rng.random() < leaves else 0
        for distance in range(len(self.kommuner)):
            kode = self.kommuner[(start + step + distance) % len(self.kommuner)]
            if found := self._at.get((type3, kode)):
                return rng.choice(found)
        raise LookupError(type3)
