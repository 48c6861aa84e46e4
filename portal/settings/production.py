"""Production: everything secret or public comes from the environment; `check --deploy` has to be clean."""

from portal.logs import logging_config
from portal.settings.base import *  # noqa: F403 (a settings module is its names)
from portal.settings.base import env

SECRET_KEY = env("SECRET_KEY")
FINGERPRINT_KEY = env("FINGERPRINT_KEY")
CELERY_BROKER_URL = env("CELERY_BROKER_URL")
LOGGING = logging_config(json=True)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
