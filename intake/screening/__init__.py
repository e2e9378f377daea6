"""The safety screen: reads an intake, says how far a doctor is needed, and why. Pure: no Django."""

from .answers import Answers, ConditionAnswer, Pain, overall
from .asking import answer_to, fitting, hidden, is_answered, is_shown, scores_of, without_hidden
from .combinations import COMBINATIONS, Combination
from .definition import FIRST_VISIT
from .items import CONDITIONS, LEVELS, RED_FLAGS, Item, in_language
from .levels import Referral, screen, screen_again
from .messages import ClientMessage, client_message
from .questionnaire import Field, Form, Page
from .reading import read_intake, unknown

__all__ = [
    "COMBINATIONS",
    "CONDITIONS",
    "FIRST_VISIT",
    "LEVELS",
    "RED_FLAGS",
    "Answers",
    "ClientMessage",
    "Combination",
    "ConditionAnswer",
    "Field",
    "Form",
    "Item",
    "Page",
    "Pain",
    "Referral",
    "answer_to",
    "client_message",
    "fitting",
    "hidden",
    "in_language",
    "is_answered",
    "is_shown",
    "overall",
    "read_intake",
    "scores_of",
    "screen",
    "screen_again",
    "unknown",
    "without_hidden",
]
