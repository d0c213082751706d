"""Reports that show every code of the rule book at least once, alternately over SOAP 1.1 and 1.2.

``rules.yml`` holds cases of ``tests/rules/cases`` as they were when this set was recorded: of each rule one right and
three wrong ones. It is a copy on purpose, so that new cases of a rule change no recorded answer.
"""

from pathlib import Path
from typing import Any

import yaml

from tests.recorded.stage import Stage

FILE = Path(__file__).with_name("rules.yml")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
VERSIONS = ("1.1", "1.2")


def play(stage: Stage) -> None:
    stage.register.build()
    case, numbers, sent = "", [""], 0
    for step in yaml.load(FILE.read_text(encoding="utf-8"), LOADER):
        if isinstance(step, str):
            case, numbers = step, [""]
        elif "send" in step:
            # Of what was sent before in this case, "@1" is the number of the first, and so on.
            payload = {
                name: numbers[int(value[1:])] if str(value)[:1] == "@" else value for name, value in step.items()
            }
            operation, key = payload.pop("send"), payload.pop("key", None)
            sent += 1
            answer = stage.call(f"{case} / {len(numbers)}", operation, payload, VERSIONS[sent % 2], key)
            numbers.append(answer.number)
        else:
            change(stage, dict(step))


def change(stage: Stage, step: dict[str, Any]) -> None:
    """A step that sends nothing."""
    kind, value = next(iter(step.items()))
    del step[kind]
    match kind:
        case "clock":
            stage.register.clock(value)
        case "person":
            stage.register.person(value, **step)
        case "change":
            stage.register.change_number(value, step["to"])
        case "institution":
            stage.register.institution(value, **step)
        case "paalaeg":
            stage.register.subscribe(value, subscribed=step["har"])
        case "beviser":
            stage.register.eksamensbeviser(value, step.get("linjer", ()))
        case _:
            raise ValueError(kind)
