"""Exercises as pictures that a mail program shows."""

from __future__ import annotations

from functools import lru_cache

from clinic.figure.drawing import svg
from clinic.figure.raster import png
from clinic.reminders import Image
from treatments.planning.poses import PICTURES

#: Pixels of the file, and as shown: sharp on a phone, and within its width beside the edges of a mail.
WIDTH, SHOWN = 480, 240


@lru_cache(maxsize=256)
def picture(exercise: str, side: str) -> Image | None:
    """Drawn once a process, about 10 kB. None for a key the library no longer knows. `side`: left, right or empty."""
    if exercise not in PICTURES:
        return None
    name = f"{exercise}-{side}" if side else exercise
    return Image(name.replace("_", "-"), "image/png", png(svg(PICTURES[exercise], side), WIDTH), SHOWN)
