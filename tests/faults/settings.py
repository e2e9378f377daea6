"""The project's own settings for the processes of a scenario: impatient, and with a part to play (`part.Part`)."""

import dataclasses
import datetime

from clinic.conf import ReminderSettings
from clinic.config.settings import *  # noqa: F403
from clinic.config.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS
from tests.faults.part import mine

PART = mine()
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.inside.Inside"]
EMAIL_TIMEOUT = PART.email_timeout
CELERY_BEAT_SCHEDULE["wake-reminders"]["schedule"] = PART.tick

# Retries after a breath instead of minutes. What a version of the engine does not know (yet) is left out.
IMPATIENT = {
    "first_retry": 0.3,
    "longest_retry": 0.6,
    "attempts": 4,
    "first_rest": 0.3,
    "longest_rest": 0.6,
    "domain_per_minute": 1_000_000,
    "domain_first_day": 1_000_000,
}


def _rules(given):
    durations = {
        field.name: isinstance(field.default, datetime.timedelta) for field in dataclasses.fields(ReminderSettings)
    }
    return {
        name: datetime.timedelta(seconds=value) if durations[name] else value
        for name, value in given.items()
        if name in durations
    }


CLINIC = {"reminders": _rules({**IMPATIENT, **PART.rules})}
