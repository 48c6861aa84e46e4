"""`check --deploy` refuses what must not go into production, each with a code of its own."""

import pytest

from core.checks import refuse_demo_settings

SOUND = {
    "SECRET_KEY": "k3v9" * 16,
    "FINGERPRINT_KEY": "p8w2" * 16,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["portal.practice.example"],
    "CELERY_BROKER_URL": "redis://broker.internal:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "STAFF_SECOND_FACTOR_REQUIRED": True,
    "IS_DEMO": False,
    "BACKUP_BUCKET": "backups",
    "BACKUP_KEY": "b" * 32,
}
DATABASE = {"NAME": "gatepost", "HOST": "db.internal"}


@pytest.fixture
def sound(settings, monkeypatch):
    for name, value in SOUND.items():
        setattr(settings, name, value)
    monkeypatch.setitem(settings.DATABASES, "default", DATABASE)
    return settings


def codes():
    return [error.id for error in refuse_demo_settings()]


def test_sound_settings_pass(sound):
    assert codes() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "short", "gatepost.E101"),
        ("SECRET_KEY", "only-for-a-machine-nobody-else-can-reach-and-long-enough", "gatepost.E101"),
        ("FINGERPRINT_KEY", "", "gatepost.E102"),
        ("FINGERPRINT_KEY", SOUND["SECRET_KEY"], "gatepost.E102"),
        ("DEBUG", True, "gatepost.E103"),
        ("ALLOWED_HOSTS", [], "gatepost.E104"),
        ("ALLOWED_HOSTS", ["*"], "gatepost.E104"),
        ("CELERY_BROKER_URL", "memory://", "gatepost.E105"),
        ("CELERY_BROKER_URL", "filesystem://", "gatepost.E105"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "gatepost.E106"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "gatepost.E106"),
        ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, "gatepost.E107"),
        ("STAFF_SECOND_FACTOR_REQUIRED", False, "gatepost.E108"),
        ("IS_DEMO", True, "gatepost.E110"),
        ("BACKUP_KEY", "short", "gatepost.E111"),
    ],
)
def test_each_fault_is_named(sound, name, value, code):
    setattr(sound, name, value)

    assert codes() == [code]


@pytest.mark.parametrize(
    "database",
    [
        {"NAME": "postgres", "OPTIONS": {"host": "/srv/gatepost/var/postgres/socket"}},
        {"NAME": "postgres", "HOST": "/run/gatepost-0123/socket"},
        {"NAME": ""},
    ],
)
def test_the_embedded_database_is_refused(sound, monkeypatch, database):
    monkeypatch.setitem(sound.DATABASES, "default", database)

    assert codes() == ["gatepost.E109"]
