"""One transaction: admit, lock the person, same call again?, facts, rules, number, store (docs/architecture.md,
decision 1).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from udb.adgang.admission import admit
from udb.call import Call
from udb.errors import DatabaseUnavailable
from udb.haendelse import PAALAEG, Haendelse, Indberetning
from udb.house import House
from udb.indberetning.gather import gather
from udb.indberetning.new_events import cancellations, new_event
from udb.indberetning.registers import makes_no_event, register
from udb.log.read_log import log_read
from udb.paalaeg import report as paalaeg
from udb.paalaeg.ending import end_if_due
from udb.receipt import Fejl, Receipt, Resultat
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate
from udb.store import keys
from udb.store.engine import writing
from udb.store.events import add_event
from udb.store.gained import note_gained_at
from udb.store.numbers import draw_and_look
from udb.store.persons import find_institution, lock_person
from udb.store.visible import store_changed, with_new

ATTEMPTS: Final = 10
"""How often a report is judged anew when something changes under it."""
REPORT_CLAUSE: Final = "indberetning"
"""What the read log says of a receipt: the caller was answered about a youth it reported on."""


def take_report(house: House, call: Call, report: Indberetning) -> Receipt:
    """Judge a report and, unless it is refused, take it. The receipt is committed when this returns.

    With ``call.validate_only`` nothing is stored but the read log, and the receipt names no number.
    Raises NoDataaftale, DatabaseUnavailable; whatever a rule raises is a defect and passes, with nothing stored.
    """
    judged_twice = False
    for _ in range(ATTEMPTS):
        try:
            return _take(house, call, report)
        except IntegrityError:
            # Another report under the same call key was committed between our look and our insert: look again, once.
            if judged_twice:
                raise
            judged_twice = True
        except _RegistersChangedError:
            continue
    raise DatabaseUnavailable


class _RegistersChangedError(Exception):
    """What the report was judged by is not what holds when its number is drawn."""


def _take(house: House, call: Call, report: Indberetning) -> Receipt:
    with writing(house.engine) as connection:
        admission = admit(connection, call, sandbox=house.settings.sandbox)
        person = lock_person(connection, report.cprnr)
        # While this waited for the lock an import may have given the institution another main institution.
        institution = find_institution(connection, report.institution_nummer)
        admission = replace(admission, institution=institution)
        if person is not None and not call.validate_only:
            end_if_due(connection, person, house.codes.get(connection, admission.edition), admission.now)
        fingerprint = keys.content_hash(report)
        kept = keys.kept(connection, call)
        if kept is not None and kept[0] == fingerprint:
            receipt = kept[1]
        else:
            facts = gather(connection, house, admission, report, person, key_reused=kept is not None)
            receipt = _judged(evaluate(report, facts), admission.now)
            if receipt.resultat is Resultat.ACCEPTERET and not call.validate_only:
                receipt = _taken(connection, report, facts, receipt, admission.edition)
                keys.keep(connection, call, fingerprint, receipt)
        log_read(connection, call, [person.id] if person else [], clause=REPORT_CLAUSE)
        return replace(receipt, haendelse_nummer=None, forloeb_id=None) if call.validate_only else receipt


def _judged(findings: tuple[Finding, ...], now: datetime) -> Receipt:
    refused = any(finding.alvor is Alvor.HAARD for finding in findings)
    lines = (Fejl(found.code, found.alvor.value, found.tekst, found.element, found.vedroerer) for found in findings)
    return Receipt(Resultat.AFVIST if refused else Resultat.ACCEPTERET, now, fejl=tuple(lines))


def _taken(connection: Connection, report: Indberetning, facts: Facts, receipt: Receipt, edition: int) -> Receipt:
    """Store an accepted report; gives the receipt with the numbers of its event, if it makes one."""
    now = receipt.registreringstid
    assert facts.person is not None, "1001, 1002 and 7001 refuse a report without a person"
    assert facts.institution is not None, "2001 refuses a report without an institution"
    if makes_no_event(report):
        register(connection, report, facts.person, facts.institution, now)
        return receipt
    new = _new_events(connection, report, facts, now, edition)
    after = with_new(facts.events, new, facts.codes)
    for event in after[len(facts.events) :]:
        add_event(connection, facts.person.id, event, (line.fejl_kode for line in receipt.fejl))
    changed = store_changed(connection, facts.events, after)
    if new[0].art == PAALAEG:
        paalaeg.begin_or_end(connection, report, facts.person, new[0])
    # Whoever subscribes is told what happened before.
    if changed or new[0].har_uddannelsespaalaeg:
        note_gained_at(connection, [facts.person.id], new[-1].nummer)
    return replace(receipt, haendelse_nummer=new[0].nummer, forloeb_id=new[0].forloeb_id)


def _new_events(
    connection: Connection, report: Indberetning, facts: Facts, now: datetime, edition: int
) -> list[Haendelse]:
    """The events of a report under drawn numbers; of several the one that the receipt names comes first."""
    if report.annullering:
        return cancellations(report, facts, now, lambda count: _draw(connection, now, edition, count))
    number = _draw(connection, now, edition)[0]
    if report.handling is not None:
        return [paalaeg.as_event(report, now, number)]
    return [new_event(report, facts, now, number)]


def _draw(connection: Connection, now: datetime, edition: int, count: int = 1) -> range:
    """Draw numbers, and make sure that no import has overtaken the judgement (``udb.kilder.affected``)."""
    numbers, current = draw_and_look(connection, now, count)
    if current != edition:
        raise _RegistersChangedError
    return numbers
