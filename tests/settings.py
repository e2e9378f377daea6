"""Settings of the tests: the project's own, with another database, and with nothing that reaches the outside.

The variables are set here and not in conftest, because pytest-django reads the settings first.
"""

import os
from pathlib import Path

NAME = os.environ.get("CLINIC_TEST_DATABASE", "test_plumbline")
NOWHERE = "smtp://127.0.0.1:9"  # nobody listens there: a mail that a test forgot fails loudly

# A developer's own .env must not decide what is tested; a DATABASE_URL in the environment (CI) may.
os.environ["ENV_FILE"] = ""
os.environ["DEBUG"] = "false"
os.environ["EMAIL_URL"] = NOWHERE
os.environ["PUBLIC_URL"] = "http://localhost:8000"
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
for name in (
    "CELERY_BROKER_URL",
    "CELERY_QUEUE",
    "ALLOWED_HOSTS",
    "MAIL_FROM",
    "MAIL_PROVIDER",
    "BOUNCE_MAILBOX_URL",
    "MAIL_BOUNCE_ADDRESS",
):
    os.environ.pop(name, None)

from clinic.config.settings import *  # noqa: E402, F403
from clinic.config.settings import (  # noqa: E402
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    INSTALLED_APPS,
    MIDDLEWARE,
    STORAGES,
    TEMPLATES,
    VAR_DIR,
)
from tests.strict_templates import StrictInvalid  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": NAME}
# Otherwise the tests would put their messages into the real queue.
CELERY_BROKER_TRANSPORT_OPTIONS["conn_string"] += f" dbname={NAME}"
CELERY_TASK_DEFAULT_QUEUE = "tests"

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # a page that asks once per row fails its test
ZEAL_NPLUSONE_THRESHOLD = 4  # reading a row again to show it after a refusal is no loop
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = StrictInvalid()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = VAR_DIR / "tests" / "static"
MEDIA_ROOT = VAR_DIR / "tests" / "media"
for folder in (STATIC_ROOT, MEDIA_ROOT):
    Path(folder).mkdir(parents=True, exist_ok=True)
