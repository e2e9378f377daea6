"""Practices of any size that have been at work for a while: clients, assessments, programmes and answers as
`seed_practice` makes them, and on top therapists, a diary, alerts, pain, mail, and what needs somebody.

A therapist has as many visits a day and the practice as many alerts whatever its size, so that two sizes differ in
what lies about, not in what a page shows.
"""

from django.contrib.auth import get_user_model
from django.db import connection

from clinic.attention import kinds
from clinic.models import Client, Membership, Practice, Role
from clinic.services import attention
from treatments.services.seeding import seed_many

CLIENTS_OF_A_THERAPIST = 100
MOST_THERAPISTS = 200
MAIL = 50

NUMBERED = """
CREATE TEMP TABLE numbered AS
SELECT c.id, n, n %% %(therapists)s AS whose, n / %(therapists)s AS place
  FROM clinic_client c, LATERAL (SELECT ltrim(substr(c.ref, 2), '0')::int - 1) AS x(n)
 WHERE c.practice_id = %(practice)s
"""
THERAPISTS = """
UPDATE clinic_client c SET therapist_id = m.id
  FROM numbered x JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM clinic_membership
                         WHERE practice_id = %(practice)s AND role = 'therapist') m ON m.place = x.whose
 WHERE c.id = x.id
"""
# A therapist's clients one after the other, every two hours; so each of them was here a few times, and some come again.
VISITS = """
INSERT INTO clinic_visit (id, created_at, practice_id, client_id, therapist_id, starts_at, ends_at, purpose, note,
                          state, state_because, revision, changed_at)
SELECT clinic_uuid7(), now(), %(practice)s, c.id, c.therapist_id, at, at + interval '45 minutes', 'follow_up', '',
       CASE WHEN round > 0 THEN 'booked' WHEN x.n %% 12 = 0 THEN 'no_show' ELSE 'done' END, '', 1, now()
  FROM numbered x JOIN clinic_client c ON c.id = x.id
 CROSS JOIN unnest(ARRAY[-3, -2, -1, 1]) AS round
 CROSS JOIN LATERAL (
     SELECT date_trunc('hour', now()) + (CASE WHEN round > 0 THEN 1 ELSE 0 END + 2 * x.place) * interval '1 hour'
            + (round - CASE WHEN round > 0 THEN 1 ELSE 0 END) * (%(each)s * interval '2 hours') AS at
 ) AS times
 WHERE round < 0 OR x.n %% 3 = 0
"""
PAIN = """
UPDATE treatments_homelog l SET outcome = 'too_painful', word = 'sharp', seen_at = NULL
  FROM numbered x
 WHERE l.practice_id = %(practice)s AND l.client_id = x.id AND x.n %% 100 = 7 AND l.local_date >= now()::date - 2
"""
NPRS = """
INSERT INTO assessments_questionnaireresponse (id, created_at, practice_id, client_id, questionnaire, version,
                                               answered_on, answers, score, name, entered_in_error)
SELECT clinic_uuid7(), now(), %(practice)s, x.id, 'nprs', '1', now()::date - back, '{"average": 5}', 5 + back / 10, '',
       false
  FROM numbered x CROSS JOIN unnest(ARRAY[5, 30]) AS back
"""
# Every other one was measured six weeks earlier, too: a little stiffer, with the same findings.
AGAIN = (
    """
CREATE TEMP TABLE earlier AS
SELECT a.id AS later, clinic_uuid7() AS id, a.assessed_on - 42 AS assessed_on
  FROM assessments_assessment a JOIN numbered x ON x.id = a.client_id
 WHERE a.practice_id = %(practice)s AND a.state = 'signed' AND x.n %% 2 = 0
""",
    """
INSERT INTO assessments_assessment (id, created_at, practice_id, client_id, assessed_on, state, note, revision,
                                    protocol_key, protocol_version, facts, source)
SELECT e.id, e.assessed_on, a.practice_id, a.client_id, e.assessed_on, 'draft', '', 1, a.protocol_key,
       a.protocol_version, a.facts, a.source
  FROM earlier e JOIN assessments_assessment a ON a.id = e.later
""",
    """
INSERT INTO assessments_reading (id, created_at, practice_id, assessment_id, measure, side, value, grade, observed,
    unit, typed_unit, mode, position, instrument, trial, examiner, pelvis_controlled)
SELECT clinic_uuid7(), r.created_at, r.practice_id, e.id, r.measure, r.side, r.value - (r.unit = 'deg')::int * 4,
       r.grade, r.observed, r.unit, r.typed_unit, r.mode, r.position, r.instrument, r.trial, r.examiner,
       r.pelvis_controlled
  FROM earlier e JOIN assessments_reading r ON r.assessment_id = e.later
""",
    """
INSERT INTO assessments_finding (id, created_at, practice_id, assessment_id, code, side, grade, confidence, because,
    rule_key, rule_version, protocol_version, evidence, text, client_text)
SELECT clinic_uuid7(), f.created_at, f.practice_id, e.id, f.code, f.side, f.grade, f.confidence, f.because,
       f.rule_key, f.rule_version, f.protocol_version, f.evidence, f.text, f.client_text
  FROM earlier e JOIN assessments_finding f ON f.assessment_id = e.later
""",
    """
UPDATE assessments_assessment a SET state = 'signed', signed_at = e.assessed_on FROM earlier e WHERE a.id = e.id
""",
    "DROP TABLE earlier",
)
ALERTS = """
INSERT INTO clinic_safetyalert (id, created_at, practice_id, client_id, level, because, source, source_id, cleared_note)
SELECT clinic_uuid7(), now(), %(practice)s, x.id, 'ask', '["Night pain."]', 'seed', clinic_uuid7(), ''
  FROM numbered x WHERE x.n < 10
"""
FAILED = """
INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at,
                             not_before, state, reason, attempts, claimed_by, counted, settled_at, provider_id)
SELECT clinic_uuid7(), now() - back * interval '1 day', %(practice)s, 'home_stretch', x.id, clinic_uuid7(),
       now()::date - back, 0, now() - back * interval '1 day', now() - back * interval '1 day',
       CASE WHEN x.n < %(mail)s AND back = 0 THEN 'failed' ELSE 'sent' END, '', 1, '', false,
       now() - back * interval '1 day', ''
  FROM numbered x CROSS JOIN generate_series(0, 4) AS back
"""
TABLES = (
    "clinic_client", "clinic_visit", "clinic_attention", "clinic_reminder", "clinic_safetyalert", "clinic_membership",
    "assessments_assessment", "assessments_reading", "assessments_finding", "assessments_questionnaireresponse",
    "treatments_programme", "treatments_programmeitem", "treatments_homelog", "intake_intakeresponse",
    "intake_intakerequest",
)  # fmt: skip


