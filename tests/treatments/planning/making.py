"""Findings, and programmes for somebody who answered no to every condition but the given ones."""

from assessments.rules import Finding, Rule
from intake.screening import CONDITIONS, Referral
from treatments.planning import LIBRARY, plan

SERVED = sorted({code for exercise in LIBRARY.values() for code in exercise.for_findings})
NO = dict.fromkeys(CONDITIONS, "no")
CALM = Referral("none")


def finding(code, side="right", grade="moderate", confidence="moderate"):
    return Finding(code, side, grade, confidence, (), Rule(code, 1), "weak", "", "")


def planned(*findings, conditions=None, age=40, referral=CALM, **more):
    return plan(findings, conditions={**NO, **(conditions or {})}, age=age, referral=referral, **more)


def keys(programme):
    return [item.exercise for item in programme.items]


def why(programme, exercise):
    return next(left.because for left in programme.left_out if left.exercise == exercise)
