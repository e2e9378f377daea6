"""The ways to get due rows out as mail. Each is a function that works until nothing is left for it."""

from __future__ import annotations

import time

from django.core.mail import get_connection

from clinic.models import Reminder, State

PATIENCE = 100.0  # seconds


def ours() -> None:
    """The engine, as a worker runs it."""
    from clinic.services.reminders import wake

    while Reminder.objects.filter(state__in=[State.PLANNED, State.CLAIMED]).exists():
        if not wake():
            time.sleep(0.005)  # the last rows are another worker's


def bare() -> None:
    """Compose and send over one held-open connection; nothing is claimed, checked or recorded."""
    from tests.benchmarks.reminders.letters import due, message

    with get_connection() as line:
        for rows in due():
            for row in rows:
                line.send_messages([message(row)])


# --- django-post_office -----------------------------------------------------------------------------------------------


def post_office(processes: int = 1) -> None:
    """The whole way: written and signed, queued in bulk, sent by its own batches and threads."""
    from post_office.models import Email

    from tests.benchmarks.reminders.letters import due, mark

    for rows in due_until_empty(due):
        Email.objects.bulk_create([queued(row) for row in rows])
        mark(rows)
    send_queued(processes)


def post_office_two() -> None:
    post_office(2)


def post_office_templates() -> None:
    """Signed and queued in bulk with what its own templates need; they are written at delivery."""
    from post_office.models import STATUS, Email, EmailTemplate

    from tests.benchmarks.reminders.letters import SUBJECT, TEMPLATE, due, headers, link, mark, sender

    template, _ = EmailTemplate.objects.get_or_create(
        name="home_stretch", subject=SUBJECT,
        content=f'{{% extends "{TEMPLATE}.txt" %}}', html_content=f'{{% extends "{TEMPLATE}.html" %}}',
    )  # fmt: skip
    for rows in due_until_empty(due):
        made = []
        for row in rows:
            stop = link("clinic:unsubscribe", "unsubscribe", row.client_id)
            context = {
                "practice": {"name": row.practice.name, "reply_to": row.practice.reply_to},
                "client": {"given_name": row.client.given_name},
                "subject": SUBJECT,
                "unsubscribe_url": stop,
                "url": link("treatments:portal", "portal", row.client_id),
            }
            made.append(
                Email(
                    from_email=sender(row), to=[f"{row.client} <{row.client.email}>"], priority=1,
                    status=STATUS.queued, template=template, context=context,
                    headers={**headers(row, stop), "Reply-To": f"{row.practice.name} <{row.practice.reply_to}>"},
                )
            )  # fmt: skip
        Email.objects.bulk_create(made)
        mark(rows)
    send_queued(1)


def queued(row: Reminder):
    from post_office.models import STATUS, Email

    from tests.benchmarks.reminders.letters import message

    mail = message(row)
    return Email(
        from_email=mail.from_email, to=mail.to, subject=mail.subject, message=mail.body,
        html_message=mail.alternatives[0].content, priority=1, status=STATUS.queued,
        headers={**mail.extra_headers, "Reply-To": ", ".join(mail.reply_to)},
    )  # fmt: skip


def send_queued(processes: int) -> None:
    from post_office import mail

    while sum(mail.send_queued(processes=processes, log_level=0)):
        pass


def due_until_empty(due):
    """Rows leave the selection as they are marked, so always its beginning."""
    while rows := next(due(), None):
        yield rows


# --- django-mailer and django-celery-email ----------------------------------------------------------------------------


def django_mailer() -> None:
    """Queued in bulk by its backend, sent by `send_all` under its lock."""
    from mailer.engine import send_all

    from tests.benchmarks.reminders.letters import due, mark, message

    queue = get_connection("mailer.backend.DbBackend")
    for rows in due_until_empty(due):
        queue.send_messages([message(row) for row in rows])
        mark(rows)
    send_all()


def celery_email() -> None:
    """Written here, handed to Celery in chunks of 100, sent by its worker; marked when handed over."""
    from tests.benchmarks.reminders.letters import due, mark, message

    queue = get_connection("djcelery_email.backends.CeleryEmailBackend")
    for rows in due_until_empty(due):
        queue.send_messages([message(row) for row in rows])
        mark(rows)


# --- what a team writes itself ----------------------------------------------------------------------------------------


def task_a_mail() -> None:
    """A task for each row: Celery's worker writes the mail, sends it over a connection of its own, marks the row."""
    from tests.benchmarks.reminders.tasks import send_one

    for row in Reminder.objects.filter(state=State.PLANNED).order_by("not_before", "id").values_list("pk", flat=True):
        send_one.delay(str(row))
    deadline = time.monotonic() + PATIENCE
    while Reminder.objects.filter(state=State.PLANNED).exists():
        assert time.monotonic() < deadline, "tasks were lost"
        time.sleep(0.02)


def mark_then_send() -> None:
    """Each row is marked and committed before its mail leaves: none comes twice, and a process that dies loses one."""
    from tests.benchmarks.reminders.letters import due, message

    with get_connection() as line:
        for rows in due_until_empty(due):
            for row in rows:
                if Reminder.objects.filter(pk=row.pk, state=State.PLANNED).update(state=State.SENT):
                    line.send_messages([message(row)])
