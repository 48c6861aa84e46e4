"""A program does what the pages of ramps, triggers, cutovers and logs do, and is refused as they refuse."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs import run_job
from core.models import Job
from delivery.models import Cutover, JournalKey, OwnTrigger, ProxyLine, Ramp, ReconciliationRun, TrafficLog
from tests.factories.accounts import make_token
from tests.factories.traffic import small_day

pytestmark = pytest.mark.django_db
KEY = "a key that is long enough for a proxy"


@pytest.fixture
def ask(client, engagement):
    """As somebody's program: a body that holds a file is sent as a form."""

    tokens = {}

    def ask(person, address, sent=None):
        if person not in tokens:
            tokens[person] = make_token(person, name="a program", days=30)[1]
        signed = {"headers": {"Authorization": f"Bearer {tokens[person]}"}}
        url = f"/api/v1/engagements/{engagement.code}/parallel/{address}"
        if sent is None:
            return client.get(url, **signed)
        kind = {} if "log" in sent else {"content_type": "application/json"}
        return client.post(url, sent, **kind, **signed)

    return ask


def test_a_ramp_is_opened_once_a_rule_and_never_for_a_provider_nobody_saw(ask, engagement, ada):
    strange = ask(ada, "ramps/", {"provider": "Nowhere"})
    opened = ask(ada, "ramps/", {})
    again = ask(ada, "ramps/", {})

    assert (strange.status_code, opened.status_code, again.status_code) == (422, 201, 422)
    assert "Nowhere" in strange.json()["detail"]
    assert opened.json() == ask(ada, "ramps/1/").json()["ramp"]
    assert Ramp.objects.filter(engagement=engagement).count() == 1


def test_a_share_goes_up_with_the_customers_yes_and_the_command_that_was_run(ask, ramp, ready, ada, carl):
    told = ask(ada, "ramps/1/").json()
    over = ask(ada, "ramps/1/", {"share": 50, "why": "Faster."})
    asked = ask(ada, "ramps/1/", {"share": 25, "why": "It is quiet."})
    twice = ask(ada, "ramps/1/", {"share": 25, "why": "It is quiet."})

    settled = ask(ada, "ramps/1/confirm/", {"is_done": True})

    assert (told["next_share"], told["blockers"], told["approval"]["approved_by"]) == (25, [], carl.full_name)
    assert over.status_code == 409
    assert "Steps are not left out" in over.json()["detail"]
    assert asked.json()["command"].endswith("set --keep-rollback new=25")
    assert twice.status_code == 409
    assert (settled.json()["state"], settled.json()["command"]) == ("done", "")
    assert Ramp.objects.get(pk=ramp.pk).share == 25
    assert ask(ada, "ramps/1/confirm/", {"is_done": True}).status_code == 404


def test_only_who_signs_the_phase_says_yes_and_only_to_the_next_step(ask, parallel, ramp, ada, carl, vera):
    refused = [ask(person, "ramps/1/approve/", {"share": 10}).status_code for person in (ada, vera)]
    other = ask(carl, "ramps/1/approve/", {"share": 50})
    said = ask(carl, "ramps/1/approve/", {"share": 10, "note": "Go on."})

    assert refused == [403, 403]
    assert other.status_code == 409
    assert (said.status_code, said.json()["note"]) == (200, "Go on.")
    assert ramp.approvals.get().share == 10


def test_the_token_of_a_line_and_the_key_of_a_journal_are_kept_and_never_told(ask, engagement, ada, carl):
    line = ask(ada, "line/", {"url": "http://127.0.0.1:9", "token": "hush-hush"})
    key = ask(carl, "key/", {"key": KEY})
    removed = [ask(ada, "line/remove/", {}).status_code, ask(ada, "line/remove/", {}).status_code]

    assert (line.status_code, key.status_code, removed) == (201, 201, [204, 409])
    assert "hush" not in line.content.decode()
    assert KEY not in key.content.decode()
    assert not ProxyLine.objects.filter(engagement=engagement).exists()
    assert bytes(JournalKey.objects.get(engagement=engagement).sealed_key)
    assert ask(carl, "key/remove/", {}).json()["set_at"] is None


