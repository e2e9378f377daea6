from assessments.views.assessment import AssessmentPage, Decide, EnteredInError, Sign
from assessments.views.imports import Import
from assessments.views.measuring import EditAssessment, NewAssessment, PreviewEdit, PreviewNew
from assessments.views.progress import Progress

__all__ = [
    "AssessmentPage",
    "Decide",
    "EditAssessment",
    "EnteredInError",
    "Import",
    "NewAssessment",
    "PreviewEdit",
    "PreviewNew",
    "Progress",
    "Sign",
]
