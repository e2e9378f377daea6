"""What `clinic` itself hands to its own frames."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from clinic import panels
from clinic.models import CLINICIANS, Client, Level, Membership, SafetyAlert
from clinic.queries import reminders

SHOWN = 8


def mail_that_needs_a_person(membership: Membership) -> dict[str, Any] | None:
    lines, count = reminders.needing_a_person(membership, 5)
    return {"lines": lines, "count": count} if lines else None


def mail_of_client(membership: Membership, client: Client) -> dict[str, Any]:
    return {"lines": reminders.lines(reminders.latest_of(client, 10))}


def open_alerts(membership: Membership) -> dict[str, Any] | None:
    """Newest first, with what locks a programme before what only asks."""
    open_ones = SafetyAlert.objects.filter(practice=membership.practice).open()
    in_order = open_ones.annotate(asks=Q(level=Level.ASK)).order_by("asks", "-created_at")
    alerts = list(in_order.select_related("client", "client__practice")[:SHOWN])
    return {"alerts": alerts} if alerts else None


panels.nav.register(panels.NavItem("today", 10, "Today", "home", "clinic:dashboard"))
panels.nav.register(panels.NavItem("clients", 20, "Clients", "clients", "clinic:clients"))
panels.nav.register(panels.NavItem("reminders", 60, "Reminders", "reminders", "clinic:reminders"))
panels.dashboard.register(
    panels.DashboardPanel("alerts", 10, "clinic/alerts_panel.html", open_alerts, roles=CLINICIANS)
)
panels.dashboard.register(
    panels.DashboardPanel("mail", 20, "clinic/reminders/dashboard_panel.html", mail_that_needs_a_person)
)
panels.client.register(panels.ClientPanel("mail", 80, "clinic/reminders/client_panel.html", mail_of_client))
