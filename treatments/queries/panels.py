"""What the dashboard and the client record show of programmes."""

from __future__ import annotations

from typing import Any

from clinic.models import Client, Membership
from treatments.models import Programme, State
from treatments.queries.adherence import adherence, weeks
from treatments.queries.pain import pain_so_far
from treatments.queries.today import local_today


def client_panel(membership: Membership, client: Client) -> dict[str, Any]:
    """The programme that counts now: running, else a draft, else the last one that ended."""
    today = local_today(client)
    rows = list(Programme.objects.filter(practice_id=client.practice_id, client=client)[:20])
    by_state = {row.state: row for row in reversed(rows)}
    draft, running = by_state.get(State.DRAFT), by_state.get(State.PUBLISHED)
    shown = running or by_state.get(State.ENDED)
    if shown is None:
        return {"draft": draft, "programme": None}
    shown.client = client
    return {
        "draft": draft,
        "programme": shown,
        "items": list(shown.items.all()),
        "adherence": adherence(shown, today),
        "weeks": weeks(shown, today),
        "pain": pain_so_far(client, today),
    }
