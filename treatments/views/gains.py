"""Adherence beside degrees gained, as charts and as a table."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as date_in_words
from django.utils.safestring import SafeString, mark_safe

from assessments.views.evidence import number_words, symbol
from clinic.charts import gains as charts
from clinic.models import Client, Membership
from treatments.queries.gains import Gains, Interval, gains

DAY = "j M Y"
#: Fewer intervals show no pattern; a working value of our own.
ENOUGH = 8


@dataclass(frozen=True)
class Row:
    """One interval in words."""

    time: str
    side: str
    done: str
    gained: str
    judged: str


@dataclass(frozen=True)
class GainsPicture:
    """One measure; `key` is its place on the page."""

    key: str
    gains: Gains

    @property
    def title(self) -> str:
        return self.gains.measure.label

    @property
    def rows(self) -> list[Row]:
        return [self.row(one) for one in reversed(self.gains.intervals)]

    def row(self, one: Interval) -> Row:
        days = (one.change.before_date, one.change.after_date)
        return Row(
            time=" to ".join(date_in_words(day, DAY) for day in days if day),
            side=one.change.side or "",
            done=f"{one.done} of {one.planned} ({one.share:.0%})",
            gained=f"{one.gained:+g}{symbol(self.gains.measure.unit)}",
            judged=f"{one.change.verdict.replace('_', ' ')}, error {one.mdc:g}{symbol(self.gains.measure.unit)}",
        )

    @property
    def conclusion(self) -> str:
        count = len(self.gains.intervals)
        if count < ENOUGH:
            times = "One interval" if count == 1 else f"{count} intervals"
            return f"{times}: too few for any conclusion."
        return "No conclusion about cause: other things happened in the same time."

    @property
    def scatter(self) -> SafeString:
        dots = [charts.Gain(one.change.side or "", one.share, one.gained, one.within) for one in self.gains.intervals]
        words = ". ".join(
            f"{row.time}{f', {row.side}' if row.side else ''}: {row.done} done, {row.gained}, {row.judged}"
            for row in self.rows
        )
        title, unit = f"{self.title}: done at home and change", symbol(self.gains.measure.unit).strip()
        error = max(one.mdc for one in self.gains.intervals)
        return mark_safe(charts.draw_gains(f"{self.key}-gains", title, words, dots, error, unit))  # noqa: S308

    @property
    def strip(self) -> SafeString:
        weeks = [charts.Week(week.first, week.planned, week.done) for week in self.gains.weeks]
        values = list(dict.fromkeys(self.values()))
        ends = tuple(date_in_words(day, DAY) for day in (weeks[0].first, max(one.day for one in values)))
        words = "; ".join(
            f"week of {date_in_words(week.first, DAY)}: {week.done} of {week.planned}" for week in weeks if week.planned
        )
        measured = "; ".join(f"{date_in_words(one.day, DAY)} {one.side} {one.said}" for one in values)
        return mark_safe(  # noqa: S308 - escaped by the sheet
            charts.draw_strip(
                f"{self.key}-strip", f"{self.title}: week by week", f"{words}. {measured}", weeks, values,
                (ends[0], ends[1]),
            )
        )  # fmt: skip

    def values(self) -> Iterator[charts.Value]:
        """Both ends of each interval; two intervals share the one between them."""
        for one in sorted(self.gains.intervals, key=lambda one: one.change.before_date or datetime.date.min):
            change = one.change
            for day, value in ((change.before_date, change.before), (change.after_date, change.after)):
                if day is not None and value is not None:
                    said = number_words(value, self.gains.measure.unit)
                    yield charts.Value(day, change.side or "", value, said)


def gains_panel(membership: Membership, client: Client) -> Mapping[str, Any] | None:
    """Nothing where no programme was for a measure that changed while it ran."""
    found = [GainsPicture(f"home-{place}", each) for place, each in enumerate(gains(client), 1)]
    return {"pictures": found} if found else None
