"""A made-up healthy population, what the rules say of it, and the page that tells so (docs/healthy-people.md).

Every person is drawn with a fixed seed from the means and spreads of `healthy_people.json`; nothing is drawn from
patients. `python -m tests.assessments.healthy_people` writes the page again.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from assessments.rules import MEASURES, PACK, Facts, Reading, reason
from assessments.rules.signs import CONFIDENCE
from tests.assessments.healthy_findings import DEFENDED, HARMLESS
from tests.benchmarks.untraced import untraced

DATA = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "healthy-people.md"
SIDES = ("left", "right")
#: A flag on more of the healthy than this is too many to be called anything but low.
MOST = 0.10
#: And a flag on more than this tells hardly anything, at whatever confidence.
HALF = 0.50


@dataclass(frozen=True)
class Assumed:
    """`rho`: how the two sides correlate. `error_twice`: the published spread is taken as if it held no error."""

    people: int
    rho: float
    error_twice: bool

    def spread(self, sd: float, error: float) -> float:
        return sd if self.error_twice else math.sqrt(max(sd**2 - error**2, 0))


STRICT = Assumed(DATA["people"], DATA["side_correlation"][0], error_twice=True)
KIND = Assumed(DATA["people_kind"], DATA["side_correlation_kind"][0], error_twice=False)


@dataclass(frozen=True)
class Share:
    """How many of the people got a finding on any side, by the highest confidence that it had."""

    code: str
    people: int
    by_confidence: dict[str, int]

    @property
    def flagged(self) -> float:
        return sum(self.by_confidence.values()) / self.people

    @property
    def above_low(self) -> float:
        return self.flagged - self.of("low")

    @property
    def too_many(self) -> bool:
        return self.above_low > MOST or self.flagged > HALF

    def of(self, confidence: str) -> float:
        return self.by_confidence.get(confidence, 0) / self.people


# --- one person -------------------------------------------------------------------------------------------------------


def person(dice: Random, assumed: Assumed = STRICT) -> tuple[Facts, list[Reading]]:
    age, sex = dice.randint(DATA["from_age"], DATA["to_age"]), dice.choice(("female", "male"))
    facts = Facts(age=age, sex=sex)
    drawn: dict[str, dict[str, float]] = {}
    readings = [reading for entry in DATA["measures"] for reading in measured(entry, facts, drawn, dice, assumed)]
    return facts, readings + leg_readings(dice)


def measured(entry, facts, drawn, dice, assumed) -> Iterator[Reading]:
    """Both sides of one measure: where the person stands among others, times the spread, plus an error."""
    places = drawn[entry["measure"]] = places_of(entry, drawn, dice, assumed.rho)
    for side in SIDES:
        if "share" in entry:
            value = float(math.erfc(places[side] / math.sqrt(2)) / 2 < entry["share"][0])
        else:
            group = group_of(entry, facts)
            error = entry["error"][0]
            true = group["mean"][0] + places[side] * assumed.spread(group["sd"][0], error)
            value = taken(entry["measure"], true + dice.gauss(0, error), entry.get("step", 1))
        yield make_reading(entry, side, value)


def places_of(entry, drawn, dice, rho) -> dict[str, float]:
    """Standard scores of both sides: alike by the side correlation, and like the test that this one follows."""
    like = DATA["tissue_correlation"][0]
    both = dice.gauss(0, 1)
    own = {side: math.sqrt(rho) * both + math.sqrt(1 - rho) * dice.gauss(0, 1) for side in SIDES}
    if "follows" not in entry:
        return own
    other = drawn[entry["follows"]]
    return {side: entry["sign"] * like * other[side] + math.sqrt(1 - like**2) * own[side] for side in SIDES}


def group_of(entry, facts) -> dict:
    return next(
        group
        for group in entry["groups"]
        if group.get("sex") in (None, facts.sex) and group.get("from_age", 0) <= facts.age <= group.get("to_age", 999)
    )


def taken(measure: str, value: float, step: float) -> float:
    """As it would be written down: on the scale of the instrument, inside the limits of the protocol."""
    known = MEASURES[measure]
    return min(max(round(value / step) * step, known.hard_min), known.hard_max)


def make_reading(entry, side, value) -> Reading:
    return Reading(
        entry["measure"],
        side,
        value,
        unit=MEASURES[entry["measure"]].unit,
        mode=entry.get("mode"),
        position=entry["position"],
        instrument=entry["instrument"],
        pelvis_controlled=entry.get("pelvis_controlled"),
    )


# --- legs: a true difference that everybody has some of, and four ways of measuring it -------------------------------


def leg_readings(dice: Random) -> list[Reading]:
    legs = DATA["leg_length"]
    mean, sd = legs["true_difference_mean"][0], legs["true_difference_sd"][0]
    difference = dice.gammavariate((mean / sd) ** 2, sd**2 / mean) * dice.choice((-1, 1))
    length = dice.gauss(legs["leg_mean"][0], legs["leg_sd"][0])
    true = {"left": length, "right": length + difference}
    return [
        *tape("leg_length_true", true, legs["tape_error"][0], dice),
        *tape("leg_length_apparent", true, legs["apparent_error"][0], dice),
        shorter("leg_length_difference_block", "standing", "block", difference, legs["block_error"][0], dice),
        shorter("leg_length_difference_supine", "supine", "visual", difference, legs["supine_error"][0], dice),
    ]


def tape(measure, true, error, dice) -> Iterator[Reading]:
    for side in SIDES:
        for trial in range(1, DATA["leg_length"]["tape_trials"] + 1):
            value = taken(measure, true[side] + dice.gauss(0, error), 1)
            yield Reading(measure, side, value, unit="mm", position="supine", instrument="tape", trial=trial)


def shorter(measure, position, instrument, difference, error, dice) -> Reading:
    seen = round(difference + dice.gauss(0, error))
    side = None if seen == 0 else "right" if seen < 0 else "left"
    return Reading(measure, side, float(abs(seen)), unit="mm", position=position, instrument=instrument)


# --- all of them ------------------------------------------------------------------------------------------------------


def flags(facts: Facts, readings: list[Reading]) -> dict[str, str]:
    """The findings of one person, each with the higher confidence of its two sides."""
    highest: dict[str, str] = {}
    for found in reason(readings, facts).findings:
        highest[found.code] = max(highest.get(found.code, "low"), found.confidence, key=CONFIDENCE.index)
    return highest


@cache
def survey(assumed: Assumed = STRICT) -> dict[str, Share]:
    """What the rules say of everybody; every finding that can be found is there, also with nobody."""
    dice, counts = Random(DATA["seed"]), {code: Counter() for code in PACK.rules}
    with untraced():
        for _ in range(assumed.people):
            for code, confidence in flags(*person(dice, assumed)).items():
                counts[code][confidence] += 1
    return {code: Share(code, assumed.people, dict(count)) for code, count in counts.items()}


def table() -> Iterator[str]:
    """The shares, most often first; a line for everything that flags anybody."""
    kind = survey(KIND)
    yield "| finding | flagged, any side | low | moderate | high | above low, kindly counted | why that is tolerable |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for share in sorted(survey().values(), key=lambda share: (-share.flagged, share.code)):
        if share.flagged:
            by = " | ".join(f"{share.of(confidence):.1%}" for confidence in CONFIDENCE)
            name = f"{PACK.rules[share.code].name} (`{share.code}`)"
            yield f"| {name} | {share.flagged:.1%} | {by} | {kind[share.code].above_low:.1%} | {why(share)} |"


def why(share: Share) -> str:
    if share.code in HARMLESS or share.code in DEFENDED:
        return {**HARMLESS, **DEFENDED}[share.code]
    if share.flagged <= MOST:
        return "one in ten or fewer"
    return "only a clue: above low confidence in one in ten or fewer" if share.above_low else "only a clue"


def parameters() -> Iterator[str]:
    yield "| measure | taken | who | mean | spread (SD) | error (SD) |"
    yield "|---|---|---|---|---|---|"
    for entry in DATA["measures"]:
        measure = MEASURES[entry["measure"]]
        how = ", ".join(entry[word] for word in ("mode", "position", "instrument") if word in entry)
        if "share" in entry:
            yield f"| {measure.label} | {how} | everybody | positive in {figure(entry['share'])} | | |"
        for group in entry.get("groups", ()):
            cells = (figure(group["mean"], measure.unit), figure(group["sd"]), figure(entry["error"]))
            yield f"| {measure.label} | {how} | {who(group)} | {' | '.join(cells)} |"
    for name, value in DATA["leg_length"].items():
        if isinstance(value, list):
            yield f"| Leg length: {name.replace('_', ' ')} | | everybody | {figure(value, 'mm')} | | |"


def who(group) -> str:
    sex = {"female": "women", "male": "men"}.get(group.get("sex"), "everybody")
    if "from_age" in group:
        return (
            f"{sex} {group['from_age']}-{group['to_age']}" if "to_age" in group else f"{sex} from {group['from_age']}"
        )
    return f"{sex} to {group['to_age']}" if "to_age" in group else sex


def figure(value, unit: str = "") -> str:
    number, tag, source = value
    return f"{number:g} {unit} [{tag}: {source}]".replace(" [", " [", 1).replace("  ", " ")


def page() -> str:
    rho, like = DATA["side_correlation"][0], DATA["tissue_correlation"][0]
    return TEXT.format(
        people=f"{DATA['people']:,}",
        seed=DATA["seed"],
        from_age=DATA["from_age"],
        to_age=DATA["to_age"],
        rho=rho,
        kind_rho=KIND.rho,
        kind_people=f"{KIND.people:,}",
        like=like,
        version=PACK.version,
        most=f"{MOST:.0%}",
        half=f"{HALF:.0%}",
        table="\n".join(table()),
        parameters="\n".join(parameters()),
        left_out="\n".join(f"- {what}: {reason}." for what, reason in DATA["not_simulated"].items()),
    )


TEXT = """# What the rules say of healthy people

