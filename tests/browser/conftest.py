"""The whole portal as `./gatepost up` starts it, and people in front of a real Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.places import places_in

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COLD_START_SECONDS = 1_200  # every migration and the demo, beside other tests on a slow machine
ACT_MILLISECONDS = 30_000
IS_TAKING = bool(os.environ.get("TAKE_PICTURES"))  # of the whole demo: test_pictures.py


class Portal:
    """A running portal: where it answers, who may sign in, and the mail it wrote."""

    def __init__(self, url, var):
        self.url = url
        self.var = var
        self.logins = {row["role"]: row for row in json.loads((var / "demo-logins.json").read_text())}

    def mail_to(self, address, *containing, seconds=30):
        """The newest mail to an address with these texts in it; the worker needs a moment to send it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in sorted((self.var / "mail").glob("*"), key=os.path.getmtime, reverse=True):
                text = path.read_text(encoding="utf-8", errors="replace").replace("=\n", "")
                if f"To: {address}" in text and all(part in text for part in containing):
                    return text
            time.sleep(0.2)
        raise AssertionError(f"No mail to {address} with {containing!r} within {seconds} s")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url, process, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"The portal ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within {seconds} s")


@pytest.fixture(scope="session")
def portal():
    """`./gatepost up` with a folder of its own, demo included; stopped by its process id.

    Not a folder of pytest: every session that begins beside this one closes those to others, so to PostgreSQL.
    """
    var = Path(tempfile.mkdtemp(prefix="gatepost-portal-"))
    port = _free_port()
    with places_in(var) as environment:
        # The journeys through parallel delivery begin at nothing.
        traffic = "yes" if IS_TAKING else "no"
        process = subprocess.Popen(
            [str(ROOT / "gatepost"), "up", "--port", str(port)],
            env=environment | {"DEMO_HAS_TRAFFIC": traffic},
            cwd=ROOT,
            stdout=(var / "up.txt").open("w"),
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process, COLD_START_SECONDS)
            yield Portal(f"http://127.0.0.1:{port}", var)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
            shutil.rmtree(var, ignore_errors=True)


@contextmanager
def opened_chromium():
    if CHROMIUM is None:
        pytest.fail("Chromium is missing: type apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium():
    """A Chromium for one file: while Playwright is open, asyncio.run refuses to start in tests of the same worker."""
    with opened_chromium() as browser:
        yield browser


def sign_in(page, email, password):
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    page.wait_for_load_state()


@pytest.fixture
def session_for(chromium, portal):
    """Open a browser session of one's own for a person; signed in when an address is given."""
    contexts = []

    def open_session(email="", password=""):
        # Without motion a colour is what it is at once: axe would measure halfway through a transition.
        context = chromium.new_context(
            base_url=portal.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(ACT_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        if email:
            sign_in(page, email, password)
        return page

    yield open_session
    for context in contexts:
        context.close()


@pytest.fixture
def as_role(portal, session_for):
    def open_session(role):
        login = portal.logins[role]
        return session_for(login["email"], login["password"])

    return open_session
