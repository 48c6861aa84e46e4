import json
import os
import socket
import stat
import time
import urllib.error
import urllib.request

import pytest

from delivery.proxy.control.command import main
from delivery.proxy.control.standing import Decisions, Standing, resume, roll_back
from delivery.proxy.figures import ACCEPTED_NEW, SEEN, SESSIONS_OPEN, Figures, note_wait
from tests.delivery.proxy.helms import WORDS, Helm, free_port


@pytest.fixture
def helm(tmp_path):
    with Helm(tmp_path) as found:
        yield found


def order(helm, *words):
    return main(["--config", str(helm.path), *words])


def asked(helm, path, token="hush", data=None):
    """The status and the body that HTTP answers."""
    address = f"http://{helm.configuration.control.listen}{path}"
    request = urllib.request.Request(address, data=data, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def eventually(question):
    deadline = time.monotonic() + 5
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_status_says_where_mail_goes(helm, capsys):
    helm.steering.figures.row[ACCEPTED_NEW] += 3
    helm.steering.figures.row[SESSIONS_OPEN] += 2

    assert order(helm, "status") == 0

    said = capsys.readouterr().out
    assert said.startswith("100 % of what no rule decides goes to the new side.\n  partners: 100 % new\n")
    assert "To the new side: 3 accepted, 0 refused, 0 of unknown outcome\n" in said
    assert f"Process 0 (pid {os.getpid()}): 2 sessions, 0 transactions open" in said


def test_a_rollback_counts_for_the_next_transaction_and_setting_a_weight_ends_it(helm, capsys):
    assert helm.side() == "new"

    assert order(helm, "rollback", "--json") == 0
    status, side = json.loads(capsys.readouterr().out), helm.side()
    order(helm, "set", "new=100")

    assert (status["everything"], status["by"], status["new"], side) == ("old", "rollback", 0.0, "old")
    assert helm.side() == "new"


def test_a_rollback_survives_a_restart(tmp_path):
    with Helm(tmp_path) as first:
        order(first, "rollback")

    with Helm(tmp_path) as second:
        assert second.side() == "old"


def test_all_processes_of_a_host_obey_what_one_was_told(helm, tmp_path, capsys):
    with Helm(tmp_path, number=1) as sibling:
        order(helm, "set", "new=0")
        after_set = sibling.side()
        order(helm, "set", "new=100")
        order(helm, "rollback")

        assert (after_set, sibling.side()) == ("old", "old")
        eventually(lambda: sibling.decided and sibling.decided[-1].by == "rollback")
        capsys.readouterr()
        order(helm, "status", "--json")
        processes = json.loads(capsys.readouterr().out)["processes"]
        assert [one["number"] for one in processes] == [0, 1]
        assert all(one["has_this_configuration"] for one in processes)


def test_the_share_of_one_rule_can_be_set(helm):
    assert order(helm, "set", "partners=0") == 0

    assert helm.side(b"a@partner.example") == "old"
    assert helm.side() == "new"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["set", "new=101"], "101.0 is no share: a number from 0 to 100, percent for the new side."),
        (["set", "new=nan"], "nan is no share: a number from 0 to 100, percent for the new side."),
        (
            ["set", "strangers=5"],
            "There is no rule strangers: say new, partners.",
        ),
        (["drain", "both"], "both is no side: old or new, or nothing for the whole proxy."),
        (["release", "both"], "both is no side: old or new."),
    ],
)
def test_a_word_that_makes_no_sense_is_refused_and_changes_nothing(helm, capsys, words, sentence):
    before = helm.steering.standing.read()

    assert order(helm, *words) == 1

    assert capsys.readouterr().err == f"proxy-control: {sentence}\n"
    assert helm.steering.standing.read() == before


def test_draining_the_proxy_is_told_to_it_and_ends_with_its_run(helm, capsys):
    assert order(helm, "drain", "--json") == 0

    assert json.loads(capsys.readouterr().out)["draining"] is True
    assert helm.decided[-1].draining == "a run"
    assert helm.side() == "new"
    order(helm, "resume")
    assert helm.decided[-1].draining == ""


def test_draining_a_side_sends_everything_to_the_other(helm):
    order(helm, "drain", "new")
    drained = helm.side()
    order(helm, "resume")

    assert (drained, helm.side()) == ("old", "new")


def test_whoever_does_not_know_the_token_is_told_nothing(helm):
    answers = [asked(helm, "/status", "hash"), asked(helm, "/rollback", "", b""), asked(helm, "/metrics", "")]

    assert [status for status, _ in answers] == [401, 401, 401]
    assert all("hush" not in body and "figures" not in body for _, body in answers)
    assert helm.side() == "new"


def test_nothing_acts_on_get(helm):
    assert asked(helm, "/rollback")[0] == 404

    assert helm.side() == "new"


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_refused(helm, body):
    assert asked(helm, "/set", data=body)[0] == 400


