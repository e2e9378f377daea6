"""The table of what the rules read by name is what they read, and a slip in a file is one clear line."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from assessments.rules import PACK
from assessments.rules.needs import NEEDS, placeholders
from assessments.rules.protocol import DOCUMENTS, load_pack
from clinic.packs import PackError, without_remarks
from clinic.problems import InvalidInput
from tests.benchmarks.untraced import untraced
from treatments.evaluation import evaluate

CASES = Path(__file__).parents[2] / "treatments" / "cases"
DOCUMENTS_OF_CASES = [
    row["document"]
    for path in sorted(CASES.glob("*.json"))
    for row in without_remarks(json.loads(path.read_text(encoding="utf-8"))).get("cases", ())
]


class Watched(Mapping):
    """A mapping that notes each name read from it."""

    def __init__(self, inner, place, read):
        self.inner, self.place, self.read = inner, place, read

    def __getitem__(self, name):
        self.read.add((*self.place, name))
        return self.inner[name]

    def __iter__(self):
        return iter(self.inner)

    def __len__(self):
        return len(self.inner)


class Template(str):
    """A text that notes which words it is given."""

    def format(self, **words):
        self.given.update((*self.place, word) for word in words)
        return str(self).format(**words)

    @classmethod
    def of(cls, text, place, given):
        made = cls(text)
        made.place, made.given = place, given
        return made


@pytest.fixture(scope="module")
def seen():
    """What the rules read, with which words they fill texts, and what they find, over every case: (finding, part, name)
    twice, and findings. That the rules are run through is measured where the cases are tried one by one."""
    read, given, made = set(), set(), set()
    rules = {}
    for key, rule in PACK.rules.items():
        patterns = {name: Template.of(text, (key, "pattern_words"), given) for name, text in rule.patterns.items()}
        rules[key] = replace(
            rule,
            thresholds=Watched(rule.thresholds, (key, "thresholds"), read),
            notes=Watched(rule.notes, (key, "notes"), read),
            patterns=Watched(patterns, (key, "patterns"), read),
            text=Template.of(rule.text, (key, "words"), given),
            client_text=Template.of(rule.client_text, (key, "words"), given),
        )
    pack = replace(PACK, rules=rules)
    with untraced():
        for document in DOCUMENTS_OF_CASES:
            try:
                evaluation = evaluate(document, pack=pack)
            except InvalidInput:
                continue
            assert evaluation.as_dict()
            made.update(finding.code for finding in evaluation.reasoning.findings)
    return read, given - {(key, "words", "side") for key in PACK.rules}, made


PARTS = ("thresholds", "notes", "patterns")
TABLE = {(key, part, name) for key, needs in NEEDS.items() for part in PARTS for name in getattr(needs, part)}
MAY = {(key, *name.split(".")) for key, needs in NEEDS.items() for name in needs.may}


def test_the_rules_read_no_name_that_the_table_lacks(seen):
    read, _, _ = seen
    assert read - TABLE - MAY == set()


def test_every_name_in_the_table_is_read_in_some_case(seen):
    read, _, _ = seen
    assert TABLE - read == set()


@pytest.mark.parametrize("part", ["words", "pattern_words"])
def test_the_texts_may_name_what_the_rules_fill_in(seen, part):
    _, given, _ = seen
    table = {(key, part, name) for key, needs in NEEDS.items() for name in getattr(needs, part)}
    assert {place for place in given if place[1] == part} == table


def test_every_finding_of_the_table_is_made_in_some_case(seen):
    _, _, made = seen
    assert NEEDS.keys() - made == set()


# --- slips ------------------------------------------------------------------------------------------------------------

FLEXION = ("findings/motion", "hip_flexion_limited")
ILIOPSOAS = ("findings/muscle_length", "iliopsoas_short")
SITTING = ("findings/strength_foot_and_exposure", "prolonged_sitting")
OF_SITTING = "findings: prolonged_sitting"
UNSETTLED = ("findings/leg_length", "leg_length_insufficient_data")
LEGS = ("leg_length",)
ROW = ("leg_length", "rows", 0)
POSE = DOCUMENTS["poses"]["poses"]["thomas_hip_angle"]


def lines(documents):
    with pytest.raises(PackError) as refused:
        load_pack(documents)
    return refused.value.lines


def part(documents, place):
    for step in place:
        documents = documents[step]
    return documents


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (
            FLEXION, {"thresholds": {"side_diference": 10}},
            ["findings: hip_flexion_limited: thresholds: no rule reads side_diference"],
        ),
        (FLEXION, {"thresholds": {"common": 1}}, ["findings: hip_flexion_limited: thresholds: no rule reads common"]),
        (FLEXION, {"text": "x {sid}"}, ["findings: hip_flexion_limited: text: unknown placeholder sid"]),
        (FLEXION, {"client_text": "x {"}, ["findings: hip_flexion_limited: client_text: unknown placeholder with an"]),
        (FLEXION, {"positions": []}, ["findings: hip_flexion_limited: positions: are missing"]),
        (FLEXION, {"bands": []}, ["findings: hip_flexion_limited: bands: are missing"]),
        (
            ("findings/motion", "hip_extension_limited"), {"notes": {}},
            ["findings: hip_extension_limited: a limit with sure_below needs the note 'common', which says why"],
        ),
        (ILIOPSOAS, {"positions": ["supine"]}, ["findings: iliopsoas_short: positions: no rule reads them here"]),
        (
            ILIOPSOAS, {"notes": {}},
            [f"findings: iliopsoas_short: notes: {name} is missing" for name in ("critical", "pelvis")],
        ),
        (
            SITTING, {"thresholds": {"hourz": 7}},
            [f"{OF_SITTING}: thresholds: {said}" for said in ("hours is missing", "no rule reads hourz")],
        ),
        (
            SITTING, {"asks": "sitting"},
            ["findings: prolonged_sitting: asks: is sitting; the rule reads sitting_hours_per_day"],
        ),
        (FLEXION, {"asks": "footwear"}, ["findings: hip_flexion_limited: asks: is footwear; the rule reads none"]),
        (SITTING, {"asks": ""}, [f"{OF_SITTING}: asks: is missing; the rule reads sitting_hours_per_day"]),
        (
            (*UNSETTLED, "patterns"), {"lying": "{side}"},
            ["findings: leg_length_insufficient_data: patterns: lying: unknown placeholder side"],
        ),
        (
            (*UNSETTLED, "patterns"), {"laying": "x"},
            ["findings: leg_length_insufficient_data: patterns: no rule reads laying"],
        ),
        (SITTING, {"text": "Sitting is not normal."}, [f"{OF_SITTING}: text: says “normal”, and no norm"]),
        (
            ("findings/motion",), {"elbow": DOCUMENTS["findings/motion"]["hip_motion_asymmetric"]},
            ["findings: elbow: no rule makes it"],
        ),
        (
            ("findings/motion",), {"soleus_short": DOCUMENTS["findings/muscle_length"]["soleus_short"]},
            ["findings: soleus_short: stands in 2 files"],
        ),
        (
            ("findings/strength_foot_and_exposure", "foot_pronated"), {"graded_by": ["foot_posture_index"]},
            ["findings: foot_pronated: is graded by foot_posture_index, which takes no grade"],
        ),
        (LEGS, {"tight_findings": ["calf_shrt"]}, ["leg_length.json: tight_findings: no such finding: calf_shrt"]),
        (
            ROW, {"answers": ["leg_nope"]},
            [
                "leg_length.json: rows: row 1: no rule answers leg_nope",
                "leg_length.json: rows: leg_length_insufficient_data answers no row",
            ],
        ),
        (ROW, {"row": 2}, ["leg_length.json: rows: row 2 stands there twice"]),
        (("poses", "poses"), {"elbow_angle": POSE}, ["poses.json: elbow_angle: no such measure"]),
        (("claims", "claims", 0), {"except": ["elbow"]}, ["claims.json: except: no such finding: elbow"]),
    ],
    ids=str,
)  # fmt: skip
def test_a_slip_in_a_file_is_one_clear_line(place, change, said):
    documents = {**DOCUMENTS, place[0]: deepcopy(DOCUMENTS[place[0]])}
    part(documents, place).update(change)
    found = lines(documents)
    assert len(found) == len(said), found
    assert all(line.startswith(begin) for line, begin in zip(found, said, strict=True)), found


@pytest.mark.parametrize("key", [key for key in NEEDS if not key.startswith("leg_length_")])
def test_a_finding_that_a_rule_makes_is_missed(key):
    documents = dict(DOCUMENTS)
    for name in documents:
        if name.startswith("findings/"):
            documents[name] = {other: rule for other, rule in documents[name].items() if other != key}
    assert f"findings: {key}: is missing; a rule makes it" in lines(documents)


@pytest.mark.parametrize(("key", "kind", "name"), sorted(TABLE))
def test_a_name_that_a_rule_reads_is_missed(key, kind, name):
    documents = dict(DOCUMENTS)
    for file in documents:
        if file.startswith("findings/") and key in documents[file]:
            documents[file] = deepcopy(documents[file])
            del documents[file][key][kind][name]
    assert lines(documents) == (f"findings: {key}: {kind}: {name} is missing",)


def test_placeholders_without_a_name_are_unknown():
    assert placeholders("{} {0}") == {"", "0"}
