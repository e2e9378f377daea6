"""How long, how often, how many: clinical §4.1 and §4.4."""

from treatments.planning.library import Dose, Exercise

OLDER_FROM_AGE = 65
# Garber 2011 MSSE 43:1334: 60 s in all for each exercise, holds of 30-60 s in older adults. Five days a week is our own
# default (daily works best, three a week keeps what was gained: Reid & Kim 2014).
STRETCH, STRETCH_OLDER = Dose(30, 2, 1, 5), Dose(60, 2, 1, 5)
# 8-12 repetitions (10-15 in older adults), 2-3 sets, 2-3 days a week: ACSM style, not verified here; we take a middle.
STRENGTH, STRENGTH_OLDER = Dose(None, 10, 2, 3), Dose(None, 12, 2, 3)


def dose_of(exercise: Exercise, age: int | None) -> Dose:
    """The dose of an exercise at `age` years (unknown: as an adult). Its own dose goes before any default."""
    if exercise.dose is not None:
        return exercise.dose
    older = age is not None and age >= OLDER_FROM_AGE
    if exercise.kind == "stretch":
        return STRETCH_OLDER if older else STRETCH
    return STRENGTH_OLDER if older else STRENGTH
