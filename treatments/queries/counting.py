"""What was planned and what was done at home, for many clients at once: the one statement behind the caseload, the
report and what needs somebody.

An occurrence is one exercise, of one side, on one day of the client's own calendar. It is planned where the version
that ran asked for it on that weekday, from the first day of that version on, and where the day was over with the
exercise still wanted. So of today, of the day on which the version ended or was held, and of that on which the exercise
was stopped only what was answered counts; the days that a hold lasted are not planned at all. What two versions ask for
on the day one replaced the other is one occurrence; it is done where either answer says so. What was answered is always
planned: done is never more.

A pause of the mails is no pause of the programme: who asked for quiet still has their exercises, and their page shows
them. Only a hold, which waits for a clinician, takes days out.

Days are dates: no night of a changing clock, no end of a month and no journey makes one longer or shorter. Answers keep
the date that they had; an end, a hold or a stop is an instant, and lies on the date it has where the client lives now.
A version ends before the first day of a later one at the latest: no day is planned by two.
"""

from __future__ import annotations

# Reads `asked` (client_id, practice_id, zone, bucket, first, through: a span of days that are over) and gives `counted`
# (client_id, bucket, planned, done), one row for each that had anything, and `version` (…, first, last).
#
# How many days of one weekday lie in a span is a subtraction of two week numbers, so no day is ever generated;
# 3 January 2000 is a Monday. Planned and done are added up, not joined: the planner cannot guess their sizes.
#
# An answer inside the span and the weekdays of its version is an occurrence of its own, as no two versions plan one
# day and a version has an exercise of one side once; only the few others are put together by exercise, side and day.
COUNTED = """
version AS (
    SELECT a.client_id, a.practice_id, a.bucket, a.zone, a.first AS asked_from, a.through, t.id,
           GREATEST(t.starts_on, a.first) AS first,
           LEAST(t.until, a.through, (t.ended_at AT TIME ZONE a.zone)::date - 1,
                 (t.held_at AT TIME ZONE a.zone)::date - 1, later.starts_on - 1) AS last
      FROM asked a
      JOIN treatments_programme t ON t.client_id = a.client_id
     CROSS JOIN LATERAL (
         SELECT MIN(n.starts_on) AS starts_on FROM treatments_programme n
          WHERE n.client_id = t.client_id AND n.published_at > t.published_at AND t.ended_at IS NOT NULL
     ) later
     WHERE t.published_at IS NOT NULL AND t.starts_on <= a.through AND t.until >= a.first
       AND (t.ended_at IS NULL OR t.ended_at >= (a.first - 2)::timestamp AT TIME ZONE 'UTC')
), item AS (
    SELECT v.client_id, v.bucket, v.asked_from, v.through, v.first, i.id, i.exercise, i.side, i.weekdays,
           LEAST(v.last, (i.stopped_at AT TIME ZONE v.zone)::date - 1) AS last
      FROM version v
      JOIN treatments_programmeitem i ON i.practice_id = v.practice_id AND i.programme_id = v.id
), answer AS MATERIALIZED (
    SELECT i.id, l.local_date, i.client_id, i.bucket, i.exercise, i.side, l.outcome = 'done' AS done,
           l.local_date BETWEEN i.first AND i.last
           AND date_part('isodow', l.local_date)::int = ANY (i.weekdays) AS inside
      FROM item i
      JOIN treatments_homelog l ON l.item_id = i.id AND l.local_date BETWEEN i.asked_from AND i.through
), counted AS (
    SELECT client_id, bucket, SUM(planned)::int AS planned, SUM(done)::int AS done
      FROM (
          SELECT i.client_id, i.bucket, (i.last - DATE '2000-01-03' - (weekday - 1)) / 7
                 - (i.first - 1 - DATE '2000-01-03' - (weekday - 1)) / 7 AS planned, 0 AS done
            FROM item i CROSS JOIN LATERAL unnest(i.weekdays) AS weekday
           WHERE i.last >= i.first
          UNION ALL
          SELECT client_id, bucket, 0, count(*) FROM answer WHERE inside AND done GROUP BY client_id, bucket
          UNION ALL
          SELECT a.client_id, a.bucket, (o.id IS NULL)::int, (a.done AND l.outcome IS DISTINCT FROM 'done')::int
            FROM (
                SELECT client_id, bucket, exercise, side, local_date, bool_or(done) AS done
                  FROM answer WHERE NOT inside GROUP BY client_id, bucket, exercise, side, local_date
            ) a
            LEFT JOIN item o
              ON o.client_id = a.client_id AND o.bucket = a.bucket AND o.exercise = a.exercise AND o.side = a.side
             AND a.local_date BETWEEN o.first AND o.last
             AND date_part('isodow', a.local_date)::int = ANY (o.weekdays)
            LEFT JOIN treatments_homelog l ON l.item_id = o.id AND l.local_date = a.local_date
      ) added
     GROUP BY client_id, bucket
)
"""
