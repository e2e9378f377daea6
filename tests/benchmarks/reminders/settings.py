"""The project's own settings with the compared packages added, each tuned to its best. Ours never runs with these."""

import os

from clinic.config.settings import *  # noqa: F403
from clinic.config.settings import ENVIRONMENT, INSTALLED_APPS, VAR_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "post_office", "mailer", "djcelery_email"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# `bench --tune` tries others.
POST_OFFICE = {
    "BATCH_DELIVERY_TIMEOUT": 20,  # seconds; a child that hangs is noticed
    "BATCH_SIZE": int(os.environ.get("BENCH_BATCH", "1000")),
    "THREADS_PER_PROCESS": int(os.environ.get("BENCH_THREADS", "2")),
    "LOG_LEVEL": 0,
    "MESSAGE_ID_ENABLED": False,
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
}
MAILER_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAILER_LOCK_PATH = str(VAR_DIR / "bench_mailer")
CELERY_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
CELERY_EMAIL_CHUNK_SIZE = 100
CELERY_EMAIL_TASK_CONFIG = {"ignore_result": True}
CELERY_BROKER_URL = ENVIRONMENT.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_DB_REUSE_MAX = 1_000_000  # else Celery closes the pool of connections after every task
CELERY_IMPORTS = ["tests.benchmarks.reminders.tasks"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "celery.apps.worker": {"level": "INFO"},  # says when it is ready
        "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
