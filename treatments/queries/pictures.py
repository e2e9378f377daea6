"""Exercises as pictures that a mail program shows."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import pgettext

from clinic.figure.drawing import svg
from clinic.figure.raster import png
from clinic.reminders import Image
from treatments.planning.poses import PICTURES

#: Pixels of the file, and as shown: sharp on a phone, and within its width beside the edges of a mail.
WIDTH, SHOWN = 480, 240


def letters() -> tuple[str, str]:
    """What stands for left and right in a drawing, in the language of the page."""
    return pgettext("letter of the left side", "L"), pgettext("letter of the right side", "R")


def picture(exercise: str, side: str) -> Image | None:
    """About 10 kB. None for a key the library no longer knows. `side`: left, right or empty."""
    return drawn(exercise, side, letters()) if exercise in PICTURES else None


@lru_cache(maxsize=256)
def drawn(exercise: str, side: str, letters: tuple[str, str]) -> Image:
    """Once a process."""
    name = f"{exercise}-{side}" if side else exercise
    file = png(svg(PICTURES[exercise], side, letters=letters), WIDTH)
    return Image(name.replace("_", "-"), "image/png", file, SHOWN)
