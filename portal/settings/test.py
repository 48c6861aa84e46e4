"""Tests: a real PostgreSQL, fast password hashing, mail kept in memory."""

from portal.settings.base import *  # noqa: F403 (a settings module is its names)
from portal.settings.base import BASE_DIR, TEMPLATES

SECRET_KEY = "only-for-tests-and-never-shown"  # noqa: S105 (tests sign with it, nobody else)
FINGERPRINT_KEY = "only-for-tests-too"
PORTAL_KEY_FOLDER = BASE_DIR / "var" / "keys-of-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
IS_DEMO = False
STAFF_SECOND_FACTOR_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
