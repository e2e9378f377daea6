"""Scores from answers, and every boundary of what counts as a change."""

import datetime
import json
import shutil

import pytest

from assessments.rules.questionnaires import QUESTIONNAIRES, TAGS, Answered, Score, compare, load, score
from assessments.rules.questionnaires.files import FOLDER, KEYS
from clinic.packs import PackError

NPRS, RMDQ, PSFS, GROC, SCORE_ONLY = (QUESTIONNAIRES[key] for key in KEYS)
WALK, SOCKS, SIT, SLEEP = "Walk to the shop", "Put on socks", "Sit an hour", "Sleep"


def own(*rows):
    return {"activities": [{"activity": name, "score": number} for name, number in rows]}


THREE = own((WALK, 2), (SOCKS, 4), (SIT, 5))


def lines(problems):
    assert isinstance(problems, list), problems
    return [str(problem) for problem in problems]


# --- scoring ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questionnaire", "answers", "value", "kept"),
    [
        (NPRS, {"average": 5}, 5, {"average": 5}),
        (NPRS, {"worst": 8, "average": 5, "now": 3}, 5, {"worst": 8, "average": 5, "now": 3}),
        (NPRS, {"worst": 5, "average": 5, "now": 5}, 5, {"worst": 5, "average": 5, "now": 5}),
        (NPRS, {"worst": None, "average": 0, "now": ""}, 0, {"average": 0}),
        (NPRS, {"average": 10.0}, 10, {"average": 10}),
        (RMDQ, {}, 0, {}),
        (RMDQ, {"1": True, "2": False, "24": True}, 2, {"1": True, "24": True}),
        (RMDQ, {str(number): True for number in range(1, 25)}, 24, {str(number): True for number in range(1, 25)}),
        (PSFS, THREE, 3.67, THREE),
        (PSFS, own((WALK, 0), (SOCKS, 0), (SIT, 0), (SLEEP, 10), ("Lift", 10)), 4, None),
        (PSFS, own((f"  {WALK} ", 1), (SOCKS, 1), (SIT, 1)), 1, own((WALK, 1), (SOCKS, 1), (SIT, 1))),
        (GROC, {"change": -7}, -7, {"change": -7}),
        (GROC, {"change": 7}, 7, {"change": 7}),
        (SCORE_ONLY, {"total": 41.25}, 41.25, {}),
        (SCORE_ONLY, {"total": -9999.99}, -9999.99, {}),
    ],
)
def test_scores(questionnaire, answers, value, kept):
    scored = score(questionnaire, answers)
    assert isinstance(scored, Score), scored
    assert (scored.questionnaire, scored.version, scored.value) == (questionnaire.key, questionnaire.version, value)
    assert kept is None or scored.answers == kept


