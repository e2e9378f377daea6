"""From the readings of one visit to a chart for each group of measures: left and right, norm, error and before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from assessments import rules
from assessments.models import Assessment
from assessments.queries import readings_of
from assessments.queries.packs import pack_of
from assessments.rules.case import Mean, average
from assessments.rules.norms import NoNorm, norm_for, range_of
from assessments.views.pictures import words
from assessments.views.pictures.words import Row as Said
from clinic.charts import sides

NO_CHANGE = ("within_error", "not_comparable")
#: Whose thresholds are drawn while the age isn't known.
AN_ADULT = 40
ADULT_FROM = 18


@dataclass(frozen=True)
class Person:
    """What a norm and a threshold depend on."""

    age: int | None
    sex: str


@dataclass(frozen=True)
class Note:
    """What a reader must know of one row: how it was taken, what is drawn, which norm it is held against."""

    title: str
    caption: str
    norm: str


@dataclass(frozen=True)
class Picture:
    """The measures of one group. `rows` are what is drawn, `table` and `notes` the same in words."""

    key: str
    title: str
    words: str
    rows: tuple[sides.Row, ...]
    table: tuple[Said, ...]
    notes: tuple[Note, ...]

    @property
    def svg(self) -> SafeString:
        return mark_safe(sides.draw(self.key, self.title, self.words, self.rows))  # noqa: S308 - escaped by the sheet


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

    @cached_property
    def errors(self) -> list[float | None]:
        return [self.error(change) for _, change in self.pairs]

    def error(self, change: rules.Change | None) -> float | None:
        """What the change was judged against; without a change, what one would be judged against."""
        known = self.pack.changes.get(self.measure.key)
        if change is not None and change.mdc is not None:
            return change.mdc
        if known is not None and self.first.mode == "passive" and known.passive is not None:
            return known.passive
        return known.same_examiner if known else None

    @cached_property
    def differs(self) -> str:
        """How far the sides lie apart, where their error could not have made it; else empty."""
        known = [error for error in self.errors if error]
        if len(self.pairs) != 2 or self.measure.sides != "left_right" or not known:
            return ""
        left, right = (mean.value or 0 for mean, _ in self.pairs)
        apart = abs(left - right)
        return f"sides differ {words.number(apart, self.measure)}" if apart >= max(known) else ""

    @property
    def row(self) -> sides.Row:
        return sides.Row(
            title=" · ".join([self.measure.label, *words.way(self.first)]),
            unit=self.measure.unit,
            marks=tuple(
                sides.Mark(
                    side=mean.side or "",
                    value=mean.value or 0,
                    said=words.number(mean.value or 0, self.measure),
                    before=change.before if change else None,
                    error=error,
                    within=bool(change and change.verdict in NO_CHANGE),
                )
                for (mean, change), error in zip(self.pairs, self.errors, strict=True)
            ),
            band=self.reach,
            mean=self.fitting.mean if self.fitting else None,
            doubtful=self.fitting is not None and self.fitting.tag == "U",
            threshold=self.threshold,
            differs=self.differs,
            limits=(self.measure.hard_min, self.measure.hard_max),
        )

    @property
    def table(self) -> Iterator[Said]:
        for (mean, change), error in zip(self.pairs, self.errors, strict=True):
            yield words.row(mean, change, error, self.measure, self.fitting, self.reach)

    @property
    def note(self) -> Note:
        caption = words.caption(self.measure, self.first, self.threshold, self.errors, self.pack, self.differs)
        return Note(self.measure.label, caption, words.norm_words(self.norm, self.measure))


def pictures_of(
    assessment: Assessment, changes: Sequence[rules.Change], *, pack: rules.Pack | None = None
) -> list[Picture]:
    """One for each group of measures with numbers, by the practice's own protocol unless told another."""
    person = Person(assessment.client.age_on(assessment.assessed_on), assessment.client.sex)
    used = pack or pack_of(assessment.practice_id)
    drawn: dict[str, list[Group]] = {}
    for group in groups_of(average(readings_of(assessment)), changes, person, used):
        drawn.setdefault(group.measure.group, []).append(group)
    return [draw(f"picture-{place}", title, groups) for place, (title, groups) in enumerate(drawn.items(), 1)]


def groups_of(
    means: Iterable[Mean], changes: Sequence[rules.Change], person: Person, pack: rules.Pack
) -> Iterator[Group]:
    """Measures of numbers with what stands together on an axis, in the order of the protocol."""
    found: dict[tuple[str | None, ...], list[Mean]] = {}
    for mean in means:
        if mean.value is not None and mean.measure in pack.measures and pack.measures[mean.measure].kind == "number":
            found.setdefault((mean.measure, mean.mode, mean.position, mean.instrument), []).append(mean)
    order = list(pack.measures)
    for group in sorted(found.values(), key=lambda group: order.index(group[0].measure)):
        left_first = sorted(group, key=lambda mean: mean.side or "")
        yield Group(tuple((mean, change_of(mean, changes)) for mean in left_first), person, pack)


def draw(key: str, title: str, groups: Sequence[Group]) -> Picture:
    table = tuple(row for group in groups for row in group.table)
    notes = tuple(group.note for group in groups)
    return Picture(
        key=key,
        title=f"{title[:1].upper()}{title[1:]}: left and right",
        words=words.description(table, [group.differs for group in groups], [note.norm for note in notes]),
        rows=tuple(group.row for group in groups),
        table=table,
        notes=notes,
    )


def change_of(mean: Mean, changes: Iterable[rules.Change]) -> rules.Change | None:
    """The change into this mean, where the earlier value was taken in the same way."""
    way = (mean.measure, mean.mode, mean.position, mean.instrument)
    for change in changes:
        same = (change.measure, change.mode, change.position, change.instrument) == way
        if same and change.side == mean.side and change.difference is not None:
            return change
    return None


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
