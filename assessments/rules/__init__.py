"""From readings to findings, leg-length ledger, lift and change. Pure: no Django, no clock."""

from assessments.rules.case import GRADES
from assessments.rules.catalogue import Reasoning, find, reason, register_rule
from assessments.rules.change import compare
from assessments.rules.contradictions import Contradiction
from assessments.rules.ledger import Ledger
from assessments.rules.pack import Measure, Norm, Pack, RuleData
from assessments.rules.protocol import MEASURES, PACK, register_measure
from assessments.rules.reading import read_measurements
from assessments.rules.records import Because, Change, Earlier, Facts, Finding, Lift, NotFound, Reading, Rule
from assessments.rules.side_comparison import SideComparison, compare_sides

__all__ = [
    "GRADES",
    "MEASURES",
    "PACK",
    "Because",
    "Change",
    "Contradiction",
    "Earlier",
    "Facts",
    "Finding",
    "Ledger",
    "Lift",
    "Measure",
    "Norm",
    "NotFound",
    "Pack",
    "Reading",
    "Reasoning",
    "Rule",
    "RuleData",
    "SideComparison",
    "compare",
    "compare_sides",
    "find",
    "read_measurements",
    "reason",
    "register_measure",
    "register_rule",
]
