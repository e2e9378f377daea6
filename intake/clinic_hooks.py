"""What intake adds to the frames of the clinic: panels, the mail with the link, facts for the rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clinic import attention, facts, links, mail, merging, own_data, panels, portal, report
from clinic.models import CLINICIANS, Client, Membership, Reminder
from clinic.reminders import Letter, ReminderKind, kinds
from intake.models import IntakeRequest, State
from intake.queries import attention as lists_of
from intake.queries import (
    clinician_answers,
    document,
    facts_for_rules,
    latest_completed,
    latest_request,
    merged_conditions,
    practice_report,
    rescreens,
    timeline,
)
from intake.queries.briefs import of_intakes
from intake.queries.link_wanted import LinkWanted
from intake.queries.own_data import PARTS
from intake.services import door
from intake.services.requests import REMINDER_KIND

FEW = 5  # so many open conditions are shown without being asked for
PURPOSE = "intake"
UNWANTED = {
    State.COMPLETED: "The form was answered already.",
    State.REVOKED: "The link was withdrawn.",
    State.EXPIRED: "The link had expired.",
}


def address(request_id: uuid.UUID) -> str:
    """Where the client opens the form, for a mail or for the practice's tablet."""
    return links.absolute("intake:start", links.sign(PURPOSE, request_id))


class IntakeLink(ReminderKind):
    """The mail that somebody at the practice just asked for."""

    key = REMINDER_KIND
    label = "Intake link"
    requested = True
    resend_uncertain = True

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        requests = self.requests(reminders)
        gone = {row.pk: UNWANTED[State.REVOKED] for row in reminders if row.subject not in requests}
        states = {row.pk: requests[row.subject].state for row in reminders if row.subject in requests}
        return {**gone, **{pk: UNWANTED[state] for pk, state in states.items() if state in UNWANTED}}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        requests = self.requests(reminders)
        return {row.pk: letter(row, requests[row.subject]) for row in reminders if row.subject in requests}

    def requests(self, rows: Sequence[Reminder]) -> Mapping[uuid.UUID, IntakeRequest]:
        found = IntakeRequest.objects.select_related("client__practice").filter(pk__in=[row.subject for row in rows])
        return {request.pk: request for request in found}


def letter(row: Reminder, request: IntakeRequest) -> Letter:
    client = row.client = request.client  # with its practice
    return mail.letter(
        row,
        "intake/mail/intake_link",
        subject=format_lazy(_("Before your visit at {practice}"), practice=client.practice.name),
        link=address(request.pk),
        until=request.expires_at.astimezone(client.zone),
        asks_birth=door.asks(request),
    )


def dashboard(membership: Membership) -> Mapping[str, Any]:
    """Reception sees who was invited; what was answered, and how it was judged, only clinicians."""
    practice = membership.practice
    reads = membership.role in CLINICIANS
    lists = {
        "unread": lists_of.unread(practice) if reads else lists_of.Shortlist([], False),
        "waiting": lists_of.waiting(practice),
        "expired": lists_of.expired(practice),
    }
    return {**lists, "nothing": not any(each.rows for each in lists.values())}


def client_intake(membership: Membership, client: Client) -> Mapping[str, Any]:
    intake = latest_completed(client)
    known = document.conditions(merged_conditions(intake, clinician_answers(client)))
    still_open = [condition for condition in known if condition.open]
    return {
        "intake": intake,
        "places": document.all_places(intake) if intake else [],
        "habits": document.habits(intake) if intake else [],
        "flags": document.flags(intake) if intake else [],
        "told_conditions": [each for each in known if not each.open and each.answer != "No"],
        "open_conditions": still_open,
        "open_summary": f"{len(still_open)} condition{'' if len(still_open) == 1 else 's'} to answer",
        "few_open": not intake or len(still_open) <= FEW,
    }


def client_link(membership: Membership, client: Client) -> Mapping[str, Any]:
    """The address opens the draft as well, so only those who may read answers can copy it."""
    invitation = latest_request(client)
    state = invitation.state if invitation else None
    reads = membership.role in CLINICIANS
    link = address(invitation.pk) if invitation and state == State.OPEN and reads else ""
    shut = invitation is not None and state == State.OPEN and door.is_shut(invitation)
    return {"invitation": invitation, "state": state, "link": link, "reads": reads, "shut": shut}


def link_until_answered(membership: Membership, client: Client) -> Mapping[str, Any] | None:
    """On the overview the link stands until somebody answered."""
    told = client_link(membership, client)
    return None if told["state"] == State.COMPLETED or client.archived_at else told


panels.dashboard.register(panels.DashboardPanel("intakes", 20, "intake/dashboard_panel.html", dashboard))
panels.client.register(panels.ClientPanel("intake", 20, "intake/panel.html", client_intake, CLINICIANS, "intake"))
panels.client.register(panels.ClientPanel("intake_first", 30, "intake/link_panel.html", link_until_answered))
panels.client.register(panels.ClientPanel("intake_link", 30, "intake/link_panel.html", client_link, tab="intake"))
panels.briefs.register(panels.Brief("intake", 20, of_intakes, roles=CLINICIANS))
kinds.register(IntakeLink())
attention.kinds.register(LinkWanted())
facts.providers.register(facts.Provider("intake", facts_for_rules))
panels.timelines.register(panels.Timeline("intake", 20, timeline.events, label="Intake"))
panels.timelines.register(panels.Timeline("rescreen", 21, rescreens.events, label="Anything new?"))
panels.briefs.register(panels.Brief("rescreen", 19, rescreens.of_rescreens, roles=CLINICIANS))
portal.cards.register(portal.PortalCard("rescreen", 90, "intake/rescreen/card.html", lambda client, token: {}))
panels.cautions.register(panels.Caution("conditions", 20, timeline.cautions))
report.parts.register(report.ReportPart("unread", 34, "Open now", practice_report.unread, roles=CLINICIANS, now=True))
for merged in (
    merging.Part("intake.IntakeRequest", "intake link", "intake links"),
    merging.Part("intake.IntakeResponse", "intake", "intakes"),
    merging.Part("intake.ConditionAnswer", "answer to a condition", "answers to conditions"),
    merging.Part("intake.Rescreen", "answer to “anything new?”", "answers to “anything new?”"),
):
    merging.parts.register(merged)
panels.nav.register(
    panels.NavItem("forms", 65, "Forms", "intake", "intake:forms", within="practice", about="What clients answer first")
)
for own in PARTS:
    own_data.parts.register(own)
