from clinic import attention, explanations, panels, reminders
from clinic.models import CLINICIANS
from treatments.queries.attention import AdherenceLow, ReassessmentDue, SlippedAway, TooPainful
from treatments.queries.explanations import exercises_for
from treatments.queries import timeline
from treatments.queries.panels import client_panel
from treatments.services.home_stretch import HomeStretch

reminders.kinds.register(HomeStretch())
explanations.consequences.register(explanations.Consequence("exercises", exercises_for))
for kind in (TooPainful(), AdherenceLow(), ReassessmentDue(), SlippedAway()):
    attention.kinds.register(kind)
panels.client.register(
    panels.ClientPanel("programme", 40, "treatments/panels/programme.html", client_panel, CLINICIANS, "programme")
)
panels.timelines.register(
    panels.Timeline("programmes", 50, timeline.programmes, roles=CLINICIANS, label="Programme")
)
panels.timelines.register(
    panels.Timeline("at_home", 55, timeline.at_home, timeline.home_news, roles=CLINICIANS, label="At home")
)
