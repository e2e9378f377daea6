from treatments.views.portal.exercise import PortalItem
from treatments.views.portal.pain import PortalPain
from treatments.views.portal.progress import PortalProgress
from treatments.views.portal.today import Portal

__all__ = ["Portal", "PortalItem", "PortalPain", "PortalProgress"]
