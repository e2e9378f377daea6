"""Change between two answers to the same questionnaire. Nothing below the change that counts is called a change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assessments.rules.questionnaires.files import QUESTIONNAIRES
from assessments.rules.questionnaires.records import (
    Answered,
    Comparison,
    CountingChange,
    OwnItemChange,
    Questionnaire,
)
from assessments.rules.questionnaires.scoring import same_name

WAY = {"lower": -1, "higher": 1}
WORDS = {"improved": "better", "worse": "worse"}


def compare(
    before: Answered | None, after: Answered, *, questionnaires: Mapping[str, Questionnaire] = QUESTIONNAIRES
) -> Comparison:
    """The verdict on the later one. `before` None: nothing earlier, which only a rating of change can do without."""
    questionnaire = questionnaires.get(after.questionnaire)
    blank = Comparison(
        questionnaire=after.questionnaire,
        verdict="not_comparable",
        note="",
        before=before.score if before else None,
        after=after.score,
        before_on=before.on if before else None,
        after_on=after.on,
    )
    reason = obstacle(questionnaire, before, after)
    if reason or questionnaire is None or questionnaire.change is None:
        return replace(blank, note=reason)
    change = questionnaire.change
    known = replace(
        blank,
        called=change.called,
        source=change.source,
        tag=change.tag,
        recovered=is_recovered(questionnaire, after.score),
    )
    if change.of == "score" or before is None:
        return judge_rating(questionnaire, change, known)
    parts = tuple(changes_of_activities(before, after, change))
    if activities(before).keys() != activities(after).keys():
        return replace(known, note="the activities are not the same as last time", activities=parts)
    return replace(judge(questionnaire, change, known, before.score), activities=parts)


def obstacle(questionnaire: Questionnaire | None, before: Answered | None, after: Answered) -> str:
    """Why nothing can be said; empty when something can."""
    if questionnaire is None:
        return f"no questionnaire {after.questionnaire} is on file"
    if after.version != questionnaire.version:
        return f"version {after.version} is no longer on file"
    if questionnaire.change is None:
        return "no minimal important change is on file"
    if questionnaire.change.of == "score":
        return ""
    if before is None:
        return "nothing earlier to compare with"
    if before.questionnaire != after.questionnaire:
        return f"{before.questionnaire} is not the same questionnaire"
    if before.version != after.version:
        return f"version {before.version} then, version {after.version} now"
    return ""


def judge_rating(questionnaire: Questionnaire, change: CountingChange, known: Comparison) -> Comparison:
    """A rating of change says by itself which way it went."""
    verdict = verdict_of(known.after * WAY[questionnaire.better], change.points, change.points)
    said = questionnaire.labels.get(int(known.after), "")
    note = f"“{said}”; counts from {signed(change.points)} and from {signed(-change.points)}"
    return replace(known, verdict=verdict, note=note, needed=change.points)


def judge(questionnaire: Questionnaire, change: CountingChange, known: Comparison, before: float) -> Comparison:
    difference = round(known.after - before, 6)
    gained = difference * WAY[questionnaire.better]
    needed = points_needed(change, before)
    return replace(
        known,
        verdict=verdict_of(gained, needed, change.points),
        note=in_words(gained, needed, change, before),
        difference=difference,
        needed=needed,
        remarks=tuple(remarks(questionnaire, known, before)),
    )


def points_needed(change: CountingChange, before: float) -> float:
    """The points from which an improvement counts, from this earlier score."""
    if change.percent is None:
        return change.points
    share = round(before * change.percent / 100, 6)
    return max(change.points, share) if change.needs == "both" else min(change.points, share)


def verdict_of(gained: float, to_improve: float, to_worsen: float) -> str:
    """A change exactly as large as the one that counts does count; no change at all never does."""
    if gained > 0:
        return "improved" if gained >= to_improve else "within_error"
    return "worse" if -gained >= to_worsen else "within_error"


def in_words(gained: float, needed: float, change: CountingChange, before: float) -> str:
    if gained == 0:
        return f"the same score; an improvement counts from {points(needed)}"
    size = f"{points(abs(gained))} {'better' if gained > 0 else 'worse'}"
    if gained < 0:
        return f"{size}; counts from {points(change.points)}"
    share = f" ({change.points:g} points and {change.percent:g} % of {before:g})" if change.percent else ""
    if change.percent and change.needs == "either":
        share = share.replace(" and ", " or ")
    return f"{size}; counts from {points(needed)}{share}"


def points(number: float) -> str:
    return f"{round(number, 2):g} point{'' if number == 1 else 's'}"


def signed(number: float) -> str:
    return f"{number:+g}"


def is_recovered(questionnaire: Questionnaire, score: float) -> bool:
    if questionnaire.recovered is None:
        return False
    return (score - questionnaire.recovered.at) * WAY[questionnaire.better] >= 0


def remarks(questionnaire: Questionnaire, known: Comparison, before: float) -> Iterator[str]:
    """Floor, ceiling, and the score that counts as recovered."""
    room = questionnaire.little_room
    if room and (before < room.below or before > room.above):
        to_improve = (before < room.below) == (questionnaire.better == "lower")
        yield f"from {before:g} there is little room to {'improve' if to_improve else 'get worse'} ({room.source})"
    if known.recovered and questionnaire.recovered:
        yield f"{known.after:g} is a score that counts as recovered ({questionnaire.recovered.source})"


def activities(answered: Answered) -> dict[str, tuple[str, float]]:
    """What somebody named themselves, by its name without capitals and spaces."""
    rows = answered.answers.get("activities", ())
    return {same_name(row["activity"]): (row["activity"], row["score"]) for row in rows}


def changes_of_activities(before: Answered, after: Answered, change: CountingChange) -> Iterator[OwnItemChange]:
    """Each activity that was named both times. Only scales on which more is better have activities."""
    earlier, needed = activities(before), change.single or change.points
    for key, (name, now) in activities(after).items():
        if key in earlier:
            then = earlier[key][1]
            yield OwnItemChange(name, then, now, verdict_of(now - then, needed, needed))
