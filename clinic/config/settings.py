"""Settings of our own project. Host projects have their own and never import this module."""

import os
from datetime import timedelta
from pathlib import Path

import environ
from psycopg.conninfo import make_conninfo

from clinic.config import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"  # everything that is made while running; safe to remove when nothing runs

try:
    ENVIRONMENT = environment.read(os.environ, base=BASE_DIR, var=VAR_DIR)
except environment.Unusable as problem:
    # Whatever program is starting: the sentence, exit status 1, and no traceback.
    raise SystemExit(str(problem)) from None

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
METRICS_TOKEN = ENVIRONMENT.metrics_token  # opens /metrics/
CLINIC = {"reminders": ENVIRONMENT.mail_limits}
PUBLIC_URL = ENVIRONMENT.public_url  # base of the links in mails, without a slash at the end

INSTALLED_APPS = [
    "treatments",
    "assessments",
    "intake",
    "clinic",
    "clinic.config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.config.accounts.OwnPageOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.config.languages.at_the_door",
]

ROOT_URLCONF = "clinic.config.urls"
CSRF_FAILURE_VIEW = "clinic.config.errors.csrf_failure"
WSGI_APPLICATION = "clinic.config.wsgi.application"
ASGI_APPLICATION = "clinic.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context.frame",
            ],
        },
    },
]

FORM_RENDERER = "clinic.rendering.Renderer"

# --- data -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": environ.Env.db_url_config(ENVIRONMENT.database_url)}
# Seconds, milliseconds where it says user_timeout. Otherwise a host that vanished is waited for as long as TCP does.
NOTICES_A_DEAD_PEER = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
DATABASES["default"]["OPTIONS"] = {
    **NOTICES_A_DEAD_PEER,
    # A machine that vanished in the middle of a transaction holds its locks no longer than this.
    "options": "-c idle_in_transaction_session_timeout=60s",
    **DATABASES["default"].get("OPTIONS", {}),
}
# A thread keeps its connection, and asks before each request whether the server is still the one it knew. No pool: with
# four connections from before a restart in it, psycopg's waits longer between its checks than a request may take.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, as the log-in limits need it to be.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"  # of the staff's pages; a client's pages and mails are in the client's
LANGUAGES = [("en", "English"), ("es", "español")]  # each in its own words
FORMAT_MODULE_PATH = ["clinic.formats"]
USE_I18N = True

# --- static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
_SERVED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else _SERVED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
MEDIA_ROOT = VAR_DIR / "media"

# --- log-in: by e-mail, accounts are made by the practice -------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "clinic.config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up: whoever makes the account knows the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Plumbline"
MFA_ADAPTER = "clinic.config.accounts.PasskeyAdapter"
MFA_FORMS = {"login_webauthn": "clinic.config.accounts.LogInWithPasskey"}
MFA_PASSKEY_LOGIN_ENABLED = True
SESSION_COOKIE_AGE = 12 * 60 * 60
# What is said after an act names clients, and its Undo may hold their notes: not in a cookie of a shared tablet.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what the browser may do ------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("script", "style", "font", "connect", "manifest")},
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Signed links are in addresses: no other site may see them. (Not "no-referrer": forms would lose their origin check.)
SECURE_REFERRER_POLICY = "same-origin"
# Cookies are "secure" wherever the site has https; `environment` refuses production without it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENVIRONMENT.https else 0
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "clinic.api.problems.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"token": "10/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plumbline",
    "DESCRIPTION": "Practice software for bodywork and physical-therapy clinics.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # The document tells nothing that the source does not, and tools that read it have no token yet.
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # several rows have a state; each enumeration keeps a name of its own
        "AssessmentStateEnum": "assessments.models.State",
        "ProgrammeStateEnum": "treatments.models.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- mail -------------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAIL_PROVIDER = ""  # whose reports are taken at /mail/events/
globals().update(ENVIRONMENT.email)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from

# --- tasks: a message is only a hint, the row in the database decides -------------------------------------------------

CELERY_BROKER_URL, _BROKER_SCHEME = ENVIRONMENT.broker_url, ENVIRONMENT.broker_url.partition(":")[0]
if _BROKER_SCHEME in environment.SPOKEN:
    _BROKER = environ.Env.db_url_config(ENVIRONMENT.broker_url)
    CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT = "pgmq://", "clinic.config.queue.Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Explicit, because the transport otherwise reads DATABASE_URL by itself.
        "conn_string": make_conninfo(
            host=_BROKER["HOST"],
            port=_BROKER["PORT"] or 5432,
            user=_BROKER["USER"],
            password=_BROKER["PASSWORD"],
            dbname=_BROKER["NAME"],
            **{**NOTICES_A_DEAD_PEER, **_BROKER.get("OPTIONS", {})},
        ),
        "init_extension": False,
        "use_notify": True,
        "wait_time_seconds": 0,
        "polling_interval": 0.2,
        "visibility_timeout": 600,
        "pool_size": 4,
        "pool_timeout": 10,
    }
elif _BROKER_SCHEME in ("redis", "rediss"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,  # longer than a wake-up works; what a lost worker had taken comes again after it
        "socket_connect_timeout": 5,
        "socket_timeout": 30,  # a server that hangs, or a cable that is cut, is noticed
        "socket_keepalive": True,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # workers and beat wait for a broker that is away, however long
CELERY_TASK_DEFAULT_QUEUE = ENVIRONMENT.queue
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4  # 1 drains at five tasks a second
CELERY_WORKER_ENABLE_REMOTE_CONTROL = CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # No tick of the reminders expires: a worker asks its own clock about that, and where it is ahead of this one's, it
    # would throw all of them away. A day's ticks that nobody took cost a minute or two; the first sends what is due.
    "wake-reminders": {"task": "clinic.tasks.wake_reminders", "schedule": 5.0},
    "archive-reminders": {"task": "clinic.tasks.archive_reminders", "schedule": 3600.0, "options": {"expires": 3600}},
    "look-around": {"task": "clinic.tasks.look_around", "schedule": 120.0, "options": {"expires": 3600}},
    "read-reports": {"task": "clinic.tasks.read_delivery_reports", "schedule": 60.0, "options": {"expires": 3600}},
}

# --- logs: to the console, without personal data ----------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "clinic.config.logs.ReporterFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "clinic.config.logs.MaskFilter"}},
    "formatters": {
        "line": {
            "()": "clinic.config.logs.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["mask"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Replaces Django's own handlers: no error mails, which would carry what was posted.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # aiosmtpd's mail.log would write down recipients.
        **{name: {"level": "WARNING"} for name in ("kombu", "pgmq", "mail.log")},
    },
}
