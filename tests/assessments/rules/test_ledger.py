"""Every way the legs were measured, side by side; what answered; and what would settle it, which is never nothing."""

from datetime import date

import pytest

from assessments.rules import PACK, Earlier, Facts, reason

TODAY = date(2026, 6, 1)


@pytest.fixture
def look(read):
    def at(*rows, earlier=(), on=TODAY, **facts):
        visits = [Earlier(day, tuple(read(*then))) for day, then in earlier]
        return reason(read(*rows), Facts(**{"age": 40, "assessed_on": on, **facts}), earlier=visits)

    return at


@pytest.fixture
def tape(row):
    def both(left, right, trials=2, **more):
        legs = (("left", left), ("right", right))
        return [row("leg_length_true", side, mm, trial=n, **more) for side, mm in legs for n in range(1, trials + 1)]

    return both


@pytest.fixture
def block(row):
    return lambda mm, side="right", **more: row("leg_length_difference_block", side if mm else None, mm, **more)


@pytest.fixture
def tight(row):
    return row("iliopsoas_length", "right", grade="moderate")


def answers(reasoning):
    return {code for row in reasoning.ledger.rows if row.answered for code in row.codes}


def test_no_ledger_without_a_leg_reading(look, tight):
    assert look(tight).ledger is None


def test_each_method_keeps_its_reading_side_trials_spread_examiners_and_reliability(look, row):
    rows = [row("leg_length_true", "left", mm, trial=n, examiner="Ann") for n, mm in ((1, 890), (2, 894))]
    rows += [row("leg_length_true", "right", mm, trial=n, examiner="Ben") for n, mm in ((1, 879), (2, 881))]
    tape, block = look(*rows, row("leg_length_difference_block", "right", 4.9, examiner="Ann")).ledger.entries
    assert (tape.measure, tape.left, tape.right, tape.difference, tape.side) == (
        "leg_length_true",
        892,
        880,
        12,
        "right",
    )
    assert (tape.trials, tape.spread, tape.error, tape.examiners) == (2, 4, 10, ("Ann", "Ben"))
    assert "wrong leg" in tape.reliability
    assert (block.difference, block.side, block.left, block.examiners) == (4.9, None, None, ("Ann",))
    assert look(*rows).ledger.as_dict()["methods"][0]["label"].startswith("True leg length")


def test_one_leg_stands_in_the_ledger_without_a_difference(look, row):
    rows = [row("leg_length_true", "right", mm, trial=n, examiner="Ann") for n, mm in ((1, 880), (2, 884))]
    (entry,) = look(*rows).ledger.entries
    assert (entry.left, entry.right, entry.difference, entry.side) == (None, 882, None, None)
    assert (entry.trials, entry.spread, entry.examiners) == (2, 4, ("Ann",))
    left = look(row("leg_length_imaging", "left", 880, instrument="ct")).ledger.entries[0]
    assert (left.left, left.right) == (880, None)


def test_methods_that_name_different_sides_are_called_disagreeing(look, tape, block):
    assert look(*tape(892, 880), block(6, "left")).ledger.disagree
    assert not look(*tape(892, 880), block(6, "right")).ledger.disagree
    assert not look(*tape(892, 880), block(4.9, "left")).ledger.disagree


def test_every_row_says_whether_it_answered_or_what_it_lacks(look, tape):
    rows = {row.row: row for row in look(*tape(892, 880)).ledger.rows}
    assert list(rows) == list(range(1, 13))
    assert rows[1].answered
    assert (rows[9].answered, rows[9].lacks) == (False, "not on file: imaging")
    assert rows[6].lacks == "not on file: block"
    assert rows[7].lacks == "the readings don't fit it"


NEXT = PACK.leg["next"]


@pytest.mark.parametrize(
    ("case", "steps"),
    [
        ("tape once", ["tape_twice", "block", "imaging"]),
        ("tape twice", ["block", "imaging"]),
        ("level tape", ["block", "apparent", "imaging"]),
        ("block", ["tape_twice", "imaging"]),
        ("apparent unequal", ["tape_twice", "block", "tissue", "imaging"]),
        ("conflict", ["repeat", "imaging"]),
        ("both", ["imaging"]),
        ("both and tight", ["treat", "imaging"]),
        ("contracture", ["contracture", "block", "treat", "imaging"]),
        ("lying", ["loaded", "tape_twice", "block", "imaging"]),
        ("foot", ["feet", "apparent", "imaging"]),
        ("large", ["opinion", "imaging"]),
        ("imaging of a kind", []),
        ("imaging of no kind", ["imaging_kind"]),
        ("imaging and tight", ["treat"]),
    ],
)
def test_what_would_settle_it_next(look, row, tape, block, tight, case, steps):
    image = row("leg_length_difference_imaging", "right", 8)
    visits = {
        "tape once": tape(892, 880, trials=1),
        "tape twice": tape(892, 880),
        "level tape": tape(892, 890),
        "block": [block(6)],
        "apparent unequal": [row("leg_length_difference_apparent", "right", 12)],
        "conflict": [*tape(892, 880), block(6, "left")],
        "both": [*tape(892, 880), block(6)],
        "both and tight": [*tape(892, 880), block(6), tight],
        "contracture": [*tape(892, 880), row("hip_extension", "right", -10)],
        "lying": [row("leg_length_difference_supine", "right", 12), row("leg_length_difference_prone", "right", 12)],
        "foot": [*tape(892, 890), block(6), row("foot_posture", "right", observed="pronated")],
        "large": [*tape(912, 890), block(21)],
        "imaging of a kind": [{**image, "instrument": "ct"}],
        "imaging of no kind": [image],
        "imaging and tight": [{**image, "instrument": "ct"}, tight],
    }
    assert list(look(*visits[case]).ledger.next_steps) == [NEXT[step] for step in steps]


