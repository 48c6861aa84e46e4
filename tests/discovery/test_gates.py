import pytest
from django.urls import reverse

from discovery.domain.accept_finding import accept_finding
from discovery.domain.add_stream import add_stream
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.route_streams import route_streams
from discovery.domain.settle_stream import StreamText
from discovery.untold import NOTHING_READ, NOTHING_TRANSLATED
from engagements import gates
from engagements.models import Gate
from tests.engagements.journey import begin
from tests.factories.discovery import add_finding, bare_upload

pytestmark = pytest.mark.django_db


def reasons(engagement):
    gate = Gate.objects.select_related("engagement").get(engagement=engagement, number=1)
    known = [check for check in gates.checks_of(1) if check.key in {"configuration_read", "findings_answered"}]
    return [sentence for check in known for sentence in check.reasons(gate.engagement)]


def test_without_a_configuration_the_gate_says_so(engagement):
    assert reasons(engagement) == ["No configuration has been read yet.", NOTHING_READ]


def test_what_cannot_be_told_before_anything_is_read_does_not_count_as_complete(engagement, ada):
    untold = {
        "findings_answered",
        "streams_decided",
        "constructs_classified",
        "translation_current",
        "gaps_decided",
        "scope_holds",
    }
    known = [check for check in gates.checks_of(1) if check.key in untold]

    before = {check.key: list(check.reasons(engagement)) for check in known}
    bare_upload(engagement, actor=ada)
    after = [sentence for check in known for sentence in check.reasons(engagement)]

    assert before == {key: [NOTHING_READ] for key in untold}
    assert NOTHING_READ not in after


def test_nobody_has_decided_on_gaps_that_nobody_has_looked_for(engagement, ada):
    bare_upload(engagement, actor=ada)

    gaps = next(check for check in gates.checks_of(1) if check.key == "gaps_decided")

    assert list(gaps.reasons(engagement)) == [NOTHING_TRANSLATED]


def test_urgent_findings_wait_for_an_answer_and_others_do_not(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    first = add_finding(upload, 1, severity="blocker", title="A milter nobody has shown us")
    second = add_finding(upload, 2, severity="high")
    add_finding(upload, 3, severity="medium")
    add_finding(upload, 4, severity="high", gone_since=upload)

    assert reasons(engagement) == [
        "Finding F-001 has no answer: A milter nobody has shown us.",
        "Finding F-002 has no answer: Made up 2.",
    ]

    accept_finding(first, actor=ada, version=1)
    dismiss_finding(second, actor=ada, version=1, reason="intended")
    assert reasons(engagement) == []


def test_what_is_more_is_counted_from_the_records(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    for number in range(1, 14):
        add_finding(upload, number)

    said = reasons(engagement)

    assert len(said) == 13
    assert gates.shortened(said).endswith("Made up 3. And 10 more.")
    point = gates.OpenPoint("Every blocking and high finding is accepted or dismissed", tuple(said))
    assert point.sentences == [*said[:10], "And 3 more."]


def test_a_stream_that_nobody_marked_keeps_the_gate_shut_and_one_that_stays_does_not(engagement, ada):
    bare_upload(engagement, actor=ada)
    (known,) = [check for check in gates.checks_of(1) if check.key == "streams_decided"]
    stream = add_stream(engagement, actor=ada, text=StreamText("bulk"))

    before = list(known.reasons(engagement))
    route_streams(engagement, versions={stream.number: stream.version}, route="stay", route_reason="Fax.", actor=ada)

    assert before == ["Stream S-01 bulk is marked neither migrate nor stay."]
    assert list(known.reasons(engagement)) == []


def test_the_rows_of_a_gate_lead_to_what_they_count_and_offer_what_the_reader_may(
    client, engagement, lea, vera, carl, monkeypatch
):
    page = reverse("engagements:gate", args=[engagement.code, 1])
    findings = f'href="{reverse("discovery:queue", args=[engagement.code])}"'
    override = f'href="{reverse("engagements:override", args=[engagement.code, 1, "findings_answered"])}"'
    monkeypatch.setattr(gates, "_for_steps", {})
    begin(engagement, accepted_by=carl)
    offered = {}

    for person in (lea, vera):
        client.force_login(person)
        text = client.get(page).content.decode()
        offered[person] = (findings in text, override in text)

    assert offered == {lea: (True, True), vera: (True, False)}
