"""What assessments adds to the frames of the clinic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from assessments import queries
from assessments.models import Assessment, State
from assessments.queries import practice_report, timeline
from assessments.queries.own_data import PARTS
from assessments.rules.questionnaires import QUESTIONNAIRES
from assessments.services import evaluation
from assessments.services.asked_mail import QuestionnaireAsked
from assessments.views import asked
from assessments.views.briefs import of_measuring
from assessments.views.portal import card
from assessments.views.progress import course_panel
from assessments.views.trends import trend_of
from clinic import facts, merging, own_data, panels, portal, report
from clinic.models import CLINICIANS, Client, Membership
from clinic.reminders import kinds as reminder_kinds

SHOWN = 8


def on_client(membership: Membership, client: Client) -> dict[str, Any]:
    """The latest assessment that counts or may still, its findings, and what changed into it."""
    rows = Assessment.objects.filter(practice_id=client.practice_id, client=client)
    latest = queries.with_parts(rows.exclude(state=State.ENTERED_IN_ERROR)).first()
    if latest is None:
        return {"latest": None}
    judged = queries.findings_with_decisions(latest)
    return {"latest": latest, "judged": judged, "changes": queries.changes_into(latest)}


def questionnaires_of(membership: Membership, client: Client) -> dict[str, Any]:
    """The latest score of each, what changed since the one before, and what can be filled in."""
    series = queries.series_of(client)
    return {
        "rows": [(row, trend_of(row, f"trend-{place}")) for place, row in enumerate(series)],
        "in_error": [(row, queries.name_of(row)) for row in queries.marked_in_error(client)],
        "offered": QUESTIONNAIRES.values(),
    }


def on_dashboard(membership: Membership) -> dict[str, Any]:
    drafts = queries.unsigned_in(membership.practice_id, limit=SHOWN + 1)
    return {"drafts": drafts[:SHOWN], "more": len(drafts) > SHOWN}


def misfit(membership: Membership) -> dict[str, Any] | None:
    """The practice's own protocol where an update of the shipped one broke it; None when all is well."""
    now = queries.packs.in_force(membership.practice_id)
    return {"now": now} if now.lines else None


@checks.register(checks.Tags.database)
def check_packs(databases: Sequence[str] | None = None, **options: Any) -> list[checks.CheckMessage]:
    """`manage.py check --database default` names every practice whose own protocol no longer fits."""
    try:
        misfits = list(queries.packs.no_longer_fitting()) if databases else []
    except DatabaseError:  # before the first migration
        return []
    return [
        checks.Warning(
            f"Version {row.number} of the protocol of {row.practice.slug} no longer fits: {'; '.join(lines)}",
            hint="Findings are made with the shipped protocol until an owner mends it on the page Protocol.",
            id="assessments.W001",
        )
        for row, lines in misfits
    ]


panels.nav.register(
    panels.NavItem(
        "protocol", 70, "Protocol", "book", "assessments:protocol", roles=CLINICIANS, within="practice",
        about="What a measurement counts for, and its sources",
    )
)  # fmt: skip
panels.dashboard.register(
    panels.DashboardPanel("protocol", 5, "assessments/protocol_panel.html", misfit, roles=CLINICIANS, first=True)
)
panels.client.register(
    panels.ClientPanel(
        "assessment", 40, "assessments/client_panel.html", on_client, roles=CLINICIANS, tab="assessments"
    )
)


panels.client.register(
    panels.ClientPanel(
        "questionnaires",
        45,
        "assessments/questionnaire_panel.html",
        questionnaires_of,
        roles=CLINICIANS,
        tab="assessments",
    )
)
panels.dashboard.register(
    panels.DashboardPanel("assessments", 40, "assessments/dashboard_panel.html", on_dashboard, roles=CLINICIANS)
)
panels.briefs.register(panels.Brief("measuring", 30, of_measuring, roles=CLINICIANS))
facts.listeners.register(facts.Listener("assessments", evaluation.ask_again))
panels.timelines.register(
    panels.Timeline(
        "assessments", 30, timeline.assessments, roles=CLINICIANS, label="Assessments", last_met=timeline.last_assessed
    )
)
panels.timelines.register(
    panels.Timeline(
        "questionnaires",
        35,
        timeline.questionnaires,
        roles=CLINICIANS,
        label="Questionnaires",
    )
)
panels.client.register(panels.ClientPanel("course", 42, "assessments/pictures/overview.html", course_panel, CLINICIANS))
report.parts.register(
    report.ReportPart(
        "changes", 10, "Findings measured again", practice_report.changes, roles=CLINICIANS, shares=True, slow=True,
        about=(
            "Clients whose newest signed assessment lies in that time, by each finding they had before it: the first "
            "measurement with the finding against the newest, taken the same way, judged by the measurement error. "
            "Rejected findings are left out. A client with better and worse readings of one finding counts as worse."
        ),
    )
)  # fmt: skip
report.parts.register(
    report.ReportPart("unsigned", 32, "Open now", practice_report.unsigned, roles=CLINICIANS, now=True)
)
panels.client_actions.register(
    panels.ClientAction("measure", 10, "Measure", "measure", "assessments:new", CLINICIANS, "m")
)
for key, tab in (("asked", "assessments"), ("asked_here", "progress")):
    panels.client.register(
        panels.ClientPanel(key, 90, "assessments/portal/asked_panel.html", asked.panel, CLINICIANS, tab)
    )
reminder_kinds.register(QuestionnaireAsked())
portal.cards.register(portal.PortalCard("questionnaires", 30, "assessments/portal/card.html", card, first=True))
for merged in (
    merging.Part("assessments.Assessment", "assessment", "assessments"),
    merging.Part("assessments.QuestionnaireResponse", "answered questionnaire", "answered questionnaires"),
    merging.Part("assessments.QuestionnaireRequest", "questionnaire asked for", "questionnaires asked for"),
):
    merging.parts.register(merged)
for own in PARTS:
    own_data.parts.register(own)
