"""What the tools of the project say about it: layers, migrations, deployment."""

import io
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.laws.sources import APPS, ROOT

# A production of nobody: addresses that lead nowhere, secrets that open nothing.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "k7Qz-0f1YtPw93mVbXhLrN5sDjCgU2eAoIiTqWyE4uRxZp6B8v",
    "FINGERPRINT_KEY": "c2Vx8Lq0-Zt5RmWd7YpKf1HjNbGu4TsAo9EiPyX3vCkQ6zJh_B",
    "DATABASE_URL": "postgres://gatepost:secret@database.example:5432/gatepost",
    "CELERY_BROKER_URL": "redis://broker.example:6379/0",
    "CACHE_URL": "rediscache://cache.example:6379/1",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example:587",
    "ALLOWED_HOSTS": "portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "PORTAL_URL": "https://portal.example",
    "DEFAULT_FROM_EMAIL": "Gatepost <portal@portal.example>",
    "CONSULTANCY_SUPPORT_EMAIL": "help@portal.example",
    "SECURITY_CONTACT": "mailto:security@portal.example",
    "SECURITY_EXPIRES": str(date.today() + timedelta(days=300)),
}


def run(*command, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, check=False, capture_output=True, text=True)


def test_imports_run_one_way():
    tool = Path(sys.executable).with_name("lint-imports")

    found = run(str(tool), "--no-cache")

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    out = io.StringIO()

    try:
        call_command("makemigrations", *APPS, check_changes=True, dry_run=True, stdout=out, skip_checks=True)
    except SystemExit:
        pytest.fail(out.getvalue())


@pytest.mark.parametrize("app", [app for app in APPS if (ROOT / app / "migrations").is_dir()])
def test_the_first_migration_of_an_app_replaces_all_of_the_older_ones(app):
    """One that was left out would be run on tables that are there already."""
    there = {key: each for key, each in MigrationLoader(None).disk_migrations.items() if key[0] == app}
    replaced = set(there[app, "0001_tables"].replaces)
    behind_the_older = {key for key, each in there.items() if replaced & set(each.dependencies)}

    assert replaced <= there.keys()
    assert behind_the_older <= replaced


def test_a_production_passes_the_deployment_check():
    found = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FINGERPRINT_KEY"])
def test_a_production_without_a_secret_does_not_start(missing):
    without = {name: value for name, value in PRODUCTION.items() if name != missing}

    found = run(sys.executable, "manage.py", "check", **without)

    assert found.returncode != 0
    assert missing in found.stderr


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an export without its history tracks nothing")
def test_nothing_that_is_ignored_is_tracked():
    """A merge writes what is tracked over what is ignored: a link that was added once took a whole environment away."""
    found = run("git", "ls-files", "--cached", "--ignored", "--exclude-standard")

    assert (found.returncode, found.stdout) == (0, ""), found.stderr
