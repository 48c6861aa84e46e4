"""The client that is written from the schema, against the real API."""

import importlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from core.models import AuditEvent
from engagements.models import Engagement
from portal.api_schema import api_schema
from portal.client import source
from portal.client.transport import Refused, Transport, Unheard
from tests.factories import discovery
from tests.factories.accounts import CustomerFactory, make_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The client as it is written, imported from where it was written to."""
    folder = tmp_path_factory.mktemp("client")
    call_command("write_client", folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module(source.PACKAGE)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == source.PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def connect(package, live_server):
    def connect(person, **told):
        return package.Gatepost(live_server.url, make_token(person, name="the client", days=7)[1], **told)

    return connect


def test_it_reads_engagements_and_findings(connect, engagement, ada):
    discovery.read(engagement, actor=ada)
    client = connect(ada)

    (listed,) = client.engagements_list()
    blockers = list(client.engagements_discovery_findings_list(engagement.code, severity="blocker"))
    one = client.engagements_discovery_findings_retrieve(engagement.code, blockers[0]["number"])

    assert listed["code"] == engagement.code
    assert {finding["severity"] for finding in blockers} == {"blocker"}
    assert len(blockers) == engagement.findings.filter(severity="blocker").count()
    assert one["number"] == blockers[0]["number"]


def test_it_reads_every_page_of_a_list(connect, olga):
    with transaction.atomic():
        made = [Engagement.objects.create(code=f"E-2026-2{n:03}", organization=CustomerFactory()) for n in range(5)]

    told = [row["code"] for row in connect(olga).engagements_list(limit=2)]

    assert told == [one.code for one in reversed(made)]


def test_an_act_sent_twice_under_one_key_is_done_once(connect, engagement, ada):
    client, sent = connect(ada), {"text": "CHG0048213"}

    first = client.engagements_gates_reference_create(engagement.code, 1, sent, idempotency_key="one act")
    again = client.engagements_gates_reference_create(engagement.code, 1, sent, idempotency_key="one act")

    assert again == first
    assert AuditEvent.objects.filter(action="gate.reference_noted").count() == 1


def test_a_file_is_sent_as_a_form(connect, engagement, ada):
    sent = {"host_label": "mta9", "bundle": ('main "of" mta9.cf', b"myhostname = mta9.northlake.example\n")}

    taken = connect(ada).engagements_discovery_uploads_create(engagement.code, sent)

    assert taken["host_label"] == "mta9"
    assert engagement.uploads.get().byte_count == len(sent["bundle"][1])


def test_what_is_refused_is_raised_with_the_sentences_of_the_portal(package, connect, engagement, ada, vera):
    with pytest.raises(package.Refused) as unreadable:
        list(connect(ada).engagements_list(limit=900))
    with pytest.raises(package.Refused) as forbidden:
        connect(vera).engagements_gates_reference_create(engagement.code, 1, {"text": "x"})

    assert (unreadable.value.status, forbidden.value.status) == (422, 403)
    assert unreadable.value.fields == {"limit": ["Ask for a whole number from 1 to 200."]}
    assert str(forbidden.value) == " ".join(forbidden.value.reasons)
    assert "you may not" in str(forbidden.value).lower()


def test_a_token_that_is_unknown_is_refused(package, live_server):
    with pytest.raises(package.Refused) as refused:
        list(package.Gatepost(live_server.url, "unknown").engagements_list())

    assert refused.value.status == 401
    assert "access token" in str(refused.value)


@pytest.fixture
def answering():
    """A server that gives the answers it is told, and remembers what it was asked."""
    asked, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.headers)
            if (answer := answers.pop(0)) is BROKEN_OFF:
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 (its contract)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked, answers
    server.shutdown()
    thread.join()
    server.server_close()


BROKEN_OFF = None
SOON = {"Retry-After": "7"}
DONE = (200, {"Content-Type": "application/json"}, b'{"done": true}')


def test_what_came_too_soon_is_sent_again_when_it_is_time_and_under_the_same_key(answering):
    portal, asked, answers = answering
    answers += [(429, SOON, b"{}"), (503, {}, b"busy"), (409, SOON, b"{}"), (502, {}, b"<html>"), BROKEN_OFF, DONE]
    waits = []

    told = Transport(portal, "token", tries=6, sleep=waits.append).ask("POST", "/api/v1/x/", sent={})

    assert told == {"done": True}
    assert waits == [7.0, 1.0, 7.0, 1.0, 1.0]
    assert len({headers["Idempotency-Key"] for headers in asked}) == 1
    assert {headers["Authorization"] for headers in asked} == {"Bearer token"}


@pytest.mark.parametrize(
    ("answer", "tries", "times"),
    [
        ((429, SOON, b"{}"), 2, 2),
        ((409, {}, b"{}"), 4, 1),
        ((429, {"Retry-After": "86400"}, b"{}"), 4, 1),
        ((500, SOON, b"no JSON"), 4, 1),
    ],
)
def test_what_does_not_get_better_is_given_up(answering, answer, tries, times):
    portal, asked, answers = answering
    answers += [answer] * times

    with pytest.raises(Refused) as refused:
        Transport(portal, "token", tries=tries, sleep=lambda _: None).ask("GET", "/api/v1/x/")

    assert refused.value.status == answer[0]
    assert len(asked) == times


def test_whose_answer_never_comes_learns_the_key_to_send_it_again_with(answering):
    portal, asked, answers = answering
    answers += [BROKEN_OFF] * 2

    with pytest.raises(Unheard) as unheard:
        Transport(portal, "token", tries=2, sleep=lambda _: None).ask("POST", "/api/v1/x/", sent={})

    assert [headers["Idempotency-Key"] for headers in asked] == [unheard.value.idempotency_key] * 2
    assert "was not heard" in str(unheard.value)


def test_it_follows_nobody_elsewhere_with_the_token(answering):
    portal, asked, answers = answering
    answers += [(302, {"Location": "/elsewhere/"}, b""), DONE]

    with pytest.raises(Refused) as refused:
        Transport(portal, "token").ask("GET", "/api/v1/x/")

    assert refused.value.status == 302
    assert len(asked) == 1


def test_every_operation_has_a_method_and_every_shape_a_type(package):
    operations = [said["operationId"] for path in api_schema()["paths"].values() for said in path.values()]
    shapes = importlib.import_module(f"{source.PACKAGE}.shapes")

    methods = {name for name in vars(package.Gatepost) if not name.startswith("_")}
    assert {name for name in operations if name.isidentifier()} <= methods
    assert len(methods) == len(operations) > 300
    assert [name for name in api_schema()["components"]["schemas"] if not hasattr(shapes, name)] == []


def test_the_client_is_typed_strictly(package, tmp_path):
    use = tmp_path / "use.py"
    use.write_text(
        f"from {source.PACKAGE} import Gatepost\n\n"
        'portal = Gatepost("https://portal.example", "token")\n'
        "codes: list[str] = [one['code'] for one in portal.engagements_list()]\n"
        'portal.engagements_gates_reference_create("E-1", 1, {"text": 7})\n',
        encoding="utf-8",
    )
    folder = next(path for path in sys.path if (Path(path) / source.PACKAGE).is_dir())

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache"), str(use)],
        env={"MYPYPATH": folder, "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    (fault, summary) = done.stdout.splitlines()
    assert fault.startswith("use.py:5: error:")
    assert '"text"' in fault
    assert summary.startswith("Found 1 error in 1 file")