*Written by `python -m tests.assessments.healthy_people`; a test fails when it is out of date.*

A rule that flags every second healthy person tells a clinician little. So {people} made-up people without complaints
are measured by the shipped protocol ({version}), and the flags are counted.

**This is a simulation, not a study.** Nobody was measured. It shows what follows *if* the numbers below hold.

## How the people are made

- Ages {from_age} to {to_age}, each as likely as the other; half are women. The seed is {seed}: every run makes the
  same people.
- Each measure is drawn from a normal distribution with the mean of its group and the spread of the study; then a
  measurement error is added and the value is rounded as it would be written down. A published spread holds some
  measurement error already, so error counts twice here: the real shares should rather be smaller. "Kindly counted" is
  the other end: another {kind_people} people whose published spread is taken to hold the error once, and whose sides
  correlate by {kind_rho}. The truth should lie between the two.
- The left and the right side of a person correlate by {rho} (our own working value), before the error, which is drawn
  for each side alone. Two tests of one tissue, such as the Thomas test and prone extension, correlate by {like} (our
  own working value). Different joints of one person are drawn independently; in reality stiff people are stiff in more
  than one place.
- Positions and instruments are those that the protocol asks for, and the pelvis is controlled in the Thomas test.
- Legs: everybody has a true difference (mean 5.2 mm, SD 4.1), drawn from a gamma distribution with a side at random;
  tape (two trials a leg), apparent lengths, blocks and a supine check each see it with their own error.

## What was flagged

A finding that more than {most} of the healthy get above low confidence, or more than {half} at any confidence, has to
be defended in a sentence. Low confidence means that the
finding says of itself that it is only a clue. The strict count decides.

{table}

Findings that nobody got are not listed. Not simulated, and so not answered here:

{left_out}

## The numbers behind it

V: read in the named source. C: a second document quotes it. U: not verified. D: our own working value.

{parameters}
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
