"""Due home-stretch mails as rows, by set-based SQL: practices, clients, running programmes of three exercises each."""

from __future__ import annotations

import datetime
import zoneinfo

from django.db import connection

PRACTICES = 20
A_DOMAIN = 60  # mails to one recipient domain: half of what the engine sends there on its first day
EXERCISES = ("half_kneeling_hip_flexor_stretch", "bridge", "walking")

# Nobody is quiet, so that the hour of the day at which somebody measures does not matter.
PEOPLE = """
INSERT INTO clinic_practice (id, created_at, slug, name, timezone, reply_to, emergency_number, reminder_time,
                             quiet_from, quiet_until, client_counter)
SELECT clinic_uuid7(), now(), 'bench-' || n, 'Bodywork Number ' || n, %(zone)s, 'desk@bench-' || n || '.example', '112',
       '12:00', '00:00', '00:00', 0
  FROM generate_series(1, %(practices)s) AS n;

INSERT INTO clinic_client (id, created_at, practice_id, ref, given_name, family_name, sex, email, timezone, search)
SELECT clinic_uuid7(), now(), p.id, 'B' || n, 'Ada ' || n, 'Brandt-Number ' || n, 'female',
       'ada' || n || '@mail' || n %% %(domains)s || '.example', '', 'ada brandt'
  FROM generate_series(1, %(clients)s) AS n
  JOIN clinic_practice p ON p.slug = 'bench-' || 1 + n %% %(practices)s;

INSERT INTO treatments_programme (id, created_at, practice_id, client_id, state, starts_on, until, advice, left_out,
                                  no_exercise, note, published_at, ended_because)
SELECT clinic_uuid7(), now(), c.practice_id, c.id, 'published', %(today)s::date - 7, %(today)s::date + 35, '[]', '[]',
       '[]', '', now(), ''
  FROM clinic_client c WHERE c.search = 'ada brandt';

INSERT INTO treatments_programmeitem (id, created_at, practice_id, programme_id, place, exercise, kind, target, side,
                                      hold_seconds, repetitions, sets, changes, weekdays, for_findings, stopped_because)
SELECT clinic_uuid7(), now(), p.practice_id, p.id, e.place, e.name, 'stretch', '', '', 30, 2, 1, '[]',
       '{1,2,3,4,5,6,7}', '[]', ''
  FROM treatments_programme p CROSS JOIN unnest(%(exercises)s::text[]) WITH ORDINALITY AS e(name, place);
"""

DUE = """
INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at,
                             not_before, state, reason, attempts, claimed_by, counted)
SELECT clinic_uuid7(), now(), practice_id, 'home_stretch', client_id, id, %(today)s, 0, now() - interval '1 minute',
       now() - interval '1 minute', 'planned', '', 0, '', false
  FROM treatments_programme WHERE state = 'published' ORDER BY client_id LIMIT %(mails)s
"""


def people(clients: int) -> None:
    """So many clients with a running programme. Planning leaves them alone: `remind_at` is empty."""
    values = {
        "clients": clients,
        "practices": PRACTICES,
        "domains": 1 + clients // A_DOMAIN,
        "zone": _zone_at_noon(),
        "today": _today(),
        "exercises": list(EXERCISES),
    }
    with connection.cursor() as cursor:
        for statement in PEOPLE.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("ANALYZE clinic_practice, clinic_client, treatments_programme, treatments_programmeitem")


def due(mails: int) -> None:
    """Nothing but so many due rows in the table of reminders, which is as fresh as what is known of domains."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE clinic_reminder, clinic_maildomain")
        cursor.execute(DUE, {"mails": mails, "today": _today()})
        assert cursor.rowcount == mails, "more mails asked for than clients seeded"
        cursor.execute("VACUUM ANALYZE clinic_reminder")


def _zone_at_noon() -> str:
    """A fixed-offset zone where it is about noon, so that no run crosses midnight."""
    ahead = 12 - datetime.datetime.now(datetime.UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def _today() -> datetime.date:
    return datetime.datetime.now(zoneinfo.ZoneInfo(_zone_at_noon())).date()
