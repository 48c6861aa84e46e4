"""A program starts and ends the way back and closes cases as a person does on the pages."""

import pytest

from delivery.models import DiscrepancyCase, Rollback
from tests.factories.accounts import make_token
from tests.factories.traffic import reconcile, take_in_small_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, engagement, ada):
    """As Ada's program."""
    token = make_token(ada, name="a program", days=30)[1]

    def ask(address, sent=None):
        url = f"/api/v1/engagements/{engagement.code}/parallel/{address}"
        signed = {"headers": {"Authorization": f"Bearer {token}"}}
        return client.get(url, **signed) if sent is None else client.post(url, sent, "application/json", **signed)

    return ask


def test_a_drill_is_started_ticked_to_its_end_and_explained(ask):
    started = ask("rollbacks/", {"is_drill": True})
    early = ask("rollbacks/1/", {"reason": "The drill of the month."})

    ended = ask("rollbacks/1/steps/2/", {})
    explained = ask("rollbacks/1/", {"reason": "The drill of the month."})

    assert (started.status_code, started.json()["ended_at"], started.json()["is_late"]) == (201, None, False)
    assert early.status_code == 409
    assert ended.json()["ended_at"]
    assert explained.json()["reason"] == Rollback.objects.get().reason == "The drill of the month."
    assert ask("rollbacks/").json()["results"][0]["number"] == 1


def test_a_case_is_closed_at_the_version_that_was_read(ask, engagement, ada):
    take_in_small_day(engagement, actor=ada, lost=[7])
    reconcile(engagement, actor=ada)
    read = ask("cases/1/")
    closing = {"verdict": "explained", "reason": "The log ends early.", "evidence": "Line 60."}

    versions = ({}, {"version": 99}, {"version": "abc"}, {"version": [1]})
    refused = [ask("cases/1/", {**closing, **version}) for version in versions]
    closed = ask("cases/1/", {**closing, "version": read.json()["version"]})

    assert [answer.status_code for answer in refused] == [428, 409, 422, 422]
    assert (closed.status_code, closed.json()["verdict"]) == (200, "explained")
    assert not DiscrepancyCase.objects.open().exists()
    assert ask("cases/1/messages/").json()["results"][0]["trace"] == "t7"
