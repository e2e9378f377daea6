"""What a client says by a tap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PainForm(forms.Form):
    """One of the two numbers; the button is the number."""

    local_date = forms.DateField(widget=forms.HiddenInput)
    before = forms.IntegerField(min_value=0, max_value=10, required=False)
    after = forms.IntegerField(min_value=0, max_value=10, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and found.get("before") is None and found.get("after") is None:
            raise forms.ValidationError(_("Choose a number from 0 to 10."))
        return found
