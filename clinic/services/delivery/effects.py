"""What follows from the reports of a client's mail. The caller holds the lock on the client's row.

Whatever order reports come in, the same set of them leads to the same end: an address that does not exist gets no more
mail; one that refuses on three different days in a row neither; a complaint stops reminders; and an uncertain mail is
uncertain no longer.
"""

from __future__ import annotations

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from clinic.models import Client, Delivery, DeliveryEvent, Reminder, State, counts_for
from clinic.models.delivery import CLOCKS_DIFFER
from clinic.services import attention, audit, clients
from clinic.services.delivery.addresses import fingerprint

BACK = (Delivery.BOUNCED, Delivery.REJECTED)
IN_A_ROW = 3  # days
REMEMBERED = datetime.timedelta(days=30)
AT_ONCE = 200  # rows

CONFIRMED = "The mail service confirmed delivery."
CAME_BACK = "The mail came back."
BECOMES = {
    Delivery.DELIVERED: (State.SENT, CONFIRMED),
    Delivery.REJECTED: (State.FAILED, CAME_BACK),
    Delivery.BOUNCED: (State.FAILED, CAME_BACK),
    Delivery.COMPLAINED: (State.SENT, CONFIRMED),  # who complains has got it
}
STRONGER = list(Delivery)  # the model has them in this order


def follow(event: DeliveryEvent, client: Client) -> None:
    """What a new report changes."""
    if event.what == Delivery.COMPLAINED:
        audit.record("client.complained", on=client, by=audit.Machine.REMINDERS)
        clients.stop_reminders(client=client, by=audit.Machine.REMINDERS)
    elif event.sent_to == fingerprint(client.pk, client.email):
        _judge_address(event, client)
    _dissolve([event.reminder])


# --- the address ------------------------------------------------------------------------------------------------------


def _judge_address(event: DeliveryEvent, client: Client) -> None:
    if event.what in BACK and event.permanent:
        _came_back_for_good(event, client)
    elif event.what in BACK or (event.what == Delivery.DELIVERED and client.email_bounced_at):
        _came_back_again(event, client)


def _came_back_for_good(event: DeliveryEvent, client: Client) -> None:
    before = client.email_bounced_at
    if before is None or before in {one.happened_at for one in _soft_reports(event) if one.what in BACK}:
        _set_bounced(client, event.happened_at)
    else:
        _set_bounced(client, min(before, event.happened_at))


def _came_back_again(event: DeliveryEvent, client: Client) -> None:
    """Of what came back for good nothing is undone; of what only came back often, a delivery since then undoes it."""
    reports = _soft_reports(event)
    if client.email_bounced_at in {None, *(one.happened_at for one in reports if one.what in BACK)}:
        _set_bounced(client, last_of_a_row(reports, client.zone))


def _soft_reports(event: DeliveryEvent) -> list[DeliveryEvent]:
    """Deliveries and refusals that may end, of the address this report is about; oldest first."""
    reports = DeliveryEvent.objects.filter(
        practice=event.practice_id, client=event.client_id, sent_to=event.sent_to, permanent=False,
        what__in=[*BACK, Delivery.DELIVERED], happened_at__gte=event.happened_at - REMEMBERED,
    )  # fmt: skip
    return list(reports.order_by("happened_at", "what"))


def last_of_a_row(reports: Iterable[DeliveryEvent], zone: zoneinfo.ZoneInfo) -> datetime.datetime | None:
    """When mail came back on a third day without a delivery between; None where it did not, or was delivered since."""
    days: set[datetime.date] = set()
    last = None
    for report in reports:
        if report.what == Delivery.DELIVERED:
            days.clear()
            last = None
        else:
            days.add(report.happened_at.astimezone(zone).date())
            if len(days) == IN_A_ROW and last is None:
                last = report.happened_at
    return last


def _set_bounced(client: Client, at: datetime.datetime | None) -> None:
    before, client.email_bounced_at = client.email_bounced_at, at
    if at == before:
        return
    client.save(update_fields=["email_bounced_at"])
    attention.look_at(client, "mail_bounced", "mail_uncertain")
    if before is None:
        audit.record("client.mail_bounced", on=client, by=audit.Machine.REMINDERS)
    elif at is None:
        audit.record("client.mail_arrives_again", on=client, by=audit.Machine.REMINDERS)


# --- uncertain mail ---------------------------------------------------------------------------------------------------


@transaction.atomic
def dissolve_uncertain() -> int:
    """Settle uncertain mail that a report came about before it was uncertain. Returns how many rows."""
    told = DeliveryEvent.objects.filter(
        practice=OuterRef("practice"), reminder=OuterRef("pk"), what__in=BECOMES,
        happened_at__gte=OuterRef("handing_over_at") - CLOCKS_DIFFER,  # as `counts_for` says
    )  # fmt: skip
    uncertain = Reminder.objects.filter(state=State.UNCERTAIN, seen_at=None).filter(Exists(told)).order_by()
    return _dissolve(list(uncertain.values_list("pk", flat=True)[:AT_ONCE]))


def _dissolve(ids: Sequence[uuid.UUID]) -> int:
    """The strongest report about the latest try decides; also about a row that a weaker one decided before."""
    ours = Q(state=State.UNCERTAIN) | Q(state__in=[State.SENT, State.FAILED], reason__in=[CONFIRMED, CAME_BACK])
    rows = (
        Reminder.objects.select_for_update(of=("self",), no_key=True).select_related("client").filter(ours, pk__in=ids)
    )
    return sum(_dissolve_one(row) for row in rows.order_by("pk"))


def _dissolve_one(row: Reminder) -> bool:
    reports = DeliveryEvent.objects.filter(practice=row.practice_id, reminder=row.pk, what__in=BECOMES)
    told = [Delivery(report.what) for report in reports if counts_for(row, report)]
    if not told:
        return False
    state, reason = BECOMES[max(told, key=STRONGER.index)]
    if (row.state, row.reason) == (state, reason):
        return False
    row.state, row.reason = state, reason
    row.save(update_fields=["state", "reason"])
    audit.record("reminder.dissolved", on=row, by=audit.Machine.REMINDERS, client=row.client, state=state.value)
    return True