def seed(slug: str, clients: int) -> tuple[Membership, Membership]:
    """(the owner, one of the therapists) of a new practice with so many clients."""
    practice = seed_many(slug, clients, step=lambda done: None)
    owner = member(practice, Role.OWNER, "Owner")
    therapists = [member(practice, Role.THERAPIST, f"T{number:03d}") for number in range(therapists_of(clients))]
    values = {
        "practice": practice.pk, "therapists": len(therapists), "each": -(-clients // len(therapists)), "mail": MAIL,
    }  # fmt: skip
    run(NUMBERED, values)
    for statement in (THERAPISTS, VISITS, PAIN, NPRS, *AGAIN, ALERTS, FAILED):
        run(statement, values)
    run("DROP TABLE numbered", {})
    analyze()
    for kind in kinds:
        attention.refresh(kind, practice_id=practice.pk)
    analyze()
    return owner, therapists[0]


def therapists_of(clients: int) -> int:
    return max(min(clients // CLIENTS_OF_A_THERAPIST, MOST_THERAPISTS), 1)


def member(practice: Practice, role: Role, name: str) -> Membership:
    user = get_user_model().objects.create(username=f"{name}@{practice.slug}")
    return Membership.objects.create(practice=practice, user=user, role=role, display_name=name)


def somebody(therapist: Membership) -> Client:
    """A client with an assessment, a programme that runs, and visits."""
    rows = Client.objects.filter(therapist=therapist, programmes__state="published")
    return rows.order_by("family_name", "id")[3]


def run(statement: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def analyze() -> None:
    """What autovacuum does after a while."""
    run(f"ANALYZE {', '.join(TABLES)}", {})
