"""What a session note says, in words and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from clinic.figure import chart as body_chart
from treatments.models import SessionTechnique
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES, name_of
from treatments.queries import sessions as read

register = template.Library()


@register.filter
def technique_name(row: SessionTechnique) -> str:
    return name_of(row.technique, TECHNIQUES)


@register.filter
def structure_name(row: SessionTechnique) -> str:
    return name_of(row.structure, STRUCTURES)


@register.filter
def for_words(row: SessionTechnique) -> str:
    return read.finding_words(row.for_finding, row.for_side)


@register.filter
def technique_line(row: SessionTechnique) -> str:
    return read.technique_words(row)


@register.filter
def pain_line(note: Any) -> str:
    return read.pain_words(note)


@register.simple_tag
def body_figure(view: str) -> SafeString:
    """The body from one side; our own drawing, with nothing of a user in it."""
    return mark_safe(body_chart.figure(view))  # noqa: S308


@register.simple_tag
def strokes_on(chart: Sequence[Mapping[str, Any]], view: str) -> list[dict[str, Any]]:
    """The strokes of a sound chart on one view, with the letter that stands at their beginning."""
    width = body_chart.VIEWS[view].width
    return [
        {
            "kind": stroke["kind"],
            "dashes": body_chart.KINDS[stroke["kind"]].dashes,
            "letter": body_chart.KINDS[stroke["kind"]].letter,
            "line": body_chart.line(stroke),
            "x": f"{stroke['points'][0][0] * width / 1000:g}",
            "y": stroke["points"][0][1],
        }
        for stroke in chart
        if stroke["view"] == view
    ]


@register.simple_tag
def chart_places() -> list[tuple[str, list[body_chart.Place]]]:
    """Every place that can be marked, by the label of its view."""
    return [
        (view.label, [place for place in body_chart.PLACES.values() if place.view == view.key])
        for view in body_chart.VIEWS.values()
    ]