@pytest.mark.parametrize(
    ("questionnaire", "answers", "said"),
    [
        (NPRS, "5", ["answers: is not a set of answers by item"]),
        (NPRS, {}, ["answers.average: is missing; choose 0 to 10"]),
        (NPRS, {"average": 11}, ["answers.average: 11 is outside 0 to 10"]),
        (NPRS, {"average": -1}, ["answers.average: -1 is outside 0 to 10"]),
        (NPRS, {"average": 5.5}, ["answers.average: 5.5 is not a whole number; allowed: 0 to 10"]),
        (NPRS, {"average": True}, ["answers.average: True is not a whole number; allowed: 0 to 10"]),
        (NPRS, {"average": "5"}, ["answers.average: '5' is not a whole number; allowed: 0 to 10"]),
        (NPRS, {"average": float("nan")}, ["answers.average: nan is not a whole number; allowed: 0 to 10"]),
        (NPRS, {"average": 5, "worst": 4}, ["answers.worst: 4 is below “average”, which is 5"]),
        (NPRS, {"average": 5, "worst": 6, "now": 7}, ["answers.worst: 6 is below “now”, which is 7"]),
        (NPRS, {"average": 12, "best": 1}, ["answers.best: is unknown", "answers.average: 12 is outside 0 to 10"]),
        (NPRS, {"average": 1, "a b": 1}, ["answers.'a b': is unknown; known: worst, average, now"]),
        (NPRS, {"average": 1, "\ud800": 1}, ["answers.'\\ud800': is unknown; known: worst, average, now"]),
        (NPRS, {"average": 1, 7: 1}, ["answers.7: is unknown; known: worst, average, now"]),
        (RMDQ, {"3": 1}, ["answers.3: is neither true nor false"]),
        (RMDQ, {"3": "yes", "25": True}, ["answers.25: is unknown", "answers.3: is neither true nor false"]),
        (GROC, {"change": 8}, ["answers.change: 8 is outside -7 to 7"]),
        (PSFS, {}, ["answers.activities: needs 3 to 5 activities; is not a list"]),
        (PSFS, own((WALK, 1), (SOCKS, 1)), ["answers.activities: needs 3 to 5 activities; 2 given"]),
        (PSFS, own(*((f"Thing {n}", 1) for n in range(6))), ["answers.activities: needs 3 to 5 activities; 6 given"]),
        (
            PSFS,
            own((WALK, 1), ("  ", 11), (SIT, None)),
            [
                "answers.activities[1].activity: is missing; a few words, at most 120 characters",
                "answers.activities[1].score: 11 is outside 0 to 10",
                "answers.activities[2].score: is missing; choose 0 to 10",
            ],
        ),
        (
            PSFS,
            own((WALK, 1), (WALK.upper(), 1), (7, 1)),
            [
                f"answers.activities[1].activity: “{WALK.upper()}” stands there twice",
                "answers.activities[2].activity: is missing; a few words, at most 120 characters",
            ],
        ),
        (
            PSFS,
            own((WALK, 1), ("x" * 121, 1), ("So\x00cks", 1)),
            [
                "answers.activities[1].activity: is longer than 120 characters",
                "answers.activities[2].activity: has a character that no text has",
            ],
        ),
        (
            PSFS,
            {"activities": [{"activity": WALK, "score": 1}, "socks", {"activity": SIT, "score": 1, "note": ""}]},
            [
                "answers.activities[1]: needs an activity and its score, and nothing else",
                "answers.activities[2]: needs an activity and its score, and nothing else",
            ],
        ),
        (SCORE_ONLY, {}, ["answers.total: is missing; allowed: -9999.99 to 9999.99"]),
        (SCORE_ONLY, {"total": "41"}, ["answers.total: '41' is not a number; allowed: -9999.99 to 9999.99"]),
        (SCORE_ONLY, {"total": False}, ["answers.total: False is not a number; allowed: -9999.99 to 9999.99"]),
        (SCORE_ONLY, {"total": 10000}, ["answers.total: 10000 is outside -9999.99 to 9999.99"]),
        (SCORE_ONLY, {"total": float("inf")}, ["answers.total: inf is outside -9999.99 to 9999.99"]),
        (SCORE_ONLY, {"total": 1.234}, ["answers.total: 1.234 has more than two decimals"]),
    ],
)
def test_problems_name_the_place_and_what_is_allowed(questionnaire, answers, said):
    found = lines(score(questionnaire, answers))
    assert len(found) == len(said)
    assert all(line.startswith(begin) for line, begin in zip(found, said, strict=True)), found


# --- change -----------------------------------------------------------------------------------------------------------


def at(which, number, answers=None, **more):
    known = {"questionnaire": which.key, "version": which.version, "score": number}
    return Answered(**{**known, "answers": answers or {}, **more})


@pytest.mark.parametrize(
    ("questionnaire", "before", "after", "verdict"),
    [
        # NPRS: an improvement needs 2 points and 30 % of the earlier score, a worsening 2 points
        (NPRS, 6, 4, "improved"),  # 33 %
        (NPRS, 6, 5, "within_error"),
        (NPRS, 7, 5, "within_error"),  # 28.6 %: from 7 it takes 2.1
        (NPRS, 7, 4, "improved"),
        (NPRS, 10, 8, "within_error"),
        (NPRS, 10, 7, "improved"),  # exactly 30 %
        (NPRS, 3, 2, "within_error"),  # 33 %, but one point
        (NPRS, 3, 1, "improved"),
        (NPRS, 2, 0, "improved"),
        (NPRS, 1, 0, "within_error"),
        (NPRS, 0, 0, "within_error"),
        (NPRS, 0, 1, "within_error"),
        (NPRS, 0, 2, "worse"),
        (NPRS, 8, 9, "within_error"),
        (NPRS, 8, 10, "worse"),
        # RMDQ: 5 points and 30 %
        (RMDQ, 10, 5, "improved"),
        (RMDQ, 10, 6, "within_error"),  # 40 %, but 4 points
        (RMDQ, 16, 11, "improved"),  # from 16 it takes 4.8: the points decide
        (RMDQ, 17, 12, "within_error"),  # 29.4 %
        (RMDQ, 17, 11, "improved"),
        (RMDQ, 20, 15, "within_error"),
        (RMDQ, 20, 14, "improved"),  # exactly 30 %
        (RMDQ, 6, 4, "within_error"),
        (RMDQ, 10, 14, "within_error"),
        (RMDQ, 10, 15, "worse"),
        # PSFS: higher is better, 2 points, no share
        (PSFS, 3.67, 5.67, "improved"),
        (PSFS, 3.67, 5.66, "within_error"),
        (PSFS, 8, 10, "improved"),
        (PSFS, 5.33, 3.33, "worse"),
        (PSFS, 5.33, 3.34, "within_error"),
    ],
)
def test_boundaries_of_what_counts(questionnaire, before, after, verdict):
    assert compare(at(questionnaire, before), at(questionnaire, after)).verdict == verdict