@pytest.mark.parametrize(
    "said", [b"\r\n\r\n", b"GET\r\n\r\n", b"POST /set HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"\xff\x00 \r\n\r\n"]
)
def test_what_is_not_http_is_answered_and_hurts_nobody(helm, said):
    listen = helm.configuration.control.listen
    with socket.create_connection((listen.host, listen.port), timeout=5) as client:
        client.sendall(said)
        answer = client.recv(1_000)

    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 401 "))
    assert order(helm, "status") == 0


def test_the_socket_needs_no_token_and_lets_its_owner_in_only(helm):
    path = helm.configuration.control.socket
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"GET /status HTTP/1.1\r\n\r\n")
        answer = client.recv(1_000)

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_figures_are_told_to_prometheus(helm):
    row = helm.steering.figures.row
    row[ACCEPTED_NEW] += 2
    note_wait(row, 0.004)
    note_wait(row, 30)

    status, said = asked(helm, "/metrics")

    lines = said.splitlines()
    assert status == 200
    assert 'gatepost_messages_total{backend="new",outcome="accepted"} 2' in lines
    assert 'gatepost_messages_total{backend="old",outcome="accepted"} 0' in lines
    assert 'gatepost_reply_seconds_bucket{le="0.002"} 0' in lines
    assert 'gatepost_reply_seconds_bucket{le="0.005"} 1' in lines
    assert 'gatepost_reply_seconds_bucket{le="+Inf"} 2' in lines
    assert "gatepost_reply_seconds_sum 30.004" in lines
    assert f'gatepost_process_id{{process="0"}} {os.getpid()}' in lines


def test_a_rollback_is_possible_where_no_proxy_answers(tmp_path, capsys):
    path = tmp_path / "proxy.toml"
    path.write_text(WORDS.format(port=free_port()))

    assert main(["--config", str(path), "rollback"]) == 0

    assert "Rolled back all the same" in capsys.readouterr().out
    with Helm(tmp_path) as started:
        assert started.side() == "old"


def test_a_rollback_is_possible_while_the_file_is_spoilt(helm, capsys):
    helm.path.write_text(helm.path.read_text().replace("new = 100", "new = 1000"))

    assert order(helm, "rollback") == 0

    assert helm.side() == "old"


def test_a_rollback_counts_where_the_decision_cannot_be_written(tmp_path, monkeypatch):
    standing = Standing(tmp_path)
    turn = standing.turn
    (tmp_path / ".standing.json").mkdir()

    with pytest.raises(OSError, match="directory"):
        standing.decide(roll_back)
    rolled_back = standing.read()
    with pytest.raises(OSError, match="directory"):
        standing.decide(resume)

    assert (rolled_back.everything, rolled_back.by) == ("old", "rollback")
    assert standing.read().everything == "old"
    assert standing.turn > turn
    standing.close()


WRITTEN = '{"everything": "new", "by": "", "since": "", "draining": "", "weights": %s, "reads": 0, "serial": %s}'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "\0" * 40,
        '{"everything": "new"}',
        WRITTEN.replace("new", "left") % ("{}", 0),
        WRITTEN % ("[]", 0),
        WRITTEN % ('{"split": {"new": "much", "instead_of": 5}}', 0),
        WRITTEN % ("{}", '"late"'),
        WRITTEN.replace("reads", "readings") % ("{}", 0),
    ],
)
def test_decisions_that_cannot_be_read_send_everything_to_the_old_side(tmp_path, content):
    standing = Standing(tmp_path)
    standing.path.write_text(content)

    found = standing.read()
    standing.decide(resume)

    assert (found.everything, found.by) == ("old", "unreadable")
    assert standing.read() == Decisions(since=standing.read().since)
    standing.close()


def test_somebody_who_asks_nobody_is_told_so(tmp_path, capsys):
    path = tmp_path / "proxy.toml"
    path.write_text(WORDS.format(port=free_port()).replace('socket = "control"', ""))

    assert main(["--config", str(path), "status"]) == 1

    assert capsys.readouterr().err.startswith("proxy-control: No proxy answers at 127.0.0.1:")


def test_what_a_process_that_is_gone_left_open_is_not_open_now(tmp_path):
    gone = Figures(tmp_path / "journal", 7)
    gone.row[SESSIONS_OPEN], gone.row[ACCEPTED_NEW] = 12, 30
    gone.row[SEEN] = int(time.time()) - 60
    gone.close()

    with Helm(tmp_path) as helm:
        totals, running = helm.steering.figures.totals(), helm.steering.figures.processes()

    assert (totals["sessions_open"], totals["accepted_new"]) == (0, 30)
    assert [one["number"] for one in running] == [0]


def test_a_token_may_hold_any_letter(tmp_path, capsys):
    with Helm(
        tmp_path, words=WORDS.format(port=free_port()).replace("hush", "pssßt").replace('socket = "control"', "")
    ) as helm:
        assert order(helm, "status") == 0
