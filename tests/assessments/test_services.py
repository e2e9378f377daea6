import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessments import queries
from assessments.models import Assessment, Finding, FindingDecision, Reading
from assessments.services import assessments, packs
from assessments.services.assessments import EditConflict
from clinic.models import AuditEntry, Client, SafetyAlert
from clinic.problems import InvalidInput
from tests.assessments.conftest import block, day, hip_extension, tape


def codes(assessment):
    return {(finding.code, finding.side) for finding in Finding.objects.filter(assessment=assessment)}


def test_recording_stores_readings_and_findings_with_what_explains_them(record):
    assessment = record(hip_extension("left", 2))
    reading, finding = assessment.readings.get(), Finding.objects.get(assessment=assessment)
    assert (reading.value, reading.typed_value, reading.unit, reading.examiner) == (2, 2, "deg", "Tomas")
    assert (finding.code, finding.side, finding.rule_key) == ("hip_extension_limited", "left", "hip_extension_limited")
    assert finding.because[0]["threshold"] == 10
    assert finding.because[0]["source"]
    assert (assessment.protocol_key, finding.protocol_version) == ("hip-and-leg", assessment.protocol_version)


def test_a_length_in_inches_is_stored_in_millimetres_and_keeps_what_was_typed(record):
    reading = record({**tape("left", 35), "unit": "inch"}).readings.get()
    assert (reading.value, reading.unit, reading.typed_value, reading.typed_unit) == (889, "mm", 35, "inch")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (hip_extension("left", 61), "measurements[0].value: 61 is above the hard limit 60 for hip_extension"),
        ({**hip_extension(), "side": None}, "measurements[0].side: is missing: hip_extension needs left or right"),
        (hip_extension(trial=100), "measurements[0].trial: 100 is above 99"),
        (hip_extension(examiner="x" * 121), "measurements[0].examiner: is longer than 120 characters"),
    ],
)
def test_a_refused_reading_writes_nothing(record, row, line):
    with pytest.raises(InvalidInput) as refused:
        record(row)
    assert [str(problem) for problem in refused.value.problems] == [line]
    assert not Assessment.objects.exists()
    assert not AuditEntry.objects.exists()


def test_no_reading_at_all_is_refused(client_person, therapist):
    with pytest.raises(InvalidInput, match="measurements: needs at least one reading"):
        assessments.record(client=client_person, assessed_on=datetime.date(2026, 3, 2), measurements=[], by=therapist)


def test_a_repeat_without_trial_numbers_is_refused(record):
    with pytest.raises(InvalidInput, match="number the trials"):
        record(hip_extension("left", 2), hip_extension("left", 3, trial=1))


def test_a_day_in_the_future_or_before_birth_is_refused(record):
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    with pytest.raises(InvalidInput, match="in the future"):
        record(on=tomorrow)
    with pytest.raises(InvalidInput, match="before the client was born"):
        record(on=datetime.date(1978, 3, 1))


def test_each_write_leaves_one_audit_row(record, therapist, client_person):
    assessment = record()
    finding = Finding.objects.filter(assessment=assessment).first()
    assessments.decide(finding=finding, decision="accepted", by=therapist)
    assessments.revise(assessment=assessment, measurements=[hip_extension()], revision=1, by=therapist)
    assessments.sign(assessment=assessment, by=therapist)
    assessments.mark_entered_in_error(assessment=assessment, by=therapist)
    rows = AuditEntry.objects.order_by("created_at", "id")
    assert [row.verb for row in rows] == [
        "assessment.recorded", "finding.decided", "assessment.revised", "assessment.signed",
        "assessment.entered_in_error",
    ]  # fmt: skip
    assert {row.actor_user_id for row in rows} == {therapist.user_id}
    assert {row.client_id for row in rows} == {client_person.pk}


