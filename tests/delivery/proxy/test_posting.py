import http.server
import json
import threading
import time

import pytest

from delivery.proxy.control.posting import pause_after, post
from delivery.proxy.figures import ACCEPTED_NEW
from delivery.proxy.settings import PortalSettings
from tests.delivery.proxy.helms import WORDS, Helm, free_port
from tests.delivery.proxy.test_control import eventually


class Portal(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Desk)
        self.told, self.answers, self.gate = [], [], threading.Event()
        self.gate.set()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/counters"


class Desk(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append((self.headers["Authorization"], body))
        self.server.gate.wait(10)
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def portal():
    found = Portal()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    found.gate.set()
    found.shutdown()
    thread.join()
    found.server_close()


def helm_telling(portal, folder, every="100 ms"):
    words = WORDS.format(port=free_port())
    return Helm(folder, words=f'{words}[portal]\ncounters = "{portal.address}"\ntoken = "tell"\nevery = "{every}"\n')


def test_the_portal_is_told_the_totals_again_and_again(portal, tmp_path):
    with helm_telling(portal, tmp_path) as helm:
        eventually(lambda: portal.told)
        helm.steering.figures.row[ACCEPTED_NEW] += 5
        eventually(lambda: portal.told[-1][1]["figures"]["accepted_new"] == 5)

    token, body = portal.told[-1]
    assert token == "Bearer tell"
    assert body["host_name"]
    assert body["at"] <= time.time()


def test_what_the_portal_did_not_take_is_in_the_next(portal, tmp_path):
    portal.answers += [500]
    with helm_telling(portal, tmp_path) as helm:
        helm.steering.figures.row[ACCEPTED_NEW] += 2

        eventually(lambda: len(portal.told) >= 2)

    assert portal.told[-1][1]["figures"]["accepted_new"] == 2


def test_a_portal_that_hangs_holds_up_neither_choices_nor_the_stop(portal, tmp_path):
    portal.gate.clear()
    with helm_telling(portal, tmp_path) as helm:
        eventually(lambda: portal.told)

        assert helm.side() == "new"

    assert not helm.thread.is_alive()


def test_a_portal_that_is_away_is_asked_ever_more_seldom():
    assert [pause_after(failures, 60) for failures in (0, 1, 2, 3, 4, 100)] == [60, 6, 12, 24, 48, 300]
    assert post(PortalSettings(counters=f"http://127.0.0.1:{free_port()}/"), {}) is False
