"""The sheet that charts are drawn on: shapes and words, each word with the room it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from math import isfinite

#: Width of a letter of Inter in parts of its size, rather too wide than too narrow.
WIDE, USUAL, NARROW = 0.92, 0.6, 0.34
WIDE_LETTERS, NARROW_LETTERS = frozenset("mwMW@%–—→"), frozenset("iljtfrI.,:;'|!()[] 1-°·/")
Value = str | float | None


def width_of(words: str, size: float) -> float:
    """About how wide it will stand, in units of the sheet."""
    return size * sum(WIDE if c in WIDE_LETTERS else NARROW if c in NARROW_LETTERS else USUAL for c in words)


def fitted(words: str, room: float, size: float) -> str:
    """As much of it as fits, with … where something is left out."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words.rstrip(' ·,')}…"


def short(value: float) -> str:
    """A place on the sheet. ValueError for what is no number: nothing is drawn at nowhere."""
    if not isfinite(value):
        raise ValueError(f"{value} is no place on a sheet")
    return f"{round(value, 1) + 0:g}"  # the sum: never "-0"


@dataclass(frozen=True, slots=True)
class Room:
    """What some words take, for those that must not stand on top of them."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Room) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Sheet:
    """Collects shapes in their order. Classes only: the page's rules forbid styles in the drawing."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.rooms: list[Room] = []

    def add(self, shape: str, kind: str, **places: Value) -> None:
        said = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else short(value)}"'
            for name, value in places.items()
            if value is not None
        )
        self.parts.append(f'<{shape} class="{kind}"{said}></{shape}>')

    def line(self, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.add("line", kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])

    def box(self, kind: str, left: float, top: float, right: float, bottom: float, round_: float | None = None) -> None:
        self.add("rect", kind, x=left, y=top, width=max(right - left, 0), height=max(bottom - top, 0), rx=round_)

    def path(self, kind: str, points: Iterable[tuple[float, float]], *, closed: bool = False) -> None:
        places = "L".join(f"{short(x)} {short(y)}" for x, y in points)
        self.add("path", kind, d=f"M{places}{'Z' if closed else ''}")

    def words(
        self, x: float, y: float, said: str, kind: str = "tick-label", *, anchor: str = "start", size: float = 11
    ) -> None:
        """On the line `y`; `size` is that of the class and must be the same."""
        room = self.room(x, y, said, anchor, size)
        self.rooms.append(room)
        placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text class="{kind}" x="{short(x)}" y="{short(y)}"{placed}>{escape(said)}</text>')

    def mark(self, x: float, y: float, letter: str, kind: str) -> None:
        """A letter in the middle of a dot; it takes no room of its own."""
        self.parts.append(
            f'<text class="{kind}" x="{short(x)}" y="{short(y + 3.4)}" text-anchor="middle">{escape(letter)}</text>'
        )

    def words_if_free(self, x: float, y: float, said: str, kind: str, *, anchor: str = "middle") -> bool:
        """Nothing where other words stand, or where it would leave the sheet: the table has it."""
        room = self.room(x, y, said, anchor, 11)
        if room.left < 0 or room.right > self.width or any(map(room.meets, self.rooms)):
            return False
        self.words(x, y, said, kind, anchor=anchor)
        return True

    @staticmethod
    def room(x: float, y: float, said: str, anchor: str, size: float) -> Room:
        wide = width_of(said, size)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        return Room(said, left, y - 0.75 * size, left + wide, y + 0.2 * size)

    def svg(self, key: str, title: str, text: str, kind: str = "") -> str:
        """Inline SVG. `key` is unlike any other on the page; without a title it is only an ornament of words beside."""
        head = f'<svg class="{f"measure chart {kind}".strip()}"'
        box = f'viewBox="0 0 {short(self.width)} {short(self.height)}"'
        if not title:
            return f'{head} {box} aria-hidden="true" focusable="false">{"".join(self.parts)}</svg>'
        named = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-words">{escape(text)}</desc>'
        labelled = f'role="img" aria-labelledby="{key}-title" aria-describedby="{key}-words"'
        return f"{head} {box} {labelled}>{named}{''.join(self.parts)}</svg>"
