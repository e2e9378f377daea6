"""The leg-length ledger as a drawing: what the decision table answered decides what may be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from assessments.rules.ledger import Entry
from assessments.views.reasoning import LedgerShown, Method
from clinic.charts import legs
from clinic.charts.legs import Cause

IMAGING = "imaging"
#: What each answer lets be drawn, and what it is called, the strongest first.
ANSWERS = (
    ("leg_length_conflicting", Cause.CONFLICT, "methods disagree, drawn level"),
    ("leg_length_structural_confirmed", Cause.BONE, "confirmed on imaging"),
    ("leg_length_mixed", Cause.BONE, "confirmed on imaging, and a functional part suspected"),
    ("leg_length_functional_supported", Cause.PELVIS, "bones equal on imaging, functional"),
    ("leg_length_contracture_possible", Cause.OPEN, "measured, contracture may explain it"),
    ("leg_length_structural_suspected", Cause.BONE, "bone suspected, not confirmed"),
    ("leg_length_functional_suspected", Cause.PELVIS, "functional, suspected"),
    ("leg_length_functional_foot_suspected", Cause.PELVIS, "foot posture suspected"),
    ("leg_length_unloaded_asymmetry", Cause.OPEN, "measured lying only"),
    ("leg_length_insufficient_data", Cause.UNSETTLED, "not settled, drawn level"),
    ("leg_length_no_difference", Cause.LEVEL, "no difference beyond error"),
)
#: Which method's number is drawn: the first that names a side. Never an average.
LEADING = ("imaging", "block", "true", "apparent", "prone", "supine", "long_sitting")


@dataclass(frozen=True)
class LegsPicture:
    """`disagree`: methods that each pass their own error name different sides."""

    drawn: legs.Legs
    caption: str
    disagree: bool

    @property
    def words(self) -> str:
        said = "; ".join(f"{one.label}: {one.said}" for one in self.drawn.methods)
        return f"{self.drawn.word}. {said}"

    @property
    def svg(self) -> SafeString:
        return mark_safe(legs.draw("legs", "Pelvis and legs, from the front", self.words, self.drawn))  # noqa: S308


def legs_picture(shown: LedgerShown) -> LegsPicture:
    """From the ledger of an assessment. Without an answer that allows more, what is measured is drawn as open."""
    ledger = shown.ledger
    answered = {code for row in ledger.rows if row.answered for code in row.codes}
    cause, word = next(
        ((cause, word) for code, cause, word in ANSWERS if code in answered), (Cause.OPEN, "measured, cause open")
    )
    if ledger.disagree:
        cause, word = Cause.CONFLICT, "methods disagree, drawn level"
    leading = leading_of([one.entry for one in shown.methods], cause)
    if leading is None and cause in (Cause.BONE, Cause.OPEN, Cause.PELVIS):
        cause, word = Cause.UNSETTLED, "not settled, drawn level"
    drawn = legs.Legs(
        cause=cause,
        word=word,
        side=leading.side if leading else None,
        size=leading.difference if leading else None,
        methods=tuple(map(method, shown.methods)),
    )
    return LegsPicture(drawn, caption(drawn, leading), ledger.disagree)


def leading_of(entries: Sequence[Entry], cause: Cause) -> Entry | None:
    """The method whose difference is drawn. Where bones are equal on imaging, imaging has none to draw."""
    if cause in (Cause.CONFLICT, Cause.UNSETTLED, Cause.LEVEL):
        return None
    named = {kind_of(entry): entry for entry in entries if entry.side}
    return next((named[kind] for kind in LEADING if kind in named), None)


def kind_of(entry: Entry) -> str:
    return entry.measure.removeprefix("leg_length_").removeprefix("difference_")


def method(one: Method) -> legs.Method:
    """Inside its error a method names no side; its bar still shows to which it would lean."""
    entry = one.entry
    side = entry.side or one.inside
    return legs.Method(entry.label, said(entry), side, entry.difference, entry.error, bool(entry.side))


def said(entry: Entry) -> str:
    how = "on imaging" if kind_of(entry) == IMAGING else "measured"
    if entry.difference is None:
        return "one leg measured, nothing to compare"
    if entry.side:
        return f"{entry.side[0].upper()} shorter by {entry.difference:g} mm, {how}"
    return f"{entry.difference:g} mm, inside its error of {entry.error:g} mm"


def caption(drawn: legs.Legs, leading: Entry | None) -> str:
    drawn_by = f"Drawn: {leading.label}, as it was measured; methods are never averaged. " if leading else ""
    larger = f"The difference is drawn {drawn.factor} times as large as the legs. " if drawn.factor > 1 else ""
    unsure = "Dashed: not settled. " if drawn.cause in legs.DASHED else ""
    return f"{drawn_by}{larger}{unsure}Bars: what each method says; grey: its working error round level."
