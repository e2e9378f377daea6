"""What needs somebody because of what a client did or said at home: pain, a programme that waits, a smaller one."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db.models import Min
from django.urls import reverse

from clinic.attention import Action, AttentionKind, day_of
from clinic.models import CLINICIANS, Attention, Client, SafetyAlert
from treatments.models import HomeDay
from treatments.planning import LIBRARY
from treatments.queries.adherence import SLIPPING_DAYS
from treatments.queries.attention import DAY, HOURLY


class TooPainful(AttentionKind):
    key = "too_painful"
    label = "Too painful"
    icon = "pain"
    rank = 10
    roles = CLINICIANS
    of_practice, of_client = "l.practice_id", "l.client_id"
    so = """
        SELECT l.practice_id, l.client_id, l.id AS subject, l.changed_at AS since,
               jsonb_build_object(
                   'exercise', i.exercise, 'side', i.side, 'day', l.local_date, 'word', l.word,
                   'running', EXISTS (SELECT FROM treatments_programme t
                                       WHERE t.client_id = l.client_id AND t.state = 'published')) AS facts
          FROM treatments_homelog l
          JOIN treatments_programmeitem i ON i.id = l.item_id
          JOIN clinic_client c ON c.id = l.client_id
         WHERE l.outcome = 'too_painful' AND l.seen_at IS NULL AND c.archived_at IS NULL AND {scope}
    """

    def sentence(self, row: Attention) -> str:
        facts = row.facts
        name = LIBRARY[facts["exercise"]].name if facts["exercise"] in LIBRARY else facts["exercise"]
        side = f", {facts['side']}" if facts["side"] else ""
        word = f": “{facts['word']}”" if facts["word"] else ""
        return f"{name}{side} on {day_of(row, 'day'):{DAY}}{word}. It is stopped."

    def action(self, row: Attention) -> Action:
        return Action("Leave it out", reverse("treatments:mark_seen", args=[row.subject]), post=True)

    def others(self, row: Attention) -> list[Action]:
        """While a programme runs: an easier one instead, or the same one again."""
        exercise = LIBRARY.get(row.facts["exercise"])
        if exercise is None or not row.facts.get("running"):
            return []
        url = reverse("treatments:decide_painful", args=[row.subject])
        easier = [Action("Easier one", url, post=True, fields=(("what", "easier"),))] if exercise.easier else []
        return [*easier, Action("Go on with it", url, post=True, fields=(("what", "restart"),))]


class ProgrammeHeld(AttentionKind):
    """It hurt so much that everything waits; nothing goes on by itself."""

    key = "programme_held"
    label = "Paused because of pain"
    icon = "pain"
    rank = 5
    roles = CLINICIANS
    of_practice, of_client = "t.practice_id", "t.client_id"
    so = """
        SELECT t.practice_id, t.client_id, t.id AS subject, t.held_at AS since,
               jsonb_build_object('day', d.local_date, 'before', d.pain_before, 'after', d.pain_after) AS facts
          FROM treatments_programme t
          JOIN clinic_client c ON c.id = t.client_id
          LEFT JOIN LATERAL (
              SELECT local_date, pain_before, pain_after FROM treatments_homeday
               WHERE practice_id = t.practice_id AND client_id = t.client_id
                 AND created_at <= t.held_at + interval '1 day'
               ORDER BY local_date DESC LIMIT 1
          ) d ON TRUE
         WHERE t.state = 'published' AND t.held_at IS NOT NULL AND c.archived_at IS NULL AND {scope}
    """

    def sentence(self, row: Attention) -> str:
        said = pain_in_words(row)
        return f"{said}. Everything waits for you." if said else "Nothing is asked of the client until you have looked."

    def action(self, row: Attention) -> Action:
        return Action("Let it go on", reverse("treatments:release", args=[row.subject]), post=True)

    def others(self, row: Attention) -> list[Action]:
        return [Action("Open the programme", reverse("treatments:programme", args=[row.subject]))]


class PainWhileLocked(AttentionKind):
    """Somebody in pain speaks to a practice that has told them to wait: until the flag is answered."""

    key = "pain_while_locked"
    label = "Pain while a red flag is open"
    icon = "pain"
    rank = 4
    roles = CLINICIANS
    of_practice, of_client = "s.practice_id", "s.client_id"
    so = """
        SELECT flag.practice_id, flag.client_id, d.id AS subject, d.changed_at AS since,
               jsonb_build_object('day', d.local_date, 'before', d.pain_before, 'after', d.pain_after) AS facts
          FROM (
              SELECT s.practice_id, s.client_id, min(s.created_at) AS since
                FROM clinic_safetyalert s JOIN clinic_client c ON c.id = s.client_id
               WHERE s.cleared_at IS NULL AND s.level IN ('urgent', 'emergency')
                 AND c.archived_at IS NULL AND {scope}
               GROUP BY s.practice_id, s.client_id
          ) flag
         CROSS JOIN LATERAL (
              SELECT id, local_date, pain_before, pain_after, changed_at FROM treatments_homeday
               WHERE practice_id = flag.practice_id AND client_id = flag.client_id AND changed_at >= flag.since
                 AND GREATEST(pain_before, pain_after) > 0
               ORDER BY local_date DESC LIMIT 1
         ) d
    """

    def sentence(self, row: Attention) -> str:
        return f"{pain_in_words(row)}, while a red flag is open."

    def action(self, row: Attention) -> Action:
        return Action("Open the record", reverse("clinic:client", args=[row.client_id]))


def locked_since(client: Client) -> datetime.datetime | None:
    """When the first of the red flags that are open now was raised."""
    flags = SafetyAlert.objects.filter(practice_id=client.practice_id, client=client).locking()
    since: datetime.datetime | None = flags.aggregate(since=Min("created_at"))["since"]
    return since


def was_told(day: HomeDay) -> bool:
    """The practice has it before it that this day hurt while a red flag is open."""
    rows = Attention.objects.filter(practice_id=day.practice_id, client=day.client_id, kind=PainWhileLocked.key)
    return rows.filter(subject=day.pk).exists()


def pain_in_words(row: Attention) -> str:
    """Empty where no number was said."""
    numbers = [f"{row.facts[when]} of 10 {when}" for when in ("before", "after") if row.facts.get(when) is not None]
    return f"Pain {' and '.join(numbers)} the exercises on {day_of(row, 'day'):{DAY}}" if numbers else ""


class SmallerTaken(AttentionKind):
    """The client took less than they were given; so that somebody knows, for two weeks."""

    key = "smaller_taken"
    label = "Took a smaller programme"
    icon = "programme"
    rank = 55
    roles = CLINICIANS
    every = HOURLY
    parameters: ClassVar[dict[str, object]] = {"days": SLIPPING_DAYS}
    so = """
        SELECT t.practice_id, t.client_id, t.id AS subject, t.smaller_taken_at AS since,
               jsonb_build_object('day', (t.smaller_taken_at AT TIME ZONE p.timezone)::date,
                                  'exercises', i.count) AS facts
          FROM treatments_programme t
          JOIN clinic_client c ON c.id = t.client_id
          JOIN clinic_practice p ON p.id = t.practice_id
         CROSS JOIN LATERAL (
             SELECT count(*) FROM treatments_programmeitem WHERE practice_id = t.practice_id AND programme_id = t.id
         ) i
         WHERE t.smaller_taken_at IS NOT NULL AND t.state = 'published' AND c.archived_at IS NULL AND {scope}
           AND t.smaller_taken_at > %(now)s::timestamptz - make_interval(days => %(days)s)
    """

    def sentence(self, row: Attention) -> str:
        many = row.facts["exercises"]
        exercises = f"{many} exercise{'' if many == 1 else 's'}"
        return f"Chose the smaller programme on {day_of(row, 'day'):{DAY}}: {exercises} from then on."

    def action(self, row: Attention) -> Action:
        return Action("Open the programme", reverse("treatments:programme", args=[row.subject]))

    def others(self, row: Attention) -> list[Action]:
        return [Action("Give the whole one back", reverse("treatments:give_back", args=[row.subject]), post=True)]
