"""Rates and limits of the degree of employment (V 4.1; rules.md, Beskæftigelse).

Rates are in whole øre, so that nothing is rounded before it is compared. ``population.monthly_status`` computes the
degree, in SQL.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from udb.domain.clock import day_in_words
from udb.domain.errors import UdbRefused
from udb.domain.kodesaet import INDTAEGTSARTER, LOEN, SOCIAL_YDELSE, TIMELOEN, Kodesaet

STATUS: Final = ("Ikke beskaeftiget", "Deltidsbeskaeftiget", "Fuldtidsbeskaeftiget")
"""The statuses as they are sent (contract 5.1), in ascending order."""
IKKE, DELTID, FULDTID = range(3)

HOURS: Final = 160
"""Hours in a month (V 4.1)."""
FULL_15: Final = 54
"""From this degree on a youth of 15-17 is in full-time work: 20 hours a week (V 4.1)."""
FULL_18: Final = 81
"""The same limit for a youth of 18-24: 30 hours a week."""

FROM_15: Final = "15-17"
FROM_18: Final = "18-24"
"""The age groups of the code set ``timeloen``."""

HIGHEST: Final = 2**31 - 1
"""The highest degree that the contract's int can hold."""


@dataclass(frozen=True, slots=True)
class Sats:
    """The rate of an age group. ``oere``: the wage of an hour; ``full``: the degree of full-time work."""

    oere: int
    full: int

    @property
    def month(self) -> int:
        """The wage of a whole month, in øre: degree 100."""
        return self.oere * HOURS


@dataclass(frozen=True, slots=True)
class Satser:
    """The rates of one month, by age on its last day."""

    from_15: Sats
    from_18: Sats


def satser(codes: Kodesaet, last_day: date) -> Satser:
    """Return the rates of the month with this last day. Raises UdbRefused when the code set has none for it."""
    return Satser(
        Sats(_oere(codes, FROM_15, last_day), FULL_15),
        Sats(_oere(codes, FROM_18, last_day), FULL_18),
    )


def _oere(codes: Kodesaet, group: str, last_day: date) -> int:
    row = codes.on(TIMELOEN, group, last_day)
    if row is None or not (oere := int(Decimal(row.text("kroner")) * 100)):
        raise UdbRefused(
            f"Kodesættet {TIMELOEN} har ingen timeløn for {group} den {day_in_words(last_day)}. Indlæs den først: "
            f"udb import kodesaet {TIMELOEN} FIL"
        )
    return oere


def wages(codes: Kodesaet, last_day: date) -> list[str]:
    """Return the kinds of income that are wage in a month."""
    return _counting_as(LOEN, codes, last_day)


def benefits(codes: Kodesaet, last_day: date) -> list[str]:
    """Return the kinds of income that are a social benefit in a month."""
    return _counting_as(SOCIAL_YDELSE, codes, last_day)


def _counting_as(loentype: str, codes: Kodesaet, last_day: date) -> list[str]:
    rows = ((kode, codes.on(INDTAEGTSARTER, kode, last_day)) for kode in codes.codes(INDTAEGTSARTER))
    return sorted(kode for kode, row in rows if row is not None and row.text("loentype") == loentype)


def known(codes: Kodesaet, last_day: date) -> list[str]:
    """Return the kinds of income that are valid in a month."""
    return sorted(kode for kode in codes.codes(INDTAEGTSARTER) if codes.on(INDTAEGTSARTER, kode, last_day))
