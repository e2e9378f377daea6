"""Which mail the therapist wants to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from clinic.models import Client, MailDetail


class SampleForm(forms.Form):
    """Begins with what the client chose; what cannot be read is that, too."""

    detail = forms.ChoiceField(label="How much it says", choices=MailDetail.choices)
    language = forms.ChoiceField(label="Language")

    def __init__(self, data: Any, *, client: Client) -> None:
        chosen = {"detail": client.mail_detail, "language": client.speaks}
        allowed = {"detail": MailDetail.values, "language": dict(settings.LANGUAGES)}
        given = {name: data.get(name) for name in chosen if data.get(name) in allowed[name]}
        super().__init__({**chosen, **given})
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in ("detail", "language")}
