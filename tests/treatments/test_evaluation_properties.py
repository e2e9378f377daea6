"""What holds for every whole document, from intake to programme. Documents are made, not chosen."""

import copy
import json
from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules import MEASURES
from intake.screening import CONDITIONS, RED_FLAGS
from intake.screening.vocabulary import APPROACHES, FOOTWEAR, RESTRICTIONS, SITES, SURFACES
from tests.intake.screening.contract import ORDER
from treatments.evaluation import evaluate
from treatments.planning.library import LIBRARY_FOLDER

OTHER = {"left": "right", "right": "left", "left_higher": "right_higher", "right_higher": "left_higher"}
KEYS = {
    "protocol", "referral", "findings", "not_found", "contradictions", "leg_length", "programme", "lift",
}  # fmt: skip
PROGRAMME_KEYS = {
    "locked", "locked_because", "items", "left_out", "no_exercise", "advice", "needs_answer", "needs_answer_because",
}  # fmt: skip
EXERCISES = {
    entry["key"]: entry
    for entry in json.loads((LIBRARY_FOLDER / "exercises.json").read_text(encoding="utf-8"))["exercises"]
}
PRECAUTIONS = {
    entry["key"]: entry
    for entry in json.loads((LIBRARY_FOLDER / "precautions.json").read_text(encoding="utf-8"))["conditions"]
}
IMAGING = [key for key, measure in MEASURES.items() if measure.imaging]
LEGS = [key for key, measure in MEASURES.items() if measure.group == "leg length"]
GRADED = [key for key, measure in MEASURES.items() if measure.takes_grade and measure.sides == "left_right"]
#: Flags that a reading may contradict.
TOUCHY = ["sudden_leg_shortening", "major_trauma", "fever_or_chills", "feels_ill", "child_limp"]
TODAY = date(2026, 3, 1)
quick = settings(max_examples=40, deadline=None)

# --- documents --------------------------------------------------------------------------------------------------------

answer_words = st.sampled_from(["yes", "no", "unsure"])


def numbers(measure):
    if measure.whole or measure.kind == "yes_no":
        return st.integers(int(measure.hard_min), int(measure.hard_max))
    return st.integers(int(measure.hard_min * 2), int(measure.hard_max * 2)).map(lambda half: half / 2)


def entries(measure):
    """A number, a grade or what was seen, as the measure takes it."""
    ways = [numbers(measure).map(lambda value: {"value": value})] if measure.takes_value else []
    if measure.takes_grade:
        ways.append(st.sampled_from(["none", "mild", "moderate", "marked"]).map(lambda grade: {"grade": grade}))
    if measure.observed:
        ways.append(st.sampled_from(measure.observed).map(lambda seen: {"observed": seen}))
    return st.one_of(ways)


@st.composite
def readings(draw, measures):
    measure = MEASURES[draw(st.sampled_from(measures))]
    row = {"measure": measure.key, **draw(entries(measure))}
    if measure.sides != "none" and not (measure.sides == "shorter" and row["value"] == 0):
        row["side"] = draw(st.sampled_from(["left", "right"]))
    row["position"] = draw(st.sampled_from([None, *measure.positions]))
    row["mode"] = draw(st.sampled_from([None, "active", "passive"]))
    if measure.key == "thomas_hip_angle":
        row["pelvis_controlled"] = draw(st.sampled_from([None, True, False]))
    row["pain"] = draw(st.sampled_from([None, 0, 4, 8]))
    return row


raising = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(GRADED),
        "side": st.sampled_from(["left", "right"]),
        "grade": st.sampled_from(["mild", "moderate", "marked"]),
    }
)


def numbered(rows):
    """No two readings are the same trial, so that nothing is refused as a repeat."""
    return [{**row, "trial": place} for place, row in enumerate(rows, 1)]


def visits(measures=tuple(MEASURES)):
    """Up to ten readings: of anything, of legs, and graded ones that surely raise a finding."""
    legs = [key for key in LEGS if key in measures]
    mixed = st.one_of(readings(list(measures)), readings(legs), raising, raising)
    return st.lists(mixed, min_size=3, max_size=10).map(numbered)


@st.composite
def conditions_of(draw, key):
    """A word, or an object with some of its details."""
    values = {
        "side": st.sampled_from(["left", "right", "both"]),
        "approach": st.sampled_from(APPROACHES),
        "date": st.just("2026-01-01"),
        "restrictions": st.lists(st.sampled_from(RESTRICTIONS), unique=True, max_size=2),
    }
    details = {detail: values[detail] for detail in CONDITIONS[key].details}
    word = draw(answer_words)
    return draw(st.one_of(st.just(word), st.fixed_dictionaries({"answer": st.just(word)}, optional=details)))


