"""A run as one HTML page: readable on a phone, in print and without script, with nothing from another address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from udb.conformance.report import certificate, messages
from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.report.causes import by_cause
from udb.conformance.report.krav import Judged, judged
from udb.conformance.sender.workbook import Assignment, Handed, day
from udb.conformance.shared.outcome import Outcome, Run, Tested, Verdict
from udb.conformance.shared.scenario import Scenario
from udb.conformance.shared.stage import Caller
from udb.domain.clock import day_in_words, time_in_words
from udb.domain.visible import visible
from udb.templating import environment, stylesheet

_MARKS: Final = {Verdict.PASSED: ("ok", "✓"), Verdict.FAILED: ("bad", "✗"), Verdict.NOT_RUN: ("none", "–")}
_PACKAGE: Final = "udb.conformance.report"


_WORDS: Final = {verdict: str(verdict) for verdict in Verdict}
_KRAV_WORDS: Final = {Verdict.PASSED: "opfyldt", Verdict.FAILED: "ikke opfyldt", Verdict.NOT_RUN: "ikke afprøvet"}
_UNITS: Final = {Tested.SERVICE: "Scenarier", Tested.SENDER: "Opgaver", Tested.FETCHER: "Situationer"}


def page(run: Run) -> str:
    """Return the report of a run."""
    requirements = judged(run.outcomes, run.of)
    return _TEMPLATES.get_template("run.html").render(
        title=certificate.title(run),
        suite=certificate.suite(),
        named=certificate.named,
        certificates=certificate.certificates(run),
        units=_UNITS[run.of],
        words=_WORDS,
        krav_words=_KRAV_WORDS,
        passed=Verdict.PASSED,
        failed=Verdict.FAILED,
        not_run=Verdict.NOT_RUN,
        causes=by_cause(outcome for outcome in run.outcomes if outcome.verdict is Verdict.FAILED),
        style=_STYLE,
        run=run,
        begun=time_in_words(datetime.fromisoformat(run.begun)) if run.begun else "",
        why=" ".join((run.ended.da if run.ended else "", "Ikke alt kunne afprøves." if run.lacking else "")).strip(),
        marks=_MARKS,
        requirements=requirements,
        sections=[(name, list(members)) for name, members in groupby(requirements, key=lambda one: one.krav.source)],
        untried=_untried(requirements),
        counted=_counted,
        about=_about,
        how_to_fix=how_to_fix,
        messages=messages,
    )


def workbook(assignments: Sequence[Assignment], handed: Handed, caller: Caller) -> str:
    """Return the workbook that a vendor of a sender receives; ``caller``: the system it calls as."""
    return _TEMPLATES.get_template("workbook.html").render(
        title="Opgaver til en afsender",
        style=_STYLE,
        assignments=assignments,
        handed=handed,
        caller=caller,
        day=day_in_words(day()),
    )


def _untried(requirements: Iterable[Judged]) -> Mapping[str, Sequence[str]]:
    """Return the requirements that the run does not prove, by reason."""
    by_reason: dict[str, list[str]] = {}
    for one in requirements:
        if one.verdict is Verdict.NOT_RUN:
            by_reason.setdefault(one.reason, []).append(one.krav.nummer)
    return by_reason


def _counted(judgements: Iterable[Outcome | Judged], words: Mapping[Verdict, str]) -> str:
    found = [one.verdict for one in judgements]
    return ", ".join(f"{found.count(verdict)} {words[verdict]}" for verdict in Verdict if verdict in found)


def _about(scenario: Scenario) -> str:
    return ", ".join((*sources(scenario), *scenario.krav))


def _finalized(value: object) -> object:
    return visible(value) if type(value) is str else value


_TEMPLATES: Final = environment(_PACKAGE).overlay(finalize=_finalized)
_STYLE: Final = stylesheet(_PACKAGE, "report.css")
