import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"


def copied():
    return re.findall(r"^COPY (\w+) \1$", (DEPLOY / "proxy.Dockerfile").read_text(), re.MULTILINE)


def modules():
    """Those that a unit or the container starts."""
    words = "\n".join(path.read_text() for path in DEPLOY.rglob("*") if path.is_file())
    return sorted(set(re.findall(r"delivery\.proxy\.\w+(?:\.\w+)*", words)))


def unit(name):
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read(DEPLOY / name)
    return found


@pytest.mark.parametrize("module", modules())
def test_what_the_container_starts_needs_only_what_it_copies(tmp_path, module):
    for name in copied():
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))

    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "--config" in done.stdout


def test_a_stop_waits_longer_than_what_is_under_way_may_take():
    from delivery.proxy.settings import Limits

    assert float(unit("gatepost-proxy.service")["Service"]["TimeoutStopSec"]) > Limits().drain
    timeouts = re.findall(r"--stop-timeout (\d+)", (DEPLOY / "proxy.Dockerfile").read_text())
    assert [float(one) > Limits().drain for one in timeouts] == [True]


def test_the_socket_belongs_to_the_service():
    assert unit("gatepost-proxy.socket")["Socket"]["Service"] == "gatepost-proxy.service"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    for path in (DEPLOY / "gatepost-proxy.service", DEPLOY / "gatepost-proxy.socket"):
        text = path.read_text().replace("/opt/gatepost/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
