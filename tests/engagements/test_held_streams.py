"""A stream is a part that a signature may hold back; only its own steps wait."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict
from delivery.domain.change_share import open_ramp
from delivery.held_streams import apart_in, held_reasons
from delivery.ramp_state import standing_of
from discovery.domain.settle_stream import StreamText, settle_stream
from discovery.models import Stream
from engagements.domain.release_part import release_part
from engagements.domain.set_reservations import Reservations
from engagements.domain.sign_document import sign_document
from engagements.models import HeldPart
from engagements.parts import held_parts, parts_of
from tests.engagements.journey import begin, gate_of, put_up, signature_for
from tests.factories.discovery import read
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def streams(engagement, carl, ada):
    """Both streams of the small estate are to migrate; the second is held back by Carl's signature on phase 1."""
    begin(engagement, accepted_by=carl)
    read(engagement, actor=ada)
    for stream in engagement.streams.all():
        mark(stream, "migrate", ada)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    held = {"stream-2": "The team behind it is not ready."}
    sign_document(document, actor=carl, signature=signature_for(document), reservations=Reservations(held=held))
    return list(engagement.streams.order_by("number"))


def mark(stream, route, actor):
    stream.refresh_from_db()
    reason = "It stays for now." if route == "stay" else ""
    return settle_stream(stream, actor=actor, version=stream.version, text=StreamText(stream.name, "", route, reason))


def reasons(ramp):
    return list(held_reasons(ramp, held_parts(ramp.engagement), apart_in(ramp.engagement)))


def test_streams_that_migrate_are_the_parts_of_the_first_gates(streams, engagement):
    labels = {number: [part.label for part in parts_of(gate_of(engagement, number))] for number in (1, 3, 4)}

    assert labels == {1: [str(stream) for stream in streams], 3: [str(stream) for stream in streams], 4: []}


def test_a_held_stream_is_not_marked_to_migrate_again_and_the_other_one_is(streams, ada, carl):
    free, held = streams
    for stream in streams:
        mark(stream, "stay", ada)

    mark(free, "migrate", ada)
    with pytest.raises(Conflict, match="held by Carl Brandt"):
        mark(held, "migrate", ada)
    release_part(HeldPart.objects.get(), actor=carl, authenticated_at=timezone.now())
    mark(held, "migrate", ada)

    assert Stream.objects.filter(route="migrate").count() == 2


def test_no_share_rises_that_would_move_a_held_stream(streams, engagement, ada, carl):
    free, held = streams
    rest = open_ramp(engagement, actor=ada)
    before = reasons(rest)
    of_free, of_held = (open_ramp(engagement, actor=ada, rule=one.name, stream=one) for one in (free, held))

    against = standing_of(of_held).against(5)

    assert len(before) == 1
    assert "it has no ramp of its own" in before[0]
    assert any("held by Carl Brandt" in reason and "The team behind it is not ready." in reason for reason in against)
    assert [reasons(ramp) for ramp in (rest, of_free)] == [[], []]
    release_part(HeldPart.objects.get(), actor=carl, authenticated_at=timezone.now())
    assert reasons(of_held) == []


def test_a_ramp_to_one_provider_neither_sets_a_held_stream_apart_nor_moves_its_part(streams, engagement, ada, carl):
    _, held = streams
    rest = open_ramp(engagement, actor=ada)
    open_ramp(engagement, actor=ada, rule="s2-gmail", stream=held, provider="Gmail")
    to_gmail = open_ramp(engagement, actor=ada, rule="gmail", provider="Gmail")
    open_to_one = [len(reasons(ramp)) for ramp in (rest, to_gmail)]

    open_ramp(engagement, actor=ada, rule="s2", stream=held)

    assert open_to_one == [1, 1]
    assert reasons(rest) == []
    assert reasons(to_gmail)[0].endswith("This share moves it as well, as far as its rule fits.")
    release_part(HeldPart.objects.get(), actor=carl, authenticated_at=timezone.now())
    assert reasons(to_gmail) == []


def test_the_approval_of_a_held_stream_is_offered_to_who_may_give_it_alone(client, streams, engagement, ada, carl):
    held = HeldPart.objects.get()
    pages = (
        reverse("engagements:gate", args=[engagement.code, 1]),
        reverse("discovery:stream", args=[engagement.code, 2]),
    )
    link = f'href="{reverse("engagements:release", args=[engagement.code, held.pk])}"'
    client.force_login(ada)
    to_practice = [client.get(url).text for url in pages]
    client.force_login(carl)
    to_signer = [client.get(url).text for url in pages]

    assert [link in text for text in (*to_practice, *to_signer)] == [False, False, True, True]
    assert ["Who can approve it: Carl Brandt" in text for text in (*to_practice, *to_signer)] == [
        True,
        True,
        False,
        False,
    ]


def test_the_page_of_a_held_stream_says_who_holds_it_and_why(client, streams, engagement, ada):
    client.force_login(ada)
    said = [
        "The team behind it is not ready." in client.get(reverse("discovery:stream", args=[engagement.code, n])).text
        for n in (1, 2)
    ]

    assert said == [False, True]
