"""Which norm a reading may be held against, and in which words; where none fits, why. Pure.

A norm fits when everything it names is known of the reading and the person and is the same. Rotations are never held
against another position, and a study of rotations that doesn't say its position fits none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.rules.pack import Measure, Norm, Pack
from assessments.rules.protocol import PACK

#: Two positions of these are two different measurements.
ROTATIONS = frozenset({"hip_internal_rotation", "hip_external_rotation"})
SEXES = {"female": "women", "male": "men"}
TAGS = {
    "V": "verified in the source",
    "C": "corroborated by a second document",
    "U": "unverified: our own working value",
    "D": "our own working value",
}
MEASURED = {"study": "study measured", "consensus": "reference is for"}
#: Which reason is told when several norms miss by as much: the first of these.
UNKNOWN, MODE, POSITION, INSTRUMENT, AGE, SEX, UNSAID = range(7)
#: For each thing that a norm may name: what it is to miss it, the words where it isn't known, and where it's another.
NAMED = {
    "mode": (MODE, "active or passive isn't recorded", "this is {known} motion, and the {measured} {named}"),
    "position": (POSITION, "the position isn't recorded", "this was {known}, and the {measured} {named}"),
    "instrument": (
        INSTRUMENT,
        "the instrument isn't recorded",
        "this was taken by {known}, the {measured} by {named}, and the two aren't interchangeable",
    ),
    "sex": (SEX, "the sex isn't recorded", "the {measured} {named} only"),
}


@dataclass(frozen=True, slots=True)
class NoNorm:
    """No norm for this reading. `reason`: why, in plain words that go after a colon."""

    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of the person and of how the reading was taken; None is not recorded."""

    age: int | None
    sex: str | None
    mode: str | None
    position: str | None
    instrument: str | None


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """One thing in which a norm doesn't fit: what, by how many years, in words."""

    what: int
    years: int
    words: str


def norm_for(
    measure: str,
    *,
    age: int | None,
    sex: str | None,
    mode: str | None,
    position: str | None,
    instrument: str | None = None,
    pack: Pack = PACK,
) -> Norm | NoNorm:
    """The best norm on file for a reading, or why there is none. Age in years; a sex that isn't said is not known."""
    on_file = [norm for norm in pack.norms if norm.measure == measure]
    if not on_file:
        return NoNorm("none is on file for this measure")
    taken = Taken(age, sex if sex in SEXES else None, mode, position, instrument)
    fitting = [norm for norm in on_file if not list(misses(norm, taken))]
    if fitting:
        return min(fitting, key=worth)
    missed = sorted(misses(min(on_file, key=lambda norm: distance(norm, taken)), taken))
    return NoNorm("; ".join(miss.words for miss in lasting(missed) or missed))


def worth(norm: Norm) -> tuple[bool, bool, bool, int]:
    """Smallest is best: a range before a mean alone, unverified last, a study before a consensus, then the tag."""
    return (norm.range is None, norm.tag == "U", norm.kind == "consensus", list(TAGS).index(norm.tag))


def lasting(missed: list[Miss]) -> list[Miss]:
    """What recording more wouldn't help."""
    return [miss for miss in missed if miss.what != UNKNOWN]


def distance(norm: Norm, taken: Taken) -> tuple[int, bool, list[Miss], list[Miss]]:
    """How far a norm is from fitting: one that only wants something recorded is the nearest, a consensus the last."""
    missed = sorted(misses(norm, taken))
    return (len(lasting(missed)), norm.kind == "consensus", lasting(missed), missed)


def misses(norm: Norm, taken: Taken) -> Iterator[Miss]:
    """Everything in which the norm doesn't fit; nothing when it does."""
    yield from age_misses(norm, taken.age)
    for name in NAMED:
        yield from word_misses(norm, name, getattr(taken, name))
    if norm.measure in ROTATIONS and norm.position is None:
        yield Miss(UNSAID, 0, "the source doesn't say in which position it measured the rotation")


def age_misses(norm: Norm, age: int | None) -> Iterator[Miss]:
    source = MEASURED[norm.kind].split()[0]
    first, last = norm.from_age, norm.to_age
    if age is None:
        if (first, last) != (None, None):
            yield Miss(UNKNOWN, 0, "the age isn't recorded")
    elif first is not None and age < first:
        begins = "is used from" if last is None else "begins at"  # a study that doesn't say its ages begins nowhere
        yield Miss(AGE, first - age, f"the {source} {begins} {first} years{' on' if last is None else ''}")
    elif last is not None and age > last:
        yield Miss(AGE, age - last, f"the {source} ends at {last} years")


def word_misses(norm: Norm, name: str, known: str | None) -> Iterator[Miss]:
    named: str | None = getattr(norm, name)
    what, unknown, other = NAMED[name]
    if named is not None and known is None:
        yield Miss(UNKNOWN, 0, unknown)
    elif named not in (None, known):
        yield Miss(what, 0, other.format(measured=MEASURED[norm.kind], named=plain(named), known=plain(known)))


def plain(word: str | None) -> str:
    return SEXES.get(word or "", (word or "").replace("_", " "))


def range_of(norm: Norm, measure: Measure) -> tuple[float, float] | None:
    """The norm's range as far as the measure can go at all: a deficit is never below 0."""
    if norm.range is None:
        return None
    low, high = norm.range
    return (
        low if measure.hard_min is None else max(low, measure.hard_min),
        high if measure.hard_max is None else min(high, measure.hard_max),
    )


def describe(norm: Norm, measure: Measure, unit: str) -> str:
    """The norm in full for a caption: figure, people, spread or why there's none, source and how far it is verified.

    unit: as it is written after a number, such as "°" or " mm".
    """
    caveat = f" Mind: {norm.caveat}." if norm.caveat else ""
    return f"{figure(norm, measure, unit)}.{caveat} {norm.source} ({TAGS[norm.tag]})."


def figure(norm: Norm, measure: Measure, unit: str) -> str:
    """What was found, in one sentence without its full stop."""
    if norm.kind == "consensus":
        return f"Consensus reference {norm.mean:g}{unit}, agreed upon and not measured in people"
    who = f"{norm.n} {norm.population}" if norm.n else norm.population
    reach = range_of(norm, measure)
    if reach is None:
        spread = "no spread on file" if norm.sd is None else "no range follows"
        return f"Average of {who}: {norm.mean:g}{unit}; {spread}"
    return (
        f"95 of 100 people of this study would lie between {reach[0]:g}{unit} and {reach[1]:g}{unit}, if spread evenly "
        f"around the mean (mean ± 1.96 SD, our computation): {who}, mean {norm.mean:g}{unit}, SD {norm.sd:g}{unit}"
    )
