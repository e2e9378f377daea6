"""The drawing of an exercise, and the same in words."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe

from clinic.figure.drawing import svg
from treatments.planning import LIBRARY, Exercise
from treatments.planning.poses import PICTURES

register = template.Library()

POSITIONS = {
    "supine": "lying on the back",
    "prone": "lying face down",
    "side-lying": "lying on the side",
    "seated": "sitting",
    "hands and knees": "on hands and knees",
    "half-kneeling": "kneeling on one knee",
}
DOES = {"stretch": "stretched", "strength": "working"}


@register.simple_tag
def illustration(key: str, side: str = "", small: bool = False) -> SafeString:
    """The drawing as inline SVG; nothing for a key the library no longer knows. `side`: left, right or empty."""
    return drawn(key, side or "", small) if key in PICTURES else SafeString("")


@lru_cache(maxsize=512)
def drawn(key: str, side: str, small: bool) -> SafeString:
    exercise = LIBRARY[key]
    return mark_safe(svg(PICTURES[key], side, title(exercise, side), text(exercise, side), small))  # noqa: S308 - our own


def title(exercise: Exercise, side: str) -> str:
    return f"{exercise.name}, {side} side" if side else exercise.name


def text(exercise: Exercise, side: str) -> str:
    """What the picture shows, for who can't see it: who does what, how many moments, what is coloured."""
    position = POSITIONS.get(exercise.position, exercise.position)
    moments = "start and end of the movement" if len(PICTURES[exercise.key].frames) > 1 else "the position"
    leg = f", shown on the {side}" if side else ""
    return f"Drawing of a person {position}: {moments}{leg}.{coloured(exercise)} {exercise.steps[0]}"


def coloured(exercise: Exercise) -> str:
    painted = any(frame.muscles for frame in PICTURES[exercise.key].frames)
    if not painted or exercise.kind not in DOES:
        return ""
    return f" Coloured: the part that is {DOES[exercise.kind]} ({exercise.target.replace('_', ' ')})."
