"""What a client tapped while there was no network, sent later by their device: once, or ten times, with one effect."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import Client
from treatments.models import Outcome, ProgrammeItem
from treatments.services import home_days, home_logs

MOST_AT_ONCE = 200
CLOCKS_DIFFER = datetime.timedelta(minutes=2)  # more than that, and the device's clock is wrong
KEPT_AT_MOST = datetime.timedelta(days=7)
LONGEST_AGO = datetime.timedelta(days=30)


class TapForm(forms.Form):
    """One tap as the device kept it: an answer to an exercise, or pain before or after a day's exercises."""

    key = forms.UUIDField()
    item = forms.UUIDField(required=False)
    local_date = forms.DateField()
    outcome = forms.ChoiceField(choices=Outcome, required=False)
    word = forms.CharField(max_length=300, required=False)
    before = forms.IntegerField(min_value=0, max_value=10, required=False)
    after = forms.IntegerField(min_value=0, max_value=10, required=False)
    answered_at = forms.DateTimeField()

    def clean(self) -> None:
        if self.cleaned_data.get("item") and not self.cleaned_data.get("outcome"):
            self.add_error("outcome", _("This answer could not be read."))


@dataclass(frozen=True)
class Result:
    """`why`: of a tap that was not taken, what to tell the client; empty where it counts, or a later one does. `again`:
    it was not looked at, and is to be sent anew."""

    key: str
    why: str = ""
    again: bool = False


def take(*, client: Client, taps: Sequence[Mapping[str, Any]], sent_at: datetime.datetime, by: Client) -> list[Result]:
    """Each tap by itself, the earliest first; of very many only those. `sent_at`: what the device's clock says now."""
    now = timezone.now()
    taps = sorted(taps, key=lambda tap: _text(tap.get("answered_at")))
    read = [(tap, TapForm({name: _text(value) for name, value in tap.items()})) for tap in taps[:MOST_AT_ONCE]]
    good = [form.cleaned_data for _tap, form in read if form.is_valid()]
    results = [
        Result(_text(tap.get("key", "")), _("This answer could not be read.")) for tap, form in read if form.errors
    ]
    for tap in sorted(good, key=lambda each: each["answered_at"]):
        at = tapped_at(tap["answered_at"], sent_at, now)
        results.append(Result(str(tap["key"]), _take(client, tap, at, by)))
    return [*results, *(Result(_text(tap.get("key", "")), again=True) for tap in taps[MOST_AT_ONCE:])]


def _text(value: Any) -> str:
    """Whatever JSON brought; half a character is no text that a database takes."""
    return "" if value is None else str(value)[:400].encode("utf-8", "replace").decode()


def tapped_at(said: datetime.datetime, sent_at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """When it was tapped by our clock. How long ago that was the device knows, even where its clock is wrong."""
    ago = min(max(sent_at - said, datetime.timedelta(0)), LONGEST_AGO)
    return (sent_at if abs(now - sent_at) <= CLOCKS_DIFFER else now) - ago


def _take(client: Client, tap: Mapping[str, Any], at: datetime.datetime, by: Client) -> str:
    """Why it was not taken; empty where it was."""
    if timezone.now() - at > KEPT_AT_MOST and tap["outcome"] != Outcome.TOO_PAINFUL:
        return _("This was tapped more than a week ago.")
    try:
        with transaction.atomic():
            _answer(client, tap, at, by) if tap["item"] else _pain(client, tap, at, by)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def _answer(client: Client, tap: Mapping[str, Any], at: datetime.datetime, by: Client) -> None:
    theirs = ProgrammeItem.objects.filter(practice_id=client.practice_id, programme__client=client)
    item = theirs.exclude(programme__published_at=None).filter(pk=tap["item"]).first()
    if item is None:
        raise ValidationError(_("This exercise is no longer in your programme."))
    home_logs.log(
        item=item, local_date=tap["local_date"], outcome=tap["outcome"], word=tap["word"], by=by, answered_at=at
    )


def _pain(client: Client, tap: Mapping[str, Any], at: datetime.datetime, by: Client) -> None:
    home_days.tell(
        client=client, local_date=tap["local_date"], before=tap["before"], after=tap["after"], by=by, answered_at=at
    )
