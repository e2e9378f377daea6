"""A drawing as PNG, for mail programs: they show no SVG. Reads what `drawing.svg` writes, and nothing more.

The colours are those of the light page on white paper: a mail program that darkens its page leaves pictures alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

Point = tuple[float, float]
Line = list[Point]

#: Drawn so much larger, then made smaller: that is what smooths the edges.
FINER = 3
COLOURS = 64
LINE, BODY, CLOTH, PROP, EDGE, BRAND = "#3a3532", "#f3e6d8", "#b9cccb", "#ece7dd", "#9a9384", "#0e5e60"
STRETCH, RIGHT, LEFT, CARD, QUIET, INK = "#d4547c", "#b26a00", "#2b66a8", "#ffffff", "#56616c", "#1b242e"
FONT = Path(__file__).resolve().parent.parent / "static/clinic/fonts/inter-latin-wght-normal.woff2"


@dataclass(frozen=True, slots=True)
class Paint:
    """How a class looks, as `css/figure.css` says: widths and dashes in units of the picture."""

    fill: str = ""
    stroke: str = ""
    width: float = 5
    opacity: float = 1
    dashes: tuple[float, float] | None = None


PAINTS = {
    "b-near": Paint(BODY, LINE, 7), "b-far": Paint("#dccbb9", LINE), "c-near": Paint(CLOTH, LINE, 7),
    "c-far": Paint("#9fb5b4", LINE), "c-fill": Paint(CLOTH), "crease": Paint("", LINE, 4),
    "hair": Paint("#6d5a4c", LINE), "stretch": Paint(STRETCH, opacity=0.85), "work": Paint(STRETCH, opacity=0.4),
    "stripe": Paint("", STRETCH, 7), "stretch-line": Paint("", STRETCH, 16),
    "work-line": Paint("", STRETCH, 16, dashes=(15, 21)), "p-floor": Paint(PROP), "p-wall": Paint("#f3f0ea", EDGE, 4),
    "p-leg": Paint("", EDGE, 12), "p-strap": Paint("", "#4b5a3c", 10), "p-tape": Paint("", BRAND, 9, dashes=(16, 12)),
    "p-goniometer": Paint("", BRAND, 9), "p-axis": Paint(CARD, BRAND, 7), "p-rail": Paint("", EDGE, 14),
    "arrow": Paint("", BRAND, 11), "arrow-head": Paint(BRAND, BRAND), "number": Paint(CARD, QUIET, 3),
    "mark-left": Paint(CARD, LEFT, 8), "mark-right": Paint(RIGHT, RIGHT, 8),
}  # fmt: skip
A_PROP = Paint(PROP, EDGE, 4)
#: Of letters: colour and size.
WRITTEN = {"number-text": (INK, 39), "mark-left-text": (LEFT, 46), "mark-right-text": (CARD, 46)}
GHOST = 0.35

SHAPES = re.compile(
    r'<path class="(?P<path>[\w-]+)" d="(?P<d>[^"]*)"/>'
    r'|<circle class="(?P<circle>[\w-]+)" cx="(?P<cx>-?\d+)" cy="(?P<cy>-?\d+)" r="(?P<r>\d+)"/>'
    r'|<text class="(?P<text>[\w-]+)" x="(?P<x>-?\d+)" y="(?P<y>-?\d+)">(?P<said>[^<]*)</text>'
    r'|(?P<ghost><g class="ghost">)|(?P<end></g>)'
)
STEP = re.compile(r"([MlLcsz])([^MlLcsz]*)")
NUMBER = re.compile(r"-?\d+")


def png(svg: str, width: int) -> bytes:
    """`svg` of `drawing.svg`, `width` pixels wide."""
    box = re.search(r'viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"', svg)
    if box is None:
        raise ValueError("this is no drawing of ours")
    left, top, wide, high = map(int, box.groups())
    sheet = _Sheet(left, top, width * FINER / wide, (width * FINER, round(high * width * FINER / wide)))
    sheet.draw(svg)
    whole = without_stripes(sheet.image)
    small = whole.resize((width, round(whole.height / FINER)), Image.Resampling.LANCZOS)
    small = small.quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def without_stripes(image: Image.Image) -> Image.Image:
    """No empty stripes above and below: a mail is long enough. A white picture stays as it is."""
    box = ImageChops.difference(image, Image.new("RGB", image.size, CARD)).getbbox()
    if box is None:
        return image
    edge = 8 * FINER
    return image.crop((0, max(box[1] - edge, 0), image.width, min(box[3] + edge, image.height)))


class _Sheet:
    """Pixels, and where the picture's units come to lie on them."""

    def __init__(self, left: int, top: int, scale: float, size: tuple[int, int]) -> None:
        self.image = Image.new("RGB", size, CARD)
        self._left, self._top, self._scale = left, top, scale
        self._pen = ImageDraw.Draw(self.image)

    def draw(self, svg: str) -> None:
        behind: Image.Image | None = None
        for found in SHAPES.finditer(svg):
            if found["ghost"]:
                behind = self.image.copy()
            elif found["end"] and behind is not None:
                self._onto(Image.blend(behind, self.image, GHOST))
                behind = None
            else:
                self._shape(found)

    def _shape(self, found: re.Match[str]) -> None:
        if found["path"]:
            name = found["path"]
            paint = PAINTS.get(name) or (A_PROP if name.startswith("p-") else Paint())
            self._painted(paint, [[self._at(point) for point in line] for line in lines(found["d"])])
        elif found["circle"]:
            self._circle(PAINTS[found["circle"]], self._at((int(found["cx"]), int(found["cy"]))), int(found["r"]))
        elif found["text"]:
            self._letter(found["text"], found["said"], (int(found["x"]), int(found["y"])))

    def _painted(self, paint: Paint, some: list[Line]) -> None:
        before = self.image.copy() if paint.opacity < 1 else None
        for line in some if paint.stroke else ():
            self._stroke(paint, line)
        for line in some:
            if paint.fill and len(line) > 2:
                self._pen.polygon(line, fill=paint.fill)
        if before is not None:
            self._onto(Image.blend(before, self.image, paint.opacity))
        if paint.fill and paint.stroke and paint.width <= 5:  # the stroke of small things lies on top
            for line in some:
                self._stroke(paint, line)

    def _stroke(self, paint: Paint, line: Line) -> None:
        wide = max(round(paint.width * self._scale), 1)
        reach = wide / 2
        for part in dashed(line, paint.dashes, self._scale) if paint.dashes else [line]:
            self._pen.line(part, fill=paint.stroke, width=wide, joint="curve")
            for x, y in (part[0], part[-1]):
                self._pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=paint.stroke)

    def _circle(self, paint: Paint, at: Point, radius: int) -> None:
        reach = (radius + paint.width / 2) * self._scale
        box = (at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach)
        self._pen.ellipse(box, fill=paint.fill or None, outline=paint.stroke, width=round(paint.width * self._scale))

    def _letter(self, name: str, said: str, at: Point) -> None:
        colour, size = WRITTEN[name]
        font = ImageFont.truetype(str(FONT), round(size * self._scale))
        font.set_variation_by_axes([650])
        self._pen.text(self._at(at), said, fill=colour, font=font, anchor="ms")

    def _at(self, point: Point) -> Point:
        return (point[0] - self._left) * self._scale, (point[1] - self._top) * self._scale

    def _onto(self, image: Image.Image) -> None:
        self.image, self._pen = image, ImageDraw.Draw(image)


