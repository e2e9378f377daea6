"""From readings to findings, lift and change. Pure: no Django, no clock. Its facts stand in assessments/protocol."""

from assessments.rules.catalogue import find, register_rule
from assessments.rules.change import compare
from assessments.rules.lift import lift
from assessments.rules.protocol import MEASURES, PROTOCOL, RULE_DATA, Measure, Protocol, RuleData
from assessments.rules.reading import read_measurements
from assessments.rules.records import Because, Change, Facts, Finding, Lift, Reading, Rule
from assessments.rules.side_comparison import SideComparison, compare_sides

__all__ = [
    "MEASURES",
    "PROTOCOL",
    "RULE_DATA",
    "Because",
    "Change",
    "Facts",
    "Finding",
    "Lift",
    "Measure",
    "Protocol",
    "Reading",
    "Rule",
    "RuleData",
    "SideComparison",
    "compare",
    "compare_sides",
    "find",
    "lift",
    "read_measurements",
    "register_rule",
]
