"""Clinical cases in words, one row each, in cases/*.json: what a whole visit leads to, from intake to programme.

A row holds `case` (plain words), `document` (contract §4) and `expect`. Below, one function for each word that may
stand in `expect`; it yields what the result lacks or has too much. A piece of text is looked for, never a whole one.
`open` says where the software and the reference differ: the row fails, and says so, until one of them changes.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from clinic.packs import without_remarks
from clinic.problems import InvalidInput
from tests.intake.screening.contract import EVERY
from treatments.evaluation import evaluate
from treatments.planning import LIBRARY

TABLES = (
    "hip_motion", "muscle_length", "strength_and_foot", "leg_length", "exposure", "red_flags_and_readings",
    "precautions", "programmes", "missing_data",
)  # fmt: skip
FOLDER = Path(__file__).parent / "cases"
ROWS = {
    name: without_remarks(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))["cases"] for name in TABLES
}
EVERY_ROW = [row for rows in ROWS.values() for row in rows]
SETTLED = [row for row in EVERY_ROW if "open" not in row]

# Typed from the contract, §2 and §3, and not read from the data.
FINDINGS = (
    "hip_flexion_limited", "hip_extension_limited", "hip_abduction_limited", "hip_adduction_limited",
    "hip_internal_rotation_limited", "hip_external_rotation_limited", "ankle_dorsiflexion_limited",
    "hip_motion_asymmetric", "hypermobility_screen",
    "iliopsoas_short", "rectus_femoris_short", "hamstring_short", "itb_tfl_short", "hip_rotators_short",
    "adductors_short", "gastrocnemius_short", "soleus_short", "calf_short", "plantar_fascia_tight",
    "hip_abductors_weak", "hip_extensors_weak", "neural_tension_sign", "hip_provocation_sign",
    "foot_pronated", "foot_supinated", "gait_deviation",
    "leg_length_insufficient_data", "leg_length_no_difference", "leg_length_functional_suspected",
    "leg_length_functional_foot_suspected", "leg_length_functional_supported", "leg_length_unloaded_asymmetry",
    "leg_length_structural_suspected", "leg_length_structural_confirmed", "leg_length_mixed",
    "leg_length_contracture_possible", "leg_length_conflicting", "leg_length_refer",
    "prolonged_sitting", "prolonged_standing_hard_floor", "unsupportive_footwear",
)  # fmt: skip
CONDITIONS = (
    "hip_replacement", "knee_replacement", "hip_joint_disease", "old_fracture_or_growth_plate_injury", "polio",
    "osteoporosis", "vertebral_fracture", "disc_herniation_with_leg_symptoms", "pregnancy", "hypermobility",
    "anticoagulants", "recent_surgery", "inflammatory_arthritis_flare", "lateral_hip_pain", "achilles_pain",
)  # fmt: skip
CONTRADICTIONS = (
    "short_leg_of_a_child", "stiff_hip_of_a_child", "short_leg_after_something_happened", "short_leg_turned_out",
    "painful_replaced_hip", "contracture_with_fever",
)  # fmt: skip


def differing(found, expected):
    """What stands in only one of two lists, whatever their order."""
    found, expected = Counter(map(json.dumps, found)), Counter(map(json.dumps, expected))
    yield from (f"too much: {entry}" for entry in found - expected)
    yield from (f"missing: {entry}" for entry in expected - found)


def unsaid(pieces, texts):
    yield from (f"nobody says {piece!r}; said: {texts}" for piece in pieces if not any(piece in text for text in texts))


def all_findings(result, expected):
    """Every finding as [code, side, grade, confidence], and no other."""
    found = [[finding[word] for word in ("code", "side", "grade", "confidence")] for finding in result["findings"]]
    return differing(found, expected)


def with_notes(entry, word):
    return " ".join([entry[word], *(reason["note"] for reason in entry["because"])])


def says(result, expected):
    """[code, side, piece of the finding's text or of the notes of its reasons]."""
    for code, side, piece in expected:
        found = [entry for entry in result["findings"] if (entry["code"], entry["side"]) == (code, side)]
        yield from unsaid([piece], [with_notes(entry, "text") for entry in found])


def never_says(result, expected):
    """[code, side, piece that the finding's text must not hold]."""
    for code, side, piece in expected:
        found = [entry["text"] for entry in result["findings"] if (entry["code"], entry["side"]) == (code, side)]
        yield from (f"says {piece!r}: {text}" for text in found or [f"no {code}: {piece}"] if piece in text)


def never_says_why(result, expected):
    """[code, side, piece that the reason why it is not there must not hold]."""
    for code, side, piece in expected:
        entries = [entry["why"] for entry in result["not_found"] if (entry["code"], entry["side"]) == (code, side)]
        yield from (f"says {piece!r}: {why}" for why in entries or [f"no {code}: {piece}"] if piece in why)


def not_found(result, expected):
    """[code, side, piece of why it is not there]."""
    for code, side, piece in expected:
        entries = [entry for entry in result["not_found"] if (entry["code"], entry["side"]) == (code, side)]
        yield from unsaid([piece], [with_notes(entry, "why") for entry in entries])


def leg_rows(result, expected):
    """Numbers of the rows of the leg-length table that answered."""
    return differing([note["row"] for note in result["leg_length"]["rows"] if note["answered"]], expected)


def next_steps(result, expected):
    """The ledger's next steps, all of them and in their order, a piece of each."""
    steps = result["leg_length"]["next"]
    if len(steps) != len(expected) or any(piece not in step for piece, step in zip(expected, steps, strict=False)):
        yield f"next steps are {steps}"


def lacks(result, expected):
    """[row, piece of what it lacks]."""
    for number, piece in expected:
        notes = [note["lacks"] for note in result["leg_length"]["rows"] if note["row"] == number]
        yield from unsaid([piece], notes)


def left_out(result, expected):
    """[exercise, piece of the reason], and it is not in the programme."""
    programme = result["programme"]
    for exercise, piece in expected:
        yield from unsaid(
            [piece], [entry["because"] for entry in programme["left_out"] if entry["exercise"] == exercise]
        )
        yield from absent(result, [exercise])


def absent(result, expected):
    """Exercises that are not in the programme."""
    items = {item["exercise"] for item in result["programme"]["items"]}
    yield from (f"{exercise} is no exercise" for exercise in expected if exercise not in LIBRARY)
    yield from (f"{exercise} is in the programme" for exercise in expected if exercise in items)


def exercises(result, expected):
    """[exercise, side] that are in the programme, whatever else is."""
    items = [[item["exercise"], item["side"]] for item in result["programme"]["items"]]
    yield from (f"{entry} is not among {items}" for entry in expected if entry not in items)


def changed(result, expected):
    """[exercise, piece of how it is done differently]."""
    for exercise, piece in expected:
        changes = [item["changes"] for item in result["programme"]["items"] if item["exercise"] == exercise]
        yield from unsaid([piece], [text for texts in changes for text in texts])


def no_exercise(result, expected):
    """[finding, piece of why it leads to no exercise]."""
    for code, piece in expected:
        entries = result["programme"]["no_exercise"]
        yield from unsaid([piece], [entry["because"] for entry in entries if entry["finding"] == code])


def the_same(look):
    def check(result, expected):
        found = look(result)
        if found != expected:
            yield f"is {found!r}"

    return check


def pieces_in(look):
    def check(result, expected):
        return unsaid(expected, look(result))

    return check


def kinds(result):
    return sorted({item["kind"] for item in result["programme"]["items"]})


CHECKS = {
    "findings": all_findings,
    "says": says,
    "never_says": never_says,
    "never_says_why": never_says_why,
    "not_found": not_found,
    "rows": leg_rows,
    "next": next_steps,
    "lacks": lacks,
    "leg_length": the_same(lambda result: result["leg_length"]),
    "disagree": the_same(lambda result: result["leg_length"]["disagree"]),
    "contradictions": lambda result, expected: differing(
        [[one["key"], one["level"]] for one in result["contradictions"]], expected
    ),
    "referral": the_same(lambda result: result["referral"]["level"]),
    "referral_because": pieces_in(lambda result: result["referral"]["because"]),
    "locked": the_same(lambda result: result["programme"]["locked"]),
    "exercises": exercises,
    "absent": absent,
    "left_out": left_out,
    "changed": changed,
    "no_exercise": no_exercise,
    "no_items": the_same(lambda result: result["programme"]["items"] == []),
    "kinds": the_same(kinds),
    "advice": pieces_in(lambda result: result["programme"]["advice"]),
    "needs_answer": the_same(lambda result: result["programme"]["needs_answer"]),
    "needs_answer_because": pieces_in(lambda result: result["programme"]["needs_answer_because"]),
    "lift": the_same(lambda result: result["lift"]["may_be_considered"]),
    "lift_because": pieces_in(lambda result: result["lift"]["because"]),
    "warnings": the_same(lambda result: result["warnings"]),
}


def result_of(document):
    """The result document as it is printed, with the paths of the warnings beside it."""
    evaluation = evaluate(document)
    return {**json.loads(json.dumps(evaluation.as_dict())), "warnings": [one.path for one in evaluation.warnings]}


def complaints(row):
    expected = dict(row["expect"])
    refused = expected.pop("refused", None)
    if refused is not None:
        with pytest.raises(InvalidInput) as error:
            evaluate(row["document"])
        yield from unsaid(refused, [str(problem) for problem in error.value.problems])
        return
    result = result_of(row["document"])
    for word, value in expected.items():
        yield from (f"{word}: {said}" for said in CHECKS[word](result, value))


def parameter(row):
    """An open row fails until the software or the reference changes; strictly, so that nobody forgets it then."""
    marks = [pytest.mark.xfail(reason=row["open"], raises=AssertionError, strict=True)] if "open" in row else []
    return pytest.param(row, id=row["case"], marks=marks)


@pytest.mark.parametrize("row", [parameter(row) for row in EVERY_ROW])
def test_case(row):
    assert list(complaints(row)) == []


def test_a_row_has_words_a_document_and_something_to_expect():
    for row in EVERY_ROW:
        assert {"case", "document", "expect"} <= set(row) <= {"case", "document", "expect", "open"}, row["case"]
        assert row["expect"], row["case"]
        assert set(row["expect"]) <= {*CHECKS, "refused"}, row["case"]


def test_every_case_stands_once():
    words = Counter(row["case"] for row in EVERY_ROW)
    assert [case for case, times in words.items() if times > 1] == []
    assert len(EVERY_ROW) >= 150
    for name, rows in ROWS.items():
        documents = Counter(json.dumps(row["document"], sort_keys=True) for row in rows)
        assert [document for document, times in documents.items() if times > 1] == [], name


def test_every_json_file_of_the_folder_is_a_known_table_or_a_case_document():
    for path in FOLDER.glob("*.json"):
        assert (path.stem in TABLES) != ("client" in json.loads(path.read_text(encoding="utf-8"))), path.name


def raised(code):
    return any(code == entry[0] for row in SETTLED for entry in row["expect"].get("findings", []))


def held_against(code):
    """Whether a row says why it is not there."""
    return any(code == entry[0] for row in SETTLED for entry in row["expect"].get("not_found", []))


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_of_the_contract_is_raised_somewhere(code):
    assert raised(code)


@pytest.mark.parametrize("code", [code for code in FINDINGS if not code.startswith("leg_length")])
def test_every_finding_is_looked_for_and_not_there_somewhere(code):
    assert held_against(code)


def answers(part, key):
    """The answers that the rows give to one question of the intake, without their details."""
    given = [row["document"].get("intake", {}).get(part, {}).get(key) for row in EVERY_ROW]
    entries = [entry for answer in given if answer for entry in (answer if isinstance(answer, list) else [answer])]
    return {entry if isinstance(entry, str) else entry["answer"] for entry in entries}


@pytest.mark.parametrize("key", EVERY)
def test_every_red_flag_is_answered_yes_somewhere(key):
    assert "yes" in answers("red_flags", key)


@pytest.mark.parametrize("key", CONDITIONS)
def test_every_condition_is_answered_yes_and_unsure_somewhere(key):
    assert {"yes", "unsure"} <= answers("conditions", key)


@pytest.mark.parametrize("key", CONTRADICTIONS)
def test_every_contradiction_comes_up_somewhere(key):
    assert any(key == entry[0] for row in EVERY_ROW for entry in row["expect"].get("contradictions", []))


@pytest.mark.parametrize("number", range(1, 13))
def test_every_row_of_the_leg_length_table_answers_somewhere(number):
    assert any(number in row["expect"].get("rows", []) for row in EVERY_ROW)


def test_ages_at_every_edge_are_there():
    assert {row["document"].get("client", {}).get("age") for row in EVERY_ROW} >= {None, 8, 12, 17, 18, 40, 69, 70, 90}
