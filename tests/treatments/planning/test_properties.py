"""What holds for every programme, whoever it is for."""

import json
from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from intake.screening import CONDITIONS, ConditionAnswer
from intake.screening.vocabulary import APPROACHES, RESTRICTIONS
from tests.treatments.planning.making import CALM, NO, SERVED, finding, planned
from treatments.planning import LIBRARY, NO_EXERCISE, History, Reached, Unhelped, plan
from treatments.planning.library import LIBRARY_FOLDER

OTHER = {"left": "right", "right": "left"}
EXERCISES = {
    entry["key"]: entry
    for entry in json.loads((LIBRARY_FOLDER / "exercises.json").read_text(encoding="utf-8"))["exercises"]
}
PRECAUTIONS = json.loads((LIBRARY_FOLDER / "precautions.json").read_text(encoding="utf-8"))
BY_CONDITION = {entry["key"]: entry for entry in PRECAUTIONS["conditions"]}
BY_FINDING = {entry["key"]: entry for entry in PRECAUTIONS["findings"]}
ASKED_FOR = sorted(key for key, exercise in LIBRARY.items() if exercise.for_findings)

# Findings and conditions that get into each other's way turn up more often than chance would have them.
RELATED = (
    "hip_extension_limited", "iliopsoas_short", "hip_rotators_short", "hip_internal_rotation_limited",
    "adductors_short", "hip_external_rotation_limited", "hip_flexion_limited", "hip_provocation_sign",
)  # fmt: skip
AT_THE_HIP = ("hip_replacement", "knee_replacement", "hip_joint_disease", "pregnancy", "hypermobility", "osteoporosis")

sides = st.sampled_from(["left", "right", None])
codes = st.one_of(st.sampled_from(RELATED), st.sampled_from([*SERVED, *NO_EXERCISE]))
grades = st.sampled_from(["moderate", "marked", "mild", None])
confidences = st.sampled_from(["moderate", "low", "high"])
several_findings = st.lists(st.builds(finding, codes, sides, grades, confidences), max_size=10)
answers = st.builds(
    ConditionAnswer,
    st.sampled_from(["yes", "no", "unsure"]),
    st.sampled_from([None, "left", "right", "both"]),
    st.sampled_from([None, *APPROACHES]),
    st.sampled_from([None, date(2026, 3, 1)]),
    st.one_of(st.none(), st.lists(st.sampled_from(RESTRICTIONS), unique=True, max_size=2).map(tuple)),
)
conditions_of_interest = st.one_of(st.sampled_from(AT_THE_HIP), st.sampled_from(sorted(CONDITIONS)))
some_conditions = st.dictionaries(conditions_of_interest, answers, max_size=4)
ages = st.one_of(st.none(), st.integers(8, 90))


@st.composite
def served_before(draw):
    key = draw(st.sampled_from(ASKED_FOR))
    return Reached(
        key, draw(sides), draw(st.sampled_from(LIBRARY[key].for_findings)), draw(st.sampled_from(["", "gone"]))
    )


histories = st.builds(
    History,
    st.lists(served_before(), max_size=4).map(tuple),
    st.lists(st.builds(Unhelped, st.sampled_from(ASKED_FOR), sides), max_size=4).map(tuple),
)
people = {"findings": several_findings, "conditions": some_conditions, "age": ages, "history": histories}


def programme(findings, conditions, age, history):
    return planned(*findings, conditions=conditions, age=age, history=history)


def legs(item):
    """The legs that an item works on; an exercise without sides may work on either."""
    return [item.side] if item.side else ["left", "right"]


def other(side):
    return OTHER.get(side, side)


def mirrored_condition(answer):
    return ConditionAnswer(answer.answer, other(answer.side), answer.approach, answer.date, answer.restrictions)


def mirrored_history(history):
    return History(
        tuple(Reached(past.exercise, other(past.side), past.finding, past.because) for past in history.reached),
        tuple(Unhelped(past.exercise, other(past.side), past.because) for past in history.unhelped),
    )


def is_forbidden(key, side, findings, conditions):
    """Read from the files, on purpose not by the code that plans. `side` is the exercised leg."""
    exercise = EXERCISES[key]
    tags = set(exercise["tags"])
    for condition, answer in conditions.items():
        rule = BY_CONDITION[condition]
        one_sided = rule.get("per_side") and exercise["sided"]
        if answer.answer == "no" or (one_sided and answer.side == other(side)):
            continue
        unknown = rule.get("until") and any(getattr(answer, detail) is None for detail in rule["until"])
        forbidden = set(rule.get("excludes", []))
        if rule.get("until") and not unknown:
            forbidden = {*rule["excludes_by_approach"][answer.approach or "unknown"], *answer.restrictions}
        own = exercise["contraindications"].get(condition, {}).get("effect")
        if rule.get("everything") or forbidden & tags or own == "exclude":
            return True
        if answer.answer == "unsure" and (own == "change" or set(rule.get("changes", {})) & tags):
            return True
    for found in findings:
        rule = BY_FINDING.get(found.code, {})
        one_sided = rule.get("per_side") and exercise["sided"]
        across = one_sided and found.side == other(side)
        if set(rule.get("excludes_across" if across else "excludes", [])) & tags:
            return True
    return False


