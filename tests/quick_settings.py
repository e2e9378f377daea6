"""The project's own settings with a clock that ticks twice a second, for processes that tests start.

CLINIC_REMINDERS (JSON) shortens times of the engine: `{"claim_timeout": 5}` are seconds, other numbers stay numbers.
"""

import dataclasses
import datetime
import json
import os

from clinic.conf import ReminderSettings
from clinic.config.settings import *  # noqa: F403
from clinic.config.settings import CELERY_BEAT_SCHEDULE

TICK = float(os.environ.get("TICK_SECONDS", "0.5"))
CELERY_BEAT_SCHEDULE["wake-reminders"]["schedule"] = TICK
CELERY_BEAT_MAX_LOOP_INTERVAL = TICK

_TIMES = {field.name for field in dataclasses.fields(ReminderSettings) if isinstance(field.default, datetime.timedelta)}
CLINIC = {
    "reminders": {
        name: datetime.timedelta(seconds=value) if name in _TIMES else value
        for name, value in json.loads(os.environ.get("CLINIC_REMINDERS", "{}")).items()
    }
}