def test_what_was_seen_opens_a_decision_that_is_decided_once(ask, engagement, carl):
    added = ask(carl, "triggers/", {"title": "Ours", "figure": "failure", "limit": "2.5"})
    reported = ask(carl, "triggers/report/", {"key": "bounces", "seen": "Nothing arrives."})
    known = ask(carl, "triggers/report/", {"key": "bounces", "seen": "Still nothing."})
    decided = ask(carl, "decisions/1/", {"choice": "go_on", "reason": "The script was off."})
    again = ask(carl, "decisions/1/", {"choice": "go_back", "reason": "On second thought."})
    removed = ask(carl, f"triggers/{added.json()['id']}/remove/", {})

    assert [answer.status_code for answer in (added, reported, known)] == [201, 201, 409]
    assert (decided.json()["decision"], again.status_code) == ("go_on", 409)
    assert ask(carl, "decisions/").json()["results"][0]["reason"] == "The script was off."
    assert removed.json()["removed_at"]
    assert not OwnTrigger.objects.filter(engagement=engagement, removed_at=None).exists()


def test_a_cutover_is_planned_and_its_sheet_walked_in_order(ask, parallel, ramp, ada, carl):
    ramp.share = 0
    planned = ask(ada, "cutovers/", {"ramp": 1, "planned_for": "2026-12-01T06:00:00Z", "on_call": "Ada +1 555 0100"})
    again = ask(ada, "cutovers/", {"ramp": 1, "planned_for": "2026-12-01T06:00:00Z", "on_call": "Ada +1 555 0100"})
    sheet = ask(ada, "cutovers/1/").json()
    ticked = ask(carl, "cutovers/1/steps/1/", {"evidence": "dig says 300"})
    empty = ask(carl, "cutovers/1/steps/3/", {})
    early = ask(carl, "cutovers/1/steps/7/", {"evidence": "Go."})
    frozen = ask(ada, "cutovers/1/freeze/", {})
    counted = ask(carl, "cutovers/1/count/", {"side": "old", "count": 412})
    done, closed = ask(ada, "cutovers/1/finish/", {}), ask(carl, "cutovers/1/sign/", {"reason": "No need."})
    down = ask(ada, "cutovers/1/decommission/", {"answers": {"logs": {"is_so": True, "words": "On tape."}}})

    assert [answer.status_code for answer in (planned, again)] == [201, 409]
    assert [row["can"] for row in sheet["steps"][:2]] == [False, True]
    assert {row["key"] for row in sheet["leftovers"]} >= {"logs", "keys"}
    assert ticked.json()["evidence"] == "dig says 300"
    assert [answer.status_code for answer in (empty, early, frozen)] == [422, 409, 422]
    assert counted.json()["messages"] == 412
    assert [answer.status_code for answer in (done, closed, down)] == [409, 409, 409]
    cutover = Cutover.objects.get()
    assert (cutover.done_at, cutover.closed_at) == (None, None)
    assert cutover.steps.filter(done_at__isnull=False).count() == 1


def test_logs_are_handed_over_once_held_against_each_other_and_withdrawn(ask, engagement, ada):
    journal, mail_log = small_day(lost=[7])
    none = ask(ada, "runs/", {})
    kept = [
        ask(ada, "logs/", {"kind": kind, "log": SimpleUploadedFile(f"{kind}.log", text.encode())}).status_code
        for kind, text in (("journal", journal), ("postfix", mail_log), ("postfix", mail_log))
    ]
    asked = ask(ada, "runs/", {})
    run_job(Job.objects.get(kind="reconcile_traffic").pk)
    withdrawn = [ask(ada, "logs/1/withdraw/", {}).status_code for _ in range(2)]

    assert (none.status_code, kept, asked.status_code) == (422, [201, 201, 422], 201)
    assert ReconciliationRun.objects.get(engagement=engagement).discrepancies == 1
    assert ask(ada, "runs/").json()["results"][0]["discrepancies"] == 1
    assert ask(ada, "runs/1/").json()["report"]["states"]["missing"] == 1
    assert withdrawn == [200, 409]
    assert TrafficLog.objects.kept().get().number == 2
