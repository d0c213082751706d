"""Which role may open which page. A page without an entry here is open to no one.

A page is named by its Flask endpoint. ``PUBLIC`` pages need no session, ``CHOOSING`` pages a
session that may not have chosen its role yet.
"""

from collections.abc import Mapping
from typing import Final

from udb.portal.worded import Worded


class Role(Worded):
    """What a person is here as; a session has one."""

    BRUGERADMINISTRATOR = "brugeradministrator", "Brugeradministrator på en institution"
    VEJLEDER = "vejleder", "Vejleder i en kommune"
    LEDER = "leder", "Leder i en kommune"
    DATAMEDARBEJDER = "datamedarbejder", "Datamedarbejder i STIL"
    UNG = "ung", "Ung"


EXTRACT_WITH_CPR: Final = "udtraek_cpr"
"""The right of a datamedarbejder to CPR numbers in the extract (A15)."""
RIGHTS: Final = frozenset({EXTRACT_WITH_CPR})

PUBLIC: Final = frozenset(
    {
        "static_file",
        "front.front",
        "front.accessibility",
        "front.accessibility_short",
        "front.about_figures",
        "front.privacy",
        "login.doors",
        "login.begin",
        "login.answer",
        "login.ended_elsewhere",
    }
)
CHOOSING: Final = frozenset({"login.choose", "login.chosen", "login.out"})
"""Pages of every session, also of one without a role."""

_OFFICER: Final = frozenset({Role.VEJLEDER})
_KOMMUNE: Final = frozenset({Role.VEJLEDER, Role.LEDER})
_REPORTING: Final = frozenset({Role.BRUGERADMINISTRATOR})
_RECONCILING: Final = frozenset({Role.BRUGERADMINISTRATOR, Role.LEDER})
_CHANGE: Final = frozenset({Role.BRUGERADMINISTRATOR, Role.LEDER})
_CHANGE_ALL: Final = _CHANGE | {Role.DATAMEDARBEJDER}
_OWN: Final = frozenset({Role.UNG})
_COUNTS: Final = frozenset({Role.LEDER, Role.VEJLEDER, Role.BRUGERADMINISTRATOR, Role.DATAMEDARBEJDER})
_SENDERS: Final = _COUNTS - _OFFICER
_MANAGER: Final = frozenset({Role.LEDER})
_ANSWERS: Final = _MANAGER | _REPORTING
_FIGURES: Final = _MANAGER | {Role.DATAMEDARBEJDER}
ALLOWED: Final[Mapping[str, frozenset[Role]]] = {
    "reporting.front": _REPORTING,
    "reporting.choose": _REPORTING,
    "reporting.fields": _REPORTING,
    "reporting.check": _REPORTING,
    "reporting.send": _REPORTING,
    "report_file.choose": _REPORTING,
    "report_file.check": _REPORTING,
    "own_reports.mine": _REPORTING,
    "own_reports.detail": _REPORTING,
    "own_reports.reveal": _REPORTING,
    "own_reports.cancel": _REPORTING,
    "own_reports.cancelled": _REPORTING,
    "youths.purpose": _KOMMUNE,
    "youths.purpose_chosen": _KOMMUNE,
    "youths.front": _KOMMUNE,
    "youths.find": _KOMMUNE,
    "youths.show": _KOMMUNE,
    "youths.reveal": _KOMMUNE,
    "youths.file": _KOMMUNE,
    "residents.listed": _KOMMUNE,
    "residents.file": _KOMMUNE,
    "registrations.mine": _KOMMUNE,
    "registrations.file": _KOMMUNE,
    "actions.confirm": _OFFICER,
    "actions.delete_contact": _OFFICER,
    "actions.delete_wishes": _OFFICER,
    "actions.cancel": _OFFICER,
    "many.choose": _OFFICER,
    "many.check": _OFFICER,
    "many.send": _OFFICER,
    "registering.fields": _OFFICER,
    "registering.send": _OFFICER,
    "reconciliation.choose": _RECONCILING,
    "reconciliation.answer": _RECONCILING,
    "reconciliation.template": _RECONCILING,
    "reconciliation.marked": _RECONCILING,
    "reconciliation.marked_file": _RECONCILING,
    "system_change.front": _CHANGE_ALL,
    "system_change.announcement": _CHANGE_ALL,
    "system_change.announced": _CHANGE_ALL,
    "system_change.one": _CHANGE_ALL,
    "change_points.point": _CHANGE_ALL,
    "change_points.ticked": _CHANGE,
    "change_points.findings": _CHANGE,
    "change_points.numbers": _CHANGE,
    "change_points.stock": _CHANGE,
    "quality.overview": _COUNTS,
    "quality_contacts.contacts": _COUNTS,
    "quality_contacts.contacts_file": _COUNTS,
    "quality_contacts.months": _COUNTS,
    "quality_contacts.months_file": _COUNTS,
    "quality_missing.lacking": _COUNTS,
    "quality_missing.contacts_file": _COUNTS,
    "quality_missing.courses_file": _COUNTS,
    "quality_timely.month": _SENDERS,
    "quality_timely.month_file": _SENDERS,
    "quality_timely.sender": _SENDERS,
    "quality_timely.sender_file": _SENDERS,
    "quality_senders.senders": _SENDERS,
    "quality_senders.senders_file": _SENDERS,
    "quality_senders.one": _SENDERS,
    "quality_senders.one_file": _SENDERS,
    "quality_rules.rules": _SENDERS,
    "quality_rules.rules_file": _SENDERS,
    "quality_responsible.shown": _ANSWERS,
    "quality_responsible.changed": _ANSWERS,
    "quality_lookups.lookups": _MANAGER,
    "quality_lookups.lookups_file": _MANAGER,
    "figures.front": _FIGURES,
    "figures.screen": _FIGURES,
    "figures.file": _FIGURES,
    "figures.kommuner": _FIGURES,
    "own.overview": _OWN,
    "own.as_json": _OWN,
    "own.to_print": _OWN,
}
"""The roles of every other page, by endpoint."""


def may_open(endpoint: str, role: Role | None) -> bool:
    """Return whether a session with this role may open a page; ``role``: None for a session without one."""
    if endpoint in PUBLIC or endpoint in CHOOSING:
        return True
    return role is not None and role in ALLOWED.get(endpoint, frozenset())
