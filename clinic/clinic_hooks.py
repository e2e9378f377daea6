"""What `clinic` itself hands to its own frames."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from clinic import panels
from clinic.models import CLINICIANS, Client, Level, Membership, SafetyAlert
from clinic.queries import engine, reminders
from clinic.services import clock

SHOWN = 8


def trouble_with_mail(membership: Membership) -> dict[str, Any] | None:
    """Worked out at reading: when the engine is silent, nobody else would say so."""
    trouble = engine.trouble_of(membership.practice, clock.now())
    return {"trouble": trouble} if trouble else None


def wrong_addresses(membership: Membership) -> dict[str, Any] | None:
    found = reminders.wrong_addresses(membership, SHOWN + 1)
    return {"clients": found[:SHOWN], "more": len(found) > SHOWN} if found else None


def mail_that_needs_a_person(membership: Membership) -> dict[str, Any] | None:
    lines, count = reminders.needing_a_person(membership, 5)
    return {"lines": lines, "count": count} if lines else None


def mail_of_client(membership: Membership, client: Client) -> dict[str, Any]:
    page = reminders.history(client, "", 10)
    complained = reminders.stopped_by_complaint(client)
    return {"lines": reminders.lines(page.rows), "older": page.older, "complained": complained}


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
panels.dashboard.register(panels.DashboardPanel("engine", 15, "clinic/reminders/engine_panel.html", trouble_with_mail))
panels.dashboard.register(
    panels.DashboardPanel("addresses", 18, "clinic/reminders/addresses_panel.html", wrong_addresses)
)
panels.dashboard.register(
    panels.DashboardPanel("mail", 20, "clinic/reminders/dashboard_panel.html", mail_that_needs_a_person)
)
panels.client.register(panels.ClientPanel("mail", 80, "clinic/reminders/client_panel.html", mail_of_client))
