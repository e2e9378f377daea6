"""Shapes of a picture and how they are written as SVG: whole numbers, relative, mirrored without a rounding error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from clinic.figure.outline import Point

WIDTH, HEIGHT, MARGIN = 1200, 900, 30
#: Units of the picture per body height, at most: a standing figure fills the height.
LARGEST = 840.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines with one class. `smooth`: a curve goes through the points; `closed`: the end meets the start."""

    name: str
    lines: tuple[tuple[Point, ...], ...]
    smooth: bool = False
    closed: bool = False

    def points(self) -> Iterable[Point]:
        return (point for line in self.lines for point in line)

    def shifted(self, by: Point) -> Shape:
        lines = tuple(tuple((x + by[0], y + by[1]) for x, y in line) for line in self.lines)
        return Shape(self.name, lines, self.smooth, self.closed)


@dataclass(frozen=True, slots=True)
class Sign:
    """A letter or number in a circle. `radius` in units of the picture."""

    name: str
    text: str
    at: Point
    radius: int = 38

    def shifted(self, by: Point) -> Sign:
        return Sign(self.name, self.text, (self.at[0] + by[0], self.at[1] + by[1]), self.radius)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the picture's points come to lie on the sheet."""

    scale: float
    x: float
    y: float
    mirrored: bool = False

    def place(self, point: Point) -> tuple[int, int]:
        x = round(self.x + self.scale * point[0])
        return (WIDTH - x if self.mirrored else x), round(self.y - self.scale * point[1])


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Left, bottom, right, top."""
    row = list(points)
    xs, ys = [x for x, _ in row], [y for _, y in row]
    return min(xs), min(ys), max(xs), max(ys)


def fitted(points: Iterable[Point], mirrored: bool, largest: float = LARGEST) -> Sheet:
    """The sheet on which all points fit, in the middle."""
    left, bottom, right, top = bounds(points)
    scale = min(largest, (WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (top - bottom))
    x = WIDTH / 2 - scale * (left + right) / 2
    return Sheet(scale, x, HEIGHT / 2 + scale * (bottom + top) / 2, mirrored)


def written(shape: Shape, sheet: Sheet) -> str:
    data = "".join(line_data([sheet.place(point) for point in line], shape) for line in shape.lines)
    return f'<path class="{shape.name}" d="{data}"/>'


def line_data(points: Sequence[tuple[int, int]], shape: Shape) -> str:
    if shape.smooth and len(points) > 2:
        return curve_data(points, shape.closed)
    steps = "".join(f"l{number(b[0] - a[0], b[1] - a[1])}" for a, b in pairwise(points) if a != b)
    return f"M{number(*points[0])}{steps}{'z' if shape.closed else ''}"


def number(*values: int) -> str:
    """Numbers as short as SVG allows: a minus needs no space before it."""
    text = "".join(f" {value}" if value >= 0 else str(value) for value in values)
    return text.strip()


def curve_data(points: Sequence[tuple[int, int]], closed: bool) -> str:
    """A curve through the points (Catmull-Rom as cubic Béziers; after the first, SVG mirrors the handles itself)."""
    ring = [*points, points[0]] if closed and points[0] != points[-1] else list(points)
    looped = ring[0] == ring[-1]
    before, after = (ring[-2], ring[1]) if looped else (ring[0], ring[-1])
    row = [before, *ring, after]
    parts = []
    for place in range(1, len(ring)):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = row[place - 1 : place + 3]
        last = (cx - bx - nearest(dx - bx), cy - by - nearest(dy - by), cx - bx, cy - by)
        first = (nearest(cx - ax), nearest(cy - ay)) if place == 1 else ()
        parts.append(f"{'c' if first else 's'}{number(*first, *last)}")
    return f"M{number(*points[0])}{''.join(parts)}{'z' if closed else ''}"


def nearest(difference: int) -> int:
    """A sixth, rounded the same way on both sides of zero: mirrored curves stay mirrored."""
    return (abs(difference) + 3) // 6 * (1 if difference >= 0 else -1)


def sign_written(sign: Sign, sheet: Sheet) -> str:
    x, y = sheet.place(sign.at)
    circle = f'<circle class="{sign.name}" cx="{x}" cy="{y}" r="{sign.radius}"/>'
    return (
        f'{circle}<text class="{sign.name}-text" x="{x}" y="{y + round(sign.radius * 0.36)}">{escape(sign.text)}</text>'
    )
