"""The clinicians' guide is complete, can be read, and says what the data say today."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.rules import PACK, Facts, contradictions, read_measurements, reason
from intake.screening import COMBINATIONS, CONDITIONS, RED_FLAGS
from tests.assessments.rules.conftest import read_all as read
from tests.assessments.rules.test_contradictions import CASES
from treatments.guide import guide, phrases
from treatments.guide.markdown import amount, anchor
from treatments.planning import LIBRARY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
RULES = list(PACK.rules.values())
EXERCISES = list(LIBRARY.values())


@pytest.fixture(scope="module")
def text():
    return guide()


def test_the_page_is_up_to_date(text):
    assert PAGE.read_text(encoding="utf-8") == text, "run: .venv/bin/python manage.py protocol_guide docs/protocol.md"


# --- complete ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([measure.label for measure in PACK.measures.values()], id="measures"),
        pytest.param([measure.how_to for measure in PACK.measures.values()], id="how to measure"),
        pytest.param([change.source for change in PACK.changes.values()], id="detectable changes"),
        pytest.param([norm.population for norm in PACK.norms], id="norms"),
        pytest.param([f"`{rule.key}`, version {rule.version}" for rule in RULES], id="findings"),
        pytest.param([rule.name for rule in RULES], id="names of findings"),
        pytest.param([rule.source for rule in RULES], id="sources of findings"),
        pytest.param([note for rule in RULES for note in rule.notes.values()], id="notes"),
        pytest.param([row["pattern"] for row in PACK.leg["rows"]], id="rows of the leg-length table"),
        pytest.param(list(PACK.leg["next"].values()), id="next steps"),
        pytest.param([item.question for item in RED_FLAGS.values()], id="red flags"),
        pytest.param([one.source for one in COMBINATIONS], id="combinations"),
        pytest.param([item.question for item in CONDITIONS.values()], id="conditions"),
        pytest.param([exercise.name for exercise in EXERCISES], id="exercises"),
        pytest.param([exercise.evidence.sentence for exercise in EXERCISES], id="evidence"),
        pytest.param([step for exercise in EXERCISES for step in exercise.steps], id="steps"),
    ],
)
def test_everything_stands_in_it(words, text):
    assert [word for word in words if word not in text] == []


def test_every_threshold_is_said_with_its_number(text):
    said = {rule.key: phrases.THRESHOLDS.get(rule.key, {}) for rule in RULES}
    assert {key: set(words) for key, words in said.items()} == {rule.key: set(rule.thresholds) for rule in RULES}
    for rule in RULES:
        for name, value in rule.thresholds.items():
            assert said[rule.key][name].format(n=f"{value:g}") in text


def test_every_age_band_is_said_with_its_number(text):
    for rule in RULES:
        part = text.split(f"`{rule.key}`, version")[-1]
        for limit in (limit for band in rule.bands for limit in band.limits):
            assert f"{amount(limit.threshold, 'deg')}, {limit.grade}" in part.split("###")[0]


def test_every_number_of_the_leg_length_table_is_said():
    numbers = {name for name, value in PACK.leg.items() if isinstance(value, int | float)}
    assert numbers == {*phrases.LEG_LIMITS, "lift_share", "lift_in_shoe_mm"}  # a lift has sentences of its own


def test_no_blank_is_left_open(text):
    assert re.findall(r"\{\w*\}|None|<[A-Z]", text) == []


# --- readable ---------------------------------------------------------------------------------------------------------


def test_every_link_leads_to_the_one_heading_it_names(text):
    headings = Counter(anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M))
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert [link for link in links if headings[link] != 1] == []


def test_every_row_of_a_table_has_the_cells_of_its_head(text):
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.M):
        assert len({line.count("|") for line in block.splitlines()}) == 1, block


def test_tags_are_said_in_words(text):
    for word, meaning in phrases.TAGS.values():
        assert f"| {word} | {meaning} |" in text


# --- what the guide says in its own words is what the rules do -------------------------------------------------------

SHORT_LEFT = [
    {"measure": "leg_length_true", "side": side, "value": value, "trial": trial}
    for side, value in (("left", 880), ("right", 895))
    for trial in (1, 2)
]
LEVEL = [{**row, "value": 880} for row in SHORT_LEFT]


def block(side, value):
    return {"measure": "leg_length_difference_block", "side": side, "value": value}


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("leg_length_refer", [block("left", 25)]),
        ("leg_length_conflicting", [*SHORT_LEFT, block("right", 8)]),
        ("leg_length_contracture_possible", [*SHORT_LEFT, {"measure": "knee_extension", "side": "left", "value": -10}]),
        (
            "leg_length_functional_foot_suspected",
            [
                *LEVEL,
                block("left", 6),
                {"measure": "foot_posture_index", "side": "left", "value": 8},
                {"measure": "foot_posture_index", "side": "right", "value": 4},
            ],
        ),
        ("leg_length_unloaded_asymmetry", [{"measure": "leg_length_difference_supine", "side": "left", "value": 12}]),
    ],
)
def test_the_step_of_a_row_is_the_one_that_the_ledger_asks_for(code, rows):
    readings, problems, _ = read_measurements(rows)
    assert problems == []
    reasoning = reason(readings, Facts(age=40))
    assert code in {finding.code for finding in reasoning.findings}
    assert PACK.leg["next"][phrases.LEG_STEPS[code]] in reasoning.ledger.next_steps


def test_every_step_is_explained_once():
    assert Counter([*phrases.LEG_STEPS.values(), *phrases.ANY_STEPS]) == Counter(PACK.leg["next"].keys())


def test_every_contradiction_of_the_rules_is_told_with_each_of_its_levels():
    """CASES has a line for each way to come to one: the rules are measured to be covered."""
    made = {
        (one.key, one.level)
        for _, rows, facts, _ in CASES
        for one in reason(read(*rows), Facts(**{"age": 40, **facts})).contradictions
    }
    assert made == {(key, level) for key, levels in phrases.CONTRADICTIONS.items() for level in levels}


@pytest.mark.parametrize("name", ["TRAUMA", "ILLNESS", "LIMPING"])
def test_the_flags_that_contradict_are_asked(name):
    assert set(getattr(contradictions, name)) <= RED_FLAGS.keys()


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_the_guide(capsys, text):
    call_command("protocol_guide")
    assert capsys.readouterr().out == text


def test_the_command_writes_a_file_that_then_passes_its_check(tmp_path, text):
    path = tmp_path / "guide.md"
    call_command("protocol_guide", str(path))
    assert path.read_text(encoding="utf-8") == text
    call_command("protocol_guide", str(path), "--check")


@pytest.mark.parametrize("content", [None, "something older\n"])
def test_the_check_fails_on_a_stale_or_missing_guide_and_writes_nothing(tmp_path, content):
    path = tmp_path / "guide.md"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match="out of date; write it again"):
        call_command("protocol_guide", str(path), "--check")
    assert (path.read_text() if path.exists() else None) == content


def test_the_check_needs_a_path():
    with pytest.raises(CommandError, match="needs the PATH"):
        call_command("protocol_guide", "--check")
