"""From readings and changes to pictures: which values stand together, and where everything lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments import rules
from assessments.models import Assessment
from assessments.queries import readings_of
from assessments.queries.packs import pack_of
from assessments.rules.case import Mean, average
from assessments.rules.change import is_difference
from assessments.rules.norms import NoNorm, norm_for, range_of
from assessments.views.pictures import words
from assessments.views.pictures.shapes import LANE, TOP, Lane, Picture, Scale, Span, Tick, label_place

LEAST_SPAN = 20.0
NO_CHANGE = ("within_error", "not_comparable")
#: Whose thresholds are drawn while the age isn't known.
AN_ADULT = 40
ADULT_FROM = 18
LETTERS: dict[str | None, str] = {"left": "L", "right": "R", None: ""}


@dataclass(frozen=True)
class Person:
    """What a norm and a threshold depend on."""

    age: int | None
    sex: str


@dataclass(frozen=True)
class Group:
    """One measure taken in one way, left before right, each value with the change into it."""

    pairs: tuple[tuple[Mean, rules.Change | None], ...]
    person: Person
    pack: rules.Pack

    @cached_property
    def first(self) -> Mean:
        return self.pairs[0][0]

    @cached_property
    def measure(self) -> rules.Measure:
        return self.pack.measures[self.first.measure]

    @cached_property
    def norm(self) -> rules.Norm | NoNorm:
        way = {name: getattr(self.first, name) for name in ("mode", "position", "instrument")}
        return norm_for(self.measure.key, age=self.person.age, sex=self.person.sex, **way, pack=self.pack)

    @cached_property
    def fitting(self) -> rules.Norm | None:
        return self.norm if isinstance(self.norm, rules.Norm) else None

    @cached_property
    def reach(self) -> tuple[float, float] | None:
        """The norm's range, where a study gives one."""
        return range_of(self.fitting, self.measure) if self.fitting else None

    @cached_property
    def threshold(self) -> float | None:
        return threshold_of(self.first, self.person.age, self.person.sex, self.pack)

    def error(self, change: rules.Change | None) -> float | None:
        """What the change was judged against; without a change, what one would be judged against."""
        known = self.pack.changes.get(self.measure.key)
        if change is not None and change.mdc is not None:
            return change.mdc
        if known is not None and self.first.mode == "passive" and known.passive is not None:
            return known.passive
        return known.same_examiner if known else None


def pictures_of(
    assessment: Assessment, changes: Sequence[rules.Change], *, pack: rules.Pack | None = None
) -> list[Picture]:
    """One for each measure with numbers and way of measuring, by the practice's own protocol unless told another."""
    person = Person(assessment.client.age_on(assessment.assessed_on), assessment.client.sex)
    return draw_all(average(readings_of(assessment)), changes, person, pack or pack_of(assessment.practice_id))


def pictures_of_changes(changes: Sequence[rules.Change], person: Person, pack: rules.Pack) -> list[Picture]:
    """The newest change of each measure and way."""
    newest = {(row.measure, place_of(row), row.mode, row.position, row.instrument): row for row in changes}
    means = [mean_of(row, pack) for row in newest.values() if row.after is not None]
    return draw_all(means, list(newest.values()), person, pack)


def place_of(change: rules.Change) -> str | None:
    """The side of a difference is its result: the newest one stands alone, whichever leg it calls shorter."""
    return None if is_difference(change.measure) else change.side


def mean_of(change: rules.Change, pack: rules.Pack) -> Mean:
    unit = pack.measures[change.measure].unit
    return Mean(change.measure, change.side, change.mode, change.position, change.instrument, unit, value=change.after)


def draw_all(means: Iterable[Mean], changes: Sequence[rules.Change], person: Person, pack: rules.Pack) -> list[Picture]:
    groups: dict[tuple[str | None, ...], list[Mean]] = {}
    for mean in means:
        if mean.value is not None and pack.measures[mean.measure].kind == "number":
            groups.setdefault((mean.measure, mean.mode, mean.position, mean.instrument), []).append(mean)
    drawn = []
    for number, group in enumerate(groups.values(), 1):
        left_first = sorted(group, key=lambda mean: mean.side or "")
        pairs = tuple((mean, change_of(mean, changes)) for mean in left_first)
        drawn.append(draw(f"picture-{number}", Group(pairs, person, pack)))
    return drawn


