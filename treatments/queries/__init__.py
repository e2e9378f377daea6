from treatments.queries.adherence import Adherence, Day, adherence, weeks
from treatments.queries.programmes import (
    exercises_by_name,
    latest_shared,
    locked_because,
    referral_of,
    running,
    too_painful,
)
from treatments.queries.today import (
    PortalDay,
    Task,
    blank_day,
    first_day,
    local_today,
    next_day,
    portal_day,
    tasks_of,
    today,
)

__all__ = [
    "Adherence",
    "Day",
    "PortalDay",
    "Task",
    "adherence", "blank_day",
    "exercises_by_name",
    "first_day",
    "latest_shared",
    "local_today",
    "locked_because",
    "next_day",
    "portal_day",
    "referral_of",
    "running",
    "tasks_of",
    "today",
    "too_painful",
    "weeks",
]  # fmt: skip
