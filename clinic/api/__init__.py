from rest_framework.routers import BaseRouter

from clinic.api.clients import ClientViewSet
from clinic.api.messages import MessageViewSet
from clinic.api.visits import VisitViewSet


def register(router: BaseRouter) -> None:
    router.register("clients", ClientViewSet, basename="client")
    router.register("messages", MessageViewSet, basename="message")
    router.register("visits", VisitViewSet, basename="visit")
