from django import forms


class RejectForm(forms.Form):
    """Why a finding is not accepted; the reason stays on record."""

    reason = forms.CharField(
        label="Why not",
        max_length=300,
        error_messages={"required": "Say why; the reason stays on record beside the finding."},
    )
