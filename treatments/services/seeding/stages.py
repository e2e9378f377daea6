"""One function per stage of the loop at which a client of the demo stands."""

from __future__ import annotations

from django.utils import timezone

from clinic.models import Client, Membership, Reminder
from treatments.models import Programme
from treatments.queries import local_today
from treatments.services import home_logs, programmes
from treatments.services.home_stretch import HomeStretch
from treatments.services.seeding import notes
from treatments.services.seeding.visits import answer, assess, did, invite, measured, publish, read, sign

STIFF, LOOSER, ALIKE = measured(2), measured(16, thomas=1), measured(6, thomas=5)


def just_added(client: Client, by: Membership) -> None:
    """Nothing has happened yet."""


def intake_sent(client: Client, by: Membership) -> None:
    invite(client, by)


def intake_unread(client: Client, by: Membership) -> None:
    answer(client, by, pain=[{"site": "hip", "side": "left", "severity": 4, "weeks": 12}])


def red_flag(client: Client, by: Membership) -> None:
    flags = {"unexplained_weight_loss": "yes", "constant_night_pain": "yes"}
    answer(client, by, red_flags=flags)


def unsigned(client: Client, by: Membership) -> None:
    read(client, by, days_ago=3)
    assess(client, by, days_ago=2, readings=STIFF)


def assessed(client: Client, by: Membership) -> None:
    read(client, by, days_ago=2)
    sign(client, by, days_ago=1, readings=STIFF)


def drafted(client: Client, by: Membership) -> Programme:
    read(client, by, days_ago=3, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    return programmes.draft(client=client, assessment=sign(client, by, days_ago=1, readings=STIFF), by=by)


def keeps_going(client: Client, by: Membership) -> None:
    running(client, by, days_ago=18, of_ten=9)
    notes.sessions_of(client, by)


def slips(client: Client, by: Membership) -> None:
    running(client, by, days_ago=18, of_ten=2)


def running(client: Client, by: Membership, *, days_ago: int, of_ten: int) -> Programme:
    read(client, by, days_ago=days_ago + 2)
    assessment = sign(client, by, days_ago=days_ago, readings=STIFF)
    programme = publish(client, by, assessment, days_ago=days_ago)
    did(programme, of_ten=of_ten)
    return programme


def too_painful(client: Client, by: Membership) -> None:
    programme = running(client, by, days_ago=9, of_ten=8)
    item = programme.items.earliest("place")
    today = local_today(client)
    item.weekdays = sorted({*item.weekdays, today.isoweekday()})
    item.save(update_fields=["weekdays"])
    notes.half_written(client, by)
    word = "sharp in the groin after the second time"
    home_logs.log(item=item, local_date=today, outcome="too_painful", word=word, by=client)


def mail_failed(client: Client, by: Membership) -> None:
    programme = running(client, by, days_ago=5, of_ten=6)
    now = timezone.now()
    Reminder.objects.create(
        practice_id=client.practice_id, kind=HomeStretch.key, client=client, subject=programme.pk,
        local_date=local_today(client), due_at=now, not_before=now, state="failed", attempts=6, settled_at=now,
        reason="The mail server does not know this address.",
    )  # fmt: skip


def really_improved(client: Client, by: Membership) -> None:
    finished(client, by, of_ten=9)
    sign(client, by, days_ago=0, readings=LOOSER)


def within_error(client: Client, by: Membership) -> None:
    finished(client, by, of_ten=7)
    sign(client, by, days_ago=0, readings=ALIKE)


def six_weeks_done(client: Client, by: Membership) -> None:
    """Time to measure again."""
    finished(client, by, of_ten=8)


def finished(client: Client, by: Membership, *, of_ten: int) -> None:
    programme = running(client, by, days_ago=44, of_ten=of_ten)
    programmes.end(programme=programme, because="six weeks are over", by=by)
