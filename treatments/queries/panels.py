"""What the dashboard and the client record show of programmes."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from clinic.models import Client, Membership
from treatments.models import HomeLog, Programme, State
from treatments.queries.adherence import adherence, recent_answers, slipping, weeks
from treatments.queries.programmes import too_painful
from treatments.queries.today import local_today

MOST = 8
RECENT = datetime.timedelta(days=3)


def painful_panel(membership: Membership) -> dict[str, Any] | None:
    """Too-painful answers that nobody dealt with yet."""
    rows = list(too_painful(HomeLog.objects.filter(practice_id=membership.practice_id))[: MOST + 1])
    return {"answers": rows[:MOST], "more": len(rows) > MOST} if rows else None


def home_panel(membership: Membership) -> dict[str, Any]:
    """Who did what lately, and who does less than half."""
    now = timezone.now()
    since = now.astimezone(membership.practice.zone).date() - RECENT
    logs = HomeLog.objects.filter(practice_id=membership.practice_id)
    return {
        "recent": recent_answers(logs, since, limit=MOST),
        "slipping": slipping(membership.practice, now, limit=MOST),
    }


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
    }
