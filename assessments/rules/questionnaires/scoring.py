"""From answers to a score. Every answer is checked here, and nowhere else."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from reprlib import repr as shown
from typing import Any

from assessments.rules.questionnaires.records import Item, OwnItems, Questionnaire, Score
from clinic.problems import Problem

#: A NUL or half a character: no database keeps it.
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
Answers = Mapping[str, Any]
Problems = list[Problem]


def score(questionnaire: Questionnaire, answers: object) -> Score | Problems:
    """The score of the answers, or every problem with them. Shapes, by the questionnaire's scoring:

    one_item `{"average": 5, "worst": 7}`; ticks `{"3": true}`; own_items `{"activities": [{"activity": "Putting on
    socks", "score": 4}, ...]}`; typed `{"total": 41.5}`.
    """
    if not isinstance(answers, Mapping):
        return [Problem("answers", "is not a set of answers by item")]
    known = ", ".join(known_keys(questionnaire))
    unknown = (key for key in answers if key not in known_keys(questionnaire))
    problems = [Problem(f"answers.{sayable(key)}", f"is unknown; known: {known}") for key in unknown]
    value, kept = SCORERS[questionnaire.scoring](questionnaire, answers, problems)
    return problems or Score(questionnaire.key, questionnaire.version, value, kept)


def sayable(key: object) -> str:
    """A key of the sender's as it can be said back: half a character can't."""
    return key if isinstance(key, str) and re.fullmatch(r"\w{1,40}", key) else shown(key)


def known_keys(questionnaire: Questionnaire) -> list[str]:
    own = {"own_items": ["activities"], "typed": ["total"]}
    return own.get(questionnaire.scoring) or [item.key for item in questionnaire.items]


def score_one_item(questionnaire: Questionnaire, answers: Answers, problems: Problems) -> tuple[float, dict[str, Any]]:
    kept = {}
    for item in questionnaire.items:
        given = answers.get(item.key)
        if is_blank(given) and item.optional:
            continue
        number = read_number(questionnaire, given, f"answers.{item.key}", problems)
        if number is not None:
            kept[item.key] = number
    for item in questionnaire.items:
        problems += out_of_order(item, kept)
    return kept.get(questionnaire.score_item, 0), kept


def out_of_order(item: Item, kept: Mapping[str, int]) -> Iterator[Problem]:
    for other in item.at_least:
        if item.key in kept and other in kept and kept[other] > kept[item.key]:
            yield Problem(f"answers.{item.key}", f"{kept[item.key]} is below “{other}”, which is {kept[other]}")


def score_ticks(questionnaire: Questionnaire, answers: Answers, problems: Problems) -> tuple[float, dict[str, Any]]:
    """A statement that isn't answered is not ticked."""
    problems += [
        Problem(f"answers.{item.key}", "is neither true nor false")
        for item in questionnaire.items
        if not isinstance(answers.get(item.key, False), bool)
    ]
    ticked = [item.key for item in questionnaire.items if answers.get(item.key) is True]
    return len(ticked), dict.fromkeys(ticked, True)


def score_own_items(questionnaire: Questionnaire, answers: Answers, problems: Problems) -> tuple[float, dict[str, Any]]:
    limits, rows = questionnaire.own_items or OwnItems(0, 0, 0), answers.get("activities")
    if not isinstance(rows, list) or not limits.least <= len(rows) <= limits.most:
        count = f"{len(rows)} given" if isinstance(rows, list) else "is not a list"
        problems.append(Problem("answers.activities", f"needs {limits.least} to {limits.most} activities; {count}"))
        return 0, {}
    kept: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        where = f"answers.activities[{place}]"
        name, number = read_row(questionnaire, row, where, problems)
        if name and same_name(name) in [same_name(other["activity"]) for other in kept]:
            problems.append(Problem(f"{where}.activity", f"“{name}” stands there twice"))
        kept.append({"activity": name, "score": number or 0})
    return round(math.fsum(row["score"] for row in kept) / len(kept), 2), {"activities": kept}


def read_row(questionnaire: Questionnaire, row: Any, where: str, problems: Problems) -> tuple[str, int | None]:
    if not isinstance(row, Mapping) or set(row) - {"activity", "score"}:
        problems.append(Problem(where, "needs an activity and its score, and nothing else"))
        return "", None
    longest = questionnaire.own_items.longest if questionnaire.own_items else 0
    name = read_name(row.get("activity"), longest, f"{where}.activity", problems)
    return name, read_number(questionnaire, row.get("score"), f"{where}.score", problems)


def read_name(given: Any, longest: int, where: str, problems: Problems) -> str:
    text = " ".join(given.split()) if isinstance(given, str) else ""
    if not text:
        problems.append(Problem(where, f"is missing; a few words, at most {longest} characters"))
    elif len(text) > longest:
        problems.append(Problem(where, f"is longer than {longest} characters"))
    elif NOT_TEXT.search(text):
        problems.append(Problem(where, "has a character that no text has"))
        return ""
    return text


def same_name(text: str) -> str:
    """Two activities or forms are the same whatever their capitals and spaces."""
    return " ".join(text.split()).casefold()


def score_typed(questionnaire: Questionnaire, answers: Answers, problems: Problems) -> tuple[float, dict[str, Any]]:
    """The total alone: answers of a form we may not carry are not kept."""
    given = answers.get("total")
    if is_blank(given):
        problems.append(Problem("answers.total", f"is missing; allowed: {questionnaire.allowed}"))
    elif isinstance(given, bool) or not isinstance(given, int | float):
        problems.append(Problem("answers.total", f"{shown(given)} is not a number; allowed: {questionnaire.allowed}"))
    elif not questionnaire.lowest <= given <= questionnaire.highest:
        problems.append(Problem("answers.total", f"{shown(given)} is outside {questionnaire.allowed}"))
    elif round(given, 2) != given:
        problems.append(Problem("answers.total", f"{shown(given)} has more than two decimals"))
    else:
        return float(given), {}
    return 0, {}


def read_number(questionnaire: Questionnaire, given: Any, where: str, problems: Problems) -> int | None:
    """A whole number of the scale; None, and a problem, where it is none."""
    number = whole(given)
    if is_blank(given):
        problems.append(Problem(where, f"is missing; choose {questionnaire.allowed}"))
    elif number is None:
        problems.append(Problem(where, f"{shown(given)} is not a whole number; allowed: {questionnaire.allowed}"))
    elif not questionnaire.lowest <= number <= questionnaire.highest:
        problems.append(Problem(where, f"{shown(number)} is outside {questionnaire.allowed}"))
    else:
        return number
    return None


def is_blank(given: Any) -> bool:
    return given is None or given == ""


def whole(given: Any) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return int(given) if isinstance(given, int) or given.is_integer() else None


Scorer = Callable[[Questionnaire, Answers, Problems], tuple[float, dict[str, Any]]]
SCORERS: Mapping[str, Scorer] = {
    "one_item": score_one_item,
    "ticks": score_ticks,
    "own_items": score_own_items,
    "typed": score_typed,
}
