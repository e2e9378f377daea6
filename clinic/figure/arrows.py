"""Arrows: which way something moves or is pulled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from clinic.figure.body import Body
from clinic.figure.outline import Point
from clinic.figure.pose import Target, three
from clinic.figure.shapes import Shape
from clinic.figure.space import Camera, Vec

HEAD_LONG, HEAD_HALF = 0.036, 0.02


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a landmark (plus `aside`) along `way`; `bulge`: how far it bows to its left, as a share of its length."""

    at: Target
    way: Vec
    aside: Vec
    bulge: float


def read_arrow(raw: Mapping[str, Any]) -> Arrow:
    at = raw["at"] if isinstance(raw["at"], str) else three(raw["at"])
    return Arrow(at, Vec(*three(raw["way"])), Vec(*three(raw.get("aside", (0, 0, 0)))), raw.get("bulge", 0.0))


def arrow_shapes(arrow: Arrow, body: Body, eye: Camera, unit: float = 1.0) -> list[Shape]:
    """A shaft and a head of `unit` size."""
    deep, half = HEAD_LONG * unit, HEAD_HALF * unit
    start = (body.points[arrow.at] if isinstance(arrow.at, str) else Vec(*arrow.at)).plus(arrow.aside)
    (ax, ay), (bx, by) = eye.seen(start), eye.seen(start.plus(arrow.way))
    bow = (ax + bx) / 2 - (by - ay) * arrow.bulge, (ay + by) / 2 + (bx - ax) * arrow.bulge
    lean = (bx - bow[0], by - bow[1]) if arrow.bulge else (bx - ax, by - ay)
    long = hypot(*lean) or 1.0
    way = lean[0] / long, lean[1] / long
    neck = bx - way[0] * deep, by - way[1] * deep
    shaft: tuple[Point, ...] = ((ax, ay), bow, neck) if arrow.bulge else ((ax, ay), neck)
    head = (
        (bx, by),
        (neck[0] - way[1] * half, neck[1] + way[0] * half),
        (neck[0] + way[1] * half, neck[1] - way[0] * half),
    )
    return [Shape("arrow", (shaft,), smooth=True), Shape("arrow-head", (head,), closed=True)]
