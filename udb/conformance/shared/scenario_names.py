"""Check the names in a file of scenarios: of youths, institutions, earlier steps, services, elements."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from udb.conformance.shared import contract
from udb.conformance.shared.places import Places
from udb.conformance.shared.scenario import shared
from udb.domain import elementer
from udb.domain.identifiers import EVENT_PREFIX
from udb.domain.services import SERVICES
from udb.imports.catalogue import KINDS as IMPORTS
from udb.rules.catalogue import BY_CODE

At = tuple[int | str, ...]
ALL: Final = "alle"
DEFAULT: Final = "ung"
"""The youth of a report that names none."""
_INSTITUTION: Final = 6
_CODE_OF_KOMMUNE: Final = 3


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake at a path of keys and positions."""

    at: At
    said: str


@dataclass(slots=True)
class _Part:
    """A part on the way through its steps. ``sent``: the names of its calls so far."""

    places: Places
    youths: set[str]
    sent: set[str] = field(default_factory=set)


def wrong(data: Mapping[str, Any], places: Places, krav: Collection[str]) -> Iterator[Mistake]:
    """Yield the wrong names of a file whose keys are right. ``krav``: the numbers of docs/krav.csv."""
    ids: set[str] = set()
    for number, scenario in enumerate(data["scenarios"]):
        at: At = ("scenarios", number)
        if scenario["id"] in ids:
            yield Mistake((*at, "id"), f"the id {scenario['id']!r} is given twice")
        ids.add(scenario["id"])
        for row in scenario.get("krav", ()):
            yield from _known((*at, "krav"), "requirement", row, krav)
        if "rule" in scenario:
            yield from _known((*at, "rule"), "rule", str(scenario["rule"]), BY_CODE)
        if ("steps" in scenario) == ("parts" in scenario):
            yield Mistake(at, "a scenario has either steps or parts")
            continue
        parts = [(at, scenario)] if "steps" in scenario else _parts(at, scenario)
        for where, part in parts:
            yield from _of_part(where, {**_inherited(scenario), **part}, places)


def _parts(at: At, scenario: Mapping[str, Any]) -> list[tuple[At, Mapping[str, Any]]]:
    return [((*at, "parts", number), part) for number, part in enumerate(scenario["parts"])]


