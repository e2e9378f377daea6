from rest_framework.routers import BaseRouter

from clinic.api.clients import ClientViewSet


def register(router: BaseRouter) -> None:
    router.register("clients", ClientViewSet, basename="client")