def test_revising_replaces_findings_and_keeps_decisions(record, therapist):
    assessment = record(hip_extension("left", 2), hip_extension("right", 3))
    for finding in Finding.objects.filter(assessment=assessment, code="hip_extension_limited"):
        assessments.decide(finding=finding, decision="accepted", by=therapist)
    assessments.revise(assessment=assessment, measurements=[hip_extension("left", 0)], revision=1, by=therapist)
    assert codes(assessment) == {("hip_extension_limited", "left")}
    judged = queries.findings_with_decisions(assessment)
    assert [(row.finding.grade, row.accepted) for row in judged] == [("marked", True)]
    assert FindingDecision.objects.count() == 2


def test_a_stale_revision_is_refused_and_nothing_overwritten(record, therapist):
    assessment = record(hip_extension("left", 2))
    assessments.revise(assessment=assessment, measurements=[hip_extension("left", 5)], revision=1, by=therapist)
    with pytest.raises(EditConflict) as conflict:
        assessments.revise(assessment=assessment, measurements=[hip_extension("left", 9)], revision=1, by=therapist)
    assert conflict.value.current.revision == 2
    assert assessment.readings.get().value == 5


def test_only_accepted_findings_may_be_planned_from(record, therapist):
    assessment = record(hip_extension("left", 2), hip_extension("right", 3))
    left, right = Finding.objects.filter(assessment=assessment, code="hip_extension_limited").order_by("side")
    assessments.decide(finding=left, decision="accepted", by=therapist)
    assessments.decide(finding=right, decision="accepted", by=therapist)
    assessments.decide(finding=right, decision="rejected", reason="Old operation.", by=therapist)
    assert [(found.code, found.side) for found in queries.accepted_findings(assessment)] == [
        ("hip_extension_limited", "left")
    ]


def test_a_rejection_needs_a_reason(record, therapist):
    record()
    finding = Finding.objects.first()
    with pytest.raises(ValidationError, match="Say why"):
        assessments.decide(finding=finding, decision="rejected", reason="  ", by=therapist)
    with pytest.raises(ValidationError, match="unknown"):
        assessments.decide(finding=finding, decision="perhaps", by=therapist)
    assert not FindingDecision.objects.exists()


def test_a_receptionist_or_another_practice_signs_nothing(record, receptionist, other_therapist):
    assessment = record()
    for somebody in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            assessments.sign(assessment=assessment, by=somebody)


def test_a_signed_assessment_takes_no_revision(signed, therapist):
    with pytest.raises(ValidationError, match="is signed"):
        assessments.revise(assessment=signed(), measurements=[hip_extension()], revision=1, by=therapist)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_assessment SET note = 'x'",
        "DELETE FROM assessments_assessment",
        "UPDATE assessments_reading SET value = 1",
        "DELETE FROM assessments_reading",
        "UPDATE assessments_finding SET text = 'x'",
        "DELETE FROM assessments_finding",
        "INSERT INTO assessments_reading SELECT gen_random_uuid(), created_at, measure, side, value, grade, observed,"
        " unit, typed_value, typed_unit, mode, position, instrument, 9, examiner, pelvis_controlled, pain,"
        " assessment_id, practice_id FROM assessments_reading",
    ],
)
def test_raw_sql_cannot_change_what_is_signed(signed, statement):
    signed()
    with pytest.raises(DatabaseError, match=r"sign|Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", [Reading, Finding])
def test_nothing_is_moved_out_of_what_is_signed(record, model):
    draft, signed = record(), record()
    Assessment.objects.filter(pk=signed.pk).update(state="signed", signed_at=timezone.now())
    rows = model.objects.filter(assessment=signed)
    assert rows.exists()
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic():
        rows.update(assessment=draft)


def test_entered_in_error_counts_for_nothing(signed, therapist, client_person):
    first, second = signed(hip_extension("left", 2)), signed(hip_extension("left", 20), on=datetime.date(2026, 5, 2))
    assert [change.verdict for change in queries.changes(client_person)] == ["improved"]
    assessments.mark_entered_in_error(assessment=second, by=therapist)
    assert queries.changes(client_person) == []
    assert queries.latest_signed(client_person) == first
    with pytest.raises(ValidationError, match="already"):
        assessments.mark_entered_in_error(assessment=second, by=therapist)


