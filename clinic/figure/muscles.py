"""What is stretched or works: a patch of skin on a bone, or the sole of a foot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from clinic.figure.body import Body
from clinic.figure.outline import Point, patch, slice_at
from clinic.figure.shapes import Shape
from clinic.figure.space import Camera

#: Degrees from the front towards the left of the body.
FACES = {
    "front": 0, "left front": 45, "left": 90, "left back": 140, "back": 180, "right back": -140, "right": -90,
    "right front": -45,
}  # fmt: skip
STEPS = 6


@dataclass(frozen=True, slots=True)
class Muscle:
    """Where it lies: `on` a bone, on which `face`, from and to a share of its length, `wide` degrees each way."""

    on: str
    face: str
    start: float
    stop: float
    wide: float
    works: bool


def read_muscle(raw: Mapping[str, Any]) -> Muscle:
    start, stop = raw.get("along", (0.1, 0.9))
    return Muscle(raw["on"], raw["face"], start, stop, raw.get("wide", 60), raw.get("does", "stretches") == "works")


def around(muscle: Muscle) -> float:
    """The middle of the muscle's face. Inner and outer depend on the side of the limb."""
    out = 90 if muscle.on.startswith("left") else -90
    return {**FACES, "outer": out, "inner": -out}[muscle.face]


def muscle_shapes(muscle: Muscle, body: Body, eye: Camera) -> list[Shape]:
    """A warm band for a stretch; the same with stripes across for work. Empty where the eye can't see it."""
    if muscle.face == "sole":
        return [sole(muscle, body, eye)]
    shares = (muscle.start + (muscle.stop - muscle.start) * step / STEPS for step in range(STEPS + 1))
    slices = body.bones[muscle.on].slices
    pairs = patch([slice_at(slices, share) for share in shares], around(muscle), muscle.wide, eye)
    if len(pairs) < 3:
        return []
    line = (*(first for first, _ in pairs), *(last for _, last in reversed(pairs)))
    band = Shape("work" if muscle.works else "stretch", (line,), smooth=True, closed=True)
    return [band, stripes(pairs)] if muscle.works else [band]


def stripes(pairs: list[tuple[Point, Point]]) -> Shape:
    """Slanted lines between the two edges."""
    return Shape("stripe", tuple((first, last) for (first, _), (_, last) in pairwise(pairs)))


def sole(muscle: Muscle, body: Body, eye: Camera) -> Shape:
    """A thick line along the arch."""
    side = muscle.on.split()[0]
    down = body.bones[f"{side} foot"].frame.up
    line = [body.points[f"{side} {name}"].plus(down, -0.004) for name in ("heel", "sole", "ball", "toe")]
    return Shape(
        "work-line" if muscle.works else "stretch-line", (tuple(eye.seen(point) for point in line),), smooth=True
    )
