from django.utils.translation import gettext_lazy as _

from clinic import attention, explanations, merging, own_data, panels, portal, reminders, report
from clinic import marks as done_marks
from clinic.models import CLINICIANS
from treatments.queries import practice_report, rescreen_due, smaller, timeline
from treatments.queries.attention import AdherenceLow, ReassessmentDue, SlippedAway
from treatments.queries.briefs import at_home
from treatments.queries.caseload import HAS, sparks, with_programme
from treatments.queries.comeback import PainWhileLocked, ProgrammeHeld, SmallerTaken, TooPainful
from treatments.queries.explanations import exercises_for
from treatments.queries.marks import marks
from treatments.queries.open_notes import open_notes
from treatments.queries.own_data import PARTS
from treatments.queries.panels import client_panel
from treatments.queries.session_timeline import last_session, session_events
from treatments.queries.sessions import note_address, sessions_panel
from treatments.services import merging as merged
from treatments.services.home_later import HomeLater
from treatments.services.home_stretch import HomeStretch
from treatments.services.six_weeks import SixWeeks
from treatments.views.gains import gains_panel

reminders.kinds.register(HomeStretch())
reminders.kinds.register(SixWeeks())
reminders.kinds.register(HomeLater())
portal.pages.register(portal.PortalPage("today", 10, _("Today"), "programme", "treatments:portal"))
portal.pages.register(portal.PortalPage("progress", 20, _("Progress"), "progress", "treatments:portal_progress"))
portal.cards.register(
    portal.PortalCard("rescreen_due", 5, "treatments/portal/rescreen_card.html", rescreen_due.card, first=True)
)
portal.cards.register(portal.PortalCard("smaller", 6, "treatments/portal/smaller_card.html", smaller.card, first=True))
explanations.consequences.register(explanations.Consequence("exercises", exercises_for))
for kind in (ProgrammeHeld(), TooPainful(), AdherenceLow(), SmallerTaken(), ReassessmentDue(), SlippedAway()):
    attention.kinds.register(kind)
attention.kinds.register(PainWhileLocked())
panels.client.register(
    panels.ClientPanel("programme", 40, "treatments/panels/programme.html", client_panel, CLINICIANS, "programme")
)
panels.timelines.register(panels.Timeline("programmes", 50, timeline.programmes, roles=CLINICIANS, label="Programme"))
panels.timelines.register(
    panels.Timeline("at_home", 55, timeline.at_home, timeline.home_news, roles=CLINICIANS, label="At home")
)
panels.briefs.register(panels.Brief("at_home", 40, at_home, CLINICIANS))
panels.dashboard.register(
    panels.DashboardPanel("notes", 35, "treatments/panels/open_notes.html", open_notes, CLINICIANS)
)
panels.caseload_columns.register(
    panels.CaseloadColumn("at_home", 10, "At home", "treatments/caseload/spark.html", sparks, CLINICIANS)
)
panels.caseload_filters.register(panels.CaseloadFilter("programme", 10, "Programme", HAS, with_programme, CLINICIANS))
done_marks.providers.register(done_marks.Provider("treatments", marks))
panels.client.register(
    panels.ClientPanel("gains", 60, "treatments/panels/gains.html", gains_panel, CLINICIANS, tab="progress")
)
panels.client.register(
    panels.ClientPanel("sessions", 10, "treatments/sessions/panel.html", sessions_panel, CLINICIANS, tab="sessions")
)
panels.timelines.register(
    panels.Timeline("sessions", 30, session_events, roles=CLINICIANS, label="Sessions", last_met=last_session)
)
panels.client_actions.register(
    panels.ClientAction("note", 20, "Session note", "edit", "treatments:new_note", CLINICIANS, "w")
)
panels.visit_actions.register(panels.VisitAction("note", 20, "Session note", "edit", note_address, roles=CLINICIANS))
report.parts.register(
    report.ReportPart(
        "adherence", 20, "Done at home", practice_report.adherence, roles=CLINICIANS, slow=True,
        about="Clients by how much of what was planned they did in that time, in their own days; today is not over.",
    )
)  # fmt: skip
report.parts.register(report.ReportPart("notes", 33, "Open now", practice_report.unsigned, roles=CLINICIANS, now=True))
for part in (
    merging.Part("treatments.SessionNote", "session note", "session notes"),
    merging.Part("treatments.Programme", "programme", "programmes", merged.programmes_told, merged.settle_programmes),
    merging.Part("treatments.HomeLog", "answer at home", "answers at home"),
    merging.Part("treatments.HomeDay", "day at home", "days at home", merged.days_told, merged.settle_days),
):
    merging.parts.register(part)
for own in PARTS:
    own_data.parts.register(own)
