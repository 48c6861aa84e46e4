"""What the emitters make of the examples."""

import pytest

from discovery.translation.samples import lines_made_of


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("smtp-helo-name", "host-name mail.example.com"),
        ("relayhost", "smtp-hosts relay.example.com:587"),
        ("queue-lifetime", "bounce-after 5d"),
        ("sending-service-with-address", "smtp-source-host 192.0.2.11 ip1.example.com"),
        ("permit-mynetworks", "always-allow-relaying yes"),
    ],
)
def test_the_lines_of_powermta_that_an_example_becomes(row, line):
    assert line in lines_made_of(row)["powermta"]


def test_lines_that_other_settings_become_are_left_out():
    assert lines_made_of("queue-lifetime")["powermta"] == ("bounce-after 5d",)


def test_a_row_without_an_example_or_of_another_kind_becomes_nothing():
    assert lines_made_of("check-ignore") == {}
    assert lines_made_of("database-settings") == {}
    assert lines_made_of("no-such-row") == {}
