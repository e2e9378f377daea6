"""From bones in space to outlines in the picture: tapered limbs, hulls of rounded parts, patches on a surface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, radians, sin

from clinic.figure.body import Bone, Slice
from clinic.figure.space import Camera, Vec

Point = tuple[float, float]
#: A bone seen shorter than this share of its length points at the eye: it is drawn as the hull of its slices.
FORESHORTENED = 0.45


@dataclass(frozen=True, slots=True)
class Rib:
    """One slice in the picture: its middle, the way across the bone, and how far the surface goes on each side."""

    middle: Point
    across: Point
    left: float
    right: float

    def point(self, offset: float) -> Point:
        return self.middle[0] + self.across[0] * offset, self.middle[1] + self.across[1] * offset


def ribs(slices: Sequence[Slice], eye: Camera) -> list[Rib]:
    """The slices of a bone in the picture, each across the line through its neighbours."""
    middles = [eye.seen(piece.centre) for piece in slices]
    last = len(middles) - 1
    found = []
    for place, (piece, middle) in enumerate(zip(slices, middles, strict=True)):
        before, after = middles[max(place - 1, 0)], middles[min(place + 1, last)]
        long = hypot(after[0] - before[0], after[1] - before[1]) or 1.0
        across = (-(after[1] - before[1]) / long, (after[0] - before[0]) / long)
        way = eye.in_space(*across)
        found.append(Rib(middle, across, piece.reach(way), piece.reach(way.times(-1))))
    return found


def is_foreshortened(bone: Bone, eye: Camera) -> bool:
    (ax, ay), (bx, by) = eye.seen(bone.start), eye.seen(bone.end)
    return hypot(bx - ax, by - ay) < FORESHORTENED * bone.end.minus(bone.start).length


def limb_outline(bone: Bone, eye: Camera, open_start: bool, open_end: bool) -> list[list[Point]]:
    """The lines round a limb's bone: one closed line, or open where another bone goes on.

    Open ends carry no line, so that two bones make one limb. Closed at both ends: the first point comes again.
    """
    row = ribs(bone.slices, eye)
    one = [rib.point(rib.left) for rib in row]
    other = [rib.point(-rib.right) for rib in reversed(row)]
    if open_start and open_end:
        return [one + other]
    if open_start:
        return [one + cap(row[-1], row[-2]) + other]
    start = cap(row[0], row[1], back=True)
    if open_end:
        return [other + start + one]
    whole = one + cap(row[-1], row[-2]) + other + start
    return [[*whole, whole[0]]]


def cap(end: Rib, inner: Rib, back: bool = False) -> list[Point]:
    """Points of the rounded end of a limb, in the order in which the outline runs."""
    away = end.middle[0] - inner.middle[0], end.middle[1] - inner.middle[1]
    long = hypot(*away) or 1.0
    radius = (end.left + end.right) / 2
    turns = (-0.8, 0.0, 0.8) if back else (0.8, 0.0, -0.8)
    middle = end.point((end.left - end.right) / 2)
    return [
        (
            middle[0] + radius * (cos(turn) * away[0] / long + sin(turn) * end.across[0]),
            middle[1] + radius * (cos(turn) * away[1] / long + sin(turn) * end.across[1]),
        )
        for turn in turns
    ]


def disc(middle: Point, radius: float, corners: int = 8) -> list[Point]:
    turns = (2 * pi * step / corners for step in range(corners))
    return [(middle[0] + radius * cos(turn), middle[1] + radius * sin(turn)) for turn in turns]


def balls(middles: Iterable[tuple[Vec, float]], eye: Camera) -> list[Point]:
    """The hull of balls in space, counter-clockwise."""
    return hull([point for middle, radius in middles for point in disc(eye.seen(middle), radius)])


def slices_hull(slices: Iterable[Slice], eye: Camera) -> list[Point]:
    """The hull of a bone that points at the eye."""
    return balls(((piece.centre, (piece.front + piece.back + 2 * piece.side) / 4) for piece in slices), eye)


def hull(points: Iterable[Point]) -> list[Point]:
    """The convex hull, counter-clockwise (Andrew's monotone chain)."""
    row = sorted(set(points))
    return half_hull(row)[:-1] + half_hull(row[::-1])[:-1]


def half_hull(row: Sequence[Point]) -> list[Point]:
    found: list[Point] = []
    for point in row:
        while len(found) > 1 and turn_of(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def turn_of(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def slice_at(slices: Sequence[Slice], share: float) -> Slice:
    """The cross-section at a share of a bone's length, between its slices."""
    gaps = [second.centre.minus(first.centre).length for first, second in pairwise(slices)]
    way = min(max(share, 0.0), 1.0) * sum(gaps)
    place = 0
    while place < len(gaps) - 1 and way > gaps[place]:
        way -= gaps[place]
        place += 1
    return mixed(slices[place], slices[place + 1], way / gaps[place])


def mixed(first: Slice, second: Slice, share: float) -> Slice:
    sizes = zip((first.front, first.back, first.side), (second.front, second.back, second.side), strict=True)
    front, back, side = (a + (b - a) * share for a, b in sizes)
    return Slice(first.centre.towards(second.centre, share), first.frame, front, back, side)


def patch(slices: Sequence[Slice], around: float, spread: float, eye: Camera) -> list[tuple[Point, Point]]:
    """The visible part of a stretch of skin: on each slice from where to where, from `around` minus to plus `spread`.

    `around`: degrees from the front towards the person's left. The two ends taper like a muscle.
    """
    row = ribs(slices, eye)
    last = len(row) - 1
    found = []
    for place, (piece, rib) in enumerate(zip(slices, row, strict=True)):
        belly = sin(pi * (0.08 + 0.84 * place / last)) ** 0.6
        offsets = skin(piece, rib, around, spread * belly, eye)
        if offsets:
            found.append((rib.point(min(offsets)), rib.point(max(offsets))))
    return found


def skin(piece: Slice, rib: Rib, around: float, spread: float, eye: Camera) -> list[float]:
    """Where the seen points of a piece of skin lie along the rib."""
    way = eye.in_space(*rib.across)
    offsets = []
    for step in range(-8, 9):
        turn = radians(around + spread * step / 8)
        deep = piece.front if cos(turn) > 0 else piece.back
        normal = piece.frame.at(cos(turn) / deep, sin(turn) / piece.side, 0)
        if normal.dot(eye.near) > 0:
            offsets.append(piece.frame.at(deep * cos(turn), piece.side * sin(turn), 0).dot(way))
    return offsets
