"""The body chart: where strokes may lie, what they say in words, and the figure that they lie on.

A stroke is `{"view": "front|back|left|right", "kind": "pain|ache|numb|tingling|tight", "points": [[x, y], …]}`; points
are thousandths of the drawing's width and height, from its upper left. In the front view the client's right is on the
viewer's left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, pi, sin
from typing import Any

from clinic.figure.outline import Point, disc, hull
from clinic.figure.parts import body_parts
from clinic.figure.pose import read_pose
from clinic.figure.shapes import Shape, Sheet, bounds, written
from clinic.figure.skeleton import build
from clinic.figure.space import camera

HEIGHT = 1000
MOST_STROKES, MOST_POINTS = 120, 400
#: Units of the drawing for one body height.
SCALE = 960.0
POSE = {"both_arms": {"shoulder_abduction": 16}, "both_legs": {"hip_abduction": 4}}


@dataclass(frozen=True, slots=True)
class View:
    """`around`: where the eye stands, in degrees round the person from the front to the left."""

    key: str
    label: str
    around: int
    width: int

    @property
    def letters(self) -> tuple[str, str]:
        """What stands at the viewer's left and right."""
        return {"front": ("R", "L"), "back": ("L", "R")}.get(self.key, ("", ""))


@dataclass(frozen=True, slots=True)
class Kind:
    """Told apart by colour, by dashes and by letter."""

    key: str
    label: str
    letter: str
    dashes: str


@dataclass(frozen=True, slots=True)
class Region:
    """A named part of the body in one view: its middle and its reach, in body heights from the midline and the floor.

    `out` is towards the side, in the side views towards the front. `paired`: there is a left and a right one.
    """

    name: str
    view: str
    out: float
    up: float
    wide: float
    high: float
    paired: bool = True


