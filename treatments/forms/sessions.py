"""The sheet of a session note: four fields, two rows of buttons, a chart, and a row for each technique."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.fields import InvalidJSONInput

from clinic.figure.chart import KINDS, PLACES, VIEWS, faults, marked
from clinic.models import Client
from treatments.models import Snippet
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES, name_of
from treatments.services.sessions import Content, Row
from treatments.services.sessions.content import LONGEST_TEXT, LONGEST_WORD, MOST_MINUTES, MOST_ROWS, TEXTS

PAIN = [(str(number), str(number)) for number in range(11)]
SIDES = [("left", "Left"), ("right", "Right"), ("both", "Both")]
SPARE = 8
#: The name of a field of a row begins so.
ROW = re.compile(r"t-(\d{1,4})-", re.ASCII)
LABELS = {"subjective": "Subjective", "objective": "Objective", "analysis": "Assessment", "plan": "Plan"}
HINTS = {
    "subjective": "what the client says",
    "objective": "what you see and feel",
    "analysis": "what you make of it",
    "plan": "what comes next",
}


def text_field(name: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "data-phrases": name, "data-grows": "", "placeholder": HINTS[name]})
    return forms.CharField(label=LABELS[name], required=False, max_length=LONGEST_TEXT, widget=widget)


def pain_field(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=PAIN, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )


class ChartField(forms.JSONField):
    """Refuses what Python's own reader gives up on, too: a number without end, a list in a list in a list."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class NoteForm(forms.Form):
    """What stands in a note besides its techniques. `chart` is JSON; `mark_place` and `mark_kind` add to it where the
    page has no script."""

    held_on = forms.DateField(
        label="Session of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    subjective, objective = text_field("subjective"), text_field("objective")
    analysis, plan = text_field("analysis"), text_field("plan")
    pain_before, pain_after = pain_field("Pain before"), pain_field("Pain after")
    chart = ChartField(required=False, widget=forms.HiddenInput(attrs={"data-chart-value": ""}))
    assessment = forms.TypedChoiceField(
        label="Measured in this session", required=False, coerce=uuid.UUID, empty_value=None, choices=[]
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.UUIDField(required=False, widget=forms.HiddenInput)
    visit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    mark_place = forms.ChoiceField(label="Where", required=False)
    mark_kind = forms.ChoiceField(
        label="What", required=False, choices=[(kind.key, kind.label) for kind in KINDS.values()]
    )

    def __init__(self, *args: Any, client: Client, measured: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields["held_on"].widget.attrs["max"] = client.today.isoformat()
        self.fields["mark_place"].choices = places_by_view()  # type: ignore[attr-defined]
        chosen = [(str(row.pk), f"{row} ({row.get_state_display().lower()})") for row in measured]
        self.fields["assessment"].choices = [("", "Nothing"), *chosen]  # type: ignore[attr-defined]
        for name in ("mark_place", "mark_kind"):
            self.fields[name].widget.attrs["data-keep-skip"] = ""

    def clean_chart(self) -> list[dict[str, Any]]:
        chart = self.cleaned_data["chart"] or []
        if lines := list(faults(chart)):
            raise forms.ValidationError(lines)
        return cast(list[dict[str, Any]], chart)


def places_by_view() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (view.label, [(place.key, place.name.capitalize()) for place in PLACES.values() if place.view == view.key])
        for view in VIEWS.values()
    ]


class RowForm(forms.Form):
    """One technique. Names as a person types them; what is only half typed stays until it is signed."""

    technique = forms.CharField(
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.TextInput(attrs={"list": "techniques-list", "data-combo": ""}),
    )
    structure = forms.CharField(
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.TextInput(attrs={"list": "structures-list", "data-combo": ""}),
    )
    side = forms.ChoiceField(choices=SIDES, required=False, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": MOST_MINUTES}),
    )
    finding = forms.CharField(required=False, max_length=80, widget=forms.Select)
    remark = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, findings: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technique"].widget.attrs |= {"autocomplete": "off", "placeholder": "Technique"}
        self.fields["structure"].widget.attrs |= {"autocomplete": "off", "placeholder": "Structure"}
        self.fields["remark"].widget.attrs |= {"placeholder": "Remark", "autocomplete": "off"}
        mine = self.initial.get("finding") or ""
        choices = [("", "For …"), *findings]
        if mine and mine not in dict(choices):
            choices.append((mine, mine.replace("_", " ").replace(":", " ").strip().capitalize()))
        self.fields["finding"].widget.choices = choices

    def row(self) -> Row:
        data = self.cleaned_data
        code, _, side = (data.get("finding") or "").partition(":")
        return Row(
            technique=data.get("technique") or "",
            structure=data.get("structure") or "",
            side=data.get("side") or "",
            minutes=data.get("minutes"),
            for_finding=code,
            for_side=side,
            remark=data.get("remark") or "",
        )


def row_initial(row: Row) -> dict[str, Any]:
    return {
        "technique": name_of(row.technique, TECHNIQUES),
        "structure": name_of(row.structure, STRUCTURES),
        "side": row.side,
        "minutes": row.minutes,
        "finding": f"{row.for_finding}:{row.for_side}" if row.for_finding else "",
        "remark": row.remark,
    }


def initial_of(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in (*TEXTS, "held_on", "pain_before", "pain_after", "chart")} | {
        "assessment": str(content.assessment or "")
    }


@dataclass
class NoteSheet:
    """The form and its rows as one. Bound with `data`, else shows `content`."""

    form: NoteForm
    rows: list[RowForm]

    @classmethod
    def shown(
        cls, content: Content, *, findings: Sequence[tuple[str, str]], initial: dict[str, Any], **about: Any
    ) -> NoteSheet:
        form = NoteForm(initial={**initial_of(content), **initial}, **about)
        wanted = [*map(row_initial, content.techniques), *([{}] * SPARE)]
        rows = [
            RowForm(initial=values, prefix=f"t-{number}", findings=findings)
            for number, values in enumerate(wanted[: max(MOST_ROWS, len(content.techniques))])
        ]
        return cls(form, rows)

    @classmethod
    def sent(cls, data: Any, *, findings: Sequence[tuple[str, str]] = (), **about: Any) -> NoteSheet:
        numbers = sorted({int(found[1]) for name in data if (found := ROW.match(name))})
        rows = [RowForm(data, prefix=f"t-{number}", findings=findings) for number in numbers[: MOST_ROWS + SPARE]]
        return cls(NoteForm(data, **about), rows)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(row.is_valid() for row in self.rows)])

    def lines(self) -> list[str]:
        """What is wrong, one line each."""
        found = [
            f"{self.form[name].label}: {line}" if name in self.form.fields else str(line)
            for name, lines in self.form.errors.items()
            for line in lines
        ]
        for number, row in enumerate(self.rows, 1):
            found += [f"Row {number}, {name}: {line}" for name, lines in row.errors.items() for line in lines]
        return found

    def content(self, *, mark: bool = False) -> Content:
        """What a valid sheet says; with `mark` also the place chosen from the list."""
        data = self.form.cleaned_data
        chart = list(data["chart"])
        if mark and data["mark_place"]:
            chart.append(marked(data["mark_place"], data["mark_kind"] or "pain"))
        return Content(
            **{name: data[name] for name in (*TEXTS, "held_on", "pain_before", "pain_after")},
            chart=chart,
            assessment=data["assessment"],
            techniques=tuple(row.row() for row in self.rows),
        )


class WordForm(forms.Form):
    """A word beside a note."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=5000, required=False)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class SnippetForm(forms.ModelForm):
    shared = forms.BooleanField(label="For everybody at the practice", required=False)

    class Meta:
        model = Snippet
        fields = ("label", "section", "text")
        labels = {"label": "Name", "section": "Offered in", "text": "Becomes"}
        help_texts = {"label": "Typed as ; and this name, such as ;lbp", "section": ""}
        widgets = {
            "section": forms.Select(choices=[("", "Every field"), *LABELS.items()]),
            "text": forms.Textarea(attrs={"rows": 3}),
            "label": forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        }

    def _post_clean(self) -> None:
        """The service decides what is allowed; a refused value must not stay on the row that the page shows."""
