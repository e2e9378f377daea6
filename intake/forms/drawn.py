"""What is drawn with a finger, and its way without one: the signature, and marks on the body chart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.figure import chart
from intake.forms.asked import Single
from intake.queries.marks import KINDS, drawn_on, mark_words, place_words
from intake.screening import Field, answer_to
from intake.screening.own import body_chart
from intake.screening.vocabulary import SEVERITY_MAX, VIEWS
from intake.services.completeness import MOST_NAME, strokes_faults

Cleaned = Mapping[str, Any]


def parsed(raw: object) -> Any:
    """JSON of a hidden input; an empty one is None, a broken one a text that no check accepts."""
    try:
        return json.loads(str(raw)) if raw else None
    except ValueError:
        return str(raw)


class SignatureInput(forms.Widget):
    """A name to type, and where scripts run a field to draw it: `{"name": …, "drawn": strokes or None}`."""

    template_name = "intake/drawn/signature.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        return {"name": str(data.get(name) or "").strip(), "drawn": parsed(data.get(f"{name}-drawn")) or None}

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        said = value if isinstance(value, dict) else {}
        context: dict[str, Any] = super().get_context(name, None, attrs)
        context["widget"] |= {"typed": said.get("name", ""), "drawn": json.dumps(said.get("drawn") or [])}
        return context


class SignatureField(forms.Field):
    widget = SignatureInput

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)
        self.longest = longest

    def clean(self, value: Any) -> dict[str, Any]:
        if not value["name"] and not value["drawn"]:
            raise ValidationError(_("Type your full name, or draw it: without it nothing is sent."))
        if len(value["name"]) > self.longest:
            raise ValidationError(_("At most %(most)s characters."), params={"most": self.longest})
        if any(strokes_faults(value["drawn"])):
            raise ValidationError(_("The drawing can’t be read. Draw your whole name again, or type it."))
        return dict(value)


class Signature(Single):
    """No part of the answers: it belongs to the moment of sending."""

    def input(self) -> forms.Field:
        return SignatureField(label=self.field.label, help_text=self.field.help, longest=self.field.most or MOST_NAME)

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return {}


class ChartInput(forms.Widget):
    """Marks on the figure as JSON. Without a script, one mark at a time from a list, and ticks that take marks away."""

    template_name = "intake/drawn/chart.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        marks = parsed(data.get(name)) or []
        if not isinstance(marks, list):
            return marks
        away = set(data.getlist(f"{name}-away")) if hasattr(data, "getlist") else set()
        kept = [mark for number, mark in enumerate(marks) if str(number) not in away]
        chosen, kind, severity = (data.get(f"{name}-{part}") or "" for part in ("place", "kind", "severity"))
        return [*kept, mark_at(chosen, kind, severity)] if chosen in chart.PLACES else kept

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        marks = value if isinstance(value, list) and not list(marks_faults(value)) else []
        context: dict[str, Any] = super().get_context(name, None, attrs)
        views = [chart.VIEWS[view] for view in VIEWS]
        context["widget"] |= {
            "marks": json.dumps(marks),
            "kinds": KINDS.values(),
            "views": [(view, view_label(view.key), chart.figure(view.key), drawn_on(marks, view)) for view in views],
            "places": [(view_label(view.key), list(places_of(view.key))) for view in views],
            "told": [(number, mark_words(mark)) for number, mark in enumerate(marks)],
            "severities": range(SEVERITY_MAX + 1),
        }
        return context


def view_label(view: str) -> Any:
    return {"front": _("From the front"), "back": _("From behind")}[view]


def places_of(view: str) -> Iterator[tuple[chart.Place, str]]:
    yield from ((place, place_words(place)) for place in chart.PLACES.values() if place.view == view)


def mark_at(place: str, kind: str, severity: str) -> dict[str, Any]:
    there = chart.PLACES[place]
    mark = {"view": there.view, "kind": kind if kind in KINDS else "pain", "points": there.stroke}
    return {**mark, "severity": int(severity)} if severity.isascii() and severity.isdigit() else mark


ANY_CHART = Field(key="chart", type="body_chart", label="")


def marks_faults(marks: Any) -> Iterator[tuple[str, str]]:
    return body_chart(ANY_CHART, marks)


class ChartField(forms.Field):
    widget = ChartInput

    def clean(self, value: Any) -> list[Any]:
        if any(marks_faults(value)):
            raise ValidationError(_("These marks can’t be read. Take them away and draw them again."))
        if self.required and not value:
            raise ValidationError(_("Mark at least one place."))
        return list(value)


class BodyChart(Single):
    """Where it is, how it feels, how bad it is."""

    def input(self) -> forms.Field:
        field = self.field
        return ChartField(label=field.label, help_text=field.help, required=field.required)

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {self.field.key: answer_to(self.field, answers) or []}
