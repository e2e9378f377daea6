"""What a measure is called on a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from assessments.rules import MEASURES, Change
from assessments.views import evidence

register = template.Library()
TAGS = {
    "V": "read in the source itself",
    "C": "agrees with a second document; the source itself was not read",
    "U": "not verified: the source itself was not read",
    "D": "our own working value",
}


@register.filter
def measure_label(key: str) -> str:
    """The label of the measure; the key in words where it is an answer of the intake, or a later protocol lacks it."""
    return MEASURES[key].label if key in MEASURES else key.replace("_", " ").capitalize()


@register.filter
def words(key: str) -> str:
    """A word of the contract without its underscores."""
    return key.replace("_", " ")


@register.filter
def headline(text: str) -> str:
    """The first sentence of a finding."""
    return text.partition(". ")[0].removesuffix(".")


@register.filter
def beyond_headline(text: str) -> str:
    """What follows the first sentence; empty when there is nothing."""
    return text.partition(". ")[2]


@register.filter
def tag_words(tag: str) -> str:
    """How far a source was checked, in words; empty for none."""
    return TAGS.get(tag, "")


@register.filter
def in_unit_of(value: float, measure: str) -> str:
    """A value with the unit of its measure."""
    return evidence.number_words(value, MEASURES[measure].unit)


@register.filter
def reason_words(reason: evidence.Reason) -> str:
    """The measure with its side, the value and the threshold, with their units."""
    return evidence.reason_words(reason)


@register.filter
def note_words(reason: evidence.Reason) -> str:
    """The note of a reason, with units."""
    return evidence.note_words(reason)


@register.filter
def side_unsaid(finding: Any) -> str:
    """The side of a finding whose first sentence doesn't name it; empty where it does, or where it has none."""
    side: str = finding.side or ""
    return "" if side in headline(finding.text).lower() else side


@register.filter
def beyond_error(changes: Iterable[Change]) -> list[Change]:
    """Those that count."""
    return [change for change in changes if change.verdict in ("improved", "worse")]


@register.filter
def inside_error(changes: Iterable[Change]) -> list[Change]:
    """Those that error could have made; what can't be compared is in neither."""
    return [change for change in changes if change.verdict == "within_error"]
