"""From readings to findings, lift and change. Pure: no Django, no clock. Its facts stand in assessments/protocol."""

from assessments.rules.protocol import MEASURES, PROTOCOL, Measure, Protocol
from assessments.rules.reading import read_measurements
from assessments.rules.records import Because, Change, Facts, Finding, Lift, Reading, Rule

__all__ = [
    "MEASURES",
    "PROTOCOL",
    "Because",
    "Change",
    "Facts",
    "Finding",
    "Lift",
    "Measure",
    "Protocol",
    "Reading",
    "Rule",
    "read_measurements",
]
