"""Over a line the proxy is told every share and keeps its rollback; what nobody knows is not guessed."""

import pytest

from core.errors import Conflict, DomainError, Refused
from core.jobs import run_job
from core.models import AuditEvent, Job
from delivery.domain.change_share import change_share, confirm_change, open_ramp, settle_change
from delivery.domain.proxy_line import remove_line, set_line
from delivery.models import ProxyLine
from delivery.ramp.line import ask_proxy, share_in
from delivery.ramp_state import standing_of
from tests.delivery.parallel.conftest import TOKEN
from tests.delivery.parallel.losing import LosingAnswers
from tests.factories.traffic import start_rollback

pytestmark = pytest.mark.django_db


def test_over_a_line_the_proxy_is_told_and_its_answer_kept(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)

    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    ready.refresh_from_db()
    status = ask_proxy(proxy_url, TOKEN, "status")
    assert (share_in(status, "new"), share_in(status, "partners")) == (25.0, 100.0)
    assert (ready.share, change.state) == (25, "done")
    assert change.said == f"The proxy at {proxy_url} says 25 %."
    with pytest.raises(Conflict, match="by itself"):
        confirm_change(change, is_done=True, actor=ada)


def test_every_ramp_is_told_with_one_and_rules_that_the_proxy_does_not_know_are_left_out(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)
    open_ramp(ready.engagement, actor=ada, rule="partners")
    open_ramp(ready.engagement, actor=ada, rule="nobody knows it")

    change_share(ready, share=25, why="Both checks passed.", actor=ada)
    run_job(Job.objects.get(kind="change_share").pk)

    status = ask_proxy(proxy_url, TOKEN, "status")
    assert (share_in(status, "new"), share_in(status, "partners")) == (25.0, 0.0)


def test_a_share_under_way_does_not_end_a_rollback_of_the_proxy(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)
    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    ask_proxy(proxy_url, TOKEN, "rollback")

    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    assert (change.state, "A rollback stands" in change.said) == ("failed", True)
    assert ask_proxy(proxy_url, TOKEN, "status")["by"] == "rollback"


def test_no_share_is_asked_for_or_told_while_a_rollback_runs(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)
    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    start_rollback(ready.engagement, is_drill=False, actor=ada)

    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    assert (change.state, change.said) == ("failed", "Rollback 2 is under way. Nothing was told the proxy.")
    assert share_in(ask_proxy(proxy_url, TOKEN, "status"), "new") == 100.0  # as its file says
    assert "Rollback 2 is under way: everything goes to Postfix." in standing_of(ready).blockers
    with pytest.raises(Conflict, match="Rollback 2 is under way"):
        change_share(ready, share=0, why="Down.", actor=ada)


def test_a_change_settled_meanwhile_is_told_nobody(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)
    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    settle_change(change, is_done=False, said="Everything went back.", actor=None)

    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    assert (change.state, change.said) == ("failed", "Everything went back.")
    assert share_in(ask_proxy(proxy_url, TOKEN, "status"), "new") == 100.0


def test_a_proxy_whose_answer_was_lost_is_asked_what_it_did(ready, proxy_url, ada):
    with LosingAnswers(proxy_url) as line:
        set_line(ready.engagement, url=line.url, token=TOKEN, actor=ada)
        change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
        run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    ready.refresh_from_db()
    assert (change.state, ready.share) == ("done", 25)
    assert "does not answer" in change.said
    assert change.said.endswith("Asked afterwards, it says 25.0 %.")


def test_what_nobody_knows_stays_asked_for_until_a_person_says_what_the_proxy_did(client, ready, proxy_url, ada):
    with LosingAnswers(proxy_url, is_silent_afterwards=True) as line:
        set_line(ready.engagement, url=line.url, token=TOKEN, actor=ada)
        change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
        with pytest.raises(Conflict, match="by itself"):
            confirm_change(change, is_done=True, actor=ada)
        run_job(Job.objects.get(kind="change_share").pk)
    change.refresh_from_db()
    ready.refresh_from_db()
    assert (change.state, ready.share, "does not answer" in change.said) == ("asked", 10, True)
    client.force_login(ada)
    page = client.get(f"/engagements/{ready.engagement.code}/parallel/ramps/{ready.number}/").content.decode()
    assert "Nobody knows whether the proxy took it." in page

    confirm_change(change, is_done=True, actor=ada)

    ready.refresh_from_db()
    assert ready.share == 25
    assert AuditEvent.objects.get(action="ramp.changed").data["said"] == "Ada Quint saw that the proxy did it."
    assert AuditEvent.objects.filter(action="ramp.silent").count() == 1


@pytest.mark.parametrize("trouble", ["rule", "token", "gone"])
def test_a_proxy_that_does_not_do_as_told_leaves_the_share_as_it_was(ready, proxy_url, ada, trouble):
    if trouble == "rule":
        ready.rule = "nobody knows it"
        ready.save()
    url = "http://127.0.0.1:9" if trouble == "gone" else proxy_url
    set_line(ready.engagement, url=url, token="another" if trouble == "token" else TOKEN, actor=ada)

    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    ready.refresh_from_db()
    assert (ready.share, change.state) == (10, "failed")
    said = {"rule": "refused (422): There is no rule nobody", "token": "refused (401)", "gone": "does not answer"}
    assert said[trouble] in change.said


def test_the_token_is_sealed_and_a_line_names_a_place_and_nothing_else(engagement, ada, carl):
    for url in ("ftp://proxy:1", "http://", "http://user:word@proxy:1", "file:///etc/passwd"):
        with pytest.raises(DomainError, match="Write the address"):
            set_line(engagement, url=url, token=TOKEN, actor=ada)
    with pytest.raises(Refused):
        set_line(engagement, url="http://proxy:2526", token=TOKEN, actor=carl)

    line = set_line(engagement, url="http://proxy:2526", token=TOKEN, actor=ada)

    assert TOKEN.encode() not in bytes(line.sealed_token)
    assert not AuditEvent.objects.filter(data__icontains=TOKEN).exists()
    remove_line(engagement, actor=ada)
    assert not ProxyLine.objects.exists()
