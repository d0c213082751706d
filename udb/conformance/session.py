"""Test a sender or a fetcher through the suite's proxy: hand out an address and a key, watch the calls, judge them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from udb.conformance.fetcher import calls
from udb.conformance.fetcher import judge as fetcher
from udb.conformance.fetcher.situations import SITUATIONS
from udb.conformance.report import html
from udb.conformance.sender import judge as sender
from udb.conformance.sender import workbook
from udb.conformance.sender.workbook import Handed
from udb.conformance.shared import preflight, proxy, watch
from udb.conformance.shared.outcome import Outcome, Run, Tested, Verdict
from udb.conformance.shared.places import Places
from udb.conformance.shared.stage import Stage
from udb.conformance.shared.transport import HttpTransport
from udb.domain.clock import system_time
from udb.domain.errors import WrongUse
from udb.domain.text import Text as Reason
from udb.sandbox.ca import P12_PASSWORD

WORKBOOK: Final = "opgaver.html"
FETCHER: Final = "kommunens_andet_system"
INTERRUPTED: Final = Reason("Afprøvningen blev afbrudt.", "The test was interrupted.")
ENDING: Final = "Interrupted: the sandbox is stopped and the reports are written. A second Ctrl-C would leave them out."
PAUSE: Final = 2.0
DELAY: Final = 5.0


def of_sender(
    url: str,
    places: Places,
    *,
    bind: str,
    only: Sequence[str],
    folder: Path | None,
    seconds: float,
    services: Sequence[str] = (),
    certificate: Path | None = None,
    quiet: float = watch.QUIET,
) -> Run:
    """Hand out the workbook and judge what a sender reports to a sandbox at ``url``.

    ``only``, ``services``: which tasks; ``certificate``: the file to sign with; ``quiet``: how many seconds without a
    call end the run when all is well. Raises WrongUse, UdbRefused.
    """
    chosen = workbook.choose(only, services)
    begun, started = system_time().isoformat(timespec="seconds"), time.monotonic()
    with closing(HttpTransport(url)) as transport:
        stage = preflight.look(transport, places, None).stage
        assignments = workbook.assign(stage, chosen)
        watched = proxy.Proxy(url, sender.planned(assignments, stage))
        with proxy.running(watched, bind) as address:
            _hand_out(stage, assignments, Handed(address, certificate, seconds / 60), folder)

            def judge() -> list[Outcome]:
                return [sender.judged(one, watched.passed, places) for one in assignments]

            outcomes = _watched(watched, judge, seconds, quiet)
    return _run(watched, begun, outcomes, time.monotonic() - started, Tested.SENDER)


def of_fetcher(
    url: str,
    places: Places,
    *,
    bind: str,
    only: Sequence[str],
    seconds: float,
    pause: float = PAUSE,
    delay: float = DELAY,
) -> Run:
    """Put a fetcher into every situation, one after the other; ``seconds``: the limit of each.

    Raises WrongUse, UdbRefused.
    """
    chosen = [one for one in SITUATIONS if not only or one.id.startswith(tuple(only))]
    if not chosen:
        raise WrongUse(f"No situation's id begins with {' or '.join(only)}.")
    begun, started = system_time().isoformat(timespec="seconds"), time.monotonic()
    with closing(HttpTransport(url)) as transport:
        stage = preflight.look(transport, places, None).stage
        stage.set_clock(fetcher.DAY)
        script = fetcher.Script(stage, pause, delay)
        script.prepare()
        watched = proxy.Proxy(url)
        with proxy.running(watched, bind) as address:
            caller = stage.callers[FETCHER]
            say(f"The kommune's system must fetch for {places.institutioner[fetcher.HOME]} at {address}")
            say(f"as system {caller.system} with the key {caller.key} (HTTP Basic), and go on fetching.")
            outcomes: list[Outcome] = []
            try:
                outcomes.extend(_situations(script, watched, chosen, seconds))
            except KeyboardInterrupt:
                say(ENDING)
                outcomes += [Outcome(one.scenario, reason=INTERRUPTED) for one in chosen[len(outcomes) :]]
    return _run(watched, begun, outcomes, time.monotonic() - started, Tested.FETCHER)


def _run(watched: proxy.Proxy, begun: str, outcomes: list[Outcome], seconds: float, of: Tested) -> Run:
    found = Run(watched.address, begun, outcomes, seconds=seconds, of=of, callers=watched.callers())
    found.ended = INTERRUPTED if any(one.reason is INTERRUPTED for one in outcomes) else None
    if watched.strangers:
        count = watched.strangers
        found.without.append(
            Reason(
                f"{count} kald uden rigtig nøgle (UDB009101) er ikke bedømt.",
                f"{count} calls without a right key (UDB009101) are not judged.",
            )
        )
    return found


def _situations(
    script: fetcher.Script, watched: proxy.Proxy, chosen: Sequence[fetcher.Situation], seconds: float
) -> Iterator[Outcome]:
    for situation in chosen:
        with watched.changed:
            since = len(watched.passed)
            watched.plan = situation.begin(script)
        say(f"{situation.id}: {situation.name}")
        if note := situation.told(script):
            say(note)
        well = watch.until(watched, partial(_is_done, situation, script, watched), seconds)
        with watched.changed:
            watched.plan = fetcher.pass_on
            found = calls.fetches(watched.passed[since:])
        wrong = situation.judge(script, found)
        if not well:
            what = "ikke hentet det, der var at hente" if found else "ikke kaldt"
            wrong = [f"Kommunens system har {what}, inden tiden gik.", *wrong]
        yield fetcher.outcome(situation, wrong, found)


def _is_done(situation: fetcher.Situation, script: fetcher.Script, watched: proxy.Proxy) -> bool:
    return not watched.waiting and situation.done(script, calls.fetches(watched.passed))


def _watched(watched: proxy.Proxy, judge: watch.Judge, seconds: float, quiet: float) -> list[Outcome]:
    done: set[str] = set()

    def show(outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.verdict is Verdict.PASSED and outcome.scenario.id not in done:
                done.add(outcome.scenario.id)
                say(f"✓ {outcome.scenario.id}: {outcome.scenario.name}")

    try:
        return watch.until_well(watched, judge, seconds, show, quiet)
    except KeyboardInterrupt:
        say(ENDING)
        return list(judge())


def _hand_out(stage: Stage, assignments: Sequence[workbook.Assignment], handed: Handed, folder: Path | None) -> None:
    caller = stage.callers[""]
    say(f"The sender must report to {handed.address}")
    say(f"as system {caller.system} with the key {caller.key} (HTTP Basic), within {handed.minutes:g} minutes.")
    if handed.certificate is not None:
        say(f"Signed calls: {handed.certificate} holds certificate and key (password: {P12_PASSWORD}).")
    say(f"In the sandbox it is {workbook.day()}. The tasks, in any order:\n")
    for one in assignments:
        say(f"{one.task.id}\n{one.text}\n")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WORKBOOK).write_text(html.workbook(assignments, handed, caller), encoding="utf-8")


def say(text: str) -> None:
    """Print a line for the operator of the system under test."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text))
