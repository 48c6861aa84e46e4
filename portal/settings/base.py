"""Settings that hold everywhere. What differs stands in dev, test and production."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from core.queues import EVERY
from portal.api_settings import *  # noqa: F403 (a settings module is its names)
from portal.broker import transport_options
from portal.logs import configure_structlog, logging_config
from portal.rounds import beat_schedule

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# Everything a running portal writes: embedded database, logs, mail of the demo.
VAR_DIR = Path(env("GATEPOST_VAR", default=str(BASE_DIR / "var"))).resolve()

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django_linear_migrations",
    "core",
    "accounts",
    "engagements",
    "discovery",
    "pricing",
    "delivery",
    "reports",
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # so that templates/django/forms stand before its own
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_celery_beat",
    "django_structlog",
    "rest_framework",
    "knox",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.BodyLimitMiddleware",
    "core.middleware.AddressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.DirectionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ReaderMiddleware",
    "accounts.ways_in.WaysInMiddleware",
    "accounts.guard.middleware.GuardMiddleware",
    "core.remarks.RemarkMiddleware",
    "core.middleware.RefusalMiddleware",
    "core.resent.ResentFormMiddleware",
]

CSRF_FAILURE_VIEW = "core.middleware.refuse_form"

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "core.templating.PortalTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.portal",
            ],
            "builtins": ["core.templatetags.components"],
        },
    },
]

# What comes out of the pool is looked at: the server may be another by now. Who waits 10 s for it is told to try later,
# and as long a broken connection is tried anew: with longer, the pauses between two tries grow beyond that.
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://", engine="core.postgresql")}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": 8,
    "timeout": 10,
    "reconnect_timeout": 10,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The role of PostgreSQL under which customers and consultants read (docs/guard.md). Empty: no second guard.
GUARD_ROLE = env("GUARD_ROLE", default="gatepost_web")

CACHES = {"default": env.cache("CACHE_URL", default="dbcache://cache")}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.people_backend.PeopleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gatepost"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {}
if env("OIDC_SERVER_URL", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": env("OIDC_PROVIDER_ID", default="sso"),
                "name": env("OIDC_NAME", default="Single sign-on"),
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env("OIDC_SERVER_URL")},
            }
        ]
    }

# The consultancy's second factor: everywhere but in the demo and the tests.
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=True)
IS_DEMO = env.bool("IS_DEMO", default=False)
# Whether an engagement of the demo has mail on both servers already. Without it parallel delivery begins at nothing.
DEMO_HAS_TRAFFIC = env.bool("DEMO_HAS_TRAFFIC", default=True)

CONSULTANCY = {
    "name": env("CONSULTANCY_NAME", default="Email Migration Practice"),
    "short_name": env("CONSULTANCY_SHORT_NAME", default="EMP"),
    # GMT-5 the whole year round, as the practice states its times.
    "time_zone": env("CONSULTANCY_TIME_ZONE", default="Etc/GMT+5"),
    "support_email": env("CONSULTANCY_SUPPORT_EMAIL", default="help@gatepost.example"),
    # Whether the public page of the method shows what was advised before, too.
    "publishes_statistics": env.bool("CONSULTANCY_PUBLISHES_STATISTICS", default=False),
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "static"]

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Gatepost <portal@gatepost.example>")
# Where mail of the portal that cannot be delivered is returned to. Empty: to the sender above.
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="pgmq://")
# What the broker's names in Redis begin with: several portals on one database of Redis need one each.
BROKER_KEY_PREFIX = env("BROKER_KEY_PREFIX", default="")
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, DATABASES["default"], prefix=BROKER_KEY_PREFIX)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker without -Q takes from all; `-Q urgent` keeps one free for what may not wait behind slow work.
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in EVERY}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "portal.clock:Clock"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}

# A worker holds a job by a lease that a heartbeat extends; what lost its worker is found when the lease has run out.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
JOB_HEARTBEAT_SECONDS = env.int("JOB_HEARTBEAT_SECONDS", default=10)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=15)
JOB_RETRY_SECONDS = env.int("JOB_RETRY_SECONDS", default=10)  # doubled at each further attempt
JOB_MESSAGE_PATIENCE_SECONDS = env.int("JOB_MESSAGE_PATIENCE_SECONDS", default=60)

PREVIEW_DAYS = 7  # a draft that was drawn to be looked at is cleared away after as many

CELERY_BEAT_SCHEDULE = beat_schedule(JOB_SWEEP_SECONDS)

configure_structlog()
LOGGING = logging_config(json=False)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its form marks from data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True  # forms carry the token themselves, and no script of ours reads a cookie
SESSION_COOKIE_AGE = 14 * 24 * 3600
FORM_RENDERER = "core.forms.PortalRenderer"

# Key for the fingerprints of masked secrets; falls back to SECRET_KEY so that nothing is ever keyed with nothing.
FINGERPRINT_KEY = env("FINGERPRINT_KEY", default="") or SECRET_KEY

# The key that seals documents and evidence packs; made on first use. Several hosts of one portal share the folder.
PORTAL_KEY_FOLDER = Path(env("PORTAL_KEY_FOLDER", default=str(VAR_DIR / "keys")))

# Who vouches for the time of a seal (RFC 3161), as an address. Empty: nobody, and each seal says so.
TIME_STAMP_AUTHORITY = env("TIME_STAMP_AUTHORITY", default="")

# Where `./gatepost backup --store` keeps backups: a bucket of S3 or of whatever answers as it does, the folder in it,
# and the key they are sealed with. Empty: nowhere.
BACKUP_BUCKET = env("BACKUP_BUCKET", default="")
BACKUP_FOLDER = env("BACKUP_FOLDER", default="")
BACKUP_ENDPOINT = env("BACKUP_ENDPOINT", default="")
BACKUP_REGION = env("BACKUP_REGION", default="")
BACKUP_KEY = env("BACKUP_KEY", default="")

# What a Prometheus sends to read /metrics. Empty: there is no such page.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# Whom to tell of a weakness (mailto:, https:// or tel:, separated by commas) and the last day that holds. Empty:
# there is no /.well-known/security.txt.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
SECURITY_EXPIRES = env("SECURITY_EXPIRES", default="")

INVITATION_DAYS = 14
# How long an answer to a request with an Idempotency-Key is told again; a round of the clock clears it away after that.
IDEMPOTENCY_HOURS = 24
# Address of the member of sales who owns the requests of the website; empty: whoever owns the fewest open ones.
INTAKE_OWNER = env("INTAKE_OWNER", default="").strip().lower()
SIGNING_AUTHENTICATION_SECONDS = 15 * 60  # how fresh the proof of identity has to be at a signature
CHANGE_REQUEST_DAYS = 5
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None

# Whom the pre-flight of gate 2 asks: "192.0.2.53", "192.0.2.53:5353", or the path of a zone file. Empty: nobody, and
# then nothing of DNS is known.
DNS_RESOLVER = env("DNS_RESOLVER", default="")

UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
HANDOFF_LIMIT_BYTES = 256 * 1024 * 1024
NDA_LIMIT_BYTES = 5 * 1024 * 1024
LOG_LIMIT_BYTES = env.int("LOG_LIMIT_BYTES", default=2 * 1024**3)  # as sent; on its way it is never whole in memory
LOG_UNPACKED_LIMIT_BYTES = env.int("LOG_UNPACKED_LIMIT_BYTES", default=32 * 1024**3)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["core.uploads.BoundedUploadHandler"]
