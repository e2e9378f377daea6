"""Questionnaires: what is asked, how it is scored, what a change says. Pure: no Django, no clock."""

from assessments.rules.questionnaires.change import compare, points_needed
from assessments.rules.questionnaires.files import QUESTIONNAIRES, load
from assessments.rules.questionnaires.records import TAGS, Answered, Comparison, Questionnaire, Score
from assessments.rules.questionnaires.scoring import same_name, score

__all__ = [
    "QUESTIONNAIRES",
    "TAGS",
    "Answered",
    "Comparison",
    "Questionnaire",
    "Score",
    "compare",
    "load",
    "points_needed",
    "same_name",
    "score",
]
