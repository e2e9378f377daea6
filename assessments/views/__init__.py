from assessments.views.assessment import AcceptUndecided, AssessmentPage, Decide, EnteredInError, Sign
from assessments.views.imports import Import
from assessments.views.measuring import (
    AutosaveEdit,
    AutosaveNew,
    EditAssessment,
    NewAssessment,
    PreviewEdit,
    PreviewNew,
)
from assessments.views.progress import Progress
from assessments.views.questionnaires import FillQuestionnaire, QuestionnaireInError, QuestionnairePage

__all__ = [
    "AcceptUndecided",
    "AssessmentPage",
    "AutosaveEdit",
    "AutosaveNew",
    "Decide",
    "EditAssessment",
    "EnteredInError",
    "FillQuestionnaire",
    "Import",
    "NewAssessment",
    "PreviewEdit",
    "PreviewNew",
    "Progress",
    "QuestionnaireInError",
    "QuestionnairePage",
    "Sign",
]
