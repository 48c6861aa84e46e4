"""What a log never holds."""

import logging
import sys
from logging.config import DictConfigurator

import pytest

from portal.logs import HIDDEN, hide_secrets, logging_config


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


@pytest.mark.parametrize("json", [True, False])
def test_a_traceback_does_not_show_what_variables_hold(json):
    config = logging_config(json=json)
    line = DictConfigurator(config).configure_formatter(config["formatters"]["line"])

    printed = line.format(crash_while_reading(f"bytes of {'a customer'}"))

    assert "crash_while_reading" in printed
    assert "ValueError" in printed
    assert "bytes of a customer" not in printed


def crash_while_reading(raw):
    try:
        int(raw[:5])
    except ValueError:
        return logging.getLogger("x").makeRecord("x", logging.ERROR, "x", 1, "crashed", (), sys.exc_info())
