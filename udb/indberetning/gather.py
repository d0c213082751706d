"""The facts by which a report is judged."""

from typing import Final

from sqlalchemy import Connection, select

from udb.access.clauses import Recipient, look_up_events
from udb.callers.admission import Admission
from udb.context import Context
from udb.domain.bevis import NO_BEVISER, Beviser
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.persons import Institution, Person
from udb.domain.registered import registered_before
from udb.domain.services import INSTITUTION_KONTAKT, JOBCENTER, KONTAKT_TILBUDSTID, UNGDOMSUDDANNELSE
from udb.indberetning.history import History
from udb.indberetning.registers import REGISTERING, has_registered
from udb.rules.facts import Facts, placement
from udb.store.abonnement import active_since
from udb.store.beviser import beviser_by_person
from udb.store.tables import haendelse, person

_ASK_FOR_PAALAEG: Final = frozenset({INSTITUTION_KONTAKT, JOBCENTER})
"""The services whose rules ask whether the youth has an uddannelsespaalaeg."""


def gather(
    connection: Connection,
    context: Context,
    admission: Admission,
    report: Indberetning,
    youth: Person | None,
    history: History,
) -> Facts:
    """Return everything the rules may know of a report; ``youth`` is locked, and ``history`` was read since.

    Facts that only few services' rules need are read for those services alone.
    """
    return Facts(
        today=admission.now.date(),
        invented_cpr_allowed=context.settings.sandbox,
        person=youth,
        institution=history.institution,
        codes=context.codes.get(connection, admission.edition),
        events=history.events,
        key_reused=history.kept is not None,
        registered=youth is not None and report.service in REGISTERING and has_registered(connection, report, youth),
        visible=_visible(connection, history.institution, admission, report, youth),
        beviser=_beviser(connection, report, youth),
        paalaeg=youth is not None
        and report.service in _ASK_FOR_PAALAEG
        and active_since(connection, youth.id, admission.now.date()) is not None,
        opens_before=registered_before(admission.now.date(), context.settings.dage_foer_opslag),
        placement=placement(report, youth, history.institution, history.events),
    )


def _beviser(connection: Connection, report: Indberetning, youth: Person | None) -> Beviser:
    if youth is None or report.service != UNGDOMSUDDANNELSE or report.status != GENNEMFOERT:
        return NO_BEVISER
    return beviser_by_person(connection, [youth.id])[youth.id]


def _visible(
    connection: Connection,
    institution: Institution | None,
    admission: Admission,
    report: Indberetning,
    youth: Person | None,
) -> frozenset[str]:
    """Return the numbers of the youth's events that the calling kommune sees in the look-up, for the rules that judge a
    report by other events of the youth: of a mark, and of a contact or offer time.
    """
    kommunekode = institution.kommunekode if institution else None
    refers = report.ifoelge_kommunen is not None or report.service == KONTAKT_TILBUDSTID
    if youth is None or kommunekode is None or not refers:
        return frozenset()
    caller = Recipient(report.institution_nummer, admission.now.date(), kommunekode)
    query = (
        select(haendelse.c.nummer)
        .join(person, person.c.id == haendelse.c.person_id)
        .where(look_up_events(caller), haendelse.c.person_id == youth.id)
    )
    return frozenset(connection.execute(query).scalars())
