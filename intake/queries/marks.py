"""Marks on the body chart: their words in the language of the page, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.figure import chart
from intake.screening.vocabulary import PAIN_KINDS


@dataclass(frozen=True)
class Kind:
    """Told apart by colour, by dashes and by letter."""

    key: str
    label: Any
    letter: str
    dashes: str


#: In the client's words; letters and dashes are those of the drawing.
LABELS = {"pain": _("Pain"), "ache": _("Ache"), "numb": _("Numb"), "tingling": _("Tingling"), "tight": _("Tight")}
KINDS: Mapping[str, Kind] = {
    key: Kind(key, LABELS[key], str(number), chart.KINDS[key].dashes) for number, key in enumerate(PAIN_KINDS, 1)
}

#: Of the regions of the front and the back, by their name in the drawing.
REGIONS: Mapping[str, Any] = {
    "head": _("Head"),
    "jaw": _("Jaw"),
    "throat": _("Throat"),
    "front of the shoulder": _("Front of the shoulder"),
    "chest": _("Chest"),
    "upper belly": _("Upper belly"),
    "lower belly": _("Lower belly"),
    "front of the hip": _("Front of the hip"),
    "groin": _("Groin"),
    "front of the thigh": _("Front of the thigh"),
    "front of the knee": _("Front of the knee"),
    "shin": _("Shin"),
    "front of the ankle": _("Front of the ankle"),
    "top of the foot": _("Top of the foot"),
    "front of the upper arm": _("Front of the upper arm"),
    "front of the elbow": _("Front of the elbow"),
    "inner forearm": _("Inner forearm"),
    "palm": _("Palm"),
    "back of the head": _("Back of the head"),
    "neck": _("Neck"),
    "upper trapezius": _("Between neck and shoulder"),
    "shoulder blade": _("Shoulder blade"),
    "between the shoulder blades": _("Between the shoulder blades"),
    "middle back": _("Middle back"),
    "low back": _("Lower back"),
    "sacroiliac region": _("Back of the pelvis"),
    "tailbone": _("Tailbone"),
    "buttock": _("Buttock"),
    "back of the thigh": _("Back of the thigh"),
    "back of the knee": _("Back of the knee"),
    "calf": _("Calf"),
    "Achilles tendon": _("Achilles tendon"),
    "heel": _("Heel"),
    "back of the shoulder": _("Back of the shoulder"),
    "back of the upper arm": _("Back of the upper arm"),
    "back of the elbow": _("Back of the elbow"),
    "outer forearm": _("Outer forearm"),
    "back of the hand": _("Back of the hand"),
}


def place_words(place: chart.Place) -> str:
    """`Lower back, right`."""
    side, _space, rest = place.name.partition(" ")
    if side not in ("left", "right"):
        return str(REGIONS[place.name])
    told = gettext("%(place)s, left") if side == "left" else gettext("%(place)s, right")
    return told % {"place": REGIONS[rest]}


def mark_words(mark: Mapping[str, Any]) -> str:
    """`Ache: low back, right, 4 of 10`."""
    xs, ys = zip(*mark["points"], strict=True)
    there = chart.place_of(mark["view"], sum(xs) / len(xs), sum(ys) / len(ys))
    said = f"{KINDS[mark['kind']].label}: {place_words(there)}"
    severity = mark.get("severity")
    return said if severity is None else f"{said}, {gettext('%(severity)s of 10') % {'severity': severity}}"


def drawn_on(marks: list[dict[str, Any]], view: chart.View) -> Iterator[tuple[Kind, str, str, int]]:
    """(kind, the line's points, and where its letter stands) of the marks on one view."""
    for mark in marks:
        if mark["view"] == view.key:
            x, y = mark["points"][0]
            yield KINDS[mark["kind"]], chart.line(mark), f"{x * view.width / 1000:g}", y
