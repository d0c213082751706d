"""Read a file of scenarios of one's own: every mistake with its line, and nothing played while there is one."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from udb.conformance.shared import scenario_names, scenario_schema
from udb.conformance.shared.places import Places
from udb.conformance.shared.scenario import Scenario, of_data
from udb.conformance.shared.scenario_names import At, Mistake, steps
from udb.domain.errors import WrongUse

LARGEST: Final = 1024 * 1024
MOST_SHOWN: Final = 20
_KINDS: Final = tuple(name for name in scenario_schema.STEPS if name not in scenario_schema.CHANGES)


_FORMS: Final = {
    "dict_type": "should be keys with values, such as {name: value}",
    "model_type": "should be keys with values, such as {name: value}",
    "model_attributes_type": "should be keys with values, such as {name: value}",
    "list_type": "should be a list, such as [one, two]",
    "string_type": "should be a text; put a number in quotes",
    "date_type": "should be a date such as 2008-03-05, without quotes",
}
"""What the schema says of a value of the wrong kind."""

_TEXTS: Final = {
    scenario_schema.SOAP_VERSION: "should be '1.1' or '1.2'",
    scenario_schema.METHOD: "should be capital letters, such as GET",
    scenario_schema.PATH: "should begin with /",
    scenario_schema.ID: "should be small letters, digits and single hyphens, such as min-pause",
    scenario_schema.OPTIONS: "should begin with ?",
}
"""What it says of a text that does not have the form of a pattern."""


def read(path: Path, places: Places, krav: Collection[str]) -> tuple[Scenario, ...]:
    """Return the scenarios of a file. ``krav``: the numbers of docs/krav.csv.

    Raises WrongUse with each mistake, its file and its line.
    """
    text = _text(path)
    try:
        # Not the loader made in C: deep nesting ends the process there.
        root, data = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
        found = [*_repeated(root, (), set()), *mistakes(data, places, krav)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or "it cannot be read").replace("\n", " ")
        raise WrongUse(f"{path}:{mark.line + 1 if mark else 1}: not YAML: {said}") from None
    except ValueError:
        raise WrongUse(f"{path}:1: not YAML: a date or number in it is none.") from None
    except RecursionError:
        raise WrongUse(f"{path}:1: is nested too deeply.") from None
    if found:
        lines = dict.fromkeys(f"{path}:{_line(root, one.at)}: {one.said}" for one in found)
        shown = sorted(lines, key=_position)[:MOST_SHOWN]
        more = [f"... and {len(lines) - MOST_SHOWN} more"] if len(lines) > MOST_SHOWN else []
        raise WrongUse("\n".join([*shown, *more]))
    return of_data(data)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes()[: LARGEST + 1].decode("utf-8")
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUse(f"{path}: is not UTF-8 text.") from None
    if len(text) > LARGEST:
        raise WrongUse(f"{path}: is larger than {LARGEST} bytes.")
    return text


def _position(line: str) -> int:
    return int(line.split(": ", 1)[0].rpartition(":")[2])


def mistakes(data: Any, places: Places, krav: Collection[str]) -> list[Mistake]:
    """Return the mistakes of a file: of its keys and values, or, if these are right, of its names."""
    try:
        scenario_schema.File.model_validate(data)
    except ValidationError as error:
        return list(_of_schema(error, (), scenario_schema.File.model_fields))
    found = [mistake for at, step in steps(data) for mistake in _of_step(at, step)]
    return found or list(scenario_names.wrong(data, places, krav))


def _of_step(at: At, step: dict[str, Any]) -> Iterator[Mistake]:
    kinds = [name for name in _KINDS if name in step]
    if len(kinds) > 1:
        yield Mistake(at, f"a step does one thing; {' and '.join(kinds)} are two steps")
        return
    if not kinds and not any(name in step for name in scenario_schema.CHANGES):
        guesses = [guess for key in step for guess in get_close_matches(str(key), _KINDS, n=1)]
        yield Mistake(at, f"the step does nothing: it needs one of {', '.join(_KINDS)}{_guessed(guesses)}")
        return
    model = scenario_schema.STEPS[kinds[0] if kinds else "change"]
    try:
        model.model_validate(step if kinds or "change" in step else {**step, "change": ""})
    except ValidationError as error:
        yield from _of_schema(error, at, list(model.model_fields))


def _of_schema(error: ValidationError, at: At, known: Iterable[str]) -> Iterator[Mistake]:
    for one in error.errors():
        where = (*at, *one["loc"])
        key = str(where[-1]) if where else ""
        if one["type"] == "extra_forbidden":
            guesses = get_close_matches(key, known, n=1) or get_close_matches(key, _KEYS, n=1)
            yield Mistake(where, f"unknown key {key!r} here{_guessed(guesses)}")
        elif one["type"] == "missing":
            yield Mistake(where[:-1], f"{key!r} is missing")
        else:
            said = _FORMS.get(one["type"]) or _TEXTS.get(one.get("ctx", {}).get("pattern", "")) or _said(one["msg"])
            yield Mistake(where, f"{key}: {said}" if isinstance(where[-1] if where else 0, str) else said)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")


def _guessed(guesses: Sequence[str]) -> str:
    return f"; did you mean {guesses[0]!r}?" if guesses else ""


def _models() -> Iterator[type[Any]]:
    yield from (scenario_schema.Scenario, scenario_schema.Part, scenario_schema.Youth, scenario_schema.Person)
    yield from (scenario_schema.Spoil, scenario_schema.Http)


_KEYS: Final = sorted({key for model in (*_models(), *scenario_schema.STEPS.values()) for key in model.model_fields})


def _repeated(node: yaml.Node | None, at: At, walked: set[int]) -> Iterator[Mistake]:
    """Yield the keys that a mapping has twice: YAML takes the last and says nothing. ``walked``: nodes by id."""
    if node is None or id(node) in walked:
        return
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield Mistake((*at, name), f"{name!r} is there twice")
            seen.add(name)
            yield from _repeated(value, (*at, name), walked)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _repeated(value, (*at, position), walked)


def _line(node: yaml.Node | None, at: At) -> int:
    """Return the line of what is at a path, or of the last part of it that the file has."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in at:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if str(key.value) == str(step)]
            if not found:
                break
            key, node = found[-1]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
