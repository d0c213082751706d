"""Where the content of a code row is from: the sources of ``codesets/kilder.csv``, and what is invented."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from udb.imports.kodesaet_file import SAET
from udb.paths import CODESETS


@dataclass(frozen=True, slots=True)
class Kilde:
    """One source: its date as year, month or day (YYYY, YYYY-MM, YYYY-MM-DD), and its address where it has one.

    The date is the source's own, or the day it was read if it has none. Words that are no key of the file have neither
    key nor date.
    """

    noegle: str
    titel: str
    dato: str
    adresse: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of one row's columns: which are invented, which are public and from where, and which are settings of our own.

    ``kilde`` is None only when no column is public. The days of validity are in none of the three: no source states
    them.
    """

    invented: tuple[str, ...]
    public: tuple[str, ...]
    own: tuple[str, ...]
    kilde: Kilde | None


@cache
def kilder() -> Mapping[str, Kilde]:
    """Return the sources of ``codesets/kilder.csv`` by key."""
    with (CODESETS / "kilder.csv").open(encoding="utf-8", newline="") as lines:
        found = [Kilde(**row) for row in csv.DictReader(lines, delimiter=";")]
    return MappingProxyType({kilde.noegle: kilde for kilde in found})


def provenance(saet: str, opfundet: str, kilde: str) -> Provenance:
    """Return where the columns of a row are from, by its set and its two columns ``opfundet`` and ``kilde``.

    The columns are in the order of the file. Raises KeyError when there is no such set.
    """
    spec = SAET[saet]
    named = frozenset(opfundet.split())
    return Provenance(
        invented=tuple(name for name in spec.content if name in named),
        public=tuple(name for name in spec.content if name not in named),
        own=tuple(name for name in spec.columns if name in spec.own),
        kilde=(kilder().get(kilde) or Kilde("", kilde, "", "")) if kilde else None,
    )
