"""A line over years or months as a picture, drawn here: the numbers are those of the table beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 24, 40
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Point:
    """A number at its place. ``mindst``: at least so much is known."""

    x: float
    y: float
    label: str
    value: int
    mindst: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, with what it stands for."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Band:
    """The part of the picture that is hatched, from left to right."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, at its place."""

    x: float
    tekst: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. ``titel``: what it shows; ``bands``: where only a lower bound is known; ``marks``: what happened."""

    titel: str
    points: Sequence[Point]
    ticks: Sequence[Tick]
    bands: Sequence[Band]
    marks: Sequence[Mark] = ()

    @property
    def line(self) -> str:
        """The points of the line, as SVG has them."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def left(self) -> int:
        """Where the grid begins."""
        return _LEFT

    @property
    def right(self) -> int:
        """Where the grid ends."""
        return WIDTH - _RIGHT

    @property
    def bottom(self) -> int:
        """Where the labels of the points stand."""
        return HEIGHT - _BOTTOM


def draw(
    titel: str,
    labels: Sequence[str],
    values: Sequence[int],
    at_least: Collection[str],
    marks: Mapping[str, str] | None = None,
) -> Picture | None:
    """Return the picture of a line; None for fewer than two points.

    ``at_least``: the labels of lower bounds; ``marks``: what happened, in words, by label.
    """
    if len(labels) < 2:  # noqa: PLR2004 - one point is no line
        return None
    step = _step(max(values))
    top = step * max(1, -(-max(values) // step))
    across, high = (WIDTH - _LEFT - _RIGHT) / (len(labels) - 1), HEIGHT - _TOP - _BOTTOM

    def height(value: int) -> float:
        return HEIGHT - _BOTTOM - high * value / top

    points = [
        Point(_LEFT + across * place, height(value), label, value, label in at_least)
        for place, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    edges = (
        (max(_LEFT, point.x - across / 2), min(WIDTH - _RIGHT, point.x + across / 2))
        for point in points
        if point.mindst
    )
    bands = [Band(begin, end - begin) for begin, end in edges]
    happened = [Mark(point.x, marks[point.label]) for point in points if marks and point.label in marks]
    return Picture(titel, points, [Tick(height(value), value) for value in range(0, top + 1, step)], bands, happened)


def _step(most: int) -> int:
    """Return the distance of the grid's lines: five of them at most."""
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * 4 >= most:
                return factor * power
        power *= 10
