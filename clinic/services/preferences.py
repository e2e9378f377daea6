"""What a client chooses for today: nothing more, or later. A pause and a stop of all reminders are in `clients`.

None of it touches the programme itself: its days stay planned, and what is not done counts as not done.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Client
from clinic.queries.preferences import how_reminders_are, not_now, ways_to_put_off
from clinic.reminders import kinds
from clinic.services import audit, clock


@transaction.atomic
def skip_today(*, client: Client, by: audit.Actor) -> Client:
    """No mail on this day of the client's any more. Skipping twice changes nothing."""
    today = clock.now().astimezone(client.zone).date()
    if client.reminders_skipped_on != today:
        _choose(client, skipped_on=today)
        audit.record("reminders.today_skipped", on=client, by=by)
    return client


@transaction.atomic
def put_off(*, client: Client, way: str, by: audit.Actor) -> Client:
    """Today's mail comes (once more) at the time that `way` names, unless all is answered by then.

    Raises ValidationError, in the client's language, where no mail may leave then or there is nothing to say.
    """
    now = clock.now()
    later = next((one for one in ways_to_put_off(client, now) if one.key == way), None)
    if later is None:
        raise ValidationError(_("Choose one of the times."))
    if later.because:
        raise ValidationError(later.because)
    if how_reminders_are(client, now.astimezone(client.zone).date()) in ("no_mail", "stopped", "paused"):
        raise ValidationError(_("No mails come now. Start them again first."))
    if why := not_now(client):
        raise ValidationError(why)
    _choose(client, later=later.at)
    if not any([kind.once_more(client, later.at) for kind in kinds]):  # noqa: C419  (each of them, not the first)
        raise ValidationError(_("Nothing is left to do today, so no mail comes."))
    audit.record("reminders.put_off", on=client, by=by, until=later.at.isoformat())
    return client


@transaction.atomic
def as_usual(*, client: Client, by: audit.Actor) -> Client:
    """Takes back what was chosen for today. A mail whose time has passed meanwhile does not come any more."""
    if client.reminders_skipped_on or client.snoozed_until:
        _choose(client)
        audit.record("reminders.today_as_usual", on=client, by=by)
    return client


def _choose(client: Client, *, skipped_on: object = None, later: object = None) -> None:
    client.reminders_skipped_on, client.snoozed_until = skipped_on, later  # type: ignore[assignment]
    client.save(update_fields=["reminders_skipped_on", "snoozed_until"])
