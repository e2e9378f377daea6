"""Which answers may decide whether another question is asked, and what is wrong with a condition."""

from collections.abc import Iterator, Mapping

from clinic.problems import Problem

from .questionnaire import Field, Form, ShowIf

CONDITIONAL_ON = frozenset({"choice", "multi_choice", "yes_no", "scale", "number"})
ALWAYS_ASKED = frozenset({"yes_no_unsure", "consent", "signature"})
YES_NO = ("yes", "no")


def values_of(each: Field) -> tuple[str, ...]:
    """The words that an answer may be."""
    return YES_NO if each.type == "yes_no" else tuple(choice.value for choice in each.choices)


def condition_problems(each: Field, place: str, form: Form, places: Mapping[str, str]) -> Iterator[Problem]:
    """Only what was asked before can decide, and safety questions are always asked."""
    condition = each.show_if
    if condition is None:
        return
    path = f"{place}.show_if"
    if each.type in ALWAYS_ASKED:
        yield Problem(path, "safety questions, agreement and signature are always asked")
        return
    source = form.field(condition.field)
    if source is None:
        yield Problem(f"{path}.field", f"no question has the key {condition.field or '(empty)'}")
        return
    earlier = list(places)
    if earlier.index(condition.field) >= earlier.index(each.key):
        yield Problem(f"{path}.field", f"{condition.field} is asked later; only an earlier answer can decide")
    if source.type not in CONDITIONAL_ON:
        allowed = ", ".join(sorted(CONDITIONAL_ON))
        yield Problem(f"{path}.field", f"the answer to a {source.type} can't decide; one of {allowed}")
        return
    yield from operator_problems(condition, source, path)


def operator_problems(condition: ShowIf, source: Field, path: str) -> Iterator[Problem]:
    said = [condition.equals is not None, bool(condition.any_of), condition.at_least is not None]
    if sum(said) != 1:
        yield Problem(path, "says exactly one of is, any_of and at_least")
        return
    if source.type in ("scale", "number"):
        if condition.at_least is None:
            yield Problem(path, f"{source.key} is a number: say at_least")
        return
    allowed = values_of(source)
    if condition.at_least is not None:
        yield Problem(path, f"{source.key} is no number: say is or any_of, of {', '.join(allowed)}")
    for value in (*condition.any_of, *([condition.equals] if condition.equals is not None else [])):
        if value not in allowed:
            yield Problem(path, f"{value or '(empty)'} is not one of {', '.join(allowed)}")
