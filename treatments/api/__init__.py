from rest_framework.routers import BaseRouter

from treatments.api.adherence import AdherenceViewSet
from treatments.api.items import ItemViewSet
from treatments.api.programmes import ProgrammeViewSet
from treatments.api.sessions import SessionNoteViewSet


def register(router: BaseRouter) -> None:
    """Add this app's viewsets."""
    router.register("programmes", ProgrammeViewSet, basename="programme")
    router.register("programme-items", ItemViewSet, basename="programme-item")
    router.register("adherence", AdherenceViewSet, basename="adherence")
    router.register("session-notes", SessionNoteViewSet, basename="session-note")