VIEWS: Mapping[str, View] = {
    view.key: view
    for view in (
        View("front", "Front", 0, 520),
        View("back", "Back", 180, 520),
        View("right", "Right side", -90, 300),
        View("left", "Left side", 90, 300),
    )
}
KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("pain", "Pain", "P", ""),
        Kind("ache", "Ache", "A", "22 12"),
        Kind("numb", "Numb", "N", "2 14"),
        Kind("tingling", "Tingling", "T", "12 8 2 8"),
        Kind("tight", "Tight", "X", "34 8"),
    )
}
REGIONS: tuple[Region, ...] = (
    Region("head", "front", 0, 0.94, 0.06, 0.05, paired=False),
    Region("jaw", "front", 0.025, 0.875, 0.025, 0.025),
    Region("throat", "front", 0, 0.835, 0.03, 0.02, paired=False),
    Region("front of the shoulder", "front", 0.11, 0.79, 0.035, 0.035),
    Region("chest", "front", 0.045, 0.75, 0.045, 0.045),
    Region("upper belly", "front", 0, 0.66, 0.07, 0.035, paired=False),
    Region("lower belly", "front", 0.035, 0.6, 0.035, 0.03),
    Region("front of the hip", "front", 0.085, 0.555, 0.03, 0.03),
    Region("groin", "front", 0.035, 0.525, 0.03, 0.03),
    Region("front of the thigh", "front", 0.072, 0.41, 0.04, 0.075),
    Region("front of the knee", "front", 0.075, 0.285, 0.03, 0.03),
    Region("shin", "front", 0.083, 0.165, 0.03, 0.075),
    Region("front of the ankle", "front", 0.09, 0.055, 0.02, 0.02),
    Region("top of the foot", "front", 0.095, 0.015, 0.03, 0.02),
    Region("front of the upper arm", "front", 0.13, 0.715, 0.025, 0.05),
    Region("front of the elbow", "front", 0.155, 0.64, 0.025, 0.02),
    Region("inner forearm", "front", 0.178, 0.57, 0.025, 0.045),
    Region("palm", "front", 0.212, 0.45, 0.025, 0.045),
    Region("back of the head", "back", 0, 0.935, 0.06, 0.045, paired=False),
    Region("neck", "back", 0.018, 0.855, 0.02, 0.03),
    Region("upper trapezius", "back", 0.06, 0.82, 0.035, 0.02),
    Region("shoulder blade", "back", 0.06, 0.755, 0.035, 0.04),
    Region("between the shoulder blades", "back", 0, 0.755, 0.02, 0.045, paired=False),
    Region("middle back", "back", 0.035, 0.69, 0.04, 0.03),
    Region("low back", "back", 0.035, 0.63, 0.04, 0.03),
    Region("sacroiliac region", "back", 0.025, 0.578, 0.025, 0.02),
    Region("tailbone", "back", 0, 0.535, 0.01, 0.018, paired=False),
    Region("buttock", "back", 0.06, 0.535, 0.04, 0.035),
    Region("back of the thigh", "back", 0.072, 0.41, 0.04, 0.075),
    Region("back of the knee", "back", 0.075, 0.285, 0.03, 0.025),
    Region("calf", "back", 0.083, 0.19, 0.03, 0.06),
    Region("Achilles tendon", "back", 0.09, 0.085, 0.018, 0.03),
    Region("heel", "back", 0.093, 0.02, 0.025, 0.02),
    Region("back of the shoulder", "back", 0.115, 0.79, 0.03, 0.035),
    Region("back of the upper arm", "back", 0.13, 0.715, 0.025, 0.05),
    Region("back of the elbow", "back", 0.155, 0.64, 0.025, 0.02),
    Region("outer forearm", "back", 0.178, 0.57, 0.025, 0.045),
    Region("back of the hand", "back", 0.212, 0.45, 0.025, 0.045),
    *(
        Region(name, view, out, up, wide, high)
        for view in ("left", "right")
        for name, out, up, wide, high in (
            ("side of the head", 0.01, 0.93, 0.05, 0.05),
            ("side of the neck", 0.0, 0.85, 0.03, 0.03),
            ("outer shoulder", 0.0, 0.79, 0.04, 0.035),
            ("ribs at the side", 0.0, 0.71, 0.05, 0.045),
            ("flank", 0.0, 0.635, 0.05, 0.03),
            ("outer hip", 0.0, 0.54, 0.05, 0.045),
            ("outer thigh", 0.0, 0.41, 0.04, 0.075),
            ("outer knee", 0.0, 0.285, 0.03, 0.03),
            ("outer lower leg", 0.0, 0.165, 0.03, 0.075),
            ("outer ankle", 0.0, 0.05, 0.025, 0.02),
            ("side of the foot", 0.05, 0.015, 0.05, 0.02),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A region on one side: what a person chooses from a list instead of drawing."""

    key: str
    name: str
    view: str
    x: float
    y: float
    wide: float
    high: float

    def distance(self, x: float, y: float) -> float:
        """In its own reaches: up to 1 lies within."""
        return hypot((x - self.x) / self.wide, (y - self.y) / self.high)

    @property
    def stroke(self) -> list[list[int]]:
        """A ring that marks it."""
        turns = [2 * pi * step / 12 for step in range(13)]
        return [
            [round(self.x + 0.6 * self.wide * cos(turn)), round(self.y + 0.6 * self.high * sin(turn))] for turn in turns
        ]


def places() -> Iterator[Place]:
    """Every region on every side it has; the client's right first, as the drawing shows it from the front."""
    for region in REGIONS:
        view = VIEWS[region.view]
        if view.key in ("left", "right"):
            yield placed(region, view, view.key, 1 if view.key == "right" else -1)
        elif region.paired:
            yield placed(region, view, "right", -1 if view.key == "front" else 1)
            yield placed(region, view, "left", 1 if view.key == "front" else -1)
        else:
            yield placed(region, view, "", 1)


def placed(region: Region, view: View, side: str, way: int) -> Place:
    name = f"{side} {region.name}".strip()
    middle, across = 500 + 1000 * way * region.out * SCALE / view.width, 1000 * SCALE / view.width
    key = f"{view.key}-{name}".lower().replace(" ", "_")
    # The drawing is a thousand high: its units and thousandths are the same there.
    return Place(key, name, view.key, middle, level(region.up), region.wide * across, region.high * SCALE)


def level(up: float) -> float:
    return 500 + SCALE * (0.494 - up)


PLACES: Mapping[str, Place] = {place.key: place for place in places()}


def faults(strokes: Any) -> Iterator[str]:
    """What keeps strokes from being a chart; none for a sound one."""
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        yield f"The chart is a list of at most {MOST_STROKES} strokes."
        return
    for number, stroke in enumerate(strokes, 1):
        if not isinstance(stroke, dict) or stroke.keys() != {"view", "kind", "points"}:
            yield f"Stroke {number} of the chart needs view, kind and points."
        elif not isinstance(stroke["view"], str) or stroke["view"] not in VIEWS:
            yield f"Stroke {number} of the chart: the view is one of {', '.join(VIEWS)}."
        elif not isinstance(stroke["kind"], str) or stroke["kind"] not in KINDS:
            yield f"Stroke {number} of the chart: the kind is one of {', '.join(KINDS)}."
        elif not sound(stroke["points"]):
            yield f"Stroke {number} of the chart has 1 to {MOST_POINTS} points, whole numbers from 0 to 1000."


def sound(points: Any) -> bool:
    return isinstance(points, list) and 0 < len(points) <= MOST_POINTS and all(map(is_point, points))


def is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(value) is int and 0 <= value <= 1000 for value in point)
    )


def marked(key: str, kind: str) -> dict[str, Any]:
    """The stroke of a region that somebody chose from the list. KeyError for an unknown one."""
    place = PLACES[key]
    return {"view": place.view, "kind": KINDS[kind].key, "points": place.stroke}


def place_of(view: str, x: float, y: float) -> Place:
    """The region that a point lies in, or the nearest of its view."""
    return min((place for place in PLACES.values() if place.view == view), key=lambda place: place.distance(x, y))


def words(stroke: Mapping[str, Any]) -> str:
    """`Pain: right low back`, or from where to where: `Ache: right buttock to right calf`."""
    points: Sequence[Sequence[int]] = stroke["points"]
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    middle = place_of(stroke["view"], x, y).name
    ends = [place_of(stroke["view"], *points[at]).name for at in (0, -1)]
    said = middle if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return f"{KINDS[stroke['kind']].label}: {said}"


def in_words(strokes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each thing once."""
    return list(dict.fromkeys(words(stroke) for stroke in strokes))


@cache
def figure(view: str) -> str:
    """The body from one side as SVG paths, to be drawn twice: its outline, and what fills it."""
    eye = camera(VIEWS[view].around, 0)
    shapes = [
        shape
        for part in body_parts(build(read_pose(POSE)), eye)
        for shape in part.shapes
        if shape.name.startswith(("b-", "c-", "hair"))
    ]
    shapes += [Shape("b-near", (tuple(hull(joint)),), smooth=True, closed=True) for joint in hips(view)]
    low, high = (bounds(point for shape in shapes for point in shape.points())[at] for at in (1, 3))
    sheet = Sheet(SCALE, VIEWS[view].width / 2, HEIGHT / 2 + SCALE * (low + high) / 2)
    return "".join(written(shape, sheet) for shape in shapes)


def hips(view: str) -> Iterator[list[Point]]:
    """Where the thighs meet the trunk: rounder than the parts themselves leave it."""
    if view in ("left", "right"):
        back = 1 if view == "left" else -1
        yield [*disc((0.004 * back, 0.585), 0.05, 16), *disc((0.012 * back, 0.52), 0.062, 16), (0.03 * back, 0.43)]
        return
    for way in (-1, 1):
        yield [*disc((0.047 * way, 0.61), 0.035, 16), *disc((0.06 * way, 0.5), 0.054, 16)]


def line(stroke: Mapping[str, Any]) -> str:
    """The points of a stroke as SVG writes them, in units of its drawing; a single point as a dot."""
    width = VIEWS[stroke["view"]].width
    points = [f"{x * width / 1000:g},{y}" for x, y in stroke["points"]]
    return " ".join(points if len(points) > 1 else points * 2)
