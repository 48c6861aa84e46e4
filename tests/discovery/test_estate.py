import json
from dataclasses import asdict

import pytest

from discovery.domain.accept_finding import accept_finding
from discovery.domain.add_dossier import add_dossier
from discovery.domain.lock_dossier import DossierFacts
from discovery.queries import estate_of, severity_counts
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read

pytestmark = pytest.mark.django_db


def test_an_engagement_without_uploads_has_an_empty_estate(engagement):
    estate = estate_of(engagement)

    assert estate.is_empty
    assert set(estate.counts.values()) == {0}


def test_the_estate_is_what_the_latest_uploads_say(engagement, ada):
    read(engagement, actor=ada, host="mta1")
    read(engagement, actor=ada, host="mta1", files=SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF + "own_name = 1\n"})
    read(engagement, actor=ada, host="mta2")

    estate = estate_of(engagement)

    assert [(host.host, host.upload) for host in estate.hosts] == [("mta1", 2), ("mta2", 3)]
    assert {row.host for row in estate.milters} == {"mta1", "mta2"}
    assert estate.counts["milters"] == 2
    assert [row.place for row in estate.milters] == ["etc/postfix/main.cf:6", "etc/postfix/main.cf:6"]
    assert "/opt/mail/tagger.py" in {row.values["path"] for row in estate.missing_files}


def test_it_carries_what_people_decided_and_added(engagement, ada):
    read(engagement, actor=ada)
    first = engagement.findings.by_severity().first()
    accept_finding(first, actor=ada, version=first.version)
    add_dossier(engagement, facts=DossierFacts(kind="milter", name="tagger", owner="Carl Brandt"), actor=ada)

    estate = estate_of(engagement)

    assert (estate.findings[0].reference, estate.findings[0].state) == (first.reference, "accepted")
    assert estate.findings[0].decided_by == "Ada Quint"
    assert [row.owner for row in estate.dossiers if row.is_stated] == ["Carl Brandt"]
    assert sum(len(group) for group in estate.findings_by("severity").values()) == len(estate.findings)
    assert json.loads(json.dumps(asdict(estate)))


def test_a_letter_is_the_decision_or_the_suggestion(engagement, ada):
    read(engagement, actor=ada)
    finding = next(one for one in estate_of(engagement).findings if one.suggested_classes.get("powermta") == "custom")

    assert finding.letter("powermta") == "C"
    assert finding.letter("exim") == ""


@pytest.mark.parametrize("hosts", [1, 3])
def test_the_number_of_queries_does_not_depend_on_how_much_there_is(engagement, ada, hosts, django_assert_num_queries):
    for number in range(hosts):
        read(engagement, actor=ada, host=f"mta{number}")

    with django_assert_num_queries(22):
        estate = estate_of(engagement)
    with django_assert_num_queries(1):
        counts = severity_counts(engagement)

    assert len(estate.hosts) == hosts
    assert sum(states["open"] for states in counts.values()) == len(estate.findings)
