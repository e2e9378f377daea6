"""What an owner decides about the practice, as it is typed."""

from __future__ import annotations

import copy
import datetime
import json
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from clinic.forms import known_day
from clinic.models import CLINICIANS, Location, Membership, Practice, Role, Room
from clinic.queries.practice import colleagues
from clinic.queries.reminders import FIRST_DAY, LAST_DAY
from clinic.queries.visits import local
from clinic.services import edits
from clinic.services.visits import Asks

T = TypeVar("T")


def written(form: Any, write: Callable[[], T]) -> tuple[bool, T | None]:
    """Whether a valid form was written, and what came of it; what a service refused stands on the form."""
    if not form.is_valid():
        return False, None
    try:
        return True, write()
    except Asks as asked:
        form.asks = asked.lines
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, lines in found.items():
            form.add_error(name if name in form.fields else None, lines)
    return False, None


class EditForm(forms.ModelForm):
    """Some fields of a row that others may change at the same time: it remembers what its reader saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, instance: models.Model) -> None:
        super().__init__(data, instance=copy.copy(instance))
        self.asks: list[str] = []
        self.initial["seen"] = self.now = json.dumps(edits.texts(instance, tuple(self._meta.fields or ())))

    def before(self) -> dict[str, str]:
        """What the reader saw; what cannot be read is nothing, so that nothing is overwritten by it."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def given(self) -> dict[str, Any]:
        """For the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def look_again(self) -> None:
        """A refused form is shown beside what stands now: the next save knows of it."""
        if any("in the meantime" in line for lines in self.errors.values() for line in lines):
            self.data = {**self.data, "seen": self.now}

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.fields}  # the service checks the row as it will be


class ZoneField(forms.CharField):
    """A time zone that is searched by its city: “Berlin” is enough where only one place is called so."""

    def to_python(self, value: Any) -> str:
        typed = (super().to_python(value) or "").strip().replace(" ", "_")
        known = {name.casefold(): name for name in zone_names()}
        if typed.casefold() in known:
            return known[typed.casefold()]
        cities = [name for name in zone_names() if name.casefold().rpartition("/")[2] == typed.casefold()]
        return cities[0] if len(cities) == 1 else typed


def zone_names() -> list[str]:
    names = zoneinfo.available_timezones()
    return ["UTC", *sorted(name for name in names if "/" in name and not name.startswith(("Etc/", "posix", "right")))]


def _time() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _number(unit: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"data-unit": unit, "inputmode": "numeric"})


class DetailsForm(EditForm):
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)
    timezone = ZoneField(
        label="Time zone", max_length=64,
        help_text="Type a city. Before it changes, you are shown what moves.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )  # fmt: skip
    country = forms.CharField(
        required=False, max_length=2, widget=forms.TextInput(attrs={"autocomplete": "off", "size": 2}),
        help_text="Two letters, such as DE: how phone numbers without a country code are read.",
    )  # fmt: skip

    language = forms.ChoiceField(
        label="Language of clients", choices=lambda: settings.LANGUAGES,
        help_text="Of their forms, pages and mails, unless they chose another. Your own pages stay in English.",
    )  # fmt: skip

    class Meta:
        model = Practice
        fields = (
            "name", "address", "phone", "country", "timezone", "language", "emergency_number", "paper", "visit_minutes",
        )  # fmt: skip
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "emergency_number": forms.TextInput(attrs={"inputmode": "tel"}),
            "paper": forms.RadioSelect,
            "visit_minutes": _number("minutes"),
        }
        labels = {"visit_minutes": "Usual length of a visit"}
        help_texts = {"emergency_number": "What clients are told to call at once when a red flag says so."}

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if country and country not in phonenumbers.SUPPORTED_REGIONS:
            raise ValidationError("No country has these two letters. Germany is DE, the United States are US.")
        return country


class RemindersForm(EditForm):
    class Meta:
        model = Practice
        fields = (
            "mail_name", "reply_to", "reminder_time", "quiet_from", "quiet_until", "visit_reminder_hours",
            "reassess_after_days", "reassess_after_sessions",
        )  # fmt: skip
        widgets = {
            "reminder_time": _time(), "quiet_from": _time(), "quiet_until": _time(),
            "visit_reminder_hours": _number("hours"), "reassess_after_days": _number("days"),
            "reassess_after_sessions": _number("sessions"),
        }  # fmt: skip
        labels = {
            "mail_name": "Sender’s name", "reply_to": "Answers go to", "reminder_time": "Home reminders leave at",
            "quiet_from": "Quiet from", "quiet_until": "Quiet until", "visit_reminder_hours": "Visit reminder",
            "reassess_after_days": "Measure again after", "reassess_after_sessions": "or after",
        }  # fmt: skip
        help_texts = {
            "reminder_time": "On the client’s own clock, unless they chose another time.",
            "quiet_from": "No mail leaves from here, on the client’s own clock.",
            "quiet_until": "The same time in both: no quiet hours.",
            "visit_reminder_hours": "Before the visit. 0: none is sent.",
        }


class LogoForm(forms.Form):
    logo = forms.FileField(
        label="Picture", allow_empty_file=True, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="PNG or JPEG, up to 5 MB. It is made small and put on white.",
        error_messages={"required": "Choose a file first."},
    )  # fmt: skip


class KeepingForm(EditForm):
    class Meta:
        model = Practice
        fields = ("keep_years",)
        widgets = {"keep_years": _number("years")}
        labels = {"keep_years": "Records are kept for"}
        help_texts = {"keep_years": "After the last contact. What the law of your country asks for is yours to know."}


class MemberForm(EditForm):
    class Meta:
        model = Membership
        fields = ("display_name", "role", "supervisor")
        widgets = {"role": forms.RadioSelect}
        labels = {"display_name": "Name", "supervisor": "Trainee of"}
        help_texts = {"supervisor": "Signs this person’s session notes with them."}

    def __init__(self, data: Any = None, *, instance: Membership) -> None:
        super().__init__(data, instance=instance)
        self.fields["role"].choices = Role.choices  # type: ignore[attr-defined]
        _supervisors(self.fields["supervisor"], self.instance.practice, self.instance)


class NameForm(EditForm):
    class Meta:
        model = Membership
        fields = ("display_name",)
        labels = {"display_name": "My name"}


class NewMemberForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", help_text="They get a mail with a link; nobody else types their password.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    display_name = forms.CharField(label="Name", max_length=120, help_text="As colleagues and clients read it.")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.THERAPIST, widget=forms.RadioSelect)
    supervisor: forms.ModelChoiceField = forms.ModelChoiceField(label="Trainee of", queryset=None, required=False)

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _supervisors(self.fields["supervisor"], practice)


def _supervisors(field: Any, practice: Practice, without: Membership | None = None) -> None:
    rows = colleagues(practice).filter(role__in=CLINICIANS)
    field.queryset = rows.exclude(pk=without.pk) if without else rows
    field.empty_label = "Nobody"


class HandOverForm(forms.Form):
    to: forms.ModelChoiceField = forms.ModelChoiceField(label="Who takes over", queryset=None, required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _supervisors(self.fields["to"], member.practice, member)
        self.fields["to"].empty_label = "Nobody yet"  # type: ignore[attr-defined]


class LocationForm(EditForm):
    class Meta:
        model = Location
        fields = ("name", "address")


class RoomForm(EditForm):
    class Meta:
        model = Room
        fields = ("name",)


class AbsenceForm(forms.Form):
    """Days and, where it is not the whole day, times on the clocks of the practice."""

    member: forms.ModelChoiceField = forms.ModelChoiceField(label="Who", queryset=None, required=False)
    since = forms.DateField(label="First day", validators=[known_day])
    from_time = forms.TimeField(label="From", required=False, widget=_time(), help_text="Empty: the whole day.")
    until = forms.DateField(label="Last day", validators=[known_day])
    until_time = forms.TimeField(label="Until", required=False, widget=_time(), help_text="Empty: to its end.")
    reason = forms.CharField(required=False, max_length=120, help_text="Colleagues read it.")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.fields["member"].queryset = colleagues(practice)  # type: ignore[attr-defined]
        self.fields["member"].empty_label = "The whole practice is closed"  # type: ignore[attr-defined]
        for name in ("since", "until"):
            attrs = {"type": "date", "min": str(FIRST_DAY), "max": str(LAST_DAY)}
            self.fields[name].widget = forms.DateInput(attrs=attrs, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if {"since", "until"} <= set(given) and not self.errors:
            zone = self.practice.zone
            given["starts_at"] = local(given["since"], given["from_time"] or datetime.time(0), zone)
            day, at = given["until"], given["until_time"]
            given["ends_at"] = local(day if at else day + datetime.timedelta(days=1), at or datetime.time(0), zone)
        return given


class PeriodForm(forms.Form):
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    longest = 1830  # days

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the first one.")
        elif since and until and (until - since).days > self.longest:
            self.add_error("since", "At most five years at once.")
        return self.cleaned_data