some_conditions = st.fixed_dictionaries({}, optional={key: conditions_of(key) for key in CONDITIONS})
one_or_two = st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=2, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: conditions_of(key) for key in keys})
)
pains = st.lists(
    st.fixed_dictionaries(
        {"site": st.sampled_from(SITES)},
        optional={"side": st.sampled_from(["left", "right", "both"]), "weeks": st.integers(0, 60)},
    ),
    max_size=2,
)
few_flags = st.dictionaries(st.sampled_from(sorted(RED_FLAGS)), answer_words, max_size=3)
touchy_flags = st.dictionaries(st.sampled_from(TOUCHY), answer_words, min_size=1, max_size=2)
calm_flags = st.dictionaries(st.sampled_from(sorted(RED_FLAGS)), st.just("no"), max_size=3)


any_conditions = st.one_of(one_or_two, one_or_two, some_conditions)
any_flags = st.one_of(few_flags, touchy_flags, calm_flags)


def intakes(flags=any_flags):
    return st.fixed_dictionaries(
        {"conditions": any_conditions, "red_flags": flags},
        optional={
            "pain": pains,
            "sitting_hours_per_day": st.integers(0, 12),
            "standing_hours_per_day": st.integers(0, 12),
            "standing_surface": st.sampled_from(SURFACES),
            "footwear": st.sampled_from(FOOTWEAR),
        },
    )


clients = st.fixed_dictionaries(
    {},
    optional={"age": st.sampled_from([8, 12, 17, 18, 40, 69, 70, 90]), "sex": st.sampled_from(["female", "male"])},
)
earlier_visits = st.lists(
    st.tuples(st.integers(1, 250), st.lists(readings(LEGS), max_size=4).map(numbered)).map(
        lambda seen: {"date": (TODAY - timedelta(days=seen[0])).isoformat(), "measurements": seen[1]}
    ),
    max_size=2,
)


any_visit = visits()
any_intake = intakes()
mostly = st.sampled_from([True, True, False])


def documents(measurements=any_visit, intake=any_intake, assume=mostly):
    made = {"client": clients, "intake": intake, "measurements": measurements, "earlier": earlier_visits}
    return st.tuples(st.fixed_dictionaries(made), assume).map(
        lambda drawn: {
            **drawn[0],
            "date": TODAY.isoformat(),
            **({"assume_unanswered": "no"} if drawn[1] else {}),
        }
    )


#: Documents that lead to a programme, unless a condition closes everything.
planned = documents(intake=intakes(flags=calm_flags), assume=st.just(True))

# --- what holds -------------------------------------------------------------------------------------------------------


def result_of(document):
    return json.loads(json.dumps(evaluate(document).as_dict()))


def outline(result, turn=lambda side: side):
    """What a result comes to, without its sentences; findings and reasons in no order."""
    ledger = result["leg_length"]
    methods = ledger["methods"] if ledger else []
    return {
        "referral": result["referral"]["level"],
        "findings": Counter((f["code"], turn(f["side"]), f["grade"], f["confidence"]) for f in result["findings"]),
        "not_found": Counter((n["code"], turn(n["side"]), n["why"]) for n in result["not_found"]),
        "contradictions": Counter((one["key"], one["level"]) for one in result["contradictions"]),
        "methods": [(one["measure"], turn(one["side"]), one["difference"], one["trials"]) for one in methods],
        "legs": [{turn("left"): one["left"], turn("right"): one["right"]} for one in methods],
        "ledger": ledger and (ledger["disagree"], ledger["rows"], ledger["next"]),
        "items": [{**item, "side": turn(item["side"])} for item in result["programme"]["items"]],
        "left_out": Counter(
            (one["exercise"], turn(one["side"]), one["because"]) for one in result["programme"]["left_out"]
        ),
        "no_exercise": Counter((one["finding"], turn(one["side"])) for one in result["programme"]["no_exercise"]),
        "lift": result["lift"]["may_be_considered"],
    }


def other(side):
    return OTHER.get(side, side)


def mirrored(part):
    """The same document of a body seen in a mirror."""
    if isinstance(part, dict):
        sided = ("side", "observed")
        return {key: other(value) if key in sided else mirrored(value) for key, value in part.items()}
    return [mirrored(entry) for entry in part] if isinstance(part, list) else part


