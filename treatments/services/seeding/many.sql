-- One batch of made-up clients, numbers %(first)s to %(last)s. Of 100: 100 are clients, 70 answered, 60 were measured,
-- 50 got a programme, of which 30 still run. `n` decides everything, so that a number is always the same person.
-- Every trigger asks for this setting, and where it is missing that is an exception for every row.
SELECT set_config('pgtrigger.ignore', '{}', true);

CREATE TEMP TABLE seeded ON COMMIT DROP AS
SELECT n, clinic_uuid7() AS client, clinic_uuid7() AS request, clinic_uuid7() AS assessment, clinic_uuid7() AS programme,
       n %% %(variants)s AS variant, (n * 37) %% 100 AS stage, (%(now)s::timestamptz)::date - (n * 13) %% 60 AS visit_on
  FROM generate_series(%(first)s, %(last)s) AS n;

ANALYZE seeded;

INSERT INTO clinic_client (id, created_at, practice_id, ref, given_name, family_name, date_of_birth, sex, email,
                           timezone, reminder_time, search)
SELECT client, %(now)s, %(practice)s, 'C' || lpad(n::text, 6, '0'), given, family || ' ' || n,
       DATE '1950-01-01' + (n * 7919) %% 18000, CASE n %% 2 WHEN 0 THEN 'female' ELSE 'male' END,
       'c' || n || '@clients.example', CASE n %% 10 WHEN 0 THEN 'America/Chicago' WHEN 1 THEN 'Europe/Lisbon' ELSE '' END,
       CASE n %% 4 WHEN 0 THEN TIME '07:30' + make_interval(mins => (n %% 40) * 15) END,
       lower(given || ' ' || family || ' ' || n || ' c' || lpad(n::text, 6, '0'))
  FROM seeded,
       LATERAL (SELECT (ARRAY['Ada', 'Ben', 'Clara', 'Daniel', 'Elif', 'Frank', 'Grace', 'Henrik', 'Ines', 'Jonas'])
                       [1 + n %% 10] AS given,
                       (ARRAY['Brandt', 'Okafor', 'Weiss', 'Moreau', 'Kaya', 'Sommer', 'Dahl'])[1 + n %% 7] AS family
               ) AS names;

INSERT INTO intake_intakerequest (id, created_at, practice_id, client_id, form_version_id, expires_at, completed_at)
SELECT request, visit_on - 3, %(practice)s, client, %(form)s, visit_on + 11, visit_on - 1 FROM seeded WHERE stage < 70;

INSERT INTO intake_intakeresponse (id, created_at, practice_id, request_id, client_id, form_version_id, answers,
    saved_at, completed_at, consent_text, consent_version, signed_name, referral_level, referral_because, read_at)
SELECT clinic_uuid7(), visit_on - 2, %(practice)s, request, client, %(form)s, %(answers)s::jsonb, visit_on - 1,
       visit_on - 1, 'Made up.', '1', 'Client ' || n, 'none', '[]', visit_on
  FROM seeded WHERE stage < 70;

INSERT INTO assessments_assessment (id, created_at, practice_id, client_id, assessed_on, state, note, revision,
                                    protocol_key, protocol_version, facts, source)
SELECT assessment, visit_on, %(practice)s, client, visit_on, 'draft', '', 1, %(protocol)s, %(version)s,
       %(facts)s::jsonb || jsonb_build_object('assessed_on', visit_on), 'seed'
  FROM seeded WHERE stage < 60;

-- The trigger on readings keeps its plan for the session: without numbers it would read the whole table for every row.
ANALYZE assessments_assessment;

INSERT INTO assessments_reading (id, created_at, practice_id, assessment_id, measure, side, value, grade, observed,
    unit, typed_unit, mode, position, instrument, trial, examiner, pelvis_controlled)
