"""A line over months as SVG, drawn here. It breaks where a figure is hidden and where the definition changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 16, 36
_LINES: Final = 5
_STEPS: Final = (1, 2, 5)
_LABELS: Final = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A month. ``value``: in percent, None when it is hidden; ``kind``: points of different kinds are not joined."""

    label: str
    value: float | None
    kind: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in the picture."""

    x: float
    y: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid, or a label below it, with its text. ``anchor``: which part of the text stands there."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Picture:
    """``titel``: what it shows; ``lines``: each as the points of a polyline; ``goal``: the height of a goal's line;
    ``happened``: where something happened.
    """

    titel: str
    lines: Sequence[str]
    dots: Sequence[Dot]
    grid: Sequence[Mark]
    labels: Sequence[Mark]
    goal: Mark | None = None
    happened: Sequence[Mark] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def draw(
    titel: str, points: Sequence[Point], goal: int | None = None, happened: Mapping[str, str] | None = None
) -> Picture | None:
    """Return the picture of a line; None when fewer than two points are shown.

    ``goal``: in percent; ``happened``: what happened, in words, by the label of its month.
    """
    shown = [one.value for one in points if one.value is not None]
    if len(shown) < 2:  # noqa: PLR2004 - one point is no line
        return None
    most = max([*shown, goal or 0, 1])
    step = _step(most)
    top = step * -(-most // step)
    across = (WIDTH - _LEFT - _RIGHT) / (len(points) - 1)

    def at(place: int) -> float:
        return round(_LEFT + across * place, 1)

    def height(value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)

    lines: list[list[str]] = []
    for place, one in enumerate(points):
        if one.value is None:
            continue
        if not place or points[place - 1].value is None or points[place - 1].kind != one.kind:
            lines.append([])
        lines[-1].append(f"{at(place)},{height(one.value)}")
    every = -(-len(points) // _LABELS)
    return Picture(
        titel,
        [" ".join(line) for line in lines if len(line) > 1],
        [
            Dot(at(place), height(one.value), one.provisional)
            for place, one in enumerate(points)
            if one.value is not None
        ],
        [Mark(height(number * step), f"{number * step:g} %") for number in range(int(top // step) + 1)],
        [
            Mark(at(place), one.label, "middle" if 0 < place < len(points) - 1 else "end" if place else "start")
            for place, one in enumerate(points)
            if place % every == 0
        ],
        Mark(height(goal), f"Mål: {goal} %") if goal is not None else None,
        [
            Mark(at(place), happened[one.label])
            for place, one in enumerate(points)
            if happened and one.label in happened
        ],
    )


def changes_of(points: Sequence[Point]) -> list[str]:
    """Return the labels of the months from which the definition is another."""
    return [after.label for before, after in pairwise(points) if before.kind != after.kind]


def _step(most: float) -> int:
    """Return the distance of the grid's lines: five of them at most."""
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * _LINES >= most:
                return factor * power
        power *= 10
