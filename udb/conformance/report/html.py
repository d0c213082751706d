"""A run as one page for people, with nothing from elsewhere: readable on a telephone, in print and without script."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from udb.conformance.report import messages
from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.report.krav import Judged, judged
from udb.conformance.shared.outcome import Outcome, Run, Verdict

STYLE: Final = """
:root{color-scheme:light dark;--ok:#146c2e;--bad:#b3261e;--none:#5f6368}
@media(prefers-color-scheme:dark){:root{--ok:#7bd88f;--bad:#ff8a80;--none:#bdc1c6}}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:0 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.3rem;margin-top:2.2rem}h3{font-size:1.05rem;margin:1.4rem 0 .3rem}
ul{padding-left:1.2rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0}
.v{font-weight:600;white-space:nowrap}.ok{color:var(--ok)}.bad{color:var(--bad)}.none{color:var(--none)}
article{border-top:1px solid #8886;padding:.6rem 0}article p{margin:.2rem 0}
details{margin:.3rem 0}summary{cursor:pointer;padding:.45rem 0}
pre{font:.85rem/1.4 ui-monospace,monospace;white-space:pre-wrap;border-left:3px solid #8888;margin:.2rem 0 .8rem;
padding:.2rem 0 .2rem .7rem}
.sum{font-size:1.15rem;border-left:5px solid;padding-left:.8rem}small{color:var(--none)}
:focus-visible{outline:3px solid;outline-offset:2px}a{color:inherit}
"""
READ: Final = "Vejledningen lader noget stå åbent her; se docs/fortolkninger.md:"
_MARKS: Final = {Verdict.PASSED: ("ok", "✓"), Verdict.FAILED: ("bad", "✗"), Verdict.NOT_RUN: ("none", "–")}


def page(run: Run, title: str = "Konformitet med Ungedatabasen") -> str:
    """The whole page."""
    return "".join(_page(run, title))


def _page(run: Run, title: str) -> Iterator[str]:
    requirements = judged(run.outcomes, run.of)
    yield f'<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8"><title>{escape(title)}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
    yield from _summary(run, requirements)
    failed = [outcome for outcome in run.outcomes if outcome.verdict is Verdict.FAILED]
    if failed:
        yield '<h2 id="ret">Det, der skal rettes</h2>'
        for outcome in failed:
            yield from _scenario(outcome, anchor="ret-")
    yield '<h2 id="krav">Vejledningens krav</h2>'
    for section, of_section in groupby(requirements, key=lambda one: one.krav.source):
        yield f"<h3>{escape(section)}</h3>"
        for one in of_section:
            yield from _requirement(one)
    yield from _untried(requirements)
    yield '<h2 id="scenarier">Alle scenarier</h2>'
    yield "<p>Beskeder er vist uden konvolut og navnerum; hvor noget fejlede, også ordret. CPR-numrene er opfundne.</p>"
    for outcome in run.outcomes:
        yield from _scenario(outcome)
    yield "</main></body></html>\n"


def _summary(run: Run, requirements: list[Judged]) -> Iterator[str]:
    kind = Verdict.PASSED if run.passed else Verdict.FAILED
    word = "Alt, der blev afprøvet, er bestået." if run.passed else "Ikke bestået."
    ended = run.ended.da if run.ended else ""
    why = " ".join((ended, "Der er noget, der ikke kunne afprøves." if run.lacking else "")).strip()
    yield f'<p class="sum {_MARKS[kind][0]}"><strong>{word}</strong> {escape(why)}</p><dl>'
    yield f"<dt>Adresse</dt><dd>{escape(run.address)}</dd><dt>Tidspunkt</dt><dd>{escape(run.begun)}</dd>"
    yield f"<dt>Varighed</dt><dd>{run.seconds:.0f} sekunder</dd>"
    yield f"<dt>Scenarier</dt><dd>{_counted(outcome.verdict for outcome in run.outcomes)}</dd>"
    yield f"<dt>Krav</dt><dd>{_counted(one.verdict for one in requirements)}</dd></dl>"
    if run.without:
        said = "".join(f"<li>{escape(text.da)}</li>" for text in run.without)
        yield f"<p>Ikke alt kunne afprøves:</p><ul>{said}</ul>"
    places = {"krav": "Krav for krav", "uproevet": "Ikke afprøvet", "scenarier": "Alle scenarier og beskeder"}
    if all(one.verdict is not Verdict.NOT_RUN for one in requirements):
        del places["uproevet"]
    yield "<p>" + " · ".join(f'<a href="#{place}">{name}</a>' for place, name in places.items()) + "</p>"


def _untried(requirements: list[Judged]) -> Iterator[str]:
    """All in one place: what a green page does not prove."""
    by_reason: dict[str, list[str]] = {}
    for one in requirements:
        if one.verdict is Verdict.NOT_RUN:
            by_reason.setdefault(one.reason, []).append(one.krav.nummer)
    if by_reason:
        yield '<h2 id="uproevet">Krav, der ikke er afprøvet</h2><ul>'
        for reason, numbers in by_reason.items():
            links = ", ".join(f'<a href="#{number}">{number}</a>' for number in numbers)
            yield f"<li>{escape(reason)} {links}</li>"
        yield "</ul>"


def _counted(verdicts: Iterable[Verdict]) -> str:
    found = list(verdicts)
    return ", ".join(f"{found.count(verdict)} {verdict}" for verdict in Verdict if verdict in found)


def _requirement(one: Judged) -> Iterator[str]:
    yield f'<article id="{one.krav.nummer}"><p>{_mark(one.verdict)} <strong>{one.krav.nummer}</strong> '
    yield f'<span lang="en">{escape(one.krav.text)}</span></p>'
    if one.reason:
        yield f"<p><small>{escape(one.reason)}</small></p>"
    links = ", ".join(f'<a href="#{outcome.scenario.id}">{outcome.scenario.id}</a>' for outcome in one.outcomes)
    if links:
        yield f"<p><small>{links}</small></p>"
    yield "</article>"


def _scenario(outcome: Outcome, anchor: str = "") -> Iterator[str]:
    scenario = outcome.scenario
    about = ", ".join((*sources(scenario), *scenario.krav))
    yield f'<article id="{anchor}{scenario.id}">'
    yield f"<p>{_mark(outcome.verdict)} <strong>{escape(scenario.name)}</strong></p>"
    yield f"<p><small>{scenario.id}{' · ' if about else ''}{escape(about)}</small></p>"
    if outcome.reason:
        yield f"<p>{escape(outcome.reason.da)}</p>"
    if outcome.verdict is Verdict.FAILED:
        wrong = "".join(f"<li>{escape(said)}</li>" for said in outcome.wrong)
        yield f"<ul>{wrong}</ul><p><strong>Sådan rettes det:</strong> {escape(how_to_fix(scenario))}</p>"
        if scenario.readings:
            yield f"<p><small>{READ} {', '.join(scenario.readings)}.</small></p>"
    # What failed is told with its messages in one place only.
    if anchor or outcome.verdict is not Verdict.FAILED:
        yield from _messages(outcome, only_failed=bool(anchor))
    else:
        yield f'<p><a href="#ret-{scenario.id}">Fejl og beskeder</a></p>'
    yield "</article>"


def _messages(outcome: Outcome, *, only_failed: bool) -> Iterator[str]:
    for part in outcome.parts:
        if not part.exchanges or (only_failed and not part.wrong):
            continue
        name = escape(part.name) if len(outcome.scenario.parts) > 1 else "Beskederne"
        yield f"<details><summary>{name} <small>({len(part.exchanges)} kald)</small></summary>"
        for exchange in part.exchanges:
            yield f"<p>{escape(exchange.what)}</p>"
            if exchange.sent:
                yield f"<pre>{escape(messages.sent(exchange))}</pre>"
            yield f"<pre>{escape(messages.answered(exchange))}</pre>"
            if only_failed:
                yield f"<details><summary>Ordret</summary><pre>{escape(messages.raw(exchange))}</pre></details>"
        yield "</details>"


def _mark(verdict: Verdict) -> str:
    style, sign = _MARKS[verdict]
    return f'<span class="v {style}">{sign} {verdict}</span>'
