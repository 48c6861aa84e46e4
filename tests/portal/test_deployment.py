"""The container and what starts it: held against the settings and the queues, and run from the copied folders alone."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
import yaml

from core.queues import EVERY
from portal import pulse
from portal.embedded import ROOT

DEPLOY = ROOT / "deploy"
OWN = ("web", "worker", "urgent", "outside", "clock", "prepare")
SECRET = re.compile(r"(?i)(secret|password|token|key)")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())["services"]


def example():
    lines = (DEPLOY / "portal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def copied():
    return re.findall(r"^COPY ([\w.]+) \1$", (DEPLOY / "portal.Dockerfile").read_text(), re.MULTILINE)


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    secrets = {"SECRET_KEY": "s" * 50 + "0123456789", "FINGERPRINT_KEY": "f" * 50}
    database = "postgres://gatepost@127.0.0.1:1/gatepost"  # nobody is there: what checks and collects asks no database
    places = {"DATABASE_URL": database, "CELERY_BROKER_URL": "redis://broker/0"}
    words = {name: value for name, value in example().items() if value}
    told = {"SECURITY_CONTACT": "mailto:a@example.com", "SECURITY_EXPIRES": str(date.today() + timedelta(days=300))}
    return kept | words | secrets | places | told | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"} | more


def test_what_the_container_copies_is_enough_and_production_has_nothing_to_complain_of(tmp_path):
    for name in copied():
        place = ROOT / name
        copy = shutil.copytree if place.is_dir() else shutil.copyfile
        copy(place, tmp_path / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if place.is_dir() else {}))
    words = [sys.executable, "manage.py"]

    checked = subprocess.run(
        [*words, "check", "--deploy", "--fail-level", "WARNING"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    collected = subprocess.run(
        [*words, "collectstatic", "--noinput"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    assert collected.returncode == 0, collected.stderr
    assert (tmp_path / "static-collected" / "staticfiles.json").exists()


def test_every_queue_is_worked_on_and_there_is_one_clock(services):
    commands = {name: services[name]["command"] for name in OWN if "command" in services[name]}

    queues = {
        queue for words in commands.values() if "-Q" in words for queue in words[words.index("-Q") + 1].split(",")
    }

    assert queues == set(EVERY)
    assert [name for name, words in commands.items() if "beat" in words] == ["clock"]


def test_ours_run_without_rights_on_a_root_nobody_writes_and_are_looked_after(services):
    for name in (*OWN, "proxy"):
        service = services[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    assert services["web"]["healthcheck"]["test"] == ["CMD", "python", "-m", "portal.pulse"]
    assert all(services[name]["restart"] == "unless-stopped" for name in OWN if name != "prepare")
    assert "WorkerSilent" in (DEPLOY / "alerts.yml").read_text()
    assert "\nUSER gatepost\n" in (DEPLOY / "portal.Dockerfile").read_text()


def test_no_secret_stands_in_a_file_and_every_name_is_one_the_settings_know(services):
    known = set(
        re.findall(
            r'env(?:\.\w+)?\(\s*"([A-Z_]+)"',
            "".join(p.read_text() for p in (ROOT / "portal" / "settings").iterdir() if p.suffix == ".py"),
        )
    )

    given = example()

    assert {name: value for name, value in given.items() if SECRET.search(name) and value} == {}
    assert given.keys() - known == {"POSTGRES_PASSWORD"}
    assert all(
        value.startswith("${")
        for service in services.values()
        for name, value in (service.get("environment") or {}).items()
        if "PASSWORD" in name
    )


def test_a_proxy_under_way_is_given_as_long_as_by_the_service(services):
    from delivery.proxy.settings import Limits

    assert int(services["proxy"]["stop_grace_period"].rstrip("s")) > Limits().drain


def test_the_web_container_is_asked_under_a_name_that_it_answers_to(client, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["portal.example.com"]
    monkeypatch.setenv("ALLOWED_HOSTS", example()["ALLOWED_HOSTS"])
    asked = []
    monkeypatch.setattr(pulse, "urlopen", lambda request, timeout: asked.append(request) or nullcontext())

    pulse.main()

    assert client.get("/healthz", headers={"Host": asked[0].get_header("Host")}).status_code == 200
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 400