SELECT clinic_uuid7(), visit_on, %(practice)s, assessment, r.measure, r.side, r.value, '', r.observed, r.unit, r.unit,
       r.mode, r.position, r.instrument, r.trial, '', r.pelvis
  FROM seeded
  JOIN jsonb_to_recordset(%(readings)s::jsonb) AS r(
           variant int, measure text, side text, value numeric, observed text, unit text, mode text, position text,
           instrument text, trial int, pelvis boolean
       ) USING (variant)
 WHERE stage < 60;

INSERT INTO assessments_finding (id, created_at, practice_id, assessment_id, code, side, grade, confidence, because,
    rule_key, rule_version, protocol_version, evidence, text, client_text)
SELECT clinic_uuid7(), visit_on, %(practice)s, assessment, f.code, f.side, f.grade, f.confidence, f.because,
       f.rule->>'key', (f.rule->>'version')::int, %(version)s, f.evidence, f.text, f.client_text
  FROM seeded
  JOIN jsonb_to_recordset(%(findings)s::jsonb) AS f(
           variant int, place int, code text, side text, grade text, confidence text, because jsonb, rule jsonb,
           evidence text, text text, client_text text
       ) USING (variant)
 WHERE stage < 60;

UPDATE assessments_assessment a SET state = 'signed', signed_at = s.visit_on
  FROM seeded s WHERE a.id = s.assessment AND s.stage < 57;

INSERT INTO treatments_programme (id, created_at, practice_id, client_id, assessment_id, state, starts_on, until,
    advice, left_out, no_exercise, note, published_at, ended_at, ended_because, remind_at)
SELECT programme, visit_on, %(practice)s, client, assessment, CASE WHEN over THEN 'ended' ELSE 'published' END,
       visit_on, visit_on + 41, '[]', '[]', '[]', '', visit_on, CASE WHEN over THEN visit_on + 42 END,
       CASE WHEN over THEN 'six weeks are over' ELSE '' END, CASE WHEN over THEN NULL ELSE %(now)s::timestamptz END
  FROM seeded, LATERAL (SELECT visit_on + 41 < (%(now)s::timestamptz)::date AS over) AS ends
 WHERE stage < 50;

INSERT INTO treatments_programmeitem (id, created_at, practice_id, programme_id, place, exercise, kind, target, side,
    hold_seconds, repetitions, sets, minutes, changes, weekdays, for_findings, because, maintenance, suggested,
    stopped_because)
SELECT clinic_uuid7(), visit_on, %(practice)s, programme, i.place, i.exercise, i.kind, i.target, i.side, i.hold_seconds,
       i.repetitions, i.sets, i.minutes, '[]', ARRAY(SELECT jsonb_array_elements_text(i.weekdays)::smallint),
       i.for_findings, i.because, false, i.suggested, ''
  FROM seeded
  JOIN jsonb_to_recordset(%(items)s::jsonb) AS i(
           variant int, place int, exercise text, kind text, target text, side text, hold_seconds int,
           repetitions int, sets int, minutes int, weekdays jsonb, for_findings jsonb,
           because text, suggested jsonb
       ) USING (variant)
 WHERE stage < 50;

ANALYZE treatments_programmeitem;

INSERT INTO treatments_homelog (id, created_at, practice_id, client_id, item_id, local_date, outcome, word, changed_at)
SELECT clinic_uuid7(), day, %(practice)s, client, i.id, day, CASE WHEN mark < 8 THEN 'done' ELSE 'skipped' END, '', day
  FROM seeded
  JOIN treatments_programmeitem i ON i.practice_id = %(practice)s AND i.programme_id = programme
  CROSS JOIN LATERAL (
      SELECT visit_on + step AS day, (n * 3 + i.place * 7 + step * 11) %% 10 AS mark
        FROM generate_series(0, LEAST(41, (%(now)s::timestamptz)::date - visit_on - 1)) AS step
  ) AS days
 WHERE stage < 50 AND EXTRACT(isodow FROM day)::int = ANY (i.weekdays) AND mark < 2 + n %% 9;

DROP TABLE seeded;
