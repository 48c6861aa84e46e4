"""`./gatepost up` on one's own machine: plain HTTP on loopback, mail kept in files under var/."""

from portal.settings.base import *  # noqa: F403 (a settings module is its names)
from portal.settings.base import BASE_DIR, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-a-machine-nobody-else-can-reach")
FINGERPRINT_KEY = env("FINGERPRINT_KEY", default="") or SECRET_KEY
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
IS_DEMO = env.bool("IS_DEMO", default=True)
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=not IS_DEMO)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# The demo asks nobody on the network.
DNS_RESOLVER = env("DNS_RESOLVER", default=str(BASE_DIR / "portal" / "demo" / "zone.txt") if IS_DEMO else "")
# Static files are served from where they stand: nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STATIC_ROOT = VAR_DIR / "static"

if not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
