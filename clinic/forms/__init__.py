from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from phonenumber_field.formfields import PhoneNumberField

from clinic.models import CLINICIANS, Client, Membership, Practice, Reminder
from clinic.queries.reminders import FIRST_DAY, LAST_DAY, OTHER_DAYS
from clinic.reminders import kinds
from clinic.services.clients import EDITABLE

T = TypeVar("T")


def attempt(form: forms.BaseForm, write: Callable[[], T]) -> T | None:
    """What `write` (a service call) made of a valid form; None with the errors on the form when it was refused."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def zone_choices(practice: Practice) -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("", f"Same as the practice ({practice.timezone})"), *((name, name.replace("_", " ")) for name in names)]


def phone_field(practice: Practice) -> PhoneNumberField:
    """As people write it in the country of the practice, or with the prefix of another; its line gives an example."""
    field = PhoneNumberField(region=practice.country or None, required=False, label="Phone")
    field.widget.attrs.update({"autocomplete": "off", "inputmode": "tel"})
    return field


class ClientForm(forms.ModelForm):
    """A person in care. Says at once when this person, reference or address can't be."""

    timezone = forms.ChoiceField(label="Time zone", required=False)
    language = forms.ChoiceField(
        label="Language", required=False, help_text="Of their forms, pages and mails. They can change it themselves."
    )

    class Meta:
        model = Client
        fields = EDITABLE
        widgets = {
            "given_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "date_of_birth": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "sex": forms.RadioSelect,
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "reminder_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "sex": "Only used to choose which published norms to compare with.",
            "email": "Where the intake link and the reminders go.",
            "reminder_time": "In the client's own time zone. Empty: the practice's usual time.",
        }

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.practice = practice
        zones = self.fields["timezone"]
        zones.choices = zone_choices(practice)  # type: ignore[attr-defined]
        theirs = dict(settings.LANGUAGES).get(practice.language, practice.language)
        self.fields["language"].choices = [("", f"Same as the practice ({theirs})"), *settings.LANGUAGES]  # type: ignore[attr-defined]
        clinicians = Membership.objects.filter(practice=practice, is_active=True, role__in=CLINICIANS)
        self.fields["therapist"].queryset = clinicians.order_by("display_name")  # type: ignore[attr-defined]
        self.fields["phone"] = phone_field(practice)
        self.fields["sex"].choices = Client._meta.get_field("sex").choices  # type: ignore[attr-defined]


class ClearAlertForm(forms.Form):
    note = forms.CharField(
        label="What you found and decided",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Your name and this note stay on record.",
        error_messages={"required": "Say what you found and decided; the note stays on record."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # how many reasons stood on the page


def date_field(label: str) -> forms.DateField:
    days = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    widget = forms.DateInput(attrs={"type": "date", **days})
    return forms.DateField(label=label, required=False, widget=widget, validators=[known_day])


def known_day(day: datetime.date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(OTHER_DAYS)


class MailFilterForm(forms.Form):
    """Which mails of the practice; everything may be left out. Days are of the practice's calendar."""

    q = forms.CharField(label="Client", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Mail", required=False)
    since = date_field("From")
    until = date_field("To")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted((kind.label, kind.key) for kind in kinds)
        self.fields["kind"].choices = [("", "Every kind"), *((key, label) for label, key in choices)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the first one.")
        return self.cleaned_data


class MailsForm(forms.Form):
    """Some of the mails `rows`."""

    mail: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(queryset=None)

    def __init__(self, *args: Any, rows: QuerySet[Reminder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail"].queryset = rows  # type: ignore[attr-defined]


class MailDayForm(forms.Form):
    date = date_field("Day")
