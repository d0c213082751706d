"""The steps that call the target; each returns the faults of the answer."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from udb.conformance.service import fetching, wire
from udb.conformance.service.play import Play, has_forloeb, makes_event, same
from udb.conformance.shared import pages, receipts
from udb.conformance.shared.answers import Answer
from udb.conformance.shared.expect import told, values_wrong
from udb.conformance.shared.scenario import Step
from udb.domain import elementer
from udb.domain.haendelse import OPRET
from udb.domain.services import JOBCENTER, SERVICES

StepPlay = Callable[[Play, Step], list[str]]


def run(play: Play) -> None:
    """Play a part's steps; end at the first that fails. Raises TargetUnavailable, UdbRefused."""
    play.begin()
    for name, youth in play.part.youths.items():
        if youth.get("paalaeg"):
            play.wrong += [f"Uddannelsespålægget: {said}" for said in _subscribe(play, name)]
    for number, step in enumerate(play.part.steps, start=1):
        if play.wrong:
            return
        play.change(step)
        for name, make in STEPS.items():
            if name in step:
                play.wrong += [f"Trin {number}: {said}" for said in make(play, step)]


def _subscribe(play: Play, name: str) -> list[str]:
    said = play.resolved(
        {
            elementer.CPRNR: name,
            elementer.INSTITUTION_NUMMER: "star",
            elementer.KILDE_LEVERANDOER: "DFDG",
            elementer.HANDLING: OPRET,
        }
    )
    answer = play.stage.call(JOBCENTER, JOBCENTER, said)
    return _judged(play, {"codes": []}, answer)


def _send(play: Play, step: Step) -> list[str]:
    report = play.report(step)
    service = report["service"]
    values = play.resolved({name: value for name, value in report.items() if name != "service"})
    if "spoil" in step:
        answer = wire.spoiled(play, step, service, service, values)
    else:
        caller = step.get("system", "")
        answer = play.stage.call(service, service, values, play.transaction(report), play.version(step), caller)
    again = step.get("same_as")
    is_repeated = play.is_repeated(report)
    if answer.fault is None:
        receipts.judge(
            answer,
            makes_event=makes_event(report),
            has_forloeb=has_forloeb(report),
            newest=None if is_repeated else play.stage.newest,
        )
    play.keep(step, report, answer)
    found = _judged(play, step, answer)
    if again and not same(answer.payload, play.sent[again].answer.payload):
        found.append("Samme kald har fået et andet svar anden gang.")
    if not found:
        found += _refers(play, step, answer)
    return found


def _refers(play: Play, step: Step, answer: Answer) -> list[str]:
    """Check ``refers``: the report whose number the finding names; ``forloeb_of``, ``not_forloeb_of``: by ForloebId."""
    found = []
    if "refers" in step:
        path = f"{elementer.FEJL}/{elementer.VEDROERER_HAENDELSE_NUMMER}"
        found += values_wrong(answer.texts(path), play.sent[step["refers"]].number, path)
    own = answer.texts(elementer.FORLOEB_ID)
    if "forloeb_of" in step and own != play.sent[step["forloeb_of"]].answer.texts(elementer.FORLOEB_ID):
        found.append(f"ForloebId er et andet end det, {step['forloeb_of']} fik.")
    if "not_forloeb_of" in step and own == play.sent[step["not_forloeb_of"]].answer.texts(elementer.FORLOEB_ID):
        found.append(f"ForloebId er det samme, som {step['not_forloeb_of']} fik.")
    return found


def _call(play: Play, step: Step) -> list[str]:
    said = dict(step["call"])
    service, operation = said.pop("service"), said.pop("operation")
    values = play.resolved(said)
    answer = play.stage.call(
        service, operation, values, play.transaction(step), play.version(step), step.get("system", "")
    )
    return [*pages.refusal_wrong(answer), *_judged(play, step, answer)]


def _judged(play: Play, step: Mapping[str, Any], answer: Answer) -> list[str]:
    """Compare an answer with what the step expects: a fault, or codes, and values by path."""
    found = list(answer.wrong)
    if answer.reply.body and answer.payload is None and answer.fault is None:
        return found or ["Svaret har intet indhold."]
    found += wire.fault_wrong(step, answer)
    if found or "fault" in step:
        return found
    wanted = frozenset(str(code) for code in step.get("codes", ()))
    if answer.codes() != wanted:
        found.append(f"Forventede {told(sorted(wanted))}, fik {told(sorted(answer.codes()))}.")
    for path, value in step.get("answer", {}).items():
        found += values_wrong(answer.texts(path), play.value(path, value), path)
    return found


def _ping(play: Play, step: Step) -> list[str]:
    """Run ``ping``: a service, or ``alle``."""
    found = []
    services = list(SERVICES) if step["ping"] == "alle" else [step["ping"]]
    for service in services:
        answer = play.stage.ping(service, play.version(step))
        wrong = list(answer.wrong)
        if not wrong and (answer.payload is None or _status(answer, service) != "up"):
            wrong.append("Status er ikke up.")
        found += [f"{service}: {said}" for said in wrong]
    return found


def _status(answer: Answer, service: str) -> str | None:
    assert answer.payload is not None
    return answer.payload.findtext(f"{{{SERVICES[service].namespace}}}Status")


def _import(play: Play, step: Step) -> list[str]:
    """Run ``import``: a kind, with ``rows`` by column; values may be names of youths and institutions."""
    assert play.stage.doors is not None
    rows = [
        {column: str(_cell(play, value)) for column, value in row.items() if value is not None} for row in step["rows"]
    ]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    play.stage.doors.import_csv(step["import"], columns, rows, step.get("options", ""))
    return []


def _cell(play: Play, value: Any) -> Any:
    return (
        play.numbers.get(value, play.stage.places.institutioner.get(value, value)) if isinstance(value, str) else value
    )


STEPS: Final[Mapping[str, StepPlay]] = {
    "import": _import,
    "ping": _ping,
    "contract": wire.contract_served,
    "http": wire.http,
    "send": _send,
    "cancel": _send,
    "call": _call,
    "fetch": fetching.fetch,
}
"""The steps by their key, in the order in which they are run."""
