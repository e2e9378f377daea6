"""Turns findings into a home programme by the exercise library and the precautions. Pure: no Django."""

from treatments.planning.clearance import Clearance, clear
from treatments.planning.history import NOTHING_YET, History, Reached, Unhelped
from treatments.planning.library import LIBRARY, NO_EXERCISE, in_language
from treatments.planning.programme import MOST_ITEMS, plan
from treatments.planning.records import Dose, Evidence, Exercise, Precaution
from treatments.planning.result import Item, LeftOut, NoExercise, Plan

__all__ = [
    "LIBRARY",
    "MOST_ITEMS",
    "NOTHING_YET",
    "NO_EXERCISE",
    "Clearance",
    "Dose",
    "Evidence",
    "Exercise",
    "History",
    "Item",
    "LeftOut",
    "NoExercise",
    "Plan",
    "Precaution",
    "Reached",
    "Unhelped",
    "clear",
    "in_language",
    "plan",
]
