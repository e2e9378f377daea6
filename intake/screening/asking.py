"""Which questions of a form are asked, given what was answered; and what the points of the answers make."""

from collections.abc import Iterator, Mapping
from typing import Any

from .own import read_own
from .questionnaire import BLOCKS, Field, Form, Score, ShowIf

EMPTY: tuple[Any, ...] = (None, "", [])


def answer_to(field: Field, answers: Mapping[str, Any]) -> Any:
    """What the intake document says to a field that is no block; None where nothing."""
    return (answers.get("own") or {}).get(field.key) if field.own else answers.get(field.key)


def is_answered(field: Field, answers: Mapping[str, Any]) -> bool:
    return answer_to(field, answers) not in EMPTY


def is_shown(field: Field, form: Form, answers: Mapping[str, Any]) -> bool:
    """False where an earlier answer says that this is not asked, or where that earlier question is itself not asked."""
    condition = field.show_if
    if condition is None:
        return True
    source = form.field(condition.field)
    keys = [each.key for each in form.fields]  # the field may be a translated one
    if source is None or keys.index(source.key) >= keys.index(field.key):  # only in a draft: it can't be published
        return True
    return is_shown(source, form, answers) and holds(condition, answer_to(source, answers))


def holds(condition: ShowIf, answer: Any) -> bool:
    """Whether an answer is what a condition asks for; an open question never is."""
    if answer in EMPTY:
        return False
    if condition.at_least is not None:
        return isinstance(answer, int | float) and not isinstance(answer, bool) and answer >= condition.at_least
    wanted = condition.any_of or ((condition.equals,) if condition.equals is not None else ())
    given = answer if isinstance(answer, list) else [answer]
    return any(word in wanted for word in given)


def hidden(form: Form, answers: Mapping[str, Any]) -> set[str]:
    """Keys of the fields that are not asked."""
    return {field.key for field in form.fields if not is_shown(field, form, answers)}


def without_hidden(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those to questions that are not asked (any more)."""
    away = hidden(form, answers)
    kept = {key: value for key, value in answers.items() if key not in away or key in ("own", *BLOCKS)}
    if "own" in kept:
        kept["own"] = {key: value for key, value in (kept["own"] or {}).items() if key not in away}
    return kept


def fitting(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of answers to another form, or another version, answers a question of this one: to begin with next time."""
    asked = {field.key for field in form.fields if not field.own} | {field.block for field in form.fields}
    kept = {key: value for key, value in answers.items() if key in asked}
    own, _ = read_own({key: value for key, value in (answers.get("own") or {}).items() if form.field(key)}, "own", form)
    return without_hidden(form, {**kept, "own": own} if own else kept)


# --- points -----------------------------------------------------------------------------------------------------------


def scores_of(form: Form, answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each score by its key: `label`, `points` (None while a question that is asked is open), `lowest`, `highest`,
    `band` (the practice's own word for so many points, or empty) and `open` (labels of the open questions)."""
    return {score.key: score_of(score, form, answers) for score in form.scores}


def score_of(score: Score, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    fields = [field for key in score.fields if (field := form.field(key))]
    asked = [field for field in fields if is_shown(field, form, answers)]
    still_open = [field.label for field in asked if not is_answered(field, answers)]
    points = None if still_open else sum(points_of(field, answer_to(field, answers)) for field in asked)
    band = next((band.label for band in reversed(score.bands) if points is not None and points >= band.at_least), "")
    ranges = [range_of(field) for field in fields]
    return {
        "label": score.label,
        "points": points,
        "lowest": sum(low for low, _ in ranges),
        "highest": sum(high for _, high in ranges),
        "band": band,
        "open": still_open,
    }


def points_of(field: Field, answer: Any) -> float:
    """A scale and a number are their own points; a choice without points counts nothing."""
    if field.type in ("scale", "number"):
        return answer if isinstance(answer, int | float) else 0
    return sum(field.score.get(word, 0) for word in (answer if isinstance(answer, list) else [answer]))


def range_of(field: Field) -> tuple[float, float]:
    """Fewest and most points; a question that is not asked gives none."""
    found = sorted(possible(field))
    return (found[0], found[-1]) if field.show_if is None else (min(0, found[0]), max(0, found[-1]))


def possible(field: Field) -> Iterator[float]:
    if field.type == "scale":
        yield from field.ends
    elif field.type == "number":
        yield from (field.minimum or 0, field.maximum or 0)
    elif field.type == "multi_choice":
        yield sum(points for points in field.score.values() if points < 0)
        yield sum(points for points in field.score.values() if points > 0)
    else:
        yield from field.score.values() or (0,)
        if len(field.score) < len(field.choices):
            yield 0
