"""The body as parts in their order, far ones first: head, trunk, limbs, hands and feet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin

from clinic.figure.body import Body, Bone
from clinic.figure.outline import balls, disc, is_foreshortened, limb_outline, ribs, slice_at, slices_hull
from clinic.figure.pose import SIDES
from clinic.figure.proportions import HEAD_HALF
from clinic.figure.shapes import Shape
from clinic.figure.space import Camera, Vec

#: Which bone a bone hangs on: where two meet, the one drawn later carries no line.
HANGS_ON = {"thigh": "trunk", "upper_arm": "trunk", "shin": "thigh", "forearm": "upper_arm", "hand": "forearm"}
LIMBS = ("thigh", "shin", "foot", "upper_arm", "forearm", "hand")
SHORTS = 0.32


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body: its shapes, and how near it is."""

    name: str
    depth: float
    shapes: tuple[Shape, ...]


def body_parts(body: Body, eye: Camera) -> list[Part]:
    """All parts, the farthest first."""
    depths = {name: depth(body, name, eye) for name in names()}
    order = sorted(depths, key=lambda name: depths[name])
    ranks = {name: rank for rank, name in enumerate(order)}
    return [Part(name, depths[name], tuple(part_shapes(name, body, eye, ranks))) for name in order]


def names() -> Iterator[str]:
    yield from ("trunk", "neck", "head")
    yield from (f"{side} {name}" for side in SIDES for name in LIMBS)


def depth(body: Body, name: str, eye: Camera) -> float:
    """How near a part is. The trunk counts by its middle; a foot goes with its shin, the head with its neck."""
    bone = body.bones[name]
    middle = bone.at(0.55).dot(eye.near)
    if name.endswith("foot"):
        return body.bones[name.replace("foot", "shin")].at(0.55).dot(eye.near) + 0.001
    return middle + (0.001 if name == "head" else 0)


def part_shapes(name: str, body: Body, eye: Camera, ranks: dict[str, int]) -> Iterator[Shape]:
    if name == "head":
        yield from head(body, eye)
    elif name == "trunk":
        yield from trunk(body, eye)
    elif name.endswith("foot"):
        yield foot(body, name.split()[0], eye, tone(body, name, eye))
    else:
        yield from limb(body, name, eye, ranks)


def tone(body: Body, name: str, eye: Camera) -> str:
    """`far` for the limbs of the side that is turned away."""
    side = name.split()[0]
    if side not in SIDES:
        return "near"
    joint = "hip" if name.split()[1] in ("thigh", "shin", "foot") else "shoulder"
    other = "right" if side == "left" else "left"
    behind = body.points[f"{other} {joint}"].dot(eye.near) - body.points[f"{side} {joint}"].dot(eye.near)
    return "far" if behind > 0.05 else "near"


def limb(body: Body, name: str, eye: Camera, ranks: dict[str, int]) -> Iterator[Shape]:
    bone = body.bones[name]
    light = tone(body, name, eye)
    if is_foreshortened(bone, eye):
        yield Shape(f"b-{light}", (tuple(slices_hull(bone.slices, eye)),), closed=True)
        return
    side, _, kind = name.rpartition(" ")
    above = f"{side} {HANGS_ON.get(kind, '')}".strip() if HANGS_ON.get(kind) != "trunk" else "trunk"
    below = next((f"{side} {low}" for low, high in HANGS_ON.items() if high == kind), "foot")
    open_start = kind != "upper_arm" and above in ranks and ranks[above] < ranks[name]
    open_end = below in ranks and ranks[below] < ranks[name]
    lines = limb_outline(bone, eye, open_start, open_end)
    yield Shape(f"b-{light}", tuple(map(tuple, lines)), smooth=True)
    if kind == "thigh":
        yield shorts(bone, eye, light)


def shorts(bone: Bone, eye: Camera, light: str) -> Shape:
    row = ribs([slice_at(bone.slices, share) for share in (0.0, SHORTS / 2, SHORTS)], eye)
    line = [rib.point(rib.left) for rib in row] + [rib.point(-rib.right) for rib in reversed(row)]
    return Shape(f"c-{light}", (tuple(line),))


def trunk(body: Body, eye: Camera) -> Iterator[Shape]:
    """The trunk down to the seat; above straight legs the line stops at the hips, where shorts go on."""
    bone = body.bones["trunk"]
    row = ribs(bone.slices, eye)
    sits = any(body.bones[f"{side} thigh"].frame.up.dot(bone.frame.up) < 0.75 for side in SIDES)
    whole = [rib.point(rib.left) for rib in row] + [rib.point(-rib.right) for rib in reversed(row)]
    if not sits:
        yield Shape("c-fill", ((whole[1], whole[0], whole[-1], whole[-2]),), closed=True)
        whole = whole[1:-1]
    yield Shape("c-near", (tuple(whole),), smooth=True, closed=sits)


