"""What the library holds: exercises with their doses and evidence, and precautions."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Evidence:
    """`level` as for findings; `sentence` is what a client reads."""

    level: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Contraindication:
    """What one condition does to one exercise: `exclude` it or `change` it, and why (or how)."""

    effect: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dose:
    """Seconds, times, rounds, days a week; `minutes` for activities. None where it does not apply."""

    hold_seconds: int | None = None
    repetitions: int | None = None
    sets: int | None = None
    days_per_week: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `sided` ones are done on one side at a time; `general` ones complete a programme that lacks their
    kind; `dose` None means the usual one of its kind; `tags` name what the body does, for the precautions. `easier`
    and `harder` are keys of the neighbours on its ladder, None at the ends."""

    key: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    target: str
    for_findings: tuple[str, ...]
    general: bool
    sided: bool
    position: str
    steps: tuple[str, ...]
    easier: str | None
    harder: str | None
    tags: frozenset[str]
    contraindications: Mapping[str, Contraindication]
    evidence: Evidence
    source: str
    tag: str
    dose: Dose | None = None


@dataclass(frozen=True, slots=True)
class Precaution:
    """What a condition (or a finding) does to exercises, by their tags.

    `everything` leaves out all; `per_side` counts only on the affected side, and `excludes_across` is then what an
    exercise of the other leg must not do to it; while a detail named in `until` is missing, `excludes` holds with
    `reason_until`; afterwards `excludes_by_approach` and the restrictions hold instead.
    """

    key: str
    reason: str
    source: str
    tag: str
    everything: bool = False
    excludes: frozenset[str] = frozenset()
    changes: Mapping[str, str] = field(default_factory=dict)
    per_side: bool = False
    excludes_across: frozenset[str] = frozenset()
    until: tuple[str, ...] = ()
    reason_until: str = ""
    excludes_by_approach: Mapping[str, frozenset[str]] = field(default_factory=dict)
    advice: str = ""

    @property
    def tags(self) -> frozenset[str]:
        """Every tag that it names."""
        return self.excludes.union(self.excludes_across, self.changes, *self.excludes_by_approach.values())


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a library folder. `tags`: what each tag means; `no_exercise`: finding → why it leads to none.

    `strengthens_the_back`: the targets that count as the strengthening which every programme has.
    """

    exercises: Mapping[str, Exercise]
    tags: Mapping[str, str]
    strengthens_the_back: frozenset[str]
    no_exercise: Mapping[str, str]
    conditions: Mapping[str, Precaution]
    findings: Mapping[str, Precaution]
