"""A picture of one or two poses: what is far first, then what is near, then arrows and signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import cos, hypot, inf, pi, sin
from typing import Any

from clinic.figure.arrows import Arrow, arrow_shapes, read_arrow
from clinic.figure.body import Body
from clinic.figure.muscles import Muscle, muscle_shapes, read_muscle
from clinic.figure.outline import Point
from clinic.figure.parts import body_parts
from clinic.figure.pose import Pose, read_pose
from clinic.figure.props import Prop, prop_shapes, read_prop
from clinic.figure.shapes import HEIGHT, LARGEST, WIDTH, Shape, Sheet, Sign, bounds, fitted, sign_written, written
from clinic.figure.skeleton import build
from clinic.figure.space import Camera, camera

#: Where the eye stands: degrees round the person from the front towards the left, and above the horizon.
VIEWS: Mapping[str, tuple[float, float]] = {
    "side": (72, 10), "front": (12, 10), "back": (168, 10), "above": (40, 48), "feet": (25, 28),
}  # fmt: skip
GAP = 0.1
#: Units of the picture left free round what is drawn.
EDGE = 24
LETTERS = ("L", "R")
#: How far from its landmark a letter may stand.
FAR = (0.06, 0.09, 0.12, 0.16, 0.2)


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment: a pose, what stands around it, what it moves."""

    pose: Pose
    props: tuple[Prop, ...]
    muscles: tuple[Muscle, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything about one drawing. `mark`: the landmark beside which the letter of the side stands. `close_up`: a
    landmark and how much to show around it, in body heights.

    `layout`: how two moments share the sheet: beside, above each other, or the first as a ghost behind the second.
    """

    eye: Camera
    frames: tuple[Frame, ...]
    layout: str
    mark: str
    largest: float
    close_up: tuple[str, float] | None


def read_picture(raw: Mapping[str, Any]) -> Picture:
    """From checked data. What every frame shares may stand outside of the frames."""
    around, above = VIEWS[raw["view"]]
    eye = camera(around + raw.get("turn_view", 0), above + raw.get("raise_view", 0))
    shared = {name: raw.get(name, []) for name in ("props", "muscles", "arrows")}
    last = len(raw["frames"]) - 1
    frames = tuple(read_frame(frame, shared, place == last) for place, frame in enumerate(raw["frames"]))
    near = raw.get("close_up")
    return Picture(
        eye,
        frames,
        raw.get("layout", "beside"),
        raw.get("mark", "left toe"),
        raw.get("enlarge", 1) * LARGEST,
        (near["at"], near["size"]) if near else None,
    )


def read_frame(raw: Mapping[str, Any], shared: Mapping[str, Any], last: bool) -> Frame:
    """One moment, with what all share. Muscles are painted where the exercise has arrived: in the last one."""

    def all_of(name: str) -> Sequence[Mapping[str, Any]]:
        return [*(shared[name] if last or name == "props" else ()), *raw.get(name, [])]

    return Frame(
        read_pose(raw),
        tuple(map(read_prop, all_of("props"))),
        tuple(map(read_muscle, all_of("muscles"))),
        tuple(map(read_arrow, all_of("arrows"))),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """The shapes of one moment in their order, and its body."""

    shapes: tuple[Shape, ...]
    body: Body

    def shifted(self, by: Point) -> Drawn:
        return Drawn(tuple(shape.shifted(by) for shape in self.shapes), self.body)

    def points(self) -> list[Point]:
        return [point for shape in self.shapes for point in shape.points()]


def draw_frame(frame: Frame, eye: Camera, unit: float = 1.0) -> Drawn:
    """`unit`: how large arrows are; less than 1 in a close-up."""
    body = build(frame.pose)
    shapes = [shape for prop in frame.props if not prop.in_front for shape in prop_shapes(prop, body, eye)]
    painted: dict[str, list[Shape]] = {}
    for muscle in frame.muscles:
        painted.setdefault(muscle.on, []).extend(muscle_shapes(muscle, body, eye))
    for part in body_parts(body, eye):
        shapes += [*part.shapes, *painted.get(part.name, [])]
    shapes += [shape for prop in frame.props if prop.in_front for shape in prop_shapes(prop, body, eye)]
    return Drawn((*shapes, *(shape for arrow in frame.arrows for shape in arrow_shapes(arrow, body, eye, unit))), body)


def svg(
    picture: Picture, side: str = "", title: str = "", text: str = "", small: bool = False,
    letters: tuple[str, str] = LETTERS,
) -> str:  # fmt: skip
    """The picture as inline SVG. Poses are drawn for the left side; `side` "right" mirrors all but the letters.

    A small one carries no letters: they stand in words beside it. `letters`: for left and right, as the reader says.
    """
    unit = min(picture.close_up[1], 1.0) if picture.close_up else 1.0
    placed, shifts = arranged([draw_frame(frame, picture.eye, unit) for frame in picture.frames], picture.layout)
    sheet = sheet_for(picture, placed, side == "right")
    signs = (
        [] if small else [*numbers(placed, picture.layout), *side_marks(picture, placed, shifts, sheet, side, letters)]
    )
    inside = "".join([*groups(placed, picture.layout, sheet), *(sign_written(sign, sheet) for sign in signs)])
    name = f"<title>{escape(title)}</title>" + (f"<desc>{escape(text)}</desc>" if text else "")
    kind = "drawing drawing-small" if small else "drawing"
    shown = view_box(placed, signs, sheet, small, cropped=not picture.close_up)
    return f'<svg class="{kind}" viewBox="{shown}" role="img">{name}{inside}</svg>'


def view_box(placed: Sequence[Drawn], signs: Sequence[Sign], sheet: Sheet, small: bool, cropped: bool) -> str:
    """What shows of the sheet: no empty stripes above and below; a small one is a square round what is drawn."""
    if not cropped:
        return f"{(WIDTH - HEIGHT) // 2} 0 {HEIGHT} {HEIGHT}" if small else f"0 0 {WIDTH} {HEIGHT}"
    points = [sheet.place(point) for moment in placed for point in moment.points()]
    for sign in signs:
        x, y = sheet.place(sign.at)
        points += [(x, y - sign.radius), (x, y + sign.radius)]
    left, top, right, bottom = (round(edge) for edge in bounds(points))
    if not small:
        return f"0 {top - EDGE} {WIDTH} {bottom - top + 2 * EDGE}"
    half = max(right - left, bottom - top) // 2 + EDGE
    return f"{(left + right) // 2 - half} {(top + bottom) // 2 - half} {2 * half} {2 * half}"


def sheet_for(picture: Picture, placed: Sequence[Drawn], mirrored: bool) -> Sheet:
    if not picture.close_up:
        return fitted([point for moment in placed for point in moment.points()], mirrored, picture.largest)
    landmark, size = picture.close_up
    x, y = picture.eye.seen(placed[-1].body.points[landmark])
    wide, high = size / 2, size * HEIGHT / WIDTH / 2
    return fitted([(x - wide, y - high), (x + wide, y + high)], mirrored, inf)


def groups(placed: Sequence[Drawn], layout: str, sheet: Sheet) -> list[str]:
    """Each moment written. Of a ghost only what moves shows, and behind the figure: between its props and its body."""
    texts = [[written(shape, sheet) for shape in moment.shapes] for moment in placed]
    if layout != "ghost" or len(placed) < 2:
        return ["".join(row) for row in texts]
    last = texts[-1]
    moved = [
        text for text, shape in zip(texts[0], placed[0].shapes, strict=True) if is_moving(shape) and text not in last
    ]
    props = next((place for place, shape in enumerate(placed[-1].shapes) if not shape.name.startswith("p-")), 0)
    return [*last[:props], f'<g class="ghost">{"".join(moved)}</g>', *last[props:]]


def is_moving(shape: Shape) -> bool:
    return shape.name[:2] in ("b-", "c-")


def arranged(drawn: Sequence[Drawn], layout: str) -> tuple[list[Drawn], list[Point]]:
    """Two moments beside or above each other, their floors level; a ghost stays where it is."""
    if len(drawn) < 2 or layout == "ghost":
        return list(drawn), [(0.0, 0.0)] * len(drawn)
    first, second = (bounds(moment.points()) for moment in drawn)
    by = (first[2] - second[0] + GAP, 0.0) if layout == "beside" else (0.0, first[1] - second[3] - GAP * 0.6)
    return [drawn[0], drawn[1].shifted(by)], [(0.0, 0.0), by]


def numbers(placed: Sequence[Drawn], layout: str) -> Iterator[Sign]:
    """1 and 2 at the upper left of each moment."""
    if len(placed) < 2 or layout == "ghost":
        return
    for number, moment in enumerate(placed, 1):
        left, _, _, top = bounds(moment.points())
        yield Sign("number", str(number), (left + 0.03, top - 0.03), 30)


def side_marks(
    picture: Picture, placed: Sequence[Drawn], shifts: Sequence[Point], sheet: Sheet, side: str,
    letters: tuple[str, str],
) -> Iterator[Sign]:  # fmt: skip
    """The letter beside the exercised leg, once, where most room is."""
    if not side:
        return
    x, y = picture.eye.seen(placed[-1].body.points[picture.mark])
    at = (x + shifts[-1][0], y + shifts[-1][1])
    lines = [line for moment in placed for shape in moment.shapes if shape.name[:2] != "p-" for line in shape.lines]
    places = [(at[0] + far * cos(pi * step / 8), at[1] + far * sin(pi * step / 8)) for far in FAR for step in range(16)]
    free = [place for place in places if on_sheet(place, sheet) and not any(inside(place, line) for line in lines)]
    others = [point for line in lines for point in along(line)]
    text = letters[0] if side == "left" else letters[1]
    yield Sign(f"mark-{side}", text, max(free or places, key=lambda place: room(place, at, others, 62 / sheet.scale)))


def along(line: Sequence[Point]) -> Iterator[Point]:
    """Points on a line close enough to keep clear of it."""
    yield line[0]
    for (ax, ay), (bx, by) in pairwise(line):
        yield from ((ax + (bx - ax) * step / 4, ay + (by - ay) * step / 4) for step in range(1, 5))


def room(place: Point, at: Point, others: Sequence[Point], enough: float) -> float:
    """How good a place for a sign is: clear of every line, and near to what it marks."""
    gap = min(hypot(place[0] - x, place[1] - y) for x, y in others)
    return min(gap, enough) * 4 - hypot(place[0] - at[0], place[1] - at[1])


def inside(place: Point, line: Sequence[Point]) -> bool:
    """Whether a place lies within a closed line (even-odd rule)."""
    x, y = place
    crossings = 0
    for (ax, ay), (bx, by) in pairwise([*line, line[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossings += 1
    return crossings % 2 == 1


def on_sheet(place: Point, sheet: Sheet) -> bool:
    x, y = sheet.place(place)
    return 45 <= x <= WIDTH - 45 and 45 <= y <= HEIGHT - 45
