from __future__ import annotations

from typing import Any

from django import forms

from treatments.models import Outcome, Programme, ProgrammeItem
from treatments.queries import exercises_by_name

WEEKDAYS = [(1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun")]
SIDES = [("left", "Left"), ("right", "Right"), ("", "Both sides")]
REASON = "Only needed where it is contraindicated; it stays with the programme."


def number(label: str, unit: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"data-unit": unit, "inputmode": "numeric", "min": 1})
    return forms.IntegerField(label=label, required=False, widget=widget)


class ProgrammeForm(forms.ModelForm):
    """When it runs, and a word from the therapist."""

    class Meta:
        model = Programme
        fields = ("starts_on", "until", "note")
        labels = {"starts_on": "First day", "until": "Last day", "note": "A word to your client"}
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"until": "Six weeks are usual: then it is time to measure again."}

    def _post_clean(self) -> None:
        """The service decides what is allowed; a refused value must not stay on the row that the page shows."""


class PublishForm(ProgrammeForm):
    """The last look before the client gets it."""

    because = forms.CharField(label="Why the running one ends", max_length=160, required=False)
    ends_today = forms.BooleanField(label="The running one ends today all the same", required=False)


class ItemForm(forms.Form):
    """Side and dose of one exercise. Fields that its dose does not have are not asked for."""

    side = forms.ChoiceField(choices=SIDES, required=False, widget=forms.RadioSelect)
    hold_seconds = number("Hold", "s")
    repetitions = number("Repetitions", "times")
    sets = number("Rounds", "times")
    minutes = number("Duration", "min")
    weekdays = forms.TypedMultipleChoiceField(
        label="Days", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(label="Why this side is right here", max_length=300, required=False, help_text=REASON)

    def __init__(self, *args: Any, item: ProgrammeItem, **kwargs: Any) -> None:
        fields = ("side", "hold_seconds", "repetitions", "sets", "minutes", "weekdays")
        kwargs.setdefault("initial", {field: getattr(item, field) for field in fields})
        kwargs["prefix"] = f"item-{item.pk}"
        super().__init__(*args, **kwargs)
        if not item.about.sided:
            del self.fields["side"], self.fields["reason"]
        for field in ("hold_seconds", "repetitions", "minutes"):
            if getattr(item, field) is None:
                del self.fields[field]
            else:
                self.fields[field].required = True
        if item.minutes is not None:
            del self.fields["sets"]
        else:
            self.fields["sets"].required = True


class AddItemForm(forms.Form):
    exercise = forms.ChoiceField(choices=exercises_by_name)
    side = forms.ChoiceField(choices=SIDES, required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label="Why it is right here", max_length=300, required=False, help_text=REASON)
    to = forms.IntegerField(required=False, widget=forms.HiddenInput)  # its place in the order


class MoveItemForm(forms.Form):
    to = forms.IntegerField(widget=forms.HiddenInput)


class PutBackForm(forms.Form):
    item = forms.CharField(widget=forms.HiddenInput, max_length=36)


class RemoveItemForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=200,
        error_messages={"required": "Say why it is left out; it stays with the programme."},
    )


class EndForm(forms.Form):
    because = forms.CharField(label="Why it ends", max_length=200, required=False)


class AnswerForm(forms.Form):
    """One tap: the button is the outcome."""

    outcome = forms.ChoiceField(choices=Outcome)
    local_date = forms.DateField(widget=forms.HiddenInput)
    word = forms.CharField(max_length=300, required=False)
