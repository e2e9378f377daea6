"""What is compared: which function of `work.py`, in how many processes, and what the clock leaves out."""

from __future__ import annotations

import os
from dataclasses import dataclass

CORES = len(os.sched_getaffinity(0))
PACKAGES = ".venv/benchmarks"


@dataclass(frozen=True)
class Way:
    """`share` of the mails: a slow way gets fewer, its rate stays what it is."""

    key: str
    name: str
    function: str
    processes: int = 1
    share: int = 1
    celery: bool = False

    @property
    def is_ours(self) -> bool:
        return self.function == "ours"


OURS = Way("ours", "the engine, 1 worker", "ours")
OURS_ALL = Way("ours-all", f"the engine, {CORES} workers (one a core)", "ours", processes=CORES)
BARE = Way("bare", "bare limit: compose, one held connection, nothing recorded", "bare")
POST_OFFICE = (
    Way("post-office", "django-post_office: written with cached templates, queued in bulk, sent", "post_office"),
    Way("post-office-2", "the same, sent by 2 processes", "post_office_two"),
    Way("post-office-templates", "django-post_office: its own templates, written at delivery", "post_office_templates"),
)
CELERY = Way("celery-email", "django-celery-email, Redis, one worker of 2 processes", "celery_email", celery=True)
MAILER = Way("mailer", "django-mailer", "django_mailer", share=3)
TASKS = Way(
    "task-a-mail", "one Celery task a mail, Redis, one worker of 2 processes", "task_a_mail", share=3, celery=True
)
MARKED = Way("mark-first", "marked as sent, then sent: a loop over one held connection", "mark_then_send")

WAYS = (OURS_ALL, OURS, BARE, *POST_OFFICE, CELERY, MAILER, TASKS, MARKED)
