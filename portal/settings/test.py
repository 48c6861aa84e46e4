"""Tests: a real PostgreSQL, fast password hashing, mail kept in memory."""

import secrets

from portal.broker import transport_options
from portal.settings.base import *  # noqa: F403 (a settings module is its names)
from portal.settings.base import BASE_DIR, DATABASES, TEMPLATES, env

SECRET_KEY = "only-for-tests-and-never-shown"  # noqa: S105 (tests sign with it, nobody else)
FINGERPRINT_KEY = "only-for-tests-too"
PORTAL_KEY_FOLDER = BASE_DIR / "var" / "keys-of-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
IS_DEMO = False
STAFF_SECOND_FACTOR_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# In the process itself, or in the Redis that the environment names: each process of the tests has its own part there.
OWN_PREFIX = f"tests_{secrets.token_hex(6)}"
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, DATABASES["default"], prefix=OWN_PREFIX)
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if "Redis" in CACHES["default"]["BACKEND"]:
    CACHES["default"] |= {"BACKEND": "tests.own_cache.OwnCache", "KEY_PREFIX": OWN_PREFIX}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
