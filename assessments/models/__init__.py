from assessments.models.assessment import Assessment, AssessmentQuerySet, Reading, State
from assessments.models.finding import Decision, Finding, FindingDecision
from assessments.models.pack import PracticePack
from assessments.models.questionnaire import QuestionnaireRequest, QuestionnaireResponse

__all__ = [
    "Assessment",
    "AssessmentQuerySet",
    "Decision",
    "Finding",
    "FindingDecision",
    "PracticePack",
    "QuestionnaireRequest",
    "QuestionnaireResponse",
    "Reading",
    "State",
]
