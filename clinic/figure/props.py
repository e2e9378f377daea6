"""What stands around the figure: solids out of boxes, and lines such as a strap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from clinic.figure.body import Body
from clinic.figure.outline import Point, disc
from clinic.figure.pose import Target, three
from clinic.figure.shapes import Shape
from clinic.figure.space import Camera, Vec

LINES = ("strap", "tape", "rail", "goniometer")
LEG, BACK, THICK = 0.02, 0.26, 0.035
#: Which way the backrest of a chair is from its seat.
BACKRESTS = {"forward": (0, 1), "backward": (0, 0), "left": (1, 1), "right": (1, 0)}


@dataclass(frozen=True, slots=True)
class Prop:
    """A box between two corners (body heights), or a line through landmarks and points."""

    name: str
    start: Vec
    stop: Vec
    through: tuple[Target, ...] = ()
    backrest: str = ""
    in_front: bool = False


def read_prop(raw: Mapping[str, Any]) -> Prop:
    start, stop = raw.get("from", (0, 0, 0)), raw.get("to", (0, 0, 0))
    return Prop(
        raw["prop"],
        Vec(*three(start)),
        Vec(*three(stop)),
        tuple(step if isinstance(step, str) else three(step) for step in raw.get("through", ())),
        raw.get("backrest", ""),
        bool(raw.get("in_front")),
    )


def prop_shapes(prop: Prop, body: Body, eye: Camera) -> list[Shape]:
    if prop.name in LINES:
        return list(line_shapes(prop, body, eye))
    if prop.name in ("chair", "stool", "bed", "table"):
        return list(furniture(prop, eye))
    if prop.name == "floor":
        return [Shape("p-floor", (faces(prop.start, prop.stop, eye)["top"],), closed=True)]
    return [box(prop.start, prop.stop, eye, "p-wall" if prop.name == "wall" else f"p-{prop.name}")]


def line_shapes(prop: Prop, body: Body, eye: Camera) -> Iterator[Shape]:
    """A line from place to place; a goniometer also shows its axis, the second place."""
    places = [body.points[step] if isinstance(step, str) else Vec(*step) for step in prop.through]
    line = [eye.seen(place) for place in places]
    yield Shape(f"p-{prop.name}", (tuple(line),))
    if prop.name == "goniometer":
        yield Shape("p-axis", (tuple(disc(line[1], 0.016)),), smooth=True, closed=True)


def box(start: Vec, stop: Vec, eye: Camera, name: str) -> Shape:
    """The seen faces of a box, one outline each."""
    return Shape(name, tuple(faces(start, stop, eye).values()), closed=True)


def faces(start: Vec, stop: Vec, eye: Camera) -> dict[str, tuple[Point, ...]]:
    """The three faces of a box that look at the eye."""
    found = {}
    for axis, name in enumerate(("front", "side", "top")):
        flat = max(start[axis], stop[axis]) if eye.near[axis] > 0 else min(start[axis], stop[axis])
        others = [other for other in range(3) if other != axis]
        corners = []
        for first, second in ((0, 0), (0, 1), (1, 1), (1, 0)):
            corner = [flat, flat, flat]
            corner[others[0]] = (start, stop)[first][others[0]]
            corner[others[1]] = (start, stop)[second][others[1]]
            corners.append(eye.seen(Vec(*corner)))
        found[name] = tuple(corners)
    return found


def furniture(prop: Prop, eye: Camera) -> Iterator[Shape]:
    """Four legs, a top, and the backrest of a chair."""
    low, high = prop.start, prop.stop
    thick = THICK if prop.name in ("chair", "stool", "table") else THICK * 2
    xs, ys = (low.x + LEG, high.x - LEG), (low.y + LEG, high.y - LEG)
    feet = sorted((Vec(x, y, 0) for x, y in product(xs, ys)), key=lambda foot: foot.dot(eye.near))
    legs = [(eye.seen(foot), eye.seen(Vec(foot.x, foot.y, high.z - thick))) for foot in feet]
    rest = list(backrest(prop, eye)) if prop.backrest else []
    behind = (
        prop.backrest and rest_depth(prop, eye) < (low.x + high.x) / 2 * eye.near.x + (low.y + high.y) / 2 * eye.near.y
    )
    yield Shape("p-leg", tuple(legs))
    yield from rest if behind else ()
    yield box(Vec(low.x, low.y, high.z - thick), high, eye, f"p-{prop.name}")
    yield from () if behind else rest


def rest_edge(prop: Prop) -> tuple[Vec, Vec]:
    """The two corners of the seat on which the backrest stands."""
    axis, end = BACKRESTS[prop.backrest]
    flat = (prop.start, prop.stop)[end][axis] + (-LEG if end else LEG)
    corners = []
    for place in (prop.start, prop.stop):
        corner = [place.x, place.y, prop.stop.z]
        corner[axis] = flat
        corner[1 - axis] += LEG if place is prop.start else -LEG
        corners.append(Vec(*corner))
    return corners[0], corners[1]


def rest_depth(prop: Prop, eye: Camera) -> float:
    first, last = rest_edge(prop)
    return (first.plus(last).times(0.5)).dot(Vec(eye.near.x, eye.near.y, 0))


def backrest(prop: Prop, eye: Camera) -> Iterator[Shape]:
    first, last = rest_edge(prop)
    up = Vec(0, 0, BACK)
    yield Shape("p-leg", tuple((eye.seen(post), eye.seen(post.plus(up))) for post in (first, last)))
    corners = (first.plus(up), last.plus(up), last.plus(up, 0.6), first.plus(up, 0.6))
    yield Shape("p-chair", (tuple(eye.seen(corner) for corner in corners),), closed=True)
