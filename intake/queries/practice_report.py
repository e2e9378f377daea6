"""Which intakes of the whole practice nobody has read."""

from __future__ import annotations

import datetime

from clinic.models import Practice
from clinic.report import Row
from intake.models import IntakeResponse


def unread(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    rows = IntakeResponse.objects.filter(practice=practice, client__archived_at=None).unread()
    return [Row("Intakes nobody read", {"Open": rows.count()})]