def lines(data: str) -> Iterator[Line]:
    """The lines of a path: its moves, straight steps and curves, curves as short straight steps."""
    line: Line = []
    handle: Point = (0, 0)
    for letter, numbers in STEP.findall(data):
        given = [int(number) for number in NUMBER.findall(numbers)]
        if letter == "M":
            if line:
                yield line
            line = [(given[0], given[1])]
        elif letter == "z":
            line.append(line[0])
        elif letter == "l":
            line.append((line[-1][0] + given[0], line[-1][1] + given[1]))
        else:
            handle = _curve(line, given if letter == "c" else [*_mirrored(handle, line[-1]), *given])
    if line:
        yield line


def _mirrored(handle: Point, at: Point) -> list[float]:
    return [at[0] - handle[0], at[1] - handle[1]]


def _curve(line: Line, given: list[float] | list[int], steps: int = 8) -> Point:
    """Goes on by one cubic Bézier, relative to the line's end; returns its second handle."""
    ax, ay = line[-1]
    bx, by, cx, cy, dx, dy = (value + (ax, ay)[place % 2] for place, value in enumerate(given))
    for step in range(1, steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        line.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    return cx, cy


def dashed(line: Line, dashes: tuple[float, float], scale: float) -> Iterator[Line]:
    """The pieces of a line that are drawn."""
    on, off = dashes[0] * scale, dashes[1] * scale
    gone = 0.0
    for (ax, ay), (bx, by) in pairwise(line):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        done = 0.0
        while length - done > 0.01:
            phase = (gone + done) % (on + off)
            reach = min((on if phase < on else on + off) - phase + 0.01, length - done)
            if phase < on:
                yield [
                    (ax + (bx - ax) * part / length, ay + (by - ay) * part / length) for part in (done, done + reach)
                ]
            done += reach
        gone += length
