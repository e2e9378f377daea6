"""A visit as it is typed: a day, a time on the clocks of the practice, how long, to whom and where."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from phonenumber_field.formfields import PhoneNumberField

from clinic.forms import known_day
from clinic.models import CLINICIANS, Client, Membership, Practice, Purpose, Room, Visit
from clinic.queries.reminders import FIRST_DAY, LAST_DAY
from clinic.queries.visits import local
from clinic.services.visits import Asks

#: Where a service's problem stands on the form.
PLACES = {"starts_at": "start", "ends_at": "minutes", "anyway": NON_FIELD_ERRORS, "because": NON_FIELD_ERRORS}
MATCHES = 8


class TimesForm(forms.Form):
    """Day, time, length, therapist, room. `asks`: what somebody has to say “anyway” to."""

    date = forms.DateField(
        label="Day", validators=[known_day],
        widget=forms.DateInput(attrs={"type": "date", "min": str(FIRST_DAY), "max": str(LAST_DAY)}, format="%Y-%m-%d"),
    )  # fmt: skip
    start = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"))
    minutes = forms.IntegerField(
        label="Length", min_value=5, max_value=480,
        widget=forms.NumberInput(attrs={"step": 5, "data-unit": "minutes", "inputmode": "numeric"}),
    )  # fmt: skip
    therapist: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, empty_label=None)
    room: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, empty_label="No room")
    purpose = forms.ChoiceField(choices=Purpose.choices, initial=Purpose.FOLLOW_UP)
    note = forms.CharField(required=False, max_length=300, help_text="For the practice only.")
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, practice: Practice, visit: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice, self.visit = practice, visit
        self.asks: list[str] = []
        members = Membership.objects.filter(practice=practice, is_active=True, role__in=CLINICIANS)
        rooms = Room.objects.filter(practice=practice, is_active=True)
        self.fields["therapist"].queryset = members.order_by("display_name")  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if {"date", "start", "minutes"} <= set(given):
            given["starts_at"] = self._starts_at(given["date"], given["start"])
            given["ends_at"] = given["starts_at"] + datetime.timedelta(minutes=given["minutes"])
        return given

    def _starts_at(self, day: datetime.date, at: datetime.time) -> datetime.datetime:
        """An hour that comes twice stays the one that it was."""
        if self.visit:
            was = self.visit.starts_at.astimezone(self.practice.zone)
            if (was.date(), was.time().replace(second=0, microsecond=0)) == (day, at.replace(second=0)):
                return self.visit.starts_at
        return local(day, at, self.practice.zone)

    @property
    def times(self) -> dict[str, Any]:
        """For the services."""
        names = ("starts_at", "ends_at", "therapist", "room", "purpose", "note")
        return {name: self.cleaned_data[name] for name in names} | {"anyway": self.cleaned_data["anyway"]}

    def refuse(self, error: ValidationError) -> None:
        """Put what a service said at its place; what only asks becomes `asks`."""
        if isinstance(error, Asks):
            self.asks = error.lines
            return
        found: Mapping[str, list[str]] = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, lines in found.items():
            place = PLACES.get(name, name)
            self.add_error(place if place in self.fields else None, lines)


class VisitForm(TimesForm):
    """A new visit: somebody who is found by words, or somebody new."""

    client: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="Client", required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "placeholder": "Name or phone"}),
    )  # fmt: skip
    given_name = forms.CharField(required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    family_name = forms.CharField(required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label="E-mail", required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, practice=practice, **kwargs)
        self.people = Client.objects.filter(practice=practice).active()
        self.fields["client"].queryset = self.people  # type: ignore[attr-defined]
        self.fields["phone"] = PhoneNumberField(
            label="Phone", required=False, region=practice.country or None,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.matches = matching(self.people, given.get("words", ""))
        if self.person and given.get("purpose") == Purpose.FOLLOW_UP:
            given["purpose"] = Purpose.FIRST  # nothing to follow up on
        if self.person or given.get("client") or "client" in self.errors:
            return given
        if given.get("given_name") or given.get("family_name"):
            self.add_error("family_name", "Somebody new needs a given name and a family name.")
        elif not given.get("words"):
            self.add_error("words", "Say who comes: search for a client, or add somebody new.")
        elif len(self.matches) == 1:
            given["client"] = self.matches[0]
        else:
            line = "Choose who comes." if self.matches else "Nobody is found by these words."
            self.add_error("words", line)
        return given

    @property
    def chosen(self) -> Client | None:
        """Who was chosen before the form came back, or who it was opened for."""
        value = self["client"].value()
        if isinstance(value, Client):
            return value
        try:
            return self.people.filter(pk=uuid.UUID(str(value))).first()
        except ValueError:
            return None

    @property
    def person(self) -> dict[str, Any]:
        """Who is new, for the services; empty where nobody is."""
        names = ("given_name", "family_name", "phone", "email")
        given = {name: self.cleaned_data.get(name) or "" for name in names}
        return given if given["given_name"] and given["family_name"] and not self.cleaned_data.get("client") else {}


def matching(people: Any, words: str) -> list[Client]:
    """The first few that the words find; nobody without words."""
    return list(people.matching(words)[:MATCHES]) if words.strip() else []


def written(form: TimesForm, write: Callable[[], Visit]) -> Visit | None:
    """What `write` (a service call) made of a valid form; None with the problems, or what it asks, on the form."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as error:
        form.refuse(error)
        return None
