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
    of_practice, of_client = "r.practice_id", "r.client_id"
    # The first condition is that of the index `intake_links_wanted`: hardly any request is in it.
    so = """
        SELECT r.practice_id, r.client_id, r.id AS subject, COALESCE(r.new_link_asked_at, r.created_at) AS since,
               jsonb_build_object(
                   'asked', r.new_link_asked_at IS NOT NULL, 'shut', r.birth_tries >= %(most)s,
                   'day', (COALESCE(r.new_link_asked_at, r.created_at) AT TIME ZONE p.timezone)::date
               ) AS facts
          FROM intake_intakerequest r
          JOIN clinic_client c ON c.id = r.client_id
          JOIN clinic_practice p ON p.id = r.practice_id
         WHERE (r.new_link_asked_at IS NOT NULL OR r.birth_tries >= %(most)s) AND {scope}
           AND r.completed_at IS NULL AND c.archived_at IS NULL
           AND NOT EXISTS (SELECT FROM intake_intakerequest later
                            WHERE later.practice_id = r.practice_id AND later.client_id = r.client_id
                              AND (later.created_at, later.id) > (r.created_at, r.id))
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