@pytest.mark.parametrize(
    ("rating", "verdict", "words"),
    [
        (7, "improved", "“a very great deal better”"),
        (5, "improved", "“much better”"),
        (4, "within_error", "“moderately better”"),
        (0, "within_error", "“no change”"),
        (-4, "within_error", "“moderately worse”"),
        (-5, "worse", "“much worse”"),
        (-7, "worse", "“a very great deal worse”"),
    ],
)
@pytest.mark.parametrize("before", [None, at(GROC, 7), at(RMDQ, 3)], ids=["alone", "earlier rating", "another"])
def test_a_rating_of_change_speaks_for_itself(before, rating, verdict, words):
    found = compare(before, at(GROC, rating))
    assert (found.verdict, found.difference) == (verdict, None)
    assert found.note == f"{words}; counts from +5 and from -5"
    assert found.tag_words == "unverified: our own working value"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (None, at(NPRS, 5), "nothing earlier to compare with"),
        (at(NPRS, 7, version="0"), at(NPRS, 5), "version 0 then, version 1 now"),
        (at(NPRS, 7, version="0"), at(NPRS, 5, version="0"), "version 0 is no longer on file"),
        (at(RMDQ, 7), at(NPRS, 5), "rmdq is not the same questionnaire"),
        (at(SCORE_ONLY, 40, name="ODI"), at(SCORE_ONLY, 10, name="ODI"), "no minimal important change is on file"),
        (at(NPRS, 7), at(NPRS, 5, questionnaire="odi"), "no questionnaire odi is on file"),
        (None, at(GROC, 5, version="0"), "version 0 is no longer on file"),
    ],
)
def test_not_comparable_says_why(before, after, why):
    found = compare(before, after)
    assert (found.verdict, found.note, found.needed, found.tag_words) == ("not_comparable", why, None, "")


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (8, 5, "3 points better; counts from 2.4 points (2 points and 30 % of 8)"),
        (5, 4, "1 point better; counts from 2 points (2 points and 30 % of 5)"),
        (5, 6, "1 point worse; counts from 2 points"),
        (8, 8, "the same score; an improvement counts from 2.4 points"),
    ],
)
def test_the_note_shows_the_sum(before, after, note):
    march, may = datetime.date(2026, 3, 2), datetime.date(2026, 5, 4)
    found = compare(at(NPRS, before, on=march), at(NPRS, after, on=may))
    assert found.note == note
    assert (found.before, found.after, found.before_on, found.after_on) == (before, after, march, may)
    assert (found.difference, found.called) == (after - before, "minimal important change")
    assert "Ostelo 2008" in found.source


@pytest.mark.parametrize(
    ("questionnaire", "before", "after", "said"),
    [
        (RMDQ, 3, 3, ["from 3 there is little room to improve"]),
        (RMDQ, 4, 4, []),
        (RMDQ, 20, 20, []),
        (RMDQ, 21, 21, ["from 21 there is little room to get worse"]),
        (RMDQ, 10, 3, []),
        (RMDQ, 10, 2, ["2 is a score that counts as recovered"]),
        (NPRS, 1, 0, ["from 1 there is little room to improve", "0 is a score that counts as recovered"]),
        (NPRS, 2, 1, []),
        (NPRS, 8, 8, []),
        (NPRS, 9, 9, ["from 9 there is little room to get worse"]),
        (PSFS, 8.33, 9, ["from 8.33 there is little room to improve"]),
        (PSFS, 1.67, 1, ["from 1.67 there is little room to get worse"]),
    ],
)
def test_floor_ceiling_and_recovery_are_said(questionnaire, before, after, said):
    found = compare(at(questionnaire, before), at(questionnaire, after))
    assert len(found.remarks) == len(said)
    assert all(remark.startswith(begin) for remark, begin in zip(found.remarks, said, strict=True)), found.remarks
    assert found.recovered == any("recovered" in line for line in said)


def test_a_worse_score_in_the_recovered_range_is_not_called_an_improvement():
    found = compare(at(RMDQ, 0), at(RMDQ, 2))
    assert (found.verdict, found.recovered) == ("within_error", True)


