"""The line of a questionnaire's scores over time, drawn on the server: the whole scale, and time to scale.

The band is drawn around the earlier score: inside it the latest one is no change that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.dateformat import format as date_in_words

from assessments.models import QuestionnaireResponse
from assessments.queries import SCORE_ONLY, Series
from assessments.rules.questionnaires import Comparison, same_name

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360.0, 104.0, 34.0, 322.0, 12.0, 78.0
#: The small one beside a score.
SMALL_WIDTH, SMALL_HEIGHT, SMALL_MARGIN = 88.0, 28.0, 5.0
DAY = "j M Y"


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    label: str
    latest: bool
    within: bool


@dataclass(frozen=True)
class Band:
    y: float
    height: float


@dataclass(frozen=True)
class Small:
    """The same without words: the lines, and the latest score."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    width: float = SMALL_WIDTH
    height: float = SMALL_HEIGHT


@dataclass(frozen=True)
class Trend:
    """Positions in the picture's own units. `runs`: the dots that a line may join, one after the other."""

    key: str
    title: str
    words: str
    caption: str
    runs: tuple[tuple[Dot, ...], ...]
    band: Band | None
    highest: str
    lowest: str
    first_on: str
    last_on: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM

    @property
    def inner(self) -> float:
        return self.right - self.left

    @property
    def dots(self) -> tuple[Dot, ...]:
        return tuple(dot for run in self.runs for dot in run)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in self.runs if len(run) > 1)

    @property
    def small(self) -> Small:
        shrunk = replace(self, runs=tuple(tuple(map(shrink, run)) for run in self.runs))
        return Small(shrunk.lines, shrunk.dots)


@dataclass(frozen=True)
class Scale:
    lowest: float
    highest: float

    def y(self, score: float) -> float:
        inside = min(max(score, self.lowest), self.highest)
        return round(BOTTOM - (inside - self.lowest) / (self.highest - self.lowest) * (BOTTOM - TOP), 1)


def trend_of(series: Series, key: str) -> Trend | None:
    """None while there is only one score."""
    rows, said = series.responses, series.since_last
    if len(rows) < 2:
        return None
    scale = scale_of(series)
    banded = said if said is not None and said.needed is not None else None
    within = said is not None and said.verdict == "within_error"
    last = len(rows) - 1
    dots = [
        Dot(x, scale.y(float(row.score)), f"{row.score.normalize():f}", place == last, within and place == last)
        for place, (row, x) in enumerate(zip(rows, places(rows), strict=True))
    ]
    return Trend(
        key=key,
        title=f"{series.name}: scores over time",
        words="; ".join(f"{date_in_words(row.answered_on, DAY)}: {row.score.normalize():f}" for row in rows),
        caption=caption(series, banded),
        runs=tuple(runs_of(rows, dots)),
        band=band_of(series, banded, scale) if banded else None,
        highest=f"{scale.highest:g}",
        lowest=f"{scale.lowest:g}",
        first_on=date_in_words(rows[0].answered_on, DAY),
        last_on=date_in_words(rows[-1].answered_on, DAY),
    )


def runs_of(rows: Sequence[QuestionnaireResponse], dots: Sequence[Dot]) -> Iterator[tuple[Dot, ...]]:
    """A new one begins where something else was asked: nothing leads from one to the other."""
    begins = [place for place, row in enumerate(rows) if place == 0 or asked(rows[place - 1]) != asked(row)]
    for begin, end in pairwise([*begins, len(rows)]):
        yield tuple(dots[begin:end])


def asked(response: QuestionnaireResponse) -> tuple[str, frozenset[str]]:
    """The version, and the activities that somebody named themselves."""
    rows = response.answers.get("activities", ())
    return response.version, frozenset(same_name(row["activity"]) for row in rows)


def shrink(dot: Dot) -> Dot:
    across, down = (dot.x - LEFT) / (RIGHT - LEFT), (dot.y - TOP) / (BOTTOM - TOP)
    x = SMALL_MARGIN + across * (SMALL_WIDTH - 2 * SMALL_MARGIN)
    return replace(dot, x=round(x, 1), y=round(SMALL_MARGIN + down * (SMALL_HEIGHT - 2 * SMALL_MARGIN), 1))


def scale_of(series: Series) -> Scale:
    """The whole range of the questionnaire. Where it isn't known, from zero, so that a small change looks small."""
    known = series.questionnaire
    if known is not None and known.key != SCORE_ONLY:
        return Scale(known.lowest, known.highest)
    scores = [float(row.score) for row in series.responses]
    return Scale(min(0, *scores), max(1, *scores))


def places(rows: Sequence[QuestionnaireResponse]) -> list[float]:
    """Days to scale; evenly where all are of one day."""
    first, last = rows[0].answered_on, rows[-1].answered_on
    days = (last - first).days
    shares = [
        (row.answered_on - first).days / days if days else place / (len(rows) - 1) for place, row in enumerate(rows)
    ]
    return [round(LEFT + 8 + share * (RIGHT - LEFT - 16), 1) for share in shares]


def band_of(series: Series, said: Comparison, scale: Scale) -> Band:
    """Around the earlier score; of a rating of change around zero."""
    known = series.questionnaire
    change = known.change if known else None
    middle = 0.0 if said.before is None or not series.compares else said.before
    improve, worsen = said.needed or 0, change.points if change else 0
    up, down = (worsen, improve) if known and known.better == "lower" else (improve, worsen)
    top, bottom = scale.y(middle + up), scale.y(middle - down)
    return Band(top, round(bottom - top, 1))


def caption(series: Series, said: Comparison | None) -> str:
    known = series.questionnaire
    way = {"lower": "Lower is better.", "higher": "Higher is better."}.get(known.better if known else "", "")
    if known is None or known.change is None:
        return "Which way is better, and from when a change counts, is not on file."
    if said is None:
        return way
    day = f", from the score of {date_in_words(said.before_on, DAY)}" if series.compares and said.before_on else ""
    return f"{way} Band: not yet a change that counts{day}."
