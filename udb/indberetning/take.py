"""One transaction: admit, lock the person, same call again?, facts, rules, number, store (docs/architecture.md,
decision 1).
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from udb.adgang.admission import Admission, admit
from udb.call import Call
from udb.haendelse import Indberetning
from udb.house import House
from udb.indberetning.new_events import cancellations, new_event
from udb.log.read_log import log_read
from udb.receipt import Fejl, Receipt, Resultat
from udb.rules.facts import Facts, placed
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate
from udb.store import keys
from udb.store.engine import writing
from udb.store.events import add_event, events_by_person
from udb.store.numbers import draw
from udb.store.persons import lock_person

REPORT_CLAUSE: Final = "indberetning"
"""What the read log says of a receipt: the caller was answered about a youth it reported on."""


def take_report(house: House, call: Call, report: Indberetning) -> Receipt:
    """Judge a report and, unless it is refused, store it as an event. The receipt is committed when this returns.

    Raises NoDataaftale, DatabaseUnavailable; whatever a rule raises is a defect and passes, with nothing stored.
    """
    try:
        return _take(house, call, report)
    except IntegrityError:
        # Another report under the same call key was committed between our look and our insert: look again.
        return _take(house, call, report)


def _take(house: House, call: Call, report: Indberetning) -> Receipt:
    with writing(house.engine) as connection:
        admission = admit(connection, call, sandbox=house.settings.sandbox)
        person = lock_person(connection, report.cprnr)
        fingerprint = keys.content_hash(report)
        kept = keys.kept(connection, call)
        if kept is not None and kept[0] == fingerprint:
            receipt = kept[1]
        else:
            facts = placed(
                Facts(
                    today=admission.now.date(),
                    invented_cpr_allowed=house.settings.sandbox,
                    person=person,
                    institution=admission.institution,
                    codes=house.codes.get(connection, admission.edition),
                    events=tuple(events_by_person(connection, [person.id])[person.id]) if person else (),
                    key_reused=kept is not None,
                ),
                report,
            )
            receipt = _judged(connection, admission, report, facts)
            if receipt.resultat is Resultat.ACCEPTERET:
                keys.keep(connection, call, fingerprint, receipt)
        log_read(connection, call, [person.id] if person else [], clause=REPORT_CLAUSE)
        return receipt


def _judged(connection: Connection, admission: Admission, report: Indberetning, facts: Facts) -> Receipt:
    findings = evaluate(report, facts)
    receipt = Receipt(Resultat.AFVIST, admission.now, fejl=tuple(_line(finding) for finding in findings))
    if any(finding.alvor is Alvor.HAARD for finding in findings):
        return receipt
    assert facts.person is not None, "1001 and 1002 refuse a report without a person"
    if report.annullering:
        new = cancellations(report, facts, admission.now, lambda count: draw(connection, admission.now, count))
    else:
        new = [new_event(report, facts, admission.now, draw(connection, admission.now)[0])]
    for event in new:
        add_event(connection, facts.person.id, event, (finding.code for finding in findings))
    return replace(receipt, resultat=Resultat.ACCEPTERET, haendelse_nummer=new[0].nummer, forloeb_id=new[0].forloeb_id)


def _line(finding: Finding) -> Fejl:
    return Fejl(finding.code, finding.alvor.value, finding.tekst, finding.element, finding.vedroerer)
