"""The safety screen: reads an intake, says how far a doctor is needed, and why. Pure: no Django."""

from .answers import Answers, ConditionAnswer, Pain, overall
from .combinations import COMBINATIONS, Combination
from .items import CONDITIONS, LEVELS, RED_FLAGS, Item
from .levels import Referral, screen
from .messages import ClientMessage, client_message
from .questionnaire import FIRST_VISIT, Field, Form, Page
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
    "overall",
    "read_intake",
    "screen",
    "unknown",
]