def test_a_difference_of_20_mm_asks_a_clinician(record):
    assessment = record(tape("left", 892), tape("right", 868), block(22))
    alert = SafetyAlert.objects.get()
    assert (alert.level, alert.source, alert.source_id) == ("ask", "assessment", assessment.pk)
    assert "orthopaedic opinion" in alert.because[0]


def test_a_small_difference_asks_nobody(record):
    record(tape("left", 892), tape("right", 888), block(4))
    assert not SafetyAlert.objects.exists()


def test_readings_come_back_as_they_were_given(record):
    assessment = record(hip_extension("left", -4.5, pain=3, pelvis_controlled=False))
    reading = queries.readings_of(assessment)[0]
    assert (reading.value, reading.pain, reading.pelvis_controlled, reading.grade) == (-4.5, 3, False, None)
    assert Reading.objects.get().as_rule() == reading


def born(client, year):
    Client.objects.filter(pk=client.pk).update(date_of_birth=datetime.date(year, 3, 2))


def test_signing_judges_once_more_with_what_is_known_now(record, therapist, client_person):
    draft = record(hip_extension("left", 5))
    readings = list(Reading.objects.values())
    assessments.decide(finding=Finding.objects.get(), decision="accepted", by=therapist)
    born(client_person, 1940)  # from 70 on this is no finding
    signed = assessments.sign(assessment=draft, by=therapist)
    signed.refresh_from_db()
    assert codes(signed) == set()
    assert (signed.facts["age"], signed.state) == (86, "signed")
    assert list(Reading.objects.values()) == readings
    assert FindingDecision.objects.get().decision == "accepted"


def test_signing_asks_what_the_readings_ask_by_now(record, therapist, client_person):
    draft = record(tape("left", 700), tape("right", 690))
    assert not SafetyAlert.objects.exists()
    born(client_person, 2015)
    assessments.sign(assessment=draft, by=therapist)
    assert "it may still be growing apart" in SafetyAlert.objects.get().because[0]


def test_signing_judges_by_the_protocol_of_now(record, therapist, owner, practice):
    draft = record(hip_extension("left", 15))
    bands = [{"from_age": 18, "limits": [{"below": 20, "grade": "moderate"}]}]
    stricter = {"findings": {"hip_extension_limited": {"bands": bands, "source": "our own audit"}}}
    packs.adopt(practice=practice, overrides=stricter, why="audit", by=owner)
    signed = assessments.sign(assessment=draft, by=therapist)
    found = Finding.objects.get()
    assert (found.code, found.protocol_version) == ("hip_extension_limited", signed.protocol_version)
    assert signed.protocol_version.endswith("+1")


@pytest.mark.parametrize("verb", ["revise", "sign"])
def test_a_finding_that_comes_out_the_same_keeps_its_row(record, therapist, verb):
    draft = record(hip_extension("left", 5))
    before = Finding.objects.values().get()
    if verb == "sign":
        assessments.sign(assessment=draft, by=therapist)
    else:
        assessments.revise(assessment=draft, measurements=[hip_extension("left", 5)], revision=1, by=therapist)
    assert Finding.objects.values().get() == before


def test_a_protocol_that_finds_the_same_is_noted_at_each_finding(record, therapist, owner, practice):
    draft = record(hip_extension("left", 5))
    packs.adopt(practice=practice, overrides={"leg_length": {"tape": 12}}, why="audit", by=owner)
    signed = assessments.sign(assessment=draft, by=therapist)
    assert Finding.objects.get().protocol_version == signed.protocol_version


def test_only_signed_visits_of_days_before_are_earlier_ones(record, signed, client_person):
    legs = tape("left", 900), tape("right", 885)
    for number in (2, 20, 25):
        signed(*legs, on=day(number))
    signed(hip_extension(), on=day(5))
    record(*legs, on=day(6))
    assert [visit.on for visit in queries.earlier_visits(client_person, day(20))] == [day(2)]
