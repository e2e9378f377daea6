"""What a therapist says to a finding."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.queries import Judged
from assessments.rules import GRADES

SAY_WHY = "Say why; the reason stays on record beside the finding."


class RejectForm(forms.Form):
    """Why a finding is not accepted; the reason stays on record."""

    reason = forms.CharField(label="Why not", max_length=300, error_messages={"required": SAY_WHY})


class EditForm(forms.Form):
    """The therapist's own grade or words instead of the rule's, and why. `row` is the finding as it stands."""

    grade = forms.ChoiceField(label="Grade", required=False)
    text = forms.CharField(
        label="In your words",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what you found, or leave the words of the rule."},
    )
    reason = forms.CharField(label="Why", max_length=300, error_messages={"required": SAY_WHY})

    def __init__(self, data: Any = None, *, row: Judged, auto_id: str) -> None:
        said = row.as_rule()
        super().__init__(data, initial={"grade": said.grade, "text": said.text}, auto_id=auto_id)
        self.finding = row.finding
        none = [] if row.finding.grade else [("", "no grade")]
        grades = [*none, *((grade, grade) for grade in GRADES if grade != "none")]
        self.fields["grade"].required = bool(row.finding.grade)
        self.fields["grade"].choices = grades  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.own.values()):
            raise forms.ValidationError("Change the grade or the words, or accept the finding as it is.")
        return self.cleaned_data

    @property
    def own(self) -> dict[str, str]:
        """Only what differs from the rule: the rest follows the rule when it is asked again."""
        return {
            name: self.cleaned_data[name] if self.cleaned_data[name] != getattr(self.finding, name) else ""
            for name in ("grade", "text")
        }
