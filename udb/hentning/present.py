"""Make the answer of a page's rows: its youths, each with the events by kind, in the contract's order (5.1)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from udb.domain.haendelse import BESKAEFTIGELSE, JOBCENTER, KONTAKTTID, PAALAEG, SOCIAL_YDELSE, UDDANNELSE
from udb.domain.kodesaet import Kodesaet
from udb.hentning.answer import HaendelserUng
from udb.hentning.level import Levels
from udb.hentning.page_row import PageRow, in_order

_NONE: Final[Sequence[PageRow]] = ()


def present(given: Iterable[PageRow], codes: Kodesaet, today: date) -> tuple[HaendelserUng, ...]:
    """Return the youths of a page, in order of their first event in it, with level, flag and the given events."""
    levels = Levels(codes, today)
    return tuple(_youth(events, levels) for events in by_youth(given))


def by_youth(given: Iterable[PageRow]) -> Iterable[list[PageRow]]:
    """Return the events of each youth, the youths in order of their first event."""
    events: dict[int, list[PageRow]] = {}
    for event in given:
        events.setdefault(event.person_id, []).append(event)
    return events.values()


def nothing_of(
    cprnr: str, reached: str | None, diplomas: str | None, codes: Kodesaet, today: date, *, under_order: bool
) -> HaendelserUng:
    """Return a youth without events, since the home kommune sees none."""
    return HaendelserUng(
        cprnr=cprnr,
        afsluttet_uddannelses_niveau=Levels(codes, today).of(reached, diplomas),
        ung_har_uddannelsespaalaeg=under_order,
    )


def _youth(given: Sequence[PageRow], levels: Levels) -> HaendelserUng:
    youth = given[0]
    kinds: dict[str, Sequence[PageRow]] = {youth.art: given}
    if len(given) > 1:
        kinds = {}
        for event in in_order(given):
            kinds.setdefault(event.art, []).append(event)  # type: ignore[attr-defined]  # made here
    return HaendelserUng(
        cprnr=youth.cprnr,
        afsluttet_uddannelses_niveau=levels.of(youth.reached, youth.diplomas) if youth.home else None,
        ung_har_uddannelsespaalaeg=youth.under_order if youth.home else None,
        haendelse_uddannelses_forloeb=kinds.get(UDDANNELSE, _NONE),
        haendelse_jobcenter_forloeb=kinds.get(JOBCENTER, _NONE),
        haendelse_beskaeftigelses_forloeb=kinds.get(BESKAEFTIGELSE, _NONE),
        haendelse_social_ydelse=kinds.get(SOCIAL_YDELSE, _NONE),
        haendelse_uddannelsespaalaeg=kinds.get(PAALAEG, _NONE),
        haendelse_kontakt_tilbudstid=in_order(event.dated() for event in kinds.get(KONTAKTTID, _NONE)),
    )
