"""One milter that two settings name, and addresses beside the names they greet with."""

import html
import re

import pytest

from discovery.postfix import Bundle, audit_bundle
from discovery.postfix.command import describe_instance
from discovery.queries import estate_of
from discovery.subjects import fact_counts
from tests.discovery.pages import text_of, url
from tests.factories.discovery import read
from tests.reports.test_customer_programs import ESTATE

pytestmark = pytest.mark.django_db


def test_one_milter_that_two_settings_name_counts_once_and_keeps_both_places(engagement, ada):
    read(engagement, actor=ada, files=ESTATE)

    estate = estate_of(engagement)

    assert estate.counts["milters"] == fact_counts(engagement)["milters"] == 1
    assert [row.values["parameter"] for row in estate.milters] == ["smtpd_milters", "non_smtpd_milters"]


def test_the_audit_in_a_terminal_counts_it_once_too():
    bundle = Bundle.of({path: text.encode() for path, text in ESTATE.items()})
    instance = audit_bundle(bundle, secret_key=b"key").instances[0]

    lines = [line.split() for line in describe_instance(instance)]

    assert ["milters", "1"] in lines
    assert len(instance.milters) == 2


@pytest.mark.parametrize(("page", "arguments"), [("upload", (1,)), ("subject", ("settings",))])
def test_each_address_stands_beside_the_name_it_greets_with(as_ada, engagement, ada, page, arguments):
    read(engagement, actor=ada, files=ESTATE)

    shown = text_of(as_ada.get(url(page, engagement, *arguments)))

    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    assert "203.0.113.10 as bulk.northlake.example" in words
    assert "203.0.113.11 as mta1.northlake.example" in words
    assert "Chosen by the system as mta1.northlake.example" in words


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("dkim-by-port", "likely")]),
        ({"etc/opendkim.conf": "Socket inet:8891@127.0.0.1\n"}, [("dkim-by-milter", "certain")]),
    ],
)
def test_a_milter_that_only_its_port_tells_is_likely_and_one_with_its_configuration_certain(more, expected):
    bundle = Bundle.of({path: text.encode() for path, text in (ESTATE | more).items()})

    findings = audit_bundle(bundle, secret_key=b"key").findings

    assert [(one.rule, one.confidence) for one in findings if one.rule.startswith("dkim-by-")] == expected
