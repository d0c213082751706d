"""One transaction: admit, lock the person, compare with an earlier call of this key, gather the facts, apply the rules,
draw a number, store (docs/architecture.md, decision 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from udb.access.constant_time import ONE_ANSWER, beginning, wait_for_step
from udb.access.reporting import may_be_known
from udb.callers.admission import admit
from udb.context import Context
from udb.domain.call import Call
from udb.domain.errors import DatabaseUnavailable
from udb.domain.haendelse import PAALAEG, Haendelse, Indberetning
from udb.domain.identifiers import event_number, forloeb_id
from udb.domain.receipt import Fejl, Receipt, Resultat
from udb.indberetning import call_keys
from udb.indberetning.gather import gather
from udb.indberetning.history import lock_with_history, without_person
from udb.indberetning.metrics import CANCELLED
from udb.indberetning.modtagelse import received_row
from udb.indberetning.new_events import cancellations, new_event, with_number
from udb.indberetning.registers import makes_no_event, register
from udb.paalaeg import report as paalaeg
from udb.readlog.entries import read_row, sought
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate
from udb.store import guard
from udb.store.access_changes import gained_row, note_gained_at
from udb.store.engine import writing
from udb.store.events import new_rows
from udb.store.looked_up import looked_up_lately
from udb.store.numbers import PENDING, draw, draws_when_stored
from udb.store.sql.together import EditionChangedError, Row, add_rows, add_rows_and_commit
from udb.store.visible import changed_events, has_changed_access, parts_of, store_changed, with_new

ATTEMPTS: Final = 10
"""How many times a report is judged again when something changes under it."""
ACCEPTED, REFUSED, REPEATED, TRIAL = "accepteret", "afvist", "gentaget", "proevet"
"""The clause in the read log for a receipt: the caller was answered about a youth it reported on. A trial's is followed
by its result. Rows of versions that did not distinguish them have ``indberetning``.
"""


def take_report(context: Context, call: Call, report: Indberetning) -> Receipt:
    """Judge a report, store it unless it is refused, and return the receipt, committed.

    With ``call.validate_only`` only the read log and ``modtagelse`` are stored, and the receipt names no number. A
    refusal whose time could reveal something of the youth waits for its step. Raises NoDataaftale, DatabaseUnavailable.
    An exception of a rule is a defect and passes, with nothing stored.
    """
    began = beginning()
    receipt = _taken_in(context, call, report)
    if not ONE_ANSWER.isdisjoint(receipt.codes):
        wait_for_step(began)
    return receipt


def _taken_in(context: Context, call: Call, report: Indberetning) -> Receipt:
    judged_twice = False
    for _ in range(ATTEMPTS):
        try:
            receipt, looked_up = _take(context, call, report)
        except IntegrityError:
            # Another report under the same call key was committed between our look and our insert: look again, once.
            if judged_twice:
                raise
            judged_twice = True
        except EditionChangedError:
            # An import has overtaken the judgement (``udb.imports.affected``).
            continue
        else:
            CANCELLED.inc(looked_up)
            guard.acknowledge(context.engine, receipt.haendelse_nummer)
            return receipt
    raise DatabaseUnavailable


def _take(context: Context, call: Call, report: Indberetning) -> tuple[Receipt, int]:
    """Return the receipt, and how many reports it cancels that an institution looked the youth up under lately."""
    looked_up = 0
    with writing(context.engine) as connection:
        admission = admit(connection, call, context.settings)
        if may_be_known(connection, admission.institution, report):
            # Read after the lock: while this waited, an import may have changed the institution, a report anything.
            person, history = lock_with_history(connection, call, report.cprnr)
            persons = [person.id] if person else []
        else:
            person, history = None, without_person(connection, call, report.cprnr)
            persons = [sought(connection, report.cprnr)]
        fingerprint = call_keys.content_hash(report)
        rows: list[Row] = []
        changed: list[Haendelse] = []
        judged_by = None
        if history.kept is not None and history.kept[0] == fingerprint:
            receipt = replace(history.kept[1], repeated=True)
        else:
            facts = gather(connection, context, admission, report, person, history)
            receipt = _judged(evaluate(report, facts), admission.now)
            if receipt.resultat is Resultat.ACCEPTERET and not call.validate_only:
                receipt, rows, changed = _taken(connection, call, report, facts, receipt)
                looked_up = _looked_up(connection, report, facts, admission.now)
                judged_by = admission.edition if receipt.haendelse_nummer is not None else None
                rows.append(call_keys.row(call, fingerprint, receipt))
        rows.append(read_row(call, persons, clause=_clause(call, receipt)))
        rows.append(received_row(call, report, receipt, person, admission.now, repeated=receipt.repeated))
        if judged_by is not None and receipt.haendelse_nummer == _PENDING:
            assert draws_when_stored(connection), "only these leave a number pending"
            updates = parts_of(connection, changed)
            number = add_rows_and_commit(connection, rows, admission.now, judged_by, first=updates)
            receipt = _with_number(receipt, number)
        elif judged_by not in {None, add_rows(connection, rows)}:
            raise EditionChangedError
        shown = replace(receipt, haendelse_nummer=None, forloeb_id=None) if call.validate_only else receipt
        return shown, looked_up


def _looked_up(connection: Connection, report: Indberetning, facts: Facts, now: datetime) -> int:
    named = facts.event(report.haendelse_nummer) if report.annullering else None
    if named is None:
        return 0
    return looked_up_lately(connection, [event.nummer for event in facts.events if event.plads == named.plads], now)


def _clause(call: Call, receipt: Receipt) -> str:
    result = ACCEPTED if receipt.resultat is Resultat.ACCEPTERET else REFUSED
    if call.validate_only:
        return f"{TRIAL} {result}"
    return REPEATED if receipt.repeated else result


def _judged(findings: tuple[Finding, ...], now: datetime) -> Receipt:
    refused = any(finding.alvor is Alvor.HAARD for finding in findings)
    lines = (Fejl(found.code, found.alvor.value, found.tekst, found.element, found.vedroerer) for found in findings)
    return Receipt(Resultat.AFVIST if refused else Resultat.ACCEPTERET, now, fejl=tuple(lines))


def _taken(
    connection: Connection, call: Call, report: Indberetning, facts: Facts, receipt: Receipt
) -> tuple[Receipt, list[Row], list[Haendelse]]:
    """Carry out an accepted report.

    Returns the receipt, with the numbers of the report's event if it makes one; the rows still to be added; and, where
    the number is pending, the earlier events whose fields are still to be stored.
    """
    now = receipt.registreringstid
    assert facts.person is not None, "1001, 1002 and 7001 refuse a report without a person"
    assert facts.institution is not None, "2001 refuses a report without an institution"
    if makes_no_event(report):
        register(connection, report, facts.person, facts.institution, now)
        return receipt, [], []
    new, after = _with_history(connection, report, facts, now)
    advice = [line.fejl_kode for line in receipt.fejl]
    rows: list[Row] = []
    for event in after[len(facts.events) :]:
        rows += new_rows(connection, facts.person.id, event, advice, call.system_id)
    taken = Receipt(receipt.resultat, now, new[0].nummer, new[0].forloeb_id, receipt.fejl)
    if new[0].nummer == _PENDING:
        changed = changed_events(facts.events, after)
        if has_changed_access(facts.events, changed):
            rows.append(gained_row(facts.person.id, _PENDING))
        return taken, rows, changed
    has_changed = store_changed(connection, facts.events, after)
    if new[0].art == PAALAEG:
        # The subscription names its event.
        add_rows(connection, rows)
        paalaeg.begin_or_end(connection, report, facts.person, new[0])
        rows = []
    # A new subscriber receives the earlier events too.
    if has_changed or new[0].har_uddannelsespaalaeg:
        note_gained_at(connection, [facts.person.id], new[-1].nummer)
    return taken, rows, []


_PENDING: Final = event_number(PENDING)
_PENDING_FORLOEB: Final = forloeb_id(PENDING)


def _with_history(
    connection: Connection, report: Indberetning, facts: Facts, now: datetime
) -> tuple[list[Haendelse], list[Haendelse]]:
    """Return the events of a report, and the youth's whole history with them.

    A single event draws its number when it is stored, where the database can; but a repetition marks the event that it
    repeats by a statement of its own, and holds the counter before that.
    """
    waits = draws_when_stored(connection) and not report.annullering and report.handling is None
    new = _new_events(report, facts, now, (lambda _: [PENDING]) if waits else partial(draw, connection, now))
    after = with_new(facts.events, new, facts.codes)
    if waits and new[0].gentager is not None:
        (number,) = draw(connection, now)
        new, after = [with_number(new[0], number)], [*after[:-1], with_number(after[-1], number)]
    return new, after


def _with_number(receipt: Receipt, number: int) -> Receipt:
    forloeb = forloeb_id(number) if receipt.forloeb_id == _PENDING_FORLOEB else receipt.forloeb_id
    return Receipt(receipt.resultat, receipt.registreringstid, event_number(number), forloeb, receipt.fejl)


def _new_events(
    report: Indberetning, facts: Facts, now: datetime, draw: Callable[[int], Sequence[int]]
) -> list[Haendelse]:
    """Return the events of a report under drawn numbers; the one that the receipt names comes first."""
    if report.annullering:
        return cancellations(report, facts, now, draw)
    (number,) = draw(1)
    if report.handling is not None:
        return [paalaeg.as_event(report, now, number)]
    return [new_event(report, facts, now, number)]