@quick
@given(documents())
def test_a_result_always_has_the_same_keys_and_is_json(document):
    result = result_of(document)
    assert set(result) == KEYS
    assert set(result["programme"]) == PROGRAMME_KEYS
    assert set(result["referral"]) == {"level", "because"}
    assert set(result["lift"]) == {"may_be_considered", "because"}
    assert result["leg_length"] is None or set(result["leg_length"]) == {"methods", "disagree", "rows", "next"}


@quick
@given(documents())
def test_the_same_document_leads_to_the_same_result_and_stays_as_it_was(document):
    before = copy.deepcopy(document)
    assert result_of(document) == result_of(document)
    assert document == before


@quick
@given(planned, st.data())
def test_the_order_of_readings_does_not_matter(document, data):
    shuffled = data.draw(st.permutations(document["measurements"]))
    assert outline(result_of(document)) == outline(result_of({**document, "measurements": shuffled}))


@quick
@given(planned)
def test_a_mirrored_document_leads_to_the_mirrored_result(document):
    assert outline(result_of(mirrored(document))) == outline(result_of(document), other)


@quick
@given(documents(), readings(list(MEASURES)))
def test_one_more_reading_never_lowers_the_referral(document, reading):
    """Only what earlier visits tell is left out: a mean that changes can take growth back."""
    document = {**document, "earlier": []}
    before = result_of(document)["referral"]["level"]
    rows = [*document["measurements"], {**reading, "trial": len(document["measurements"]) + 1}]
    after = result_of({**document, "measurements": rows})["referral"]["level"]
    assert ORDER.index(after) >= ORDER.index(before)


@quick
@given(documents(visits([key for key in MEASURES if key not in IMAGING])))
def test_without_imaging_nothing_is_confirmed_and_no_lift_is_considered(document):
    result = result_of(document)
    codes = {finding["code"] for finding in result["findings"]}
    assert not codes & {
        "leg_length_structural_confirmed",
        "leg_length_mixed",
        "leg_length_functional_supported",
    }
    assert result["lift"] == {"may_be_considered": False, "because": ["no imaging on file"]}
    assert not any("confirmed" in finding["client_text"] for finding in result["findings"])


def said_of(answer):
    return {"answer": answer} if isinstance(answer, str) else answer


def forbidden(exercise, leg, key, answer):
    """Whether one answer forbids an exercise on one leg; read from the files and not by the code that plans."""
    rule, tags = PRECAUTIONS[key], set(exercise["tags"])
    own = exercise["contraindications"].get(key, {}).get("effect")
    if answer["answer"] == "no" or (rule.get("per_side") and exercise["sided"] and answer.get("side") == other(leg)):
        return False
    open_details = [detail for detail in rule.get("until", []) if answer.get(detail) is None]
    banned = set(rule.get("excludes", []))
    if rule.get("until") and not open_details:
        banned = {*rule["excludes_by_approach"][answer.get("approach", "unknown")], *answer["restrictions"]}
    changes = own == "change" or bool(set(rule.get("changes", {})) & tags)
    unsure = answer["answer"] == "unsure" and changes
    return bool(rule.get("everything")) or bool(banned & tags) or own == "exclude" or unsure


@settings(max_examples=100, deadline=None)
@given(planned)
def test_nothing_that_a_stated_condition_forbids_is_in_the_programme(document):
    said = {key: said_of(answer) for key, answer in document["intake"]["conditions"].items()}
    for item in result_of(document)["programme"]["items"]:
        for leg in [item["side"]] if item["side"] else ["left", "right"]:
            reasons = [key for key, answer in said.items() if forbidden(EXERCISES[item["exercise"]], leg, key, answer)]
            assert reasons == [], (item["exercise"], leg)


@quick
@given(documents(assume=st.just(False)), st.sampled_from(sorted(CONDITIONS)))
def test_one_unknown_condition_is_enough_to_suggest_nothing(document, left_open):
    conditions = {**dict.fromkeys(CONDITIONS, "no"), **document["intake"]["conditions"]}
    del conditions[left_open]
    programme = result_of({**document, "intake": {**document["intake"], "conditions": conditions}})["programme"]
    assert programme["items"] == []
    assert programme["needs_answer"]


@quick
@given(documents(intake=intakes(flags=st.dictionaries(st.sampled_from(sorted(RED_FLAGS)), answer_words, min_size=1))))
def test_urgent_and_emergency_lock_and_empty_the_programme_and_nothing_else_does(document):
    result = result_of(document)
    locks = result["referral"]["level"] in ("urgent", "emergency")
    assert result["programme"]["locked"] == locks
    if locks:
        assert result["programme"]["items"] == []
        assert result["programme"]["locked_because"] == result["referral"]["because"]
