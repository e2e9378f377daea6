from clinic import explanations, panels, reminders
from clinic.models import CLINICIANS
from treatments.queries.explanations import exercises_for
from treatments.queries.panels import client_panel, home_panel, painful_panel
from treatments.services.home_stretch import HomeStretch

reminders.kinds.register(HomeStretch())
explanations.consequences.register(explanations.Consequence("exercises", exercises_for))
panels.dashboard.register(
    panels.DashboardPanel("too_painful", 20, "treatments/panels/too_painful.html", painful_panel, CLINICIANS)
)
panels.dashboard.register(
    panels.DashboardPanel("at_home", 60, "treatments/panels/at_home.html", home_panel, CLINICIANS)
)
panels.client.register(
    panels.ClientPanel("programme", 40, "treatments/panels/programme.html", client_panel, CLINICIANS)
)
