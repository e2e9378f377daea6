"""How a measure is taken: a drawing, and the same in words."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from assessments.rules import MEASURES
from assessments.rules.protocol import FOLDER
from clinic.figure.drawing import svg
from clinic.figure.reading import read_pictures

register = template.Library()

PICTURES, _ = read_pictures(FOLDER / "poses.json")


@register.simple_tag
def measure_drawing(key: str, side: str = "", small: bool = False) -> SafeString:
    """The drawing as inline SVG; nothing for a measure without one. `side`: left, right or empty."""
    return drawn(key, side or "", small) if key in PICTURES else SafeString("")


@lru_cache(maxsize=256)
def drawn(key: str, side: str, small: bool) -> SafeString:
    measure = MEASURES[key]
    title = f"How it is measured: {measure.label}" + (f", {side} side" if side else "")
    text = f"Drawing of the position of client and instrument. {measure.how_to}"
    return mark_safe(svg(PICTURES[key], side, title, text, small))  # noqa: S308 - our own
