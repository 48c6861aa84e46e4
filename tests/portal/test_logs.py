"""What a log never holds."""

import pytest

from portal.logs import HIDDEN, hide_secrets


@pytest.mark.parametrize("name", ["password", "new_password1", "csrfmiddlewaretoken", "api_token", "html", "body"])
def test_a_secret_that_is_handed_to_the_log_is_hidden(name):
    event = hide_secrets(None, "info", {"event": "saved", name: "hunter2"})

    assert event == {"event": "saved", name: HIDDEN}


def test_a_query_is_cut_off_an_address():
    event = hide_secrets(None, "info", {"event": "request_started", "request": "GET /people?q=carl"})

    assert event["request"] == "GET /people"


def test_identifiers_stay():
    event = {"event": "job_failed", "job": 7, "reference": "ABCD2345"}

    assert hide_secrets(None, "info", dict(event)) == event
