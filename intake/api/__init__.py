from rest_framework.routers import BaseRouter

from intake.api.intakes import IntakeViewSet


def register(router: BaseRouter) -> None:
    router.register("intakes", IntakeViewSet, basename="intake")
