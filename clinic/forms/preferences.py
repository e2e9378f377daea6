"""What a client chooses about their mails, as it is typed; every word in their language."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Client, MailDetail
from clinic.models.practice import zones_of_the_database

EVERY_DAY = list(range(1, 8))
PRACTICES = "practice"  # the zone that follows the practice's
LONGEST_PAUSE = datetime.timedelta(days=365)
DETAILS = {
    MailDetail.NEUTRAL: gettext_lazy("Only that something is waiting"),
    MailDetail.EXERCISES: gettext_lazy("What to do today, in words"),
    MailDetail.PICTURES: gettext_lazy("What to do today, with pictures"),
}


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """By continent; only those that the database, which plans the mails, knows as well."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones() & zones_of_the_database()):
        area, _slash, city = name.partition("/")
        if city and area not in ("Etc", "SystemV", "US", "posix", "right"):
            groups.setdefault(area, []).append((name, city.replace("_", " ")))
    return list(groups.items())


class PreferencesForm(forms.Form):
    """Starts from a client; `given()` is for the service."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How shall we remind you?"), widget=forms.RadioSelect,
        choices=[("mail", gettext_lazy("By mail")), ("none", gettext_lazy("Not at all: I open this page myself"))],
    )  # fmt: skip
    reminder_time = forms.TimeField(
        label=gettext_lazy("At what time?"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the time like 18:30.")},
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days may it come?"), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It comes only when there is something to do."),
        error_messages={"required": gettext_lazy("Choose a day, or above that no mail shall come.")},
    )  # fmt: skip
    timezone = forms.ChoiceField(
        label=gettext_lazy("By which city's clock?"), widget=forms.Select(attrs={"data-zone": "own"})
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language?"))
    mail_detail = forms.ChoiceField(
        label=gettext_lazy("How much may the mail say?"), widget=forms.RadioSelect, choices=list(DETAILS.items()),
        help_text=gettext_lazy("Who sees your phone sees the mail, too. Its subject never says what it is about."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, client: Client) -> None:
        days = client.reminder_days
        super().__init__(
            data,
            initial={
                "channel": "none" if days == [] else "mail",
                "reminder_time": client.reminder_time or client.practice.reminder_time,
                "days": days or EVERY_DAY,
                "timezone": client.timezone or PRACTICES,
                "language": client.speaks,
                "mail_detail": client.mail_detail,
            },
        )
        practices = _("Same as the practice (%(zone)s)") % {"zone": client.practice.timezone}
        choices: dict[str, Any] = {
            "days": [(day, WEEKDAYS[day - 1]) for day in EVERY_DAY],
            "timezone": [(PRACTICES, practices), *zones()],
            "language": settings.LANGUAGES,
        }
        for name, some in choices.items():
            self.fields[name].choices = some  # type: ignore[attr-defined]
        self.fields["days"].required = self["channel"].value() != "none"

    def given(self) -> dict[str, Any]:
        """Every day is "not set", and no mail is "on no day", as the model has it."""
        said = dict(self.cleaned_data)
        days, channel = sorted(said.pop("days")), said.pop("channel")
        said["timezone"] = "" if said["timezone"] == PRACTICES else said["timezone"]
        return {**said, "reminder_days": [] if channel == "none" else None if days == EVERY_DAY else days}


class PauseForm(forms.Form):
    """Until which day no mail comes, on the client's calendar."""

    until = forms.DateField(
        label=gettext_lazy("No mail before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Write the day like 2026-01-31."),
        },
    )  # fmt: skip

    def __init__(self, data: Any = None, *, today: datetime.date) -> None:
        super().__init__(data, initial={"until": today + datetime.timedelta(days=7)})
        self.today = today
        limits = {"min": today + datetime.timedelta(days=1), "max": today + LONGEST_PAUSE}
        self.fields["until"].widget.attrs.update({name: day.isoformat() for name, day in limits.items()})

    def clean_until(self) -> datetime.date:
        until: datetime.date = self.cleaned_data["until"]
        if not self.today < until <= self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a day after today, within a year."))
        return until
