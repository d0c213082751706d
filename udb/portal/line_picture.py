"""A line over months or years as SVG, drawn here: the numbers are those of the table beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 24, 40
_LINES: Final = 5
_STEPS: Final = (1, 2, 5)
_SHORT: Final = 4
_LABELS: Final = 6
"""How many labels there is room for, and twice as many of ``_SHORT`` letters."""


@dataclass(frozen=True, slots=True)
class Point:
    """A month or year. ``value``: None when it is hidden; ``kind``: points of different kinds are not joined.

    ``mindst``: at least so much is known.
    """

    label: str
    value: float | None
    kind: str = ""
    provisional: bool = False
    mindst: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in the picture."""

    x: float
    y: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the picture, or a label below it, with its text. ``anchor``: which part of the text is there."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Band:
    """The part of the picture that is hatched, from left to right."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """``titel``: what it shows; ``lines``: each as the points of a polyline; ``bands``: where only a lower bound is
    known; ``goal``: the height of a goal's line; ``happened``: where something happened.
    """

    titel: str
    lines: Sequence[str]
    dots: Sequence[Dot]
    grid: Sequence[Mark]
    labels: Sequence[Mark]
    bands: Sequence[Band]
    happened: Sequence[Mark]
    goal: Mark | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def draw(
    titel: str,
    points: Sequence[Point],
    *,
    unit: str = "",
    goal: int | None = None,
    happened: Mapping[str, str] | None = None,
) -> Picture | None:
    """Return the picture of a line, which breaks where a value is hidden; None when fewer than two are shown.

    ``unit``: what a value's number is followed by; ``goal``: a value; ``happened``: what happened, in words, by label.
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

    placed = list(enumerate(points))
    known = [(place, one, one.value) for place, one in placed if one.value is not None]
    joined = [[f"{at(place)},{height(value)}" for place, _, value in line] for line in _lines(known)]
    return Picture(
        titel,
        [" ".join(line) for line in joined if len(line) > 1],
        [Dot(at(place), height(value), one.provisional) for place, one, value in known],
        [Mark(height(number * step), f"{number * step:g}{unit}") for number in range(int(top // step) + 1)],
        [Mark(at(place), one.label, _anchor(place, points)) for place, one in placed if place % _every(points) == 0],
        [_band(at(place), across) for place, one in placed if one.mindst],
        [Mark(at(place), happened[one.label]) for place, one in placed if happened and one.label in happened],
        Mark(height(goal), f"Mål: {goal}{unit}") if goal is not None else None,
    )


def changes_of(points: Sequence[Point]) -> list[str]:
    """Return the labels of the months from which the definition is another."""
    return [after.label for before, after in pairwise(points) if before.kind != after.kind]


def _lines(known: Sequence[tuple[int, Point, float]]) -> Iterator[list[tuple[int, Point, float]]]:
    line: list[tuple[int, Point, float]] = []
    for one in known:
        if line and (one[0] != line[-1][0] + 1 or one[1].kind != line[-1][1].kind):
            yield line
            line = []
        line.append(one)
    yield line


def _every(points: Sequence[Point]) -> int:
    """Return how many points there are to a label."""
    room = _LABELS * (2 if all(len(one.label) <= _SHORT for one in points) else 1)
    return -(-len(points) // room)


def _anchor(place: int, points: Sequence[Point]) -> str:
    if 0 < place < len(points) - 1:
        return "middle"
    return "end" if place else "start"


def _band(at: float, across: float) -> Band:
    begin, end = max(_LEFT, at - across / 2), min(WIDTH - _RIGHT, at + across / 2)
    return Band(round(begin, 1), round(end - begin, 1))


def _step(most: float) -> int:
    """Return the distance of the grid's lines: five of them at most."""
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * _LINES >= most:
                return factor * power
        power *= 10
