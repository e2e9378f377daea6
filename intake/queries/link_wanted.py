"""Whose link to the form has to be sent anew: they asked for it, or the date of birth did not match too often."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.urls import reverse

from clinic.attention import Action, AttentionKind, day_of
from clinic.models import Attention

LINK_KIND = "intake_link_wanted"
#: Wrong dates of birth that close a link.
MOST_TRIES = 5
DAY = "%-d %B %Y"


class LinkWanted(AttentionKind):
    """Of the newest invitation only: one that is sent anew settles it."""

    key = LINK_KIND
    label = "New intake link wanted"
    icon = "intake"
    rank = 28
    every = datetime.timedelta(hours=1)  # both follow a tap, and are looked at with it
    parameters: ClassVar[dict[str, object]] = {"most": MOST_TRIES}
    so = """
        SELECT c.practice_id, c.id AS client_id, r.id AS subject, COALESCE(r.new_link_asked_at, r.created_at) AS since,
               jsonb_build_object(
                   'asked', r.new_link_asked_at IS NOT NULL, 'shut', r.birth_tries >= %(most)s,
                   'day', (COALESCE(r.new_link_asked_at, r.created_at) AT TIME ZONE p.timezone)::date
               ) AS facts
          FROM clinic_client c
          JOIN clinic_practice p ON p.id = c.practice_id
          JOIN LATERAL (SELECT i.* FROM intake_intakerequest i
                         WHERE i.practice_id = c.practice_id AND i.client_id = c.id
                         ORDER BY i.created_at DESC LIMIT 1) r ON TRUE
         WHERE c.archived_at IS NULL AND r.completed_at IS NULL AND {scope}
           AND (r.new_link_asked_at IS NOT NULL
                OR (r.birth_tries >= %(most)s AND p.check_birth_date AND c.date_of_birth IS NOT NULL
                    AND r.revoked_at IS NULL AND r.expires_at > %(now)s))
    """

    def sentence(self, row: Attention) -> str:
        shut = "The link is closed: the date of birth did not match five times. Check it under Details."
        if not row.facts["asked"]:
            return shut
        asked = f"Asked for a new link to the form on {day_of(row, 'day'):{DAY}}."
        return f"{asked} {shut}" if row.facts["shut"] else asked

    def action(self, row: Attention) -> Action:
        return Action("Send a new link", reverse("intake:send", args=[row.client_id]), post=True)
