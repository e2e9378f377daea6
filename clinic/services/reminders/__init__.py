"""The reminder engine. A reminder is a row with a state, and the row decides; whoever calls `wake` only wakes it up.

1 `plan` makes rows of what falls due · 2 `claim` takes a batch · 3 `recheck` asks current state · 4 `smtp` and
`transport` send · 5 `settle` writes down what became of it · 6 `sweep` takes back what a dead worker left.
`drain` is the loop of 2 to 5; `by_hand` is what a person can do; `archive` moves away what was settled long ago.
"""

from __future__ import annotations

from clinic.services.reminders.archive import archive
from clinic.services.reminders.by_hand import mark_all_seen, mark_seen, mark_unseen, resend
from clinic.services.reminders.calendar import LOCAL_DAY, LOCAL_INSTANT, local_instant
from clinic.services.reminders.plan import insert_occurrences, request
from clinic.services.reminders.pulse import ticked
from clinic.services.reminders.wake import wake

__all__ = [
    "LOCAL_DAY", "LOCAL_INSTANT", "archive", "insert_occurrences", "local_instant", "mark_all_seen", "mark_seen",
    "mark_unseen", "request", "resend", "ticked", "wake",
]  # fmt: skip
