"""Overrides in the browser and over the API: propose, review, withdraw, and where they are shown."""

import re

import pytest
from django.urls import reverse

from core.errors import DomainError
from core.models import AuditEvent, Job
from discovery.domain.review_override import accept_override
from discovery.models import DictionaryOverride
from discovery.translation.book import load_book
from discovery.translation.target_names import described_in
from discovery.views.overrides import engagement_in
from engagements.models import Engagement
from tests.discovery.pages import text_of, url
from tests.factories.discovery import propose, stored_translations

pytestmark = pytest.mark.django_db

PROPOSE, LIST = reverse("dictionary:override_propose"), reverse("dictionary:overrides")
TYPED = {
    "engagement": "",
    "kind": "parameter",
    "name": "smtp_helo_name",
    "value": "",
    "powermta_class": "R",
    "powermta_relation": "subset",
    "powermta_names": "host-name@virtual-mta\n",
    "powermta_loss": "Only the first name is used.",
    "powermta_units": "6",
    "kumomta_class": "dropped",
    "kumomta_loss": "The source says it already.",
    "source": "Tried on a test host.",
    "reason": "Their names differ by address.",
}


def of(name, override):
    return reverse(f"dictionary:{name}", args=[override.number])


def test_a_consultant_proposes_one_for_an_engagement(as_ada, ada, engagement):
    page = as_ada.post(PROPOSE, TYPED | {"engagement": engagement.code})

    override = DictionaryOverride.objects.get()
    assert page.url == of("override", override)
    assert (override.engagement, override.proposed_by, override.state) == (engagement, ada, "proposed")
    assert override.treatments["powermta"]["names"] == ["host-name@virtual-mta"]
    assert override.treatments["powermta"]["units"] == 6
    assert override.treatments["kumomta"]["reason"] == "The source says it already."


def test_the_form_begins_with_the_published_entry(as_ada, engagement):
    form = as_ada.get(PROPOSE, {"kind": "parameter", "name": "smtp_helo_name"}).context["form"]
    row = load_book().find("parameter", "smtp_helo_name")

    assert form["powermta_class"].value() == row.treatments["powermta"].letter
    assert form["kumomta_names"].value() == "\n".join(row.treatments["kumomta"].names)


def test_what_the_published_entry_says_already_is_refused_and_kept_as_typed(as_ada, ada):
    begun = as_ada.get(PROPOSE, {"kind": "parameter", "name": "smtp_helo_name"}).context["form"]
    typed = {name: begun[name].value() or "" for name in begun.fields} | {"source": "A note.", "reason": "To be sure."}

    page = as_ada.post(PROPOSE, typed)
    other = as_ada.post(PROPOSE, typed | {"kumomta_units": "3"})

    assert (page.status_code, other.status_code) == (422, 302)
    assert "The published entry says just that for both targets" in text_of(page)
    assert "To be sure." in text_of(page)
    assert DictionaryOverride.objects.get().treatments["kumomta"]["units"] == 3


def test_the_review_marks_what_differs_from_the_published_entry(client, as_ada, lea):
    as_ada.post(PROPOSE, TYPED)
    client.force_login(lea)

    page = client.get(of("override", DictionaryOverride.objects.get()))

    entry = load_book().find("parameter", "smtp_helo_name").treatments["powermta"]
    differs = page.context["sides"][0].differs
    assert {"loss", "units"} <= differs
    assert ("letter" in differs) == (entry.letter != "R")
    assert page.context["published"][0].differs == frozenset()
    assert "Differs from the published entry" in text_of(page)


def test_each_target_shows_a_name_of_its_own_as_an_example(as_ada):
    fields = as_ada.get(PROPOSE).context["form"].fields

    assert "host-name@virtual-mta" in fields["powermta_names"].help_text
    (name,) = re.findall(r"them: (.+)\.$", fields["kumomta_names"].help_text)
    assert name in described_in("kumomta")


def test_a_new_version_begins_with_the_earlier_one(as_ada, ada, engagement):
    override = propose(actor=ada, engagement=engagement)
    form = as_ada.get(PROPOSE, {"from": override.number}).context["form"]

    assert form["engagement"].value() == engagement.code
    assert form["kumomta_units"].value() == 12


def test_what_cannot_be_keeps_what_was_typed_and_says_why(as_ada):
    page = as_ada.post(PROPOSE, TYPED | {"powermta_names": "no-such@domain"})

    assert page.status_code == 422
    assert "names no-such@domain, which is not known of it" in text_of(page)
    assert "Their names differ by address." in text_of(page)
    assert not DictionaryOverride.objects.exists()


def test_an_engagement_of_somebody_else_is_no_choice(client, ugo, engagement):
    client.force_login(ugo)
    page = client.post(PROPOSE, TYPED | {"engagement": engagement.code})

    assert page.status_code == 422
    assert not DictionaryOverride.objects.exists()


def test_the_author_sees_who_reviews_and_the_lead_may(client, as_ada, ada, lea, engagement):
    override = propose(actor=ada, engagement=engagement)
    own = text_of(as_ada.get(of("override", override)))
    client.force_login(lea)
    others = text_of(client.get(of("override", override)))

    assert "nobody reviews their own" in own
    assert f"Accept {override.reference}" not in own
    assert f"Accept {override.reference}" in others
    assert "The dictionary has no entry for it" in others


