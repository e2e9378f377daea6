from rest_framework.routers import BaseRouter

from assessments.api.practice import PracticeViewSet
from assessments.api.protocol import ProtocolViewSet
from assessments.api.questionnaires import QuestionnaireViewSet
from assessments.api.views import AssessmentViewSet, FindingViewSet


def register(router: BaseRouter) -> None:
    """Add this app's viewsets."""
    router.register("assessments", AssessmentViewSet, basename="assessment")
    router.register("findings", FindingViewSet, basename="finding")
    router.register("practice", PracticeViewSet, basename="practice")
    router.register("protocol", ProtocolViewSet, basename="protocol")
    router.register("questionnaires", QuestionnaireViewSet, basename="questionnaire")
