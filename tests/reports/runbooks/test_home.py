"""What runbooks ask of each side stands on the home pages of those who can do it."""

import pytest

from engagements.decisions import decisions_for
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook
from reports.domain.draw_up_runbooks import note_runbook_fact
from tests.factories.runbooks import draw_up

pytestmark = pytest.mark.django_db

KEY = "queue_drain"
APPROVE, READ = "for your approval", "not been read"


def asked(person):
    titles = [decision.title for decision in decisions_for(person)]
    return [title for title in titles if APPROVE in title or READ in title]


def test_whoever_approves_is_asked_once_for_all_of_them_and_nobody_else_is(drawn, carl, lea, ada, vera):
    count = len(drawn)

    before = [asked(person) for person in (carl, lea, ada, vera)]
    approve_runbook(drawn[KEY], actor=lea)

    every = [f"{count} runbooks wait for your approval"]
    assert before == [every, every, [], []]
    assert asked(lea) == [f"{count - 1} runbooks wait for your approval"]
    assert asked(carl) == every


def test_the_customer_is_asked_to_read_what_it_approved_until_somebody_has(drawn, carl, lea):
    for person in (carl, lea):
        approve_runbook(drawn[KEY], actor=person)
    to_read = [title for title in asked(carl) if READ in title]

    acknowledge_runbook(drawn[KEY], actor=carl)

    assert to_read == ["1 runbook has not been read"]
    assert not [title for title in asked(carl) if READ in title]


def test_an_older_revision_waits_for_nobody(drawn, named, ada, carl, lea):
    for revision in drawn.values():
        approve_runbook(revision, actor=lea)
    note_runbook_fact(named, key="proxy_file", value="/srv/proxy.toml", actor=ada)

    newer = draw_up(named, actor=ada)

    assert 0 < len(newer) < len(drawn)
    assert asked(lea) == [f"{len(newer)} runbooks wait for your approval"]