@given(**people)
def test_left_is_treated_like_right(findings, conditions, age, history):
    here = programme(findings, conditions, age, history).as_dict()
    there = programme(
        [finding(f.code, other(f.side), f.grade, f.confidence) for f in findings],
        {key: mirrored_condition(answer) for key, answer in conditions.items()},
        age,
        mirrored_history(history),
    ).as_dict()
    assert [{**item, "side": other(item["side"])} for item in here["items"]] == there["items"]
    left_out = Counter((entry["exercise"], other(entry["side"]), entry["because"]) for entry in here["left_out"])
    assert left_out == Counter((entry["exercise"], entry["side"], entry["because"]) for entry in there["left_out"])


@given(**people)
def test_nothing_forbidden_is_asked_for(findings, conditions, age, history):
    for item in programme(findings, conditions, age, history).items:
        for leg in legs(item):
            assert not is_forbidden(item.exercise, leg, findings, conditions), (item.exercise, leg)


@given(**people)
def test_at_most_five_with_strength_and_one_activity(findings, conditions, age, history):
    items = programme(findings, conditions, age, history).items
    kinds = Counter(item.kind for item in items)
    assert len(items) <= 5
    assert not items or (kinds["strength"] >= 1 and kinds["activity"] == 1)
    assert len({(item.exercise, leg) for item in items for leg in legs(item)}) == sum(len(legs(item)) for item in items)


@given(**people, data=st.data())
def test_the_order_of_what_is_known_does_not_matter(findings, conditions, age, history, data):
    shuffled = programme(
        data.draw(st.permutations(findings)),
        dict(data.draw(st.permutations(list(conditions.items())))),
        age,
        History(
            tuple(data.draw(st.permutations(history.reached))), tuple(data.draw(st.permutations(history.unhelped)))
        ),
    )
    first = programme(findings, conditions, age, history)
    assert shuffled.items == first.items
    assert set(shuffled.left_out) == set(first.left_out)
    assert set(shuffled.no_exercise) == set(first.no_exercise)
    assert shuffled.advice == first.advice


@given(**people)
def test_the_same_person_gets_the_same_programme(findings, conditions, age, history):
    first, second = (programme(findings, conditions, age, history) for _ in range(2))
    assert first == second


@given(**people, unknown=st.sets(st.sampled_from(sorted(CONDITIONS)), min_size=1, max_size=3))
def test_while_a_condition_is_unknown_nothing_is_suggested(findings, conditions, age, history, unknown):
    answered = {key: answer for key, answer in {**NO, **conditions}.items() if key not in unknown}
    empty = plan(findings, conditions=answered, age=age, referral=CALM, history=history)
    assert empty.items == ()
    assert empty.needs_answer


@given(**people)
def test_maintenance_comes_last_three_days_a_week_and_only_for_what_was_reached(findings, conditions, age, history):
    items = programme(findings, conditions, age, history).items
    assert [item.maintenance for item in items] == sorted(item.maintenance for item in items)
    for item in items:
        if item.maintenance:
            assert item.days_per_week <= 3
            assert {(item.exercise, code) for code in item.for_findings} <= {
                (past.exercise, past.finding) for past in history.reached
            }


@given(**people)
def test_what_did_not_help_is_not_asked_for_by_its_finding(findings, conditions, age, history):
    for item in programme(findings, conditions, age, history).items:
        if not item.maintenance and item.for_findings:
            tried = {past.side for past in history.unhelped if past.exercise == item.exercise}
            assert not tried or (item.side and tried == {OTHER[item.side]}), item


@given(**people)
def test_no_muscle_gets_more_than_ten_minutes_of_stretching_a_week(findings, conditions, age, history):
    spent = Counter()
    for item in programme(findings, conditions, age, history).items:
        if item.kind == "stretch" and item.target != "plantar_fascia":
            seconds = item.hold_seconds * item.repetitions * item.sets * item.days_per_week
            spent.update({(item.target, leg): seconds for leg in legs(item)})
    assert max(spent.values(), default=0) <= 600


@given(**people)
def test_an_item_says_why_and_whence_and_nothing_is_both_in_and_out(findings, conditions, age, history):
    suggested = programme(findings, conditions, age, history)
    for item in suggested.items:
        assert item.because.endswith(".")
        assert item.evidence in ("supported", "partly", "weak", "traditional")
        assert item.source == LIBRARY[item.exercise].source
    taken = {(item.exercise, item.side) for item in suggested.items}
    assert not taken & {(left.exercise, left.side) for left in suggested.left_out}


@given(findings=several_findings, age=ages)
def test_every_finding_that_nothing_forbids_is_served_or_said_to_be_left_out(findings, age):
    suggested = planned(*findings, age=age)
    served = {code for item in suggested.items for code in item.for_findings}
    named = {code for left in suggested.left_out for code in LIBRARY[left.exercise].for_findings}
    without = {entry.finding for entry in suggested.no_exercise}
    assert {found.code for found in findings} <= served | named | without


@given(findings=several_findings, conditions=some_conditions, age=st.integers(8, 17))
def test_under_eighteen_a_clinician_always_answers(findings, conditions, age):
    suggested = planned(*findings, conditions=conditions, age=age)
    assert suggested.needs_answer
    assert suggested.items == planned(*findings, conditions=conditions, age=18).items