def test_the_lead_accepts_and_another_withdraws(client, ada, lea, engagement):
    override = propose(actor=ada, engagement=engagement)
    client.force_login(lea)
    client.post(of("override_accept", override), {"note": "Seen on the host."})
    accepted = DictionaryOverride.objects.get()
    silent = client.post(of("override_withdraw", override), {"reason": ""})
    client.post(of("override_withdraw", override), {"reason": "The line is gone."})

    assert (accepted.state, accepted.review_note) == ("accepted", "Seen on the host.")
    assert silent.status_code == 422
    assert DictionaryOverride.objects.get().ended_reason == "The line is gone."


def test_a_rejection_without_a_reason_is_asked_again(client, ada, lea, engagement):
    override = propose(actor=ada, engagement=engagement)
    client.force_login(lea)
    silent = client.post(of("override_reject", override), {"note": ""})

    assert silent.status_code == 422
    assert "Say why it is rejected." in text_of(silent)
    assert DictionaryOverride.objects.get().state == "proposed"


def test_the_dictionary_shows_it_beside_the_published_entry(as_ada, ada, lea):
    entry = reverse("dictionary:construct", args=["smtp-helo-name"])
    before = text_of(as_ada.get(entry))
    override = accept_override(propose(actor=ada, name="smtp_helo_name"), actor=lea)

    assert override.reference not in before
    assert override.reference in text_of(as_ada.get(entry))
    assert override.reference not in text_of(as_ada.get(reverse("dictionary:construct", args=["client-tls-level"])))
    assert override.reference in text_of(as_ada.get(LIST, {"state": "accepted"}))
    assert override.reference not in text_of(as_ada.get(LIST, {"state": "rejected"}))


def test_the_row_of_the_map_names_author_and_reason(client, ada, lea, carl, engagement):
    accept_override(propose(actor=ada, engagement=engagement), actor=lea)
    translation = stored_translations(engagement, actor=ada)[0]
    row = translation.rows.get(name="message_size_limt")
    other = translation.rows.get(name="myhostname")
    client.force_login(carl)
    page = text_of(client.get(url("translation_row", engagement, translation.number, row.number)))

    assert "by Ada Quint, agreed by Lea Moser" in page
    assert "Their own patch reads it." in page
    assert "Propose an override" not in page
    assert "agreed by" not in text_of(client.get(url("translation_row", engagement, translation.number, other.number)))


def test_the_map_counts_traffic_and_says_what_it_rests_on(as_ada, ada, engagement):
    stored_translations(engagement, actor=ada)
    page = text_of(as_ada.get(url("translation", engagement)))

    assert "No mail log of mta1 was read." in page
    assert "not known" in page


def test_effort_is_published(as_ada):
    page = text_of(as_ada.get(reverse("dictionary:effort")))

    assert "32 units make a person-day" in page
    assert "at most 10 person-days" in page


def test_programs_propose_and_review(client, ada, lea, engagement):
    client.force_login(ada)
    treatment = {"letter": "X", "loss": "Less."}
    said = {
        "kind": "parameter",
        "name": "smtp_helo_name",
        "source": "A test.",
        "reason": "Tried.",
        "engagement": engagement.code,
        "targets": {"powermta": treatment, "kumomta": treatment | {"letter": "C", "relation": "subset", "units": 8}},
    }
    made = client.post("/api/v1/dictionary/overrides/", said, content_type="application/json").json()
    client.force_login(lea)
    accepted = client.post(f"/api/v1/dictionary/overrides/{made['number']}/accept/", content_type="application/json")

    assert (made["state"], made["engagement"], made["targets"]["kumomta"]["units"]) == ("proposed", engagement.code, 8)
    assert (accepted.json()["state"], accepted.json()["reviewed_by"]) == ("accepted", "Lea Moser")


def test_programs_search_the_dictionary(as_ada, ada, lea):
    accept_override(propose(actor=ada, name="smtp_helo_name"), actor=lea)
    found = as_ada.get("/api/v1/dictionary/", {"text": "smtp_helo_name"}).json()["results"]
    gaps = as_ada.get("/api/v1/dictionary/", {"letter": "X", "target": "kumomta"}).json()["results"]
    entry = as_ada.get("/api/v1/dictionary/smtp-helo-name/").json()

    assert [row["id"] for row in found] == ["smtp-helo-name"]
    assert gaps
    assert {row["targets"]["kumomta"]["letter"] for row in gaps} == {"X"}
    assert entry["targets"]["powermta"]["names"] == ["host-name@virtual-mta"]
    assert entry["overrides"] == [1]
    assert entry["versions"].keys() == {"postfix", "powermta", "kumomta"}
    assert as_ada.get("/api/v1/dictionary/no-such-entry/").status_code == 404
    assert as_ada.get("/api/v1/dictionary/", {"letter": "Q"}).status_code == 422


def test_an_engagement_that_ended_since_never_becomes_every_engagement(engagement):
    open_to = Engagement.objects.exclude(pk=engagement.pk)

    with pytest.raises(DomainError, match=f"{engagement.code} is not open any more"):
        engagement_in(open_to, engagement.code)

    assert engagement_in(open_to, "") is None
    assert engagement_in(Engagement.objects.all(), engagement.code) == engagement


def test_a_consultant_who_does_not_see_an_engagement_has_its_translation_made_again(client, engagement, ugo, lea):
    stored_translations(engagement, actor=lea)
    Job.objects.all().delete()
    override = propose(actor=lea)
    client.force_login(ugo)
    hidden = client.get(f"/engagements/{engagement.code}/")

    answer = client.post(f"/dictionary/overrides/{override.number}/accept/", {"note": ""})

    assert (hidden.status_code, answer.status_code) == (404, 302)
    assert [job.subject_id for job in Job.objects.filter(kind="translate")] == [str(engagement.pk)]
    assert AuditEvent.objects.get(action="override.accepted").data["remade"] == 1
