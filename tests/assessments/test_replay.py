"""Replaying past assessments with another pack: what would differ, what it costs, and that nothing is written."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments import queries, rules
from assessments.models import Assessment, Finding
from assessments.services import assessments, replay
from assessments.services.replay import Summary
from clinic.models import AuditEntry, SafetyAlert
from tests.assessments.conftest import block, day, hip_extension, tape
from tests.people import make_client

SOURCE = {"source": "our own audit"}


def pack(**sections):
    return queries.packs.check(sections, 1)


def extension(*limits, side_difference=13):
    """A pack with other limits of hip extension in adults, as (grade, below)."""
    bands = [{"from_age": 18, "limits": [{"grade": grade, "below": below} for grade, below in limits]}]
    entry = {"bands": bands, "thresholds": {"side_difference": side_difference}, **SOURCE}
    return pack(findings={"hip_extension_limited": entry})


STRICT, LOOSE = extension(("moderate", 15)), extension(("mild", 1))
WORDS = pack(findings={"hip_extension_limited": {"text": "Hip extension small, {side}."}})
#: 2 degrees left, which the shipped pack finds; 14 right, which it doesn't.
BOTH = (hip_extension("left", 2), hip_extension("right", 14))


def run(other, rows=None):
    """What differs, as `+ code side`; and the summary."""
    summary, seen = Summary(), []
    for one in replay.replay(Assessment.objects.signed() if rows is None else rows, other):
        summary.add(one)
        seen += [f"{difference.kind} {difference.code} {difference.side}" for difference in one.differences]
    return seen, summary


def command(*args, document=None, tmp_path=None):
    out = io.StringIO()
    if document is not None:
        file = tmp_path / "own.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        args = ("--pack", str(file), *args)
    call_command("replay", *args, stdout=out)
    return out.getvalue()


def strict():
    limits = [{"grade": "moderate", "below": 15}]
    return {"findings": {"hip_extension_limited": {"bands": [{"from_age": 18, "limits": limits}], **SOURCE}}}


# --- what differs -----------------------------------------------------------------------------------------------------


def test_the_same_pack_finds_the_same(signed):
    signed(*BOTH)
    signed(tape("left", 892), tape("right", 868), block(22), on=day(9))
    assert run(rules.PACK)[0] == []


def test_a_stricter_limit_adds_and_names_reading_and_threshold(signed):
    signed(*BOTH)
    (one,) = replay.replay(Assessment.objects.signed(), STRICT)
    (added,) = [difference for difference in one.differences if difference.code == "hip_extension_limited"]
    assert (added.kind, added.side, added.then, added.now.grade) == ("+", "right", None, "moderate")
    assert (added.reading.value, added.threshold_then, added.threshold_now) == (14, None, 15)


def test_a_looser_limit_takes_away_and_says_what_it_was_held_against(signed):
    signed(hip_extension("left", 2))
    (one,) = replay.replay(Assessment.objects.signed(), LOOSE)
    (gone,) = one.differences
    assert (gone.kind, gone.side, gone.then.grade, gone.now) == ("-", "left", "moderate", None)
    assert (gone.reading.value, gone.threshold_then, gone.threshold_now) == (2, 10, 1)


def test_another_grade_or_confidence_is_a_change(signed):
    signed(hip_extension("left", 2))
    (one,) = replay.replay(Assessment.objects.signed(), extension(("marked", 5)))
    (moved,) = one.differences
    assert (moved.kind, moved.then.grade, moved.now.grade) == ("~", "moderate", "marked")
    assert (moved.threshold_then, moved.threshold_now) == (10, 5)
    surer = pack(findings={"hip_extension_limited": {"confidence": "high"}})
    assert run(surer)[0] == ["~ hip_extension_limited left"]


def test_other_words_alone_are_no_difference_and_are_counted(signed):
    signed(hip_extension("left", 2))
    differences, summary = run(WORDS)
    assert (differences, summary.differing, summary.by_code["hip_extension_limited"].reworded) == ([], 0, 1)


def test_a_finding_without_a_number_differs_by_what_was_seen(signed):
    signed({"measure": "foot_posture", "side": "left", "observed": "pronated"})
    finding = Finding.objects.get()
    assert finding.because[0]["threshold"] is None
    (one,) = replay.replay(Assessment.objects.signed(), pack(findings={"foot_pronated": {"confidence": "high"}}))
    assert one.differences == ()
    gone = replay.went(finding.as_rule(), rules.reason([], rules.Facts(age=40)))
    assert (replay.said(gone.reading), gone.threshold_then, gone.threshold_now) == ("pronated", None, None)
    assert replay.went(replace_because(finding), rules.reason([], rules.Facts())).reading is None


def replace_because(finding):
    finding.because = []
    return finding.as_rule()


def test_the_age_of_then_counts_and_not_the_age_of_today(signed, client_person):
    signed(hip_extension("left", 5))
    client_person.date_of_birth = datetime.date(1940, 1, 1)
    client_person.save()
    assert run(rules.PACK)[0] == []


def without_facts(draft):
    """Signed as it was before age and answers were kept."""
    Assessment.objects.filter(pk=draft.pk).update(facts={}, state="signed", signed_at=timezone.now())


def test_an_assessment_from_before_facts_were_kept_says_so(record):
    without_facts(record(hip_extension("left", 2)))
    (one,) = replay.replay(Assessment.objects.signed(), rules.PACK)
    assert not one.knows_facts
    assert [difference.kind for difference in one.differences] == ["~"]  # the age isn't known: less sure
    assert run(rules.PACK)[1].without_facts == 1


def test_leg_length_is_judged_with_the_visits_before_it(signed):
    """Tape and block unchanged after four weeks of treatment: only the earlier visit tells."""
    tight = {"measure": "iliopsoas_length", "side": "right", "grade": "moderate"}
    legs = [tape(side, value, trial) for side, value in (("left", 900), ("right", 885)) for trial in (1, 2)]
    signed(*legs, block(14), tight, on=day(2))
    later = signed(*legs, block(14), tight, on=day(20, month=4))
    codes = set(Finding.objects.filter(assessment=later).values_list("code", flat=True))
    assert "leg_length_structural_suspected" in codes
    assert run(rules.PACK)[0] == []
    wide = pack(leg_length={"tape": 20})
    assert "- leg_length_structural_suspected right" in run(wide, Assessment.objects.filter(pk=later.pk))[0]


@pytest.mark.parametrize("state", ["draft", "entered_in_error"])
def test_a_visit_that_is_not_signed_is_no_earlier_visit(record, signed, state):
    tight = {"measure": "iliopsoas_length", "side": "right", "grade": "moderate"}
    legs = [tape(side, value, trial) for side, value in (("left", 900), ("right", 885)) for trial in (1, 2)]
    first = record(*legs, block(14), tight, on=day(2))
    if state == "entered_in_error":
        Assessment.objects.filter(pk=first.pk).update(state="signed", signed_at=timezone.now())
        Assessment.objects.filter(pk=first.pk).update(state=state)
    later = signed(*legs, block(14), tight, on=day(20, month=4))
    assert not later.findings.filter(code="leg_length_structural_suspected").exists()
    assert replay.leg_lengths([later]).keys() == {later.client_id}
    assert list(replay.leg_lengths([later])[later.client_id]) == [later.assessed_on]
    assert run(rules.PACK)[0] == []


def test_a_visit_of_the_same_day_is_no_earlier_visit(signed):
    signed(block(5))
    second = signed(block(25))
    visits = replay.leg_lengths([second])
    assert list(visits[second.client_id]) == [second.assessed_on]
    assert replay.visits_before(second, visits) == []
    assert run(rules.PACK)[0] == []


def test_a_summary_counts_each_finding(signed):
    for number in (1, 2, 3):
        signed(*BOTH, on=day(number))
    differences, summary = run(STRICT)
    count = summary.by_code["hip_extension_limited"]
    assert (summary.assessments, summary.differing, len(differences)) == (3, 3, 3)
    assert (count.then, count.now, count.added, count.gone, count.changed) == (3, 6, 3, 0, 0)


def test_against_another_pack_only_what_the_two_differ_in_counts(signed):
    signed(*BOTH)
    (one,) = replay.replay(Assessment.objects.signed(), STRICT, against=LOOSE)
    found = [difference for difference in one.differences if difference.code == "hip_extension_limited"]
    assert [(difference.kind, difference.side, difference.threshold_now) for difference in found] == [
        ("+", "left", 15), ("+", "right", 15),
    ]  # fmt: skip
    (same,) = replay.replay(Assessment.objects.signed(), STRICT, against=STRICT)
    assert same.differences == ()


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 7])
def test_a_chunk_is_three_queries_however_long(signed, django_assert_num_queries, count):
    for number in range(1, count + 1):
        signed(*BOTH, on=day(number))
    with django_assert_num_queries(3):
        run(STRICT)


@pytest.mark.parametrize("count", [1, 7])
def test_leg_length_is_one_more(signed, practice, django_assert_num_queries, count):
    for number in range(1, count + 1):
        person = make_client(practice, ref=f"L{number}", given_name=f"N{number}")
        signed(tape("left", 892), tape("right", 868), client=person, on=day(number))
    with django_assert_num_queries(4):
        run(STRICT)


def test_memory_holds_one_chunk(signed, monkeypatch, django_assert_num_queries):
    """Readings and findings are asked for chunk by chunk: what is not reached yet is not in memory."""
    for number in range(1, 8):
        signed(*BOTH, on=day(number))
    monkeypatch.setattr(replay, "CHUNK", 2)
    with django_assert_num_queries(3):
        next(replay.replay(Assessment.objects.signed(), STRICT))
    with django_assert_num_queries(1 + 4 * 2):
        run(STRICT)


def test_nothing_is_written(signed):
    signed(*BOTH)
    tables = (Assessment, Finding, AuditEntry, SafetyAlert)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    assert run(STRICT)[0]
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_differences_and_a_summary(signed, tmp_path):
    signed(*BOTH)
    lines = command(document=strict(), tmp_path=tmp_path).splitlines()
    assert lines[0] == "2026-03-02 riverside C0001 (protocol 2026.1)"
    assert lines[1] == (
        "  + hip_extension_limited right: none -> moderate (moderate); hip_extension 14 deg, threshold 15"
    )
    assert any(line.split() == ["hip_extension_limited", "1", "2", "1", "0", "0", "0"] for line in lines)
    assert lines[-1] == "1 of 1 assessments would differ."


def test_a_line_shows_both_thresholds_where_they_differ(signed, tmp_path):
    signed(hip_extension("left", 2))
    limits = [{"grade": "marked", "below": 5}]
    document = {"findings": {"hip_extension_limited": {"bands": [{"from_age": 18, "limits": limits}], **SOURCE}}}
    said = command(document=document, tmp_path=tmp_path)
    assert (
        "  ~ hip_extension_limited left: moderate (moderate) -> marked (moderate);"
        " hip_extension 2 deg, threshold 10 -> 5" in said
    )


def test_the_command_names_nobody(signed, tmp_path, client_person):
    signed(*BOTH)
    for said in (
        command(document=strict(), tmp_path=tmp_path),
        command("--json", document=strict(), tmp_path=tmp_path),
    ):
        assert client_person.ref in said
        assert client_person.family_name not in said
        assert client_person.given_name not in said


def test_old_assessments_without_facts_are_pointed_out(record, tmp_path):
    without_facts(record(hip_extension("left", 2)))
    said = command(document={}, tmp_path=tmp_path)
    assert "(protocol 2026.1, age and answers not on record)" in said
    assert "1 are from before age and answers were kept" in said


def test_json_is_one_document(signed, tmp_path):
    signed(*BOTH)
    signed(hip_extension("left", 40), on=day(9))
    document = json.loads(command("--json", document=strict(), tmp_path=tmp_path))
    (one,) = document["assessments"]
    assert (one["practice"], one["client_ref"], one["assessed_on"]) == ("riverside", "C0001", "2026-03-02")
    assert one["differences"] == [
        {
            "kind": "+", "code": "hip_extension_limited", "side": "right", "before": None,
            "after": {"grade": "moderate", "confidence": "moderate"},
            "reading": {"measure": "hip_extension", "side": "right", "said": "14 deg"},
            "threshold_before": None, "threshold_after": 15,
        }
    ]  # fmt: skip
    assert document["summary"]["assessments"] == 2
    assert document["summary"]["by_code"]["hip_extension_limited"]["added"] == 1


def test_json_of_nothing_is_a_document_too(db, tmp_path):
    document = json.loads(command("--json", document={}, tmp_path=tmp_path))
    assert document == {
        "assessments": [],
        "summary": {"assessments": 0, "differing": 0, "without_facts": 0, "by_code": {}},
    }


def test_only_signed_ones_of_the_practice_since_the_day_are_replayed(
    record, signed, other_client, other_therapist, tmp_path
):
    signed(*BOTH, on=day(2))
    signed(*BOTH, on=day(9))
    record(*BOTH, on=day(16))
    theirs = record(*BOTH, client=other_client, by=other_therapist)
    assessments.sign(assessment=theirs, by=other_therapist)

    def last(*args):
        return command(*args, document=strict(), tmp_path=tmp_path).splitlines()[-1]

    assert last() == "3 of 3 assessments would differ."
    assert last("--practice", "riverside") == "2 of 2 assessments would differ."
    assert last("--practice", "riverside", "--since", "2026-03-09") == "1 of 1 assessments would differ."


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        ("{", ["own.json: line 1, column 2: Expecting property name enclosed in double quotes"]),
        (
            {"findings": {"elbow": {"text": "x"}, "hip_flexion_limited": {"text": "{who}"}}},
            [
                "own.json: findings.elbow: no such finding",
                "own.json: findings.hip_flexion_limited.text: unknown placeholder who",
            ],
        ),
    ],
)
def test_a_bad_file_is_one_line_a_fault_and_status_2(db, tmp_path, capsys, document, lines):
    with pytest.raises(SystemExit) as ended:
        command(document=document, tmp_path=tmp_path)
    assert ended.value.code == 2
    assert [line.removeprefix(f"{tmp_path}/") for line in capsys.readouterr().err.splitlines()] == lines


def test_what_cannot_be_read_or_is_not_there_is_status_2(db, tmp_path):
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"why": "\xe9"}')
    for args, words in (
        (["--pack", str(tmp_path / "gone.json")], "No such file"),
        (["--pack", str(latin)], "is not UTF-8 text"),
    ):
        with pytest.raises(CommandError, match=words) as refused:
            command(*args)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="There is no practice 'nowhere'") as refused:
        command("--practice", "nowhere", document={}, tmp_path=tmp_path)
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="invalid"):
        command("--since", "soon", document={}, tmp_path=tmp_path)


def test_standard_input_is_a_file_too(signed, monkeypatch):
    signed(*BOTH)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(strict()).encode())))
    assert command("--pack", "-").endswith("1 of 1 assessments would differ.\n")


def test_no_progress_bar_without_a_terminal(signed, tmp_path, capsys):
    signed(*BOTH)
    command(document=strict(), tmp_path=tmp_path)
    assert capsys.readouterr().err == ""