def _inherited(scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {key: scenario[key] for key in ("clock", "youths") if key in scenario}


def steps(data: Any) -> Iterator[tuple[At, dict[str, Any]]]:
    """Yield every step of a file with its path."""
    for number, scenario in enumerate(data["scenarios"]):
        at: At = ("scenarios", number)
        owners = [(at, scenario), *(_parts(at, scenario) if scenario.get("parts") else ())]
        for where, owner in owners:
            for position, step in enumerate(owner.get("steps") or ()):
                yield (*where, "steps", position), step


def _of_part(at: At, part: Mapping[str, Any], places: Places) -> Iterator[Mistake]:
    youths = part.get("youths") or {}
    for name, youth in youths.items():
        if youth.get("kommune") is not None:
            yield from _kommune((*at, "youths", name, "kommune"), youth["kommune"], places)
    without_clock = "clock" in part and part["clock"] is None
    lost = bool(youths) and DEFAULT not in youths and not _named(part) & set(youths)
    playing = _Part(places, set(youths) | (set() if without_clock else set(shared().youths)))
    ((each, _),) = (part.get("each") or {"": ()}).items()
    for position, step in enumerate(part["steps"]):
        where = (*at, "steps", position)
        given = {each: None, **step} if each else step
        if lost and "send" in step and elementer.CPRNR not in given:
            instead = f"write {elementer.CPRNR}: {next(iter(youths))}, or call the youth {DEFAULT}"
            yield Mistake((*where, "send"), f"the report names none of the youths: {instead}")
        yield from _of_step(where, step, playing)
        if "as" in step:
            playing.sent.add(step["as"])


def _named(part: Mapping[str, Any]) -> set[str]:
    """Return the youths that a part's reports name."""
    return {str(step[elementer.CPRNR]) for step in part["steps"] if elementer.CPRNR in step}


def _of_step(at: At, step: Mapping[str, Any], playing: _Part) -> Iterator[Mistake]:
    if "change" in step:
        yield from _known((*at, "change"), "youth", step["change"], playing.youths)
        if "to" not in step:
            yield Mistake((*at, "change"), "'to' is missing: the name of the youth with the new number")
        playing.youths.add(str(step.get("to")))
    if "person" in step:
        yield from _known((*at, "person", "youth"), "youth", step["person"]["youth"], playing.youths)
        if step["person"].get("kommune") is not None:
            yield from _kommune((*at, "person", "kommune"), step["person"]["kommune"], playing.places)
    if "system" in step:
        yield from _known((*at, "system"), "system", step["system"], {"", *playing.places.systemer})
    for key, check in _CHECKS.items():
        if key in step:
            yield from check((*at, key), step, playing)
    yield from _references(at, step, playing)
    yield from _values(at, step, playing)


def _send(at: At, step: Mapping[str, Any], _playing: _Part) -> Iterator[Mistake]:
    yield from _known(at, "kind of report", step["send"], shared().reports)
    if step["send"] in shared().reports and "spoil" not in step:
        yield from _elements(at[:-1], step, shared().reports[step["send"]]["service"])


def _elements(at: At, said: Mapping[str, Any], operation: str) -> Iterator[Mistake]:
    """Yield the elements that a message does not have: they would be left out without a word."""
    has = {*contract.paths(operation), elementer.SYSTEM_TRANSACTION_ID}
    for name in said:
        if name in elementer.ATTRIBUTE and name not in has:
            yield Mistake((*at, name), f"{operation} has no element {name}{_guessed(name, has)}")


def _cancel(at: At, step: Mapping[str, Any], playing: _Part) -> Iterator[Mistake]:
    yield from _known(at, "earlier step", step["cancel"], playing.sent)


def _fetch(at: At, step: Mapping[str, Any], playing: _Part) -> Iterator[Mistake]:
    yield from _known(at, "institution", step["fetch"], playing.places.institutioner)
    if "cpr" in step and not str(step["cpr"]).isdigit():
        yield from _known((*at[:-1], "cpr"), "youth", step["cpr"], playing.youths)
    if "after" in step and not step["after"].startswith(EVENT_PREFIX):
        yield from _known((*at[:-1], "after"), "earlier step", step["after"], {"start", "forfra", *playing.sent})


def _call(at: At, step: Mapping[str, Any], _playing: _Part) -> Iterator[Mistake]:
    said = step["call"]
    for key in ("service", "operation"):
        if key not in said:
            yield Mistake(at, f"{key!r} is missing")
            return
    yield from _known((*at, "service"), "service", said["service"], SERVICES)
    if said["service"] in SERVICES:
        yield from _known((*at, "operation"), "operation", said["operation"], SERVICES[said["service"]].operations)
        if said["operation"] in SERVICES[said["service"]].operations:
            for name in said.keys() - {"service", "operation"} - contract.paths(said["operation"]).keys():
                guessed = _guessed(str(name), contract.paths(said["operation"]))
                yield Mistake((*at, name), f"{said['operation']} has no element {name}{guessed}")


def _import(at: At, step: Mapping[str, Any], _playing: _Part) -> Iterator[Mistake]:
    yield from _known(at, "import", step["import"], IMPORTS)
    if not step.get("rows"):
        yield Mistake(at, "'rows' is missing")


def _services(at: At, step: Mapping[str, Any], _playing: _Part) -> Iterator[Mistake]:
    yield from _known(at, "service", step[str(at[-1])], {ALL, *SERVICES})


def _http(at: At, step: Mapping[str, Any], _playing: _Part) -> Iterator[Mistake]:
    if "fault" not in step and "status" not in step:
        yield Mistake(at, "it expects nothing: write status or fault")
    if step["http"].get("service") is not None:
        yield from _known((*at, "service"), "service", step["http"]["service"], SERVICES)


_CHECKS: Final[Mapping[str, Callable[[At, Mapping[str, Any], _Part], Iterator[Mistake]]]] = {
    "send": _send,
    "cancel": _cancel,
    "fetch": _fetch,
    "call": _call,
    "import": _import,
    "ping": _services,
    "contract": _services,
    "http": _http,
}
_TO_EARLIER: Final = ("same_as", "refers", "forloeb_of", "not_forloeb_of")
_LISTS_OF_EARLIER: Final = ("shows", "cancels", "event", "order")


def _references(at: At, step: Mapping[str, Any], playing: _Part) -> Iterator[Mistake]:
    for key in _TO_EARLIER:
        if key in step:
            yield from _known((*at, key), "earlier step", step[key], playing.sent)
    for key in _LISTS_OF_EARLIER:
        for name in step.get(key, ()):
            yield from _known((*at, key), "earlier step", name, playing.sent)
    for key in ("youth", "youths"):
        for name in step.get(key, ()):
            yield from _known((*at, key), "youth", name, playing.youths)


def _values(at: At, step: Mapping[str, Any], playing: _Part) -> Iterator[Mistake]:
    cprnr, number = step.get(elementer.CPRNR), step.get(elementer.INSTITUTION_NUMMER)
    if isinstance(cprnr, str) and not cprnr.isdigit():
        yield from _known((*at, elementer.CPRNR), "youth", cprnr, playing.youths)
    if isinstance(number, str) and not (number.isalnum() and len(number) == _INSTITUTION and number[0].isdigit()):
        yield from _known((*at, elementer.INSTITUTION_NUMMER), "institution", number, playing.places.institutioner)


def _kommune(at: At, said: str, places: Places) -> Iterator[Mistake]:
    if not (said.isdigit() and len(said) == _CODE_OF_KOMMUNE):
        yield from _known(at, "kommune", said, places.kommuner)


def _known(at: At, what: str, name: Any, names: Collection[str]) -> Iterator[Mistake]:
    if str(name) not in names:
        yield Mistake(at, f"no {what} is called {str(name)!r}{_guessed(str(name), names)}")


def _guessed(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, sorted(names), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f": {', '.join(sorted(names))}" if 0 < len(names) <= 30 else ""  # noqa: PLR2004 - what a reader takes in
