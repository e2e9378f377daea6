"""Turns findings into a home programme by the exercise library and the precautions. Pure: no Django."""

from treatments.planning.clearance import Clearance, clear
from treatments.planning.library import LIBRARY, NO_EXERCISE, Dose, Evidence, Exercise, Precaution
from treatments.planning.programme import MOST_ITEMS, Item, LeftOut, NoExercise, Plan, plan

__all__ = [
    "LIBRARY",
    "MOST_ITEMS",
    "NO_EXERCISE",
    "Clearance",
    "Dose",
    "Evidence",
    "Exercise",
    "Item",
    "LeftOut",
    "NoExercise",
    "Plan",
    "Precaution",
    "clear",
    "plan",
]
