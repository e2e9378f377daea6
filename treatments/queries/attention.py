"""What needs somebody about home programmes because time went by: slipping, measuring again, clients who are lost."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.urls import reverse

from clinic.attention import Action, AttentionKind, day_of
from clinic.models import CLINICIANS, Attention
from treatments.queries.adherence import ENOUGH_PLANNED, SLIPPING_BELOW, SLIPPING_DAYS
from treatments.queries.counting import COUNTED

DAY = "%-d %B"
LONG_DAY = "%-d %B %Y"
HOURLY = datetime.timedelta(hours=1)
SILENT_DAYS = 42
#: Who has not been seen for longer than that has left; who stopped a programme longer ago is not measured for it.
FORGOTTEN_DAYS = 182
OVER_DAYS = 90


class AdherenceLow(AttentionKind):
    """Less than half of what was planned in the last two weeks, whatever version of the programme ran."""

    key = "adherence_low"
    label = "Less than half done at home"
    icon = "walk"
    rank = 50
    roles = CLINICIANS
    every = HOURLY
    parameters: ClassVar[dict[str, object]] = {
        "days": SLIPPING_DAYS, "enough": ENOUGH_PLANNED, "below": SLIPPING_BELOW,
    }  # fmt: skip
    so = f"""
        WITH asked AS (
            SELECT t.id AS subject, t.client_id, t.practice_id, zones.zone, 0 AS bucket,
                   today.day - %(days)s AS first, today.day - 1 AS through
              FROM treatments_programme t
              JOIN clinic_client c ON c.id = t.client_id
              JOIN clinic_practice p ON p.id = t.practice_id
             CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS zone) zones
             CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE zones.zone)::date AS day) today
             WHERE t.state = 'published' AND c.archived_at IS NULL AND {{scope}}
        ), {COUNTED}
        SELECT a.practice_id, a.client_id, a.subject, %(now)s::timestamptz AS since,
               jsonb_build_object('planned', s.planned, 'done', s.done, 'first', v.first, 'last', v.last) AS facts
          FROM counted s
          JOIN asked a USING (client_id)
          JOIN (
              SELECT client_id, MIN(first) AS first, MAX(GREATEST(first, last)) AS last FROM version GROUP BY client_id
          ) v USING (client_id)
         WHERE s.planned >= %(enough)s AND s.done < %(below)s * s.planned
    """  # noqa: S608 (our own text)

    def sentence(self, row: Attention) -> str:
        first, last = day_of(row, "first"), day_of(row, "last")
        done, planned = row.facts["done"], row.facts["planned"]
        said = f"Did {done} of {planned} exercises planned from {first:{DAY}} to {last:{DAY}}."
        return f"{said} This goes by itself at half."

    def action(self, row: Attention) -> Action:
        return Action("Open the programme", reverse("treatments:programme", args=[row.subject]))


class ReassessmentDue(AttentionKind):
    """Time to measure again: so many days, or so many sessions, since the last signed assessment. For who has a
    programme, or had one until lately. A session is a visit that took place, or a signed note without a visit."""

    key = "reassessment_due"
    label = "Re-assessment due"
    icon = "measure"
    rank = 60
    roles = CLINICIANS
    every = datetime.timedelta(minutes=10)
    parameters: ClassVar[dict[str, object]] = {"over": OVER_DAYS}
    so = """
        SELECT d.practice_id, d.client_id, d.client_id AS subject,
               CASE WHEN d.too_old THEN (d.assessed_on + d.after_days)::timestamp AT TIME ZONE 'UTC'
                    ELSE %(now)s END AS since,
               jsonb_build_object('measured', d.assessed_on, 'sessions', d.sessions, 'days', d.after_days,
                                  'by', CASE WHEN d.too_old THEN 'days' ELSE 'sessions' END) AS facts
          FROM (
              SELECT m.practice_id, m.client_id, a.assessed_on, v.sessions + n.sessions AS sessions,
                     p.reassess_after_days AS after_days, p.reassess_after_sessions AS after_sessions,
                     a.assessed_on + p.reassess_after_days <= (%(now)s::timestamptz AT TIME ZONE p.timezone)::date
                         AS too_old
                FROM (
                    SELECT DISTINCT t.practice_id, t.client_id
                      FROM treatments_programme t JOIN clinic_client c ON c.id = t.client_id
                     WHERE c.archived_at IS NULL AND {scope}
                       AND (t.state = 'published'
                            OR t.ended_at >= %(now)s::timestamptz - make_interval(days => %(over)s))
                ) m
                JOIN clinic_practice p ON p.id = m.practice_id
               CROSS JOIN LATERAL (
                    SELECT assessed_on FROM assessments_assessment
                     WHERE practice_id = m.practice_id AND client_id = m.client_id AND state = 'signed'
                     ORDER BY assessed_on DESC LIMIT 1
               ) a
               CROSS JOIN LATERAL (
                    SELECT count(*)::int AS sessions FROM clinic_visit
                     WHERE client_id = m.client_id AND state = 'done'
                       AND (starts_at AT TIME ZONE p.timezone)::date > a.assessed_on
               ) v
               CROSS JOIN LATERAL (
                    SELECT count(*)::int AS sessions FROM treatments_sessionnote
                     WHERE practice_id = m.practice_id AND client_id = m.client_id AND state = 'signed'
                       AND visit_id IS NULL AND held_on > a.assessed_on
               ) n
          ) d
         WHERE d.too_old OR d.sessions >= d.after_sessions
    """

    def sentence(self, row: Attention) -> str:
        measured, sessions = f"{day_of(row, 'measured'):{LONG_DAY}}", row.facts["sessions"]
        since = f", {sessions} session{'' if sessions == 1 else 's'} since" if sessions else ""
        if row.facts["by"] == "days":
            return f"Last measured on {measured}{since}; due after {row.facts['days']} days."
        return f"Last measured on {measured}{since}."

    def action(self, row: Attention) -> Action:
        return Action("Measure", reverse("assessments:new", args=[row.client_id]))


class SlippedAway(AttentionKind):
    """Was here in the last half year; for six weeks no visit, nothing signed and no answer, and nothing is booked."""

    key = "slipped_away"
    label = "Slipped away"
    icon = "walk"
    rank = 70
    every = HOURLY
    of_practice, of_client = "x.practice_id", "x.client_id"
    parameters: ClassVar[dict[str, object]] = {"silent": SILENT_DAYS, "forgotten": FORGOTTEN_DAYS}
    so = """
        WITH days AS (
            SELECT %(now)s::timestamptz - make_interval(days => %(silent)s) AS silent,
                   %(now)s::timestamptz - make_interval(days => %(forgotten)s) AS forgotten
        ), here AS (
            SELECT client_id, starts_at::date AS day FROM clinic_visit x, days
             WHERE state = 'done' AND starts_at BETWEEN forgotten AND silent AND {scope}
            UNION ALL
            SELECT client_id, assessed_on FROM assessments_assessment x, days
             WHERE state = 'signed' AND assessed_on BETWEEN forgotten::date AND silent::date AND {scope}
            UNION ALL
            SELECT client_id, held_on FROM treatments_sessionnote x, days
             WHERE state = 'signed' AND held_on BETWEEN forgotten::date AND silent::date AND {scope}
        ), last AS (SELECT client_id, max(day) AS day FROM here GROUP BY client_id)
        SELECT c.practice_id, c.id AS client_id, c.id AS subject,
               (last.day + %(silent)s)::timestamp AT TIME ZONE 'UTC' AS since,
               jsonb_build_object('seen', last.day) AS facts
          FROM last JOIN clinic_client c ON c.id = last.client_id CROSS JOIN days
         WHERE c.archived_at IS NULL
           AND NOT EXISTS (SELECT FROM clinic_visit v WHERE v.client_id = c.id AND v.starts_at > silent
                                                        AND v.state IN ('booked', 'done'))
           AND NOT EXISTS (SELECT FROM assessments_assessment a
                            WHERE a.practice_id = c.practice_id AND a.client_id = c.id AND a.state = 'signed'
                              AND a.assessed_on > silent::date)
           AND NOT EXISTS (SELECT FROM treatments_sessionnote n
                            WHERE n.practice_id = c.practice_id AND n.client_id = c.id AND n.state = 'signed'
                              AND n.held_on > silent::date)
           AND NOT EXISTS (SELECT FROM treatments_homelog l
                            WHERE l.practice_id = c.practice_id AND l.client_id = c.id AND l.local_date > silent::date)
    """

    def sentence(self, row: Attention) -> str:
        return f"Last seen on {day_of(row, 'seen'):{LONG_DAY}}; nothing heard for six weeks, and no visit is booked."

    def action(self, row: Attention) -> Action:
        return Action("Open the record", reverse("clinic:client", args=[row.client_id]))
