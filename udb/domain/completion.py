"""Compute what a gennemført completes (rules.md, Completion), from the event and the code sets alone."""

from collections.abc import Collection, Iterable
from typing import Final

from udb.domain.cpr import birth_date, birthdays
from udb.domain.forloeb import Forloeb
from udb.domain.haendelse import GENNEMFOERT, Haendelse
from udb.domain.kodesaet import AKTIVITETSGRUPPER, COSA, HF_ARTS, KOMMUNE_AKTIVITETER, STADS, Kodesaet

VOCATIONAL: Final = frozenset({"erhvervskompetencegivende", "videregaaende"})
"""The values of ``fuldfoerer`` that are erhvervskompetencegivende (sources.md 2)."""


def completes(event: Haendelse, codes: Kodesaet) -> str | None:
    """Return what a valid gennemført completes, by its code's ``fuldfoerer``; None for any other event or code."""
    if not event.standing or event.status != GENNEMFOERT or event.kodesaet not in {COSA, STADS} or event.kode is None:
        return None
    variant = str(event.kode_version) if event.kodesaet == COSA else None
    row = codes.describing(event.kodesaet, event.kode, event.haendelse_dato, variant)
    if row is None or (row.text("art") in HF_ARTS and not event.gennemfoert_hf):
        return None
    return row.text("fuldfoerer") or None


def with_optag(courses: Iterable[Forloeb]) -> frozenset[str]:
    """Return the main institutions at which a person has an optag, or a risk that opened a forloeb.

    Activities of kommuner and job centres are no admission to a school. ``courses``: all of one person.
    """
    return frozenset(
        course.key.hovedinstitution
        for course in courses
        if course.first is not None and course.key.kodesaet not in {KOMMUNE_AKTIVITETER, AKTIVITETSGRUPPER}
    )


def in_doubt(course: Forloeb, begun: Collection[str]) -> bool:
    """Return whether a forloeb completes nothing for A6: a gennemført of a youth under 18 on its date, without an optag
    (5003), at a main institution where the youth has none at all (``begun``, see ``with_optag``).

    The age is that of the number it was reported under.
    """
    end = course.end
    if end is None or end.status != GENNEMFOERT or course.first is not None or course.key.hovedinstitution in begun:
        return False
    born = birth_date(end.cprnr, invented_allowed=True)
    return born is not None and end.haendelse_dato < birthdays(born).turns_18
