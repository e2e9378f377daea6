"""A message as it is typed. What may be in it is said by the service."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clinic.services.messages import LONGEST


class MessageForm(forms.Form):
    """`sent_key` is made with the page: the same page sent twice is one message."""

    text = forms.CharField(
        label=_("Your message"), strip=False, error_messages={"required": _("Write a few words first.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST, "autocomplete": "off"}),
    )  # fmt: skip
    sent_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"sent_key": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_sent_key(self) -> uuid.UUID:
        return self.cleaned_data.get("sent_key") or uuid.uuid4()


def seen(posted: QueryDict) -> list[uuid.UUID]:
    """Ids of the messages that the page showed as unread, as it sends them back."""
    found: list[uuid.UUID] = []
    for text in posted.getlist("seen")[:100]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
