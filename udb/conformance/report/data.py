"""A run as data: JSON, and JUnit XML for continuous integration."""

import json
from typing import Any, Final

from lxml import etree

from udb import __version__
from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.report.certificate import certificates, edition, title
from udb.conformance.report.krav import judged
from udb.conformance.shared.outcome import Outcome, Run, Verdict
from udb.domain.visible import visible

_SUITE: Final = "udb-konformitet"


def document(run: Run) -> dict[str, Any]:
    """Return the whole run except the messages."""
    return {
        "af": run.of,
        "titel": title(run),
        "suite": {"version": __version__, "udgave": edition()},
        "systemer": [
            {"id": one.system, "SystemName": one.name, "KildeLeverandoer": list(one.suppliers)} for one in run.callers
        ],
        "certificeret": [
            {"tjeneste": one.service, "certificeret": one.is_certified, "opgaver": one.of, "bestaaet": one.passed}
            for one in certificates(run)
        ],
        "adresse": run.address,
        "begyndt": run.begun,
        "sekunder": round(run.seconds, 1),
        "bestaaet": run.passed,
        "kraev_alt": run.everything,
        "afbrudt": run.ended and visible(run.ended.da),
        "uden": [visible(text.da) for text in run.without],
        "antal": {verdict.name.lower(): run.count(verdict) for verdict in Verdict},
        "scenarier": [_scenario(outcome) for outcome in run.outcomes],
        "krav": [
            {
                "nummer": one.krav.nummer,
                "kilde": one.krav.source,
                "krav": one.krav.text.da,
                "krav_engelsk": one.krav.text.en,
                "udfald": one.verdict,
                "scenarier": [outcome.scenario.id for outcome in one.outcomes],
                "grund": one.reason or None,
            }
            for one in judged(run.outcomes, run.of)
        ],
    }


def _scenario(outcome: Outcome) -> dict[str, Any]:
    scenario = outcome.scenario
    return {
        "id": scenario.id,
        "navn": scenario.name,
        "krav": list(scenario.krav),
        "kilder": sources(scenario),
        "fortolkninger": list(scenario.readings),
        "udfald": outcome.verdict,
        "fejl": outcome.wrong,
        "raad": how_to_fix(scenario) if outcome.verdict is Verdict.FAILED else None,
        "grund": outcome.reason and visible(outcome.reason.da),
        "sekunder": round(outcome.seconds, 2),
        "kald": sum(len(part.exchanges) for part in outcome.parts),
    }


def as_json(run: Run) -> str:
    """Return ``document`` as text."""
    return json.dumps(document(run), ensure_ascii=False, indent=1) + "\n"


def as_junit(run: Run) -> bytes:
    """Return one testcase for each scenario.

    A scenario that was not run is skipped; it is an error if everything had to be run or the run ended early.
    """
    not_run, counted = ("error", "errors") if run.lacking or run.ended else ("skipped", "skipped")
    counts = {"tests": len(run.outcomes), "failures": run.count(Verdict.FAILED), "errors": 0, "skipped": 0}
    counts[counted] = run.count(Verdict.NOT_RUN)
    said = {name: str(count) for name, count in counts.items()}
    root = etree.Element("testsuites", {**said, "name": _SUITE, "time": f"{run.seconds:.2f}"})
    attributes = {**said, "name": _SUITE, "timestamp": run.begun, "time": f"{run.seconds:.2f}"}
    suite = etree.SubElement(root, "testsuite", attributes)
    for outcome in run.outcomes:
        named = {"classname": _SUITE, "name": f"{outcome.scenario.id}: {outcome.scenario.name}"}
        case = etree.SubElement(suite, "testcase", {**named, "time": f"{outcome.seconds:.2f}"})
        if outcome.verdict is Verdict.FAILED:
            failure = etree.SubElement(case, "failure", {"message": visible(outcome.wrong[0])})
            failure.text = visible("\n".join([*outcome.wrong, "", how_to_fix(outcome.scenario)]))
        elif outcome.verdict is Verdict.NOT_RUN:
            etree.SubElement(case, not_run, {"message": visible(str(outcome.reason))})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
