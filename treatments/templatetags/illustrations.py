"""The drawing of an exercise, and the same in words."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from clinic.figure.drawing import svg
from treatments.planning import LIBRARY, Exercise, in_language
from treatments.planning.poses import PICTURES
from treatments.queries.pictures import letters

register = template.Library()

POSITIONS = {
    "supine": _("Drawing of a person lying on the back."),
    "prone": _("Drawing of a person lying face down."),
    "side-lying": _("Drawing of a person lying on the side."),
    "seated": _("Drawing of a person sitting."),
    "standing": _("Drawing of a person standing."),
    "walking": _("Drawing of a person walking."),
    "hands and knees": _("Drawing of a person on hands and knees."),
    "half-kneeling": _("Drawing of a person kneeling on one knee."),
}
SIDES = {"left": _("Shown on the left."), "right": _("Shown on the right.")}
DOES = {"stretch": _("Coloured: the part that is stretched."), "strength": _("Coloured: the part that is working.")}


@register.simple_tag
def illustration(key: str, side: str = "", small: bool = False) -> SafeString:
    """The drawing as inline SVG; nothing for a key the library no longer knows. `side`: left, right or empty."""
    return drawn(key, side or "", small, get_language() or "en") if key in PICTURES else SafeString("")


@lru_cache(maxsize=512)
def drawn(key: str, side: str, small: bool, language: str) -> SafeString:
    exercise = in_language(LIBRARY[key], language)
    with override(language):
        said, sides = (title(exercise, side), text(exercise, side)), letters()
    return mark_safe(svg(PICTURES[key], side, *said, small, sides))  # noqa: S308 - our own


def title(exercise: Exercise, side: str) -> str:
    if not side:
        return exercise.name
    named = _("{name}, left side") if side == "left" else _("{name}, right side")
    return str(named).format(name=exercise.name)


def text(exercise: Exercise, side: str) -> str:
    """What the picture shows, for who can't see it: who does what, how many moments, what is coloured."""
    frames = PICTURES[exercise.key].frames
    painted = any(frame.muscles for frame in frames)
    said = (
        POSITIONS.get(exercise.position, ""),
        _("Start and end of the movement.") if len(frames) > 1 else "",
        SIDES.get(side, ""),
        DOES.get(exercise.kind, "") if painted else "",
        exercise.steps[0],
    )
    return " ".join(str(part) for part in said if part)
