"""What must not go into production: `manage.py check --deploy` refuses it with a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 (Django's own name for it)

from core.sealing import SHORTEST_SECRET
from core.security_contact import what_is_wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY_LENGTH = 50
SAMPLE_KEYS = ("only-for", "django-insecure", "changeme", "change-me", "secret")
LOCAL_BROKERS = ("", "memory", "filesystem")
MAIL_THAT_GOES_NOWHERE = ("console", "filebased", "locmem", "dummy")
EMBEDDED_FOLDERS = ("/var/postgres", "/gatepost-")

_rules: list[tuple[str, Callable[[], bool], str, str]] = []


def _rule(number: str, sentence: str, hint: str) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    """Declare a fault: the function says whether the settings have it."""

    def declare(has_fault: Callable[[], bool]) -> Callable[[], bool]:
        _rules.append((f"gatepost.E{number}", has_fault, sentence, hint))
        return has_fault

    return declare


@register(Tags.security, deploy=True)
def refuse_demo_settings(**_: Any) -> list[Error]:
    return list(_faults())


@register(Tags.security, deploy=True)
def miss_security_contact(**_: Any) -> list[Warning]:
    sentence = what_is_wrong()
    hint = "Set SECURITY_CONTACT, and SECURITY_EXPIRES to a day within a year."
    return [Warning(sentence, hint=hint, id="gatepost.W201")] if sentence else []


def _faults() -> Iterator[Error]:
    for code, has_fault, sentence, hint in _rules:
        if has_fault():
            yield Error(sentence, hint=hint, id=code)


def _is_weak(key: str) -> bool:
    return len(key) < KEY_LENGTH or any(sample in key.lower() for sample in SAMPLE_KEYS)


@_rule("101", "SECRET_KEY is short or a sample.", "Set SECRET_KEY to 50 random characters or more.")
def _secret_key() -> bool:
    return _is_weak(settings.SECRET_KEY)


@_rule("102", "FINGERPRINT_KEY is missing, short, or the same as SECRET_KEY.", "Set a FINGERPRINT_KEY of its own.")
def _fingerprint_key() -> bool:
    key = settings.FINGERPRINT_KEY
    return _is_weak(key) or key == settings.SECRET_KEY


@_rule("103", "DEBUG is on: error pages would show code and settings.", "Leave DEBUG unset.")
def _debug() -> bool:
    return bool(settings.DEBUG)


@_rule("104", "ALLOWED_HOSTS is empty or allows any name.", "Set ALLOWED_HOSTS to the names the portal is reached by.")
def _hosts() -> bool:
    return not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS


@_rule("105", "The broker keeps messages in one process or in files.", "Set CELERY_BROKER_URL to Redis or RabbitMQ.")
def _broker() -> bool:
    return urlsplit(settings.CELERY_BROKER_URL).scheme in LOCAL_BROKERS


@_rule("106", "Mail is written to files or to the screen.", "Set EMAIL_URL to your mail server.")
def _mail() -> bool:
    return any(f".{kind}." in settings.EMAIL_BACKEND for kind in MAIL_THAT_GOES_NOWHERE)


@_rule("107", "Each process has a cache of its own: limits on sign-in would not hold.", "Set CACHE_URL to Redis.")
def _cache() -> bool:
    backend = settings.CACHES["default"]["BACKEND"]
    return str(backend).endswith((".LocMemCache", ".DummyCache", ".FileBasedCache"))


@_rule("108", "Staff may sign in without a second factor.", "Leave STAFF_SECOND_FACTOR_REQUIRED unset.")
def _second_factor() -> bool:
    return not settings.STAFF_SECOND_FACTOR_REQUIRED


@_rule("109", "The database is the embedded one, made for trying things out.", "Set DATABASE_URL to your PostgreSQL.")
def _database() -> bool:
    database = settings.DATABASES["default"]
    host = str(database.get("OPTIONS", {}).get("host") or database.get("HOST") or "")
    return any(folder in host for folder in EMBEDDED_FOLDERS) or not database.get("NAME")


@_rule("110", "The demo is on: its people and their passwords are known.", "Leave IS_DEMO unset.")
def _demo() -> bool:
    return bool(settings.IS_DEMO)


@_rule("111", "Backups go to a bucket and cannot be sealed.", "Set BACKUP_KEY to 32 random characters or more.")
def _backup_key() -> bool:
    return bool(settings.BACKUP_BUCKET) and len(settings.BACKUP_KEY) < SHORTEST_SECRET
