"""What is typed into the form of a request is kept while it is typed, for whoever typed it and nobody else."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEvent
from pricing.domain.keep_request_draft import drop_request_draft, keep_request_draft
from pricing.domain.record_request import change_request
from pricing.forms import ContactForm, CustomerForm, DataPointsForm
from pricing.models import Request, RequestDraft
from pricing.tasks import erase_intakes_task
from pricing.typed_requests import FIELDS, LONGEST_WORDS
from tests.factories.pricing import CONTACT, MULTI_IP
from tests.pricing.pages import text_of, url_of
from tests.pricing.test_request_pages import NEW_CUSTOMER, TYPED

pytestmark = pytest.mark.django_db

NEW = reverse("pricing:request_new")
HALF = NEW_CUSTOMER | {"source": "website", "contact_name": "Nina Sand", "month": "9.4 M", "peak": "many"}


def stored(request, **changes):
    """What the form of a request posts when it is sent as it stands, with changes."""
    code, version = request.engagement.code, str(request.version)
    return TYPED | {"code": code, "shown_version": version} | changes


def preview(client, typed, *, is_htmx=True):
    headers = {"HX-Request": "true"} if is_htmx else {}
    return client.post(reverse("pricing:preview"), typed, headers=headers)


def edit_url(request):
    return url_of("request_edit", request.engagement.code)


def test_the_fields_that_are_kept_are_those_of_the_forms(db):
    forms = (CustomerForm(), ContactForm(), DataPointsForm())

    assert sorted(FIELDS) == sorted(name for form in forms for name in form.fields)


def test_each_change_is_kept_and_shown_when_the_form_is_opened_again(client, sam):
    client.force_login(sam)

    said = text_of(preview(client, HALF | {"csrfmiddlewaretoken": "x", "next": "y"}))
    shown = text_of(client.get(NEW))

    draft = RequestDraft.objects.get()
    assert draft.typed == {name: text for name, text in HALF.items() if text}
    assert f"Draft kept {draft.saved_at.astimezone(ZoneInfo(sam.time_zone)):%H:%M}" in said
    assert "Your draft, not saved yet" in shown
    assert 'value="Orrin Freight"' in shown
    assert 'value="Nina Sand"' in shown
    assert 'value="many"' in shown
    assert "Enter a whole number, for example 410,000 or 410 K, or nothing." in shown
    assert not Request.objects.exists()


def test_the_button_keeps_the_draft_without_javascript(client, sam):
    client.force_login(sam)

    page = preview(client, HALF, is_htmx=False)

    assert page.status_code == 200
    assert "Draft kept" in text_of(page)
    assert 'value="many"' in text_of(page)
    assert RequestDraft.objects.get().typed["peak"] == "many"


def test_an_untouched_form_is_no_draft(client, sam):
    client.force_login(sam)
    untouched = {"source": "website", "time_zone": "", "name": " ", "team": ""}

    said = text_of(preview(client, untouched))

    assert "Draft kept" not in said
    assert not RequestDraft.objects.exists()


def test_what_is_stored_already_is_no_draft_and_ends_one(client, request_of_northlake, sam):
    client.force_login(sam)
    preview(client, stored(request_of_northlake, ips="7"))
    before = RequestDraft.objects.count()

    preview(client, stored(request_of_northlake, contact_email="Carl@northlake.example"))

    assert (before, RequestDraft.objects.count()) == (1, 0)


def test_a_draft_is_one_a_person_and_request(client, request_of_northlake, sam):
    client.force_login(sam)
    for typed in (HALF, HALF | {"ips": "3"}, stored(request_of_northlake, ips="7"), stored(request_of_northlake)):
        preview(client, typed | {"pools": "5"})

    assert [draft.typed.get("ips") for draft in RequestDraft.objects.order_by("request_id")] == ["6", "3"]


def test_nobody_sees_the_draft_of_another_person(client, request_of_northlake, sam, olga):
    client.force_login(sam)
    preview(client, HALF)
    preview(client, stored(request_of_northlake, contact_name="Dora Quist"))
    client.force_login(olga)

    shown = text_of(client.get(NEW)) + text_of(client.get(edit_url(request_of_northlake)))
    client.post(reverse("pricing:draft_discard"), {"code": request_of_northlake.engagement.code})

    assert "Nina Sand" not in shown
    assert "Dora Quist" not in shown
    assert "Your draft" not in shown
    assert RequestDraft.objects.visible_to(sam).count() == 2
    assert not RequestDraft.objects.visible_to(olga).exists()
    assert "Dora Quist" not in str(list(AuditEvent.objects.values()))


def test_saving_a_new_request_ends_its_draft_and_no_other(client, request_of_northlake, sam):
    client.force_login(sam)
    preview(client, stored(request_of_northlake, ips="7"))
    preview(client, NEW_CUSTOMER | TYPED)

    client.post(NEW, NEW_CUSTOMER | TYPED)

    assert Request.objects.count() == 2
    assert RequestDraft.objects.get().request == request_of_northlake
    assert "Your draft" not in text_of(client.get(NEW))


def test_words_that_arrive_after_they_were_saved_make_no_draft(client, sam):
    client.force_login(sam)
    typed = NEW_CUSTOMER | TYPED | {"month": "", "peak": "", "volume_unknown": "on"}
    client.post(NEW, typed)
    request = Request.objects.get()

    said = text_of(preview(client, typed)) + text_of(preview(client, typed | {"code": request.engagement.code}))

    assert "Draft kept" not in text_of(preview(client, typed))
    assert not RequestDraft.objects.filter(request=None).exists()
    assert request.month is None
    assert "Still missing: volume" in said


def test_saving_a_change_ends_the_draft(client, request_of_northlake, sam):
    client.force_login(sam)
    typed = stored(request_of_northlake, ips="7")
    preview(client, typed)

    page = client.post(edit_url(request_of_northlake), typed)

    assert page.status_code == 302
    assert Request.objects.get().ips == 7
    assert not RequestDraft.objects.exists()


def test_what_was_refused_is_kept_as_a_draft(client, sam):
    client.force_login(sam)

    refused = client.post(NEW, HALF)

    assert refused.status_code == 422
    assert "Draft kept" in text_of(refused)
    assert 'value="many"' in text_of(client.get(NEW))
    assert not Request.objects.exists()


def test_a_draft_over_what_somebody_changed_stands_beside_what_is_stored(client, request_of_northlake, sam, lea):
    client.force_login(sam)
    preview(client, stored(request_of_northlake, ips="8"))
    points = replace(MULTI_IP, ips=7)
    change_request(request_of_northlake, actor=lea, contact=CONTACT, points=points, shown_version=1)

    said = text_of(preview(client, stored(request_of_northlake, ips="8")))
    page = client.get(edit_url(request_of_northlake))

    shown = text_of(page)
    assert "The request was changed meanwhile: open this form again to compare." in said
    assert "Changed since you began to type" in shown
    assert "Lea Moser saved version 2" in shown
    assert "you typed over version 1" in shown
    assert "What is stored now" in shown
    assert "7 IPs, 2 pools" in shown
    assert 'value="8"' in shown
    assert 'name="shown_version" value="2"' in shown
    assert Request.objects.get().ips == 7


def test_a_draft_that_somebody_else_saved_alike_is_not_shown(client, request_of_northlake, sam, lea):
    client.force_login(sam)
    preview(client, stored(request_of_northlake, ips="7"))
    points = replace(MULTI_IP, ips=7)
    change_request(request_of_northlake, actor=lea, contact=CONTACT, points=points, shown_version=1)

    shown = text_of(client.get(edit_url(request_of_northlake)))

    assert "you began to type" not in shown
    assert "Your draft" not in shown


def test_a_draft_is_discarded_by_its_button(client, request_of_northlake, sam):
    client.force_login(sam)
    preview(client, HALF)
    preview(client, stored(request_of_northlake, ips="7"))

    page = client.post(reverse("pricing:draft_discard"), {"code": request_of_northlake.engagement.code}, follow=True)

    assert "Your draft is gone. What stands here is stored." in text_of(page)
    assert 'value="7"' not in text_of(page)
    assert RequestDraft.objects.get().request is None


def test_a_draft_nobody_touches_is_erased_with_the_unfinished_requests(client, request_of_northlake, sam, time_machine):
    client.force_login(sam)
    preview(client, HALF)
    time_machine.move_to(timezone.now() + timedelta(days=13))
    preview(client, stored(request_of_northlake, ips="7"))
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))

    erase_intakes_task()

    assert RequestDraft.objects.get().request == request_of_northlake
    assert Request.objects.get().ips == 6


def test_only_who_may_record_requests_keeps_or_drops_a_draft(request_of_northlake, carl, ada):
    for person in (carl, ada):
        for request in (None, request_of_northlake):
            with pytest.raises(Refused):
                keep_request_draft(request, actor=person, typed=HALF)
            with pytest.raises(Refused):
                drop_request_draft(request, actor=person)

    assert not RequestDraft.objects.exists()


def test_a_draft_has_an_end_and_the_database_takes_every_letter_of_it(sam):
    words = {f"field{number}": "x" for number in range(900)} | {"contact_name": "\0" + "y" * 9000}

    draft = keep_request_draft(None, actor=sam, typed=words)

    assert draft.typed == {"contact_name": "y" * LONGEST_WORDS}


def test_the_database_keeps_one_draft_a_person(request_of_northlake, sam):
    for request in (None, request_of_northlake):
        keep_request_draft(request, actor=sam, typed=HALF, version=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            RequestDraft.objects.create(author=sam, request=request, typed={}, saved_at=timezone.now())

    assert RequestDraft.objects.count() == 2


def test_a_ticked_data_point_is_unknown(client, sam):
    client.force_login(sam)
    typed = NEW_CUSTOMER | TYPED | dict.fromkeys(("milters", "bounce", "fbl", "other"), "")

    client.post(NEW, typed | {"components_unknown": "on"})

    request = Request.objects.get()
    assert request.points.missing == ("custom components",)
    assert request.ips == 6


def test_numbers_under_a_tick_are_refused_and_stay(client, sam):
    client.force_login(sam)
    typed = NEW_CUSTOMER | TYPED | {"volume_unknown": "on"}

    said = text_of(preview(client, typed))
    refused = client.post(NEW, typed)

    shown = text_of(refused)
    assert "Still missing: volume" in said
    assert refused.status_code == 422
    assert "Volume: “Not known yet” is ticked, yet numbers stand here. Clear one or the other." in shown
    assert 'value="9.4 M"' in shown
    assert RequestDraft.objects.get().typed["volume_unknown"] == "on"
    assert not Request.objects.exists()
