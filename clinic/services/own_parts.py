"""What of `clinic` itself a client gets who asks for everything about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from clinic import own_data
from clinic.models import ArchivedReminder, Client, MailDetail, Message, Reminder, Sex, State, Visit, VisitState
from clinic.reminders import kinds

ENGINE = "how the mail was sent, which says nothing about the client"
PRACTICE = "for the practice only"


def sent_mails(model: type[Reminder] | type[ArchivedReminder]) -> Any:
    def rows(client: Client) -> Iterable[Any]:
        return model.objects.filter(practice=client.practice_id, client=client, state=State.SENT).order_by("due_at")

    return rows


def kind_of_mail(row: Reminder) -> Iterator[tuple[str, Any]]:
    if row.kind in kinds:
        yield _("What about"), _(str(kinds[row.kind].label))


def who_wrote(message: Message) -> Iterator[tuple[str, Any]]:
    yield _("Written by"), str(message.written_by) if message.written_by else _("you")


def who_with(visit: Visit) -> Iterator[tuple[str, Any]]:
    yield _("With"), str(visit.therapist)
    yield _("What became of it"), str(BECAME[VisitState(visit.state)])


def choices_of(client: Client) -> Iterator[tuple[str, Any]]:
    """In words of the client's language, where the row has those of the practice."""
    yield _("Sex, to choose norms"), str(SEXES[Sex(client.sex)])
    yield _("What the daily mail says"), str(DETAILS[MailDetail(client.mail_detail)])
    known = client.speaks in dict(settings.LANGUAGES)
    yield _("Language"), get_language_info(client.speaks)["name_local"] if known else client.speaks


SEXES = {
    Sex.FEMALE: gettext_lazy("Female"), Sex.MALE: gettext_lazy("Male"), Sex.UNSPECIFIED: gettext_lazy("Not specified"),
}  # fmt: skip
DETAILS = {
    MailDetail.NEUTRAL: gettext_lazy("Only that something is waiting"),
    MailDetail.EXERCISES: gettext_lazy("What to do today, in words"),
    MailDetail.PICTURES: gettext_lazy("What to do today, with pictures"),
}
BECAME = {
    VisitState.BOOKED: gettext_lazy("Booked"), VisitState.DONE: gettext_lazy("You came"),
    VisitState.NO_SHOW: gettext_lazy("You did not come"), VisitState.CANCELLED: gettext_lazy("Cancelled"),
}  # fmt: skip


MAIL_FIELDS = {"settled_at": gettext_lazy("Sent")}
MAIL_WITHOUT = dict.fromkeys(
    [
        "created_at", "kind", "subject", "local_date", "slot", "due_at", "not_before", "state", "reason", "attempts",
        "claimed_at", "claimed_by", "handing_over_at", "counted", "seen_at", "provider_id",
    ],
    ENGINE,
)  # fmt: skip

PARTS = (
    own_data.Part(
        "clinic.Client",
        gettext_lazy("You"),
        10,
        {
            "ref": gettext_lazy("Reference"), "given_name": gettext_lazy("Given name"),
            "family_name": gettext_lazy("Family name"), "date_of_birth": gettext_lazy("Date of birth"),
            "email": gettext_lazy("E-mail"),
            "phone": gettext_lazy("Phone"), "timezone": gettext_lazy("Time zone"),
            "therapist": gettext_lazy("Therapist"),
            "reminder_time": gettext_lazy("Time of the daily mail"),
            "reminder_days": gettext_lazy("Days of the daily mail, 1 is Monday"),
            "reminders_paused_until": gettext_lazy("Mails paused until"),
            "reminders_stopped_at": gettext_lazy("Mails stopped"),
            "email_refused_at": gettext_lazy("No mail at all since"),
            "email_bounced_at": gettext_lazy("A mail came back"), "created_at": gettext_lazy("In care since"),
            "archived_at": gettext_lazy("In care until"),
        },
        {
            **dict.fromkeys(["sex", "language", "mail_detail"], "given in words"), "user": "a log-in's number",
            "search": "the same words again, for finding them",
            "merged_into": "how the practice keeps its rows", "reminders_skipped_on": "of one day only",
            "snoozed_until": "of one day only",
        },
        more=choices_of,
    ),
    own_data.Part(
        "clinic.Visit",
        gettext_lazy("Visits"),
        60,
        {"starts_at": gettext_lazy("From"), "ends_at": gettext_lazy("To")},
        {
            "therapist": "given by name", "state": "given in words", "room": PRACTICE, "purpose": PRACTICE,
            "note": PRACTICE,
            "state_because": PRACTICE, "revision": PRACTICE, "booked_by": PRACTICE, "changed_at": PRACTICE,
            "created_at": PRACTICE,
        },
        more=who_with,
    ),
    own_data.Part(
        "clinic.Message",
        gettext_lazy("Messages"),
        70,
        {"created_at": gettext_lazy("Written"), "text": gettext_lazy("Text"), "read_at": gettext_lazy("Read")},
        {"written_by": "given by name", "sent_key": "keeps it from being sent twice", "read_by": PRACTICE},
        more=who_wrote,
    ),
    own_data.Part(
        "clinic.Reminder", gettext_lazy("Mails to you"), 80, MAIL_FIELDS, MAIL_WITHOUT, rows=sent_mails(Reminder),
        more=kind_of_mail,
    ),
    own_data.Part(
        "clinic.ArchivedReminder", gettext_lazy("Older mails to you"), 81, MAIL_FIELDS,
        {**MAIL_WITHOUT, "archived_at": ENGINE}, rows=sent_mails(ArchivedReminder), more=kind_of_mail,
    ),
    own_data.Part("clinic.DeliveryEvent", because=ENGINE),
    own_data.Part("clinic.ClientFile", because="letters of others, which the practice gives out itself"),
    own_data.Part("clinic.SafetyAlert", because="the practice's own working notes on answers that are given in full"),
    own_data.Part("clinic.Attention", because="the practice's list of what to do"),
    own_data.Part("clinic.AuditEntry", because="who at the practice did what; names of its people"),
)  # fmt: skip
