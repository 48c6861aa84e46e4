"""security.txt: whoever found a weakness learns whom to tell, and never an address that nobody vouches for any more."""

from datetime import date, datetime, timedelta

import pytest

from core.checks import miss_security_contact

ADDRESS = "/.well-known/security.txt"
TODAY = datetime(2026, 11, 27, 9, 30)


@pytest.fixture
def named(settings, time_machine):
    time_machine.move_to(TODAY, tick=False)
    settings.PORTAL_URL = "https://portal.practice.example"
    settings.SECURITY_CONTACT = ["mailto:security@practice.example", "https://practice.example/report"]
    settings.SECURITY_EXPIRES = "2027-06-30"
    return settings


def warnings():
    return [(found.id, found.msg) for found in miss_security_contact()]


@pytest.mark.django_db
def test_it_names_whom_to_tell_and_until_when_that_holds(client, named):
    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@practice.example",
        "Contact: https://practice.example/report",
        "Expires: 2027-06-30T23:59:59+00:00",
        "Preferred-Languages: en",
        "Canonical: https://portal.practice.example/.well-known/security.txt",
    ]
    assert warnings() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECURITY_CONTACT", [], "Nobody is named"),
        ("SECURITY_CONTACT", ["security@practice.example"], "no address"),
        ("SECURITY_CONTACT", ["http://practice.example/report"], "no address"),
        ("SECURITY_CONTACT", ["mailto:a@b.example\nContact: mailto:mallory@c.example"], "no address"),
        ("SECURITY_EXPIRES", "", "missing or no date"),
        ("SECURITY_EXPIRES", "next summer", "missing or no date"),
        ("SECURITY_EXPIRES", "2026-11-26", "was 2026-11-26"),
    ],
)
def test_where_nobody_can_be_told_there_is_none_and_the_deployment_is_warned(client, named, name, value, word):
    setattr(named, name, value)

    assert client.get(ADDRESS).status_code == 404
    assert [code for code, _ in warnings()] == ["gatepost.W201"]
    assert word in warnings()[0][1]


@pytest.mark.django_db
def test_one_spoilt_contact_does_not_take_the_others_away(client, named):
    named.SECURITY_CONTACT = ["mailto:security@practice.example", "nonsense"]

    said = client.get(ADDRESS).content.decode()

    assert "Contact: mailto:security@practice.example\n" in said
    assert "nonsense" not in said
    assert len(warnings()) == 1


@pytest.mark.django_db
def test_the_last_day_still_counts_and_a_day_in_years_is_warned_of(client, named):
    named.SECURITY_EXPIRES = str(TODAY.date())
    on_the_last_day = client.get(ADDRESS).status_code, warnings()
    named.SECURITY_EXPIRES = str(date(2026, 11, 27) + timedelta(days=800))

    assert on_the_last_day == (200, [])
    assert client.get(ADDRESS).status_code == 200
    assert "further away than a year" in warnings()[0][1]


@pytest.mark.django_db
def test_staff_without_a_second_factor_can_read_it_and_nobody_posts_to_it(client, named, ada):
    named.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(ada)

    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 405