def test_one_activity_needs_three_points():
    before = at(PSFS, 3.67, THREE)
    after = at(PSFS, 5.67, own((SIT, 7), (WALK.upper(), 5), (SOCKS, 5)))
    found = compare(before, after)
    assert found.verdict == "improved"
    rows = [(row.activity, row.before, row.after, row.verdict) for row in found.activities]
    assert rows == [
        (SIT, 5, 7, "within_error"),
        (WALK.upper(), 2, 5, "improved"),
        (SOCKS, 4, 5, "within_error"),
    ]
    assert compare(after, before).activities[0].verdict == "worse"


def test_other_activities_have_no_average_to_compare():
    found = compare(at(PSFS, 3.67, THREE), at(PSFS, 8, own((WALK, 9), (SOCKS, 8), (SLEEP, 7))))
    assert (found.verdict, found.difference) == ("not_comparable", None)
    assert "not the same" in found.note
    assert [row.activity for row in found.activities] == [WALK, SOCKS]


# --- the files --------------------------------------------------------------------------------------------------------


def test_every_figure_has_its_source_and_tag_and_every_questionnaire_its_licence():
    for row in QUESTIONNAIRES.values():
        assert "" not in (row.licence, row.source)
        assert row.tag in TAGS
        assert row.change is None or (row.change.source and row.change.why)


def test_no_change_between_two_answers_is_called_an_error_of_measurement():
    """What counts as a change is an important one, or our own reading of one; the error is another figure."""
    said = [row.change.why + row.change.source for row in QUESTIONNAIRES.values() if row.change]
    assert not [words for words in said if "error" in words]


def test_the_shipped_ones():
    assert [row.key for row in QUESTIONNAIRES.values()] == list(KEYS)
    assert len(RMDQ.items) == 24
    assert "compared with the printed form" in RMDQ.wording.says
    assert RMDQ.wording.tag == "C"
    assert {row.change.tag for row in (PSFS, GROC)} == {"U"}
    assert all("our own working value" in row.change.source for row in (PSFS, GROC))
    assert {row.change.tag for row in (NPRS, RMDQ)} == {"D"}
    assert all("our own reading; the figures" in row.change.source for row in (NPRS, RMDQ))
    assert SCORE_ONLY.change is None
    assert list(GROC.numbers) == sorted(GROC.labels)


@pytest.fixture
def changed(tmp_path):
    """Loads the questionnaires with one document changed: `changed("nprs", highest=5)`."""

    def load_with(which, without=(), **values):
        folder = tmp_path / "questionnaires"
        shutil.copytree(FOLDER / "questionnaires", folder)
        document = json.loads((folder / f"{which}.json").read_text()) | values
        (folder / f"{which}.json").write_text(
            json.dumps({name: value for name, value in document.items() if name not in without})
        )
        return load(folder)

    return load_with


def change_of(row, **values):
    document = json.loads((FOLDER / "questionnaires" / f"{row.key}.json").read_text())
    return {**document["change"], **values}


@pytest.mark.parametrize(
    ("key", "without", "values", "line"),
    [
        ("nprs", (), {"colour": "red"}, "unknown key 'colour'; known: key, version"),
        ("nprs", ("licence",), {}, "'licence' is missing"),
        ("nprs", ("items",), {}, "'items' is missing"),
        ("nprs", (), {"better": "up"}, "nprs.json: better: 'up' is not one of lower, higher, unknown"),
        ("nprs", (), {"key": "pain"}, "nprs.json: its key is pain"),
        ("nprs", (), {"score_item": "best"}, "nprs.json: no such item: best"),
        ("nprs", (), {"better": "unknown"}, "nprs.json: a change that counts needs to know which way is better"),
        ("nprs", (), {"highest": 9}, "nprs.json: 10 is outside 0 to 9"),
        ("nprs", (), {"lowest": 10}, "nprs.json: lowest 10 is not below highest 10"),
        ("groc", (), {"items": [{"key": "change", "text": "One"}, {"key": "change", "text": "Two"}]}, "stands there"),
        ("rmdq", (), {"items": [{"key": "1", "text": "One"}]}, "rmdq.json: 1 statements give a score from 0 to 1"),
        ("psfs", (), {"change": change_of(PSFS, percent=30)}, "psfs.json: change: 'needs' is a dependency"),
    ],
)
def test_a_broken_file_says_what_is_wrong(changed, key, without, values, line):
    with pytest.raises(PackError) as broken:
        changed(key, without, **values)
    assert any(line in said for said in broken.value.lines), broken.value.lines


def test_the_reading_of_the_source_can_be_changed_in_the_file(changed):
    either = changed("rmdq", change=change_of(RMDQ, needs="either"))
    found = compare(at(RMDQ, 6), at(RMDQ, 4), questionnaires=either)
    assert (found.verdict, found.needed) == ("improved", 1.8)
    assert found.note == "2 points better; counts from 1.8 points (5 points or 30 % of 6)"