def draw(key: str, group: Group) -> Picture:
    scale = scale_for(group)
    unit = words.symbol(group.measure)
    errors = [group.error(change) for _, change in group.pairs]
    norm = words.norm_words(group.norm, group.measure)
    rows = tuple(
        words.row(mean, change, error, group.measure, group.fitting, group.reach)
        for (mean, change), error in zip(group.pairs, errors, strict=True)
    )
    return Picture(
        key=key,
        title=group.measure.label,
        words=words.description(rows, norm),
        caption=words.caption(
            group.measure, group.first, group.threshold, errors, group.pack, from_nothing=scale.starts_at_nothing
        ),
        norm=norm,
        height=TOP + LANE * len(group.pairs) + 22,
        lanes=tuple(
            lane_of(place, *pair, error, group, scale)
            for place, (pair, error) in enumerate(zip(group.pairs, errors, strict=True))
        ),
        rows=rows,
        ticks=tuple(Tick(scale.x(value), f"{value:g}") for value in scale.ticks()),
        threshold=None if group.threshold is None else Tick(scale.x(group.threshold), f"{group.threshold:g}{unit}"),
        band=Span(*(scale.x(edge) for edge in group.reach)) if group.reach else None,
        mean=Tick(scale.x(group.fitting.mean), f"{group.fitting.mean:g}{unit}") if group.fitting else None,
        doubtful=group.fitting is not None and group.fitting.tag == "U",
    )


def change_of(mean: Mean, changes: Iterable[rules.Change]) -> rules.Change | None:
    """The change into this mean, where the earlier value was taken in the same way."""
    way = (mean.measure, mean.mode, mean.position, mean.instrument)
    for change in changes:
        same = (change.measure, change.mode, change.position, change.instrument) == way
        if same and change.side == mean.side and change.difference is not None:
            return change
    return None


def scale_for(group: Group) -> Scale:
    """Wide enough for every value with its error, threshold and norm, and never so narrow that noise looks big."""
    reach = [group.threshold] if group.threshold is not None else []
    for mean, change in group.pairs:
        error = group.error(change) or 0
        values = [value for value in (mean.value, change.before if change else None) if value is not None]
        reach += [value + sign * error for value in values for sign in (-1, 1)]
    reach += [*(group.reach or ()), group.fitting.mean] if group.fitting else []
    low, high = with_nothing(min(reach), max(reach), group.measure)
    margin = max((LEAST_SPAN - (high - low)) / 2, (high - low) * 0.06)
    least, most = group.measure.hard_min, group.measure.hard_max
    limits = (low - margin if least is None else least, high + margin if most is None else most)
    return Scale(low - margin, high + margin, limits)


def with_nothing(low: float, high: float, measure: rules.Measure) -> tuple[float, float]:
    """With 0 in it, where that is what a difference or an angle is read against. An angle leaves it out where 0 is so
    far away that what is drawn would lie on top of each other; the caption says so."""
    far = min(abs(low), abs(high)) > max(high - low, LEAST_SPAN)
    if measure.sides == "shorter" or (measure.unit == "deg" and not far):
        return min(low, 0), max(high, 0)
    return low, high


def lane_of(
    place: int, mean: Mean, change: rules.Change | None, error: float | None, group: Group, scale: Scale
) -> Lane:
    value, label = mean.value or 0, words.number(mean.value or 0, group.measure)
    label_x, anchor = label_place(scale.x(value), label, None if group.threshold is None else scale.x(group.threshold))
    return Lane(
        side=mean.side or "",
        letter=LETTERS[mean.side],
        y=TOP + LANE * place + LANE / 2,
        x=scale.x(value),
        label=label,
        label_x=label_x,
        anchor=anchor,
        before=scale.x(change.before) if change and change.before is not None else None,
        whisker=(scale.x(value - error), scale.x(value + error)) if error else None,
        within=bool(change and change.verdict in NO_CHANGE),
    )


def threshold_of(mean: Mean, age: int | None, sex: str, pack: rules.Pack) -> float | None:
    """The first working threshold that a rule holds this reading against at this age; adults where it isn't known."""
    names = (mean.measure, f"{mean.mode}_{sex}", "above")
    for rule in pack.rules.values():
        if mean.measure not in rule.graded_by:
            continue
        band = rule.band(AN_ADULT if age is None else age)
        if band is not None:
            return band.limits[0].threshold
        limit = next((rule.thresholds[name] for name in names if name in rule.thresholds), None)
        if limit is not None and (age is None or age >= ADULT_FROM):
            return limit
    return None
