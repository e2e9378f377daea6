"""What `clinic` itself hands to its own frames."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic import attention, merging, own_data, panels, portal, report
from clinic.models import CLINICIANS, Client, Level, Membership, SafetyAlert
from clinic.queries import briefs, engine, mail_attention, messages, practice_report, record, reminders, timeline
from clinic.queries.visits import shown
from clinic.reminders import kinds as reminder_kinds
from clinic.services import clock, files, merge_parts
from clinic.services.message_mail import MessageAnswer, MessageFirst
from clinic.services.own_parts import PARTS
from clinic.services.passkey_mail import PasskeyAdded
from clinic.services.visit_cancelled import VisitCancelled
from clinic.services.visit_reminder import VisitReminder
from clinic.views import passkey
from clinic.views.duplicates import panel as duplicates_panel
from clinic.views.messages import written

SHOWN = 8


def trouble_with_mail(membership: Membership) -> dict[str, Any] | None:
    """Worked out at reading: when the engine is silent, nobody else would say so."""
    trouble = engine.trouble_of(membership.practice, clock.now())
    return {"trouble": trouble} if trouble else None


def mail_of_client(membership: Membership, client: Client) -> dict[str, Any]:
    page = reminders.history(client, "", 10)
    complained = reminders.stopped_by_complaint(client)
    return {"lines": reminders.lines(page.rows), "older": page.older, "complained": complained}


def files_of_client(membership: Membership, client: Client) -> dict[str, Any]:
    found = record.files_of(client)
    return {"files": found.files, "more": found.more, "kinds": files.KINDS, "most": files.MOST_BYTES // 1024**2}


def open_alerts(membership: Membership) -> dict[str, Any] | None:
    """Newest first, with what locks a programme before what only asks."""
    open_ones = SafetyAlert.objects.filter(practice=membership.practice).open()
    in_order = open_ones.annotate(asks=Q(level=Level.ASK)).order_by("asks", "-created_at")
    alerts = list(in_order.select_related("client", "client__practice")[:SHOWN])
    return {"alerts": alerts} if alerts else None


panels.nav.register(panels.NavItem("today", 10, "Today", "home", "clinic:dashboard", shortcut="g t"))
panels.nav.register(panels.NavItem("clients", 20, "Clients", "clients", "clinic:clients", shortcut="g c"))
panels.nav.register(panels.NavItem("reminders", 60, "Reminders", "reminders", "clinic:reminders", shortcut="g r"))
panels.dashboard.register(
    panels.DashboardPanel("alerts", 10, "clinic/alerts_panel.html", open_alerts, roles=CLINICIANS, first=True)
)
panels.dashboard.register(
    panels.DashboardPanel("engine", 15, "clinic/reminders/engine_panel.html", trouble_with_mail, first=True)
)
panels.briefs.register(panels.Brief("red_flags", 10, briefs.red_flags, roles=CLINICIANS))
attention.kinds.register(mail_attention.MailBounced())
attention.kinds.register(mail_attention.MailUncertain())
for order, (key, label) in enumerate(
    {
        "overview": "Overview",
        "intake": "Intake",
        "assessments": "Assessments",
        "sessions": "Sessions",
        "programme": "Programme",
        "messages": "Messages",
        "reminders": "Reminders",
        "files": "Files",
    }.items(),
    start=1,
):
    panels.tabs.register(panels.ClientTab(key, order * 10, label))
panels.client.register(
    panels.ClientPanel("mail", 80, "clinic/reminders/client_panel.html", mail_of_client, tab="reminders")
)
panels.client.register(
    panels.ClientPanel("files", 90, "clinic/record/files.html", files_of_client, roles=CLINICIANS, tab="files")
)
panels.timelines.register(panels.Timeline("alerts", 10, timeline.alerts, roles=CLINICIANS, label="Red flags"))
panels.timelines.register(panels.Timeline("files", 80, timeline.files, roles=CLINICIANS, label="Files"))
panels.timelines.register(panels.Timeline("mail", 85, timeline.mail, label="Mail"))
panels.timelines.register(panels.Timeline("record", 90, timeline.record, label="Record"))
panels.nav.register(panels.NavItem("diary", 15, "Diary", "calendar", "clinic:diary", shortcut="g d"))
panels.client.register(panels.ClientPanel("visits", 20, "clinic/visits/client_panel.html", shown.panel))
panels.timelines.register(
    panels.Timeline("visits", 20, shown.events, shown.news, label="Visits", last_met=shown.last_met)
)
panels.visit_actions.register(panels.VisitAction("came", 30, "Came", "check", shown.came_url, post=True))
panels.visit_actions.register(panels.VisitAction("no_show", 40, "Did not come", "close", shown.no_show_url, post=True))
reminder_kinds.register(VisitReminder())
reminder_kinds.register(VisitCancelled())
reminder_kinds.register(PasskeyAdded())
panels.nav.register(panels.NavItem("practice", 75, "Practice", "settings", "clinic:practice"))
report.parts.register(
    report.ReportPart("red_flags", 30, "Open now", practice_report.open_flags, roles=CLINICIANS, now=True)
)
report.parts.register(report.ReportPart("waiting", 31, "Open now", practice_report.waiting, roles=CLINICIANS, now=True))
report.parts.register(
    report.ReportPart(
        "visits", 40, "Visits", practice_report.visits, about="Visits of that time, by what became of them."
    )
)
report.parts.register(
    report.ReportPart(
        "mail", 50, "Mail to clients", practice_report.mail, shares=True,
        about="By the day on which it was due. Held back: there was a reason not to send it.",
    )
)  # fmt: skip
attention.kinds.register(messages.MessageUnread())
panels.client.register(panels.ClientPanel("messages", 50, "clinic/messages/panel.html", written, tab="messages"))
panels.timelines.register(panels.Timeline("messages", 60, messages.events, label="Messages"))
for mail in (MessageAnswer(), MessageFirst()):
    reminder_kinds.register(mail)
portal.pages.register(
    portal.PortalPage("messages", 40, _("Messages"), "message", "clinic:portal_messages", news=messages.waiting_for)
)
portal.pages.register(portal.PortalPage("settings", 90, _("Settings"), "settings", "clinic:preferences"))
panels.client.register(
    panels.ClientPanel("duplicates", 5, "clinic/duplicates/panel.html", duplicates_panel, roles=CLINICIANS)
)
for merged in (
    merging.Part("clinic.Client", "", ""),
    merging.Part("clinic.Visit", "visit", "visits"),
    merging.Part("clinic.Message", "message", "messages", settle=merge_parts.settle_messages),
    merging.Part("clinic.ClientFile", "file", "files"),
    merging.Part("clinic.SafetyAlert", "red flag", "red flags", told=merge_parts.alerts_told),
    merging.Part("clinic.Reminder", "mail", "mails", merge_parts.mails_told, merge_parts.settle_mails),
    merging.Part("clinic.ArchivedReminder", "older mail", "older mails"),
    merging.Part("clinic.DeliveryEvent", "report about a mail", "reports about mails"),
    merging.Part("clinic.Attention", "", "", settle=merge_parts.drop_attention),
    merging.Part("clinic.AuditEntry", "entry of who did what", "entries of who did what", merge_parts.logins_told),
):
    merging.parts.register(merged)
portal.cards.register(portal.PortalCard("passkey", 90, "clinic/portal/passkey/card.html", passkey.card))
for own in PARTS:
    own_data.parts.register(own)