# Over time: row 6 with tissue that four weeks did not change, and row 12, a difference that grows


def test_a_difference_that_four_weeks_of_treatment_left_unchanged_is_suspected_bony(look, tape, block, tight):
    now = [*tape(892, 880), block(8), tight]
    assert answers(look(*now)) == {"leg_length_insufficient_data"}
    then = (date(2026, 5, 4), [*tape(892, 881), block(6)])
    found = look(*now, earlier=[then])
    assert answers(found) == {"leg_length_structural_suspected"}
    (finding,) = [one for one in found.findings if one.code.startswith("leg_length")]
    assert (finding.side, finding.confidence) == ("right", "moderate")
    assert "unchanged since 2026-05-04" in finding.text
    assert NEXT["treat"] not in found.ledger.next_steps


@pytest.mark.parametrize(
    ("case", "day", "left", "mm", "side"),
    [
        ("27 days are too few", date(2026, 5, 5), 892, 8, "right"),
        ("the blocks changed by their error", date(2026, 4, 1), 892, 13, "right"),
        ("the blocks were level", date(2026, 4, 1), 892, 4.9, "right"),
        ("the blocks said the other side", date(2025, 9, 1), 892, 8, "left"),
        ("the tape changed by its error", date(2026, 4, 1), 902, 8, "right"),
        ("the tape was level", date(2026, 4, 1), 889, 8, "right"),
    ],
)
def test_otherwise_it_is_treated_first(look, tape, block, tight, case, day, left, mm, side):
    found = look(*tape(892, 880), block(8), tight, earlier=[(day, [*tape(left, 880), block(mm, side)])])
    assert answers(found) == {"leg_length_insufficient_data"}, case


def test_only_one_method_at_the_earlier_visit_proves_nothing(look, tape, block, tight):
    assert "leg_length_structural_suspected" not in answers(
        look(*tape(892, 880), block(8), tight, earlier=[(date(2026, 4, 1), [block(8)])])
    )


def test_without_a_day_of_this_visit_earlier_ones_say_nothing(look, tape, block, tight):
    then = (date(2026, 4, 1), [*tape(892, 880), block(8)])
    assert answers(look(*tape(892, 880), block(8), tight, earlier=[then], on=None)) == {"leg_length_insufficient_data"}


@pytest.mark.parametrize(
    ("case", "day", "mm", "side", "refers"),
    [
        ("10 mm more in half a year", date(2025, 11, 30), 2, "right", True),
        ("9 mm more in half a year", date(2025, 11, 30), 3, "right", False),
        ("10 mm more in a longer time", date(2025, 11, 29), 2, "right", False),
        ("from the other side", date(2026, 5, 1), 3, "left", True),
        ("clearly from the other side: one is wrong", date(2026, 5, 1), 12, "left", False),
        ("shrinking", date(2026, 5, 1), 30, "right", False),
    ],
)
def test_a_difference_that_grows_quickly_needs_an_opinion(look, block, case, day, mm, side, refers):
    found = look(block(12), earlier=[(day, [block(mm, side)])])
    assert ("leg_length_refer" in answers(found)) is refers, case
    if refers:
        assert "more by block since" in next(one for one in found.findings if one.code == "leg_length_refer").text


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_difference_that_is_gone_has_not_grown(look, block, side):
    found = look(block(0), earlier=[(date(2026, 5, 1), [block(10, side)])])
    assert "leg_length_refer" not in answers(found)


def test_a_contracture_is_one_that_a_hand_cannot_straighten_either(look, tape, row):
    bent = row("hip_extension", "right", -10, mode="active")
    straight = row("hip_extension", "right", 0, mode="passive")
    assert "leg_length_contracture_possible" in answers(look(*tape(892, 880), bent))
    assert "leg_length_contracture_possible" not in answers(look(*tape(892, 880), bent, straight))
    still = row("hip_extension", "right", -1, mode="passive")
    assert "leg_length_contracture_possible" in answers(look(*tape(892, 880), bent, still))
