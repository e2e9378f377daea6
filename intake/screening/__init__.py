"""The safety screen: reads an intake, says how far a doctor is needed, and why. Pure: no Django."""

from .answers import Answers, ConditionAnswer, Pain, overall
from .combinations import COMBINATIONS, Combination
from .items import CONDITIONS, LEVELS, RED_FLAGS, Item, in_language
from .levels import Referral, screen
from .messages import ClientMessage, client_message
from .definition import FIRST_VISIT
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
    "client_message",
    "in_language",
    "overall",
    "read_intake",
    "screen",
    "unknown",
]
