"""What a clinician knows about one condition."""

from __future__ import annotations

from typing import Any

from django import forms

from intake.forms.inputs import Day, OneOf, SomeOf
from intake.forms.parts import ANSWERS, SIDES
from intake.screening import Item
from intake.screening.vocabulary import APPROACHES

NO_RESTRICTIONS = "none"
RESTRICTIONS = (
    ("hip_flexion_over_90", "Hip flexion over 90°"),
    ("crosses_midline", "Leg across the midline"),
    ("hip_internal_rotation", "Internal rotation"),
    ("hip_external_rotation", "External rotation"),
    ("hip_extension_end_range", "End of extension"),
    (NO_RESTRICTIONS, "No restrictions"),
)


class ConditionForm(forms.Form):
    """The answer, and the details that matter for this condition."""

    def __init__(self, item: Item, data: Any = None, *, known: object = None) -> None:
        super().__init__(data, initial=initial(known), auto_id=f"id_{item.key}_%s")
        self.fields["answer"] = OneOf(label=item.name.capitalize(), choices=ANSWERS)
        details = {
            "side": OneOf(label="Side", choices=SIDES, required=False),
            "approach": OneOf(
                label="Approach", choices=[(word, word.capitalize()) for word in APPROACHES], required=False
            ),
            "date": Day(label="Date", required=False),
            "restrictions": SomeOf(
                label="The surgeon’s restrictions",
                help_text="Leave this empty while you don’t know them: then nothing is suggested for the hip.",
                choices=RESTRICTIONS,
                required=False,
            ),
        }
        self.fields.update({detail: details[detail] for detail in item.details})

    def clean_restrictions(self) -> list[str] | None:
        """None where they were not entered; an empty list says that there are none."""
        said: list[str] = self.cleaned_data["restrictions"]
        if NO_RESTRICTIONS in said and len(said) > 1:
            raise forms.ValidationError("Choose either restrictions, or that there are none.")
        return None if not said else [word for word in said if word != NO_RESTRICTIONS]

    def document(self) -> object:
        """As in the case document: one word, or an object where more is known about a yes."""
        said = dict(self.cleaned_data)
        answer = said.pop("answer")
        told = {detail: value for detail, value in said.items() if value is not None}
        return {"answer": answer, **told} if answer == "yes" and told else answer


def initial(known: object) -> dict[str, Any]:
    """From a word or an object; of several entries only the first can be changed here."""
    if isinstance(known, list):
        known = known[0]
    said = dict(known) if isinstance(known, dict) else {"answer": known}
    if said.get("restrictions") == []:
        said["restrictions"] = [NO_RESTRICTIONS]
    return said