def foot(body: Body, side: str, eye: Camera, light: str) -> Shape:
    """Heel, instep and ball; the toes bend on their own."""
    at, frame, toes = body.points, body.bones[f"{side} foot"].frame, body.bones[f"{side} toes"].frame
    heel = at[f"{side} heel"].plus(frame.at(0.02, 0, 0.02))
    ball = [(at[f"{side} ball"].plus(frame.at(0, wide, 0.013)), 0.013) for wide in (-0.02, 0.02)]
    tips = [(at[f"{side} toe"].plus(toes.at(-0.01, wide, 0.01)), 0.01) for wide in (-0.014, 0.014)]
    back = balls([(heel, 0.02), (at[f"{side} ankle"], 0.022), *ball], eye)
    return Shape(f"b-{light}", (tuple(back), tuple(balls([*ball, *tips], eye))), closed=True)


def head(body: Body, eye: Camera) -> Iterator[Shape]:
    """Skull and jaw, hair behind and above, a nose where it shows, an ear."""
    skull = body.bones["head"]
    middle, frame = skull.start, skull.frame
    crown = middle.plus(frame.at(-0.006, 0, 0.008))
    jaw = middle.plus(frame.at(0.018, 0, -0.036))
    nose = middle.plus(frame.at(0.054, 0, -0.012))
    ahead = frame.forward.dot(eye.near)
    tip = Shape(
        "b-near", (tuple(balls([(nose, 0.011), (middle.plus(frame.at(0.04, 0, 0.012)), 0.01)], eye)),), closed=True
    )
    if ahead < 0.6:
        yield tip
    yield Shape("b-near", (tuple(balls([(crown, 0.057), (jaw, 0.03)], eye)),), closed=True)
    yield from hair(crown, frame.at(-0.62, 0, 0.78), eye)
    if ahead >= 0.6:
        side = 0.008 if frame.left.dot(eye.near) < 0 else -0.008
        line = (frame.at(0.05, 0, 0.012), frame.at(0.066, side, -0.016), frame.at(0.056, 0, -0.02))
        yield Shape("crease", (tuple(eye.seen(middle.plus(step)) for step in line),))
    for out in (1, -1):
        if frame.left.dot(eye.near) * out > 0.35:
            ear = middle.plus(frame.at(-0.008, out * 0.05, -0.012))
            yield Shape("b-near", (tuple(disc(eye.seen(ear), 0.012, 8)),), closed=True)


def hair(middle: Vec, way: Vec, eye: Camera) -> Iterator[Shape]:
    """The seen part of a cap on the skull: along its edge and back along the outline of the skull."""
    radius, edge = HEAD_HALF * 0.9, 0.12
    points = [middle.plus(direction, radius) for direction in ring_fill(way, edge, eye)]
    if len(points) > 2:
        yield Shape("hair", (tuple(eye.seen(point) for point in points),), closed=True)


def ring_fill(way: Vec, edge: float, eye: Camera) -> list[Vec]:
    """Directions round the seen part of the cap {d: d.way > edge}."""
    steps = [2 * pi * step / 16 for step in range(16)]
    rim = [eye.right.times(cos(turn)).plus(eye.up, sin(turn)) for turn in steps]
    on_rim = [direction.dot(way) > edge for direction in rim]
    across = way.cross(eye.near).unit()
    ring_radius = (1 - edge * edge) ** 0.5
    other = way.cross(across)
    ring = [way.times(edge).plus(across, ring_radius * cos(t)).plus(other, ring_radius * sin(t)) for t in steps]
    seen = [direction.dot(eye.near) > 0 for direction in ring]
    if not any(on_rim):
        return ring if all(seen) else []
    return [*run(rim, on_rim), *joined(run(rim, on_rim), run(ring, seen))]


def run(points: list[Vec], chosen: list[bool]) -> list[Vec]:
    """The chosen points of a ring in one run, from the first after a gap."""
    if all(chosen) or not any(chosen):
        return points if all(chosen) else []
    start = next(place for place in range(len(points)) if chosen[place] and not chosen[place - 1])
    row = [(start + step) % len(points) for step in range(len(points))]
    return [points[place] for place in row if chosen[place]]


def joined(first: list[Vec], second: list[Vec]) -> list[Vec]:
    """The second run, turned so that it goes on where the first ends."""
    if not second:
        return []
    near = second[0].minus(first[-1]).length <= second[-1].minus(first[-1]).length
    return second if near else second[::-1]
