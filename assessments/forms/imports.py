from __future__ import annotations

from typing import Any

from django import forms

MOST_BYTES = 2_000_000


class ImportForm(forms.Form):
    """A CSV file, or the text of one that was checked a moment ago."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file."},
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    create_clients = forms.BooleanField(label="Add clients whose reference is not known yet", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("text")

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                "The file is larger than 2 MB. Divide it, or use the command import_measurements."
            )
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file is not UTF-8 text. Save it as “CSV UTF-8”.") from error

    @property
    def content(self) -> str:
        return self.cleaned_data.get("file") or self.cleaned_data["text"]
