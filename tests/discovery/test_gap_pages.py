"""The pages and routes of the decisions on lines without an equal, and what the gate and the home page ask."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from discovery.domain.decide_gaps import decide_gaps
from discovery.domain.recommend_choice import recommend_choice
from discovery.domain.review_override import accept_override
from discovery.gaps import groups_of, targets_of
from discovery.models import Gap, TranslationSet
from discovery.untold import NOTHING_READ
from engagements import gates
from engagements.decisions import decisions_for
from engagements.models import Engagement
from tests.discovery.pages import text_of, url
from tests.discovery.test_translation_pages import add_row
from tests.engagements.journey import begin
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, propose, read, stored_translations
from tests.kept import kept
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

UNKNOWN = "message_size_limt is not classified (mta1, etc/postfix/main.cf:8)."


@kept
def translated(engagement, ada):
    stored_translations(engagement, actor=ada)
    type(engagement).objects.filter(pk=engagement.pk).update(target="powermta")
    engagement.refresh_from_db()
    return engagement


@pytest.fixture
def as_carl(client, carl):
    client.force_login(carl)
    return client


def gaps_on(engagement, target="powermta"):
    return Gap.objects.filter(engagement=engagement, target=target).select_related("row")


def milter(engagement):
    return gaps_on(engagement).get(row__kind="milter")


def ticked(*gaps):
    return [f"{gap.number}:{gap.version}" for gap in gaps]


def decide_all(engagement, *, actor, choice="accept"):
    gaps = Gap.objects.filter(engagement=engagement).on(targets_of(engagement))
    versions = dict(gaps.values_list("number", "version"))
    return decide_gaps(engagement, versions=versions, choice=choice, actor=actor)


def asked_by(key, engagement):
    return list(next(check for check in gates.checks_of(1) if check.key == key).reasons(engagement))


def test_before_the_first_translation_the_page_says_what_will_stand_here(as_carl, engagement):
    assert "Nothing to decide yet" in text_of(as_carl.get(url("translation_gaps", engagement)))


def test_each_construct_stands_once_with_what_changes_and_its_price(as_carl, translated):
    page = text_of(as_carl.get(url("translation_gaps", translated)))

    assert f"0 of {gaps_on(translated).count()} decided" in page
    for group in groups_of(gaps_on(translated)):
        assert url("translation_gap", translated, group.first.number) in page
        assert group.row.loss in page
    assert "In the fee" in page
    assert "Waiting on you" in page


def test_a_reader_who_does_not_decide_is_told_whom_it_waits_for_and_gets_no_form(client, vera, translated):
    client.force_login(vera)
    gap = milter(translated)

    page = text_of(client.get(url("translation_gap", translated, gap.number)))

    assert "Waiting on Northlake Logistics" in page
    assert 'name="choice"' not in page
    assert gap.row.value in page


def test_the_customer_reads_the_recommendation_first_and_decides(as_carl, translated, ada):
    gap = milter(translated)
    recommend_choice(translated, versions={gap.number: 1}, choice="accept", reason="Nobody reads the tag.", actor=ada)
    gap.refresh_from_db()

    page = text_of(as_carl.get(url("translation_gap", translated, gap.number)))
    sent = {"about": gap.number, "gap": ticked(gap), "choice": "application", "note": "The shop does it."}
    answer = as_carl.post(url("translation_gaps_decide", translated), sent)

    assert page.index("Nobody reads the tag.") < page.index(gap.row.loss) < page.index('name="choice"')
    assert 'value="application"' in page
    assert 'value="lua"' not in page
    assert answer.url == url("translation_gaps", translated)
    gap.refresh_from_db()
    assert (gap.choice, gap.note) == ("application", "The shop does it.")
    assert "Everything is decided" not in text_of(as_carl.get(answer.url))
    row = url("translation_row", translated, gap.row.translation.number, gap.row.number)
    assert "The shop does it." in text_of(as_carl.get(row))


def test_what_was_typed_stays_when_it_is_refused(as_carl, translated):
    gap = milter(translated)
    words = {"about": gap.number, "note": "Half a sentence"}
    address = url("translation_gaps_decide", translated)

    nothing_chosen = as_carl.post(address, words | {"gap": ticked(gap)})
    nothing_ticked = as_carl.post(address, words | {"choice": "accept"})
    stale = as_carl.post(address, words | {"choice": "accept", "gap": [f"{gap.number}:7"]})
    garbage = as_carl.post(address, words | {"choice": "accept", "gap": ["x:y", "1:2:3"]})
    lua = as_carl.post(address, words | {"choice": "lua", "gap": ticked(gap)})
    nowhere = as_carl.post(address, {"choice": "accept", "gap": ticked(gap)})

    answers = [nothing_chosen, nothing_ticked, stale, garbage, lua, nowhere]
    assert [answer.status_code for answer in answers] == [422, 422, 409, 422, 422, 400]
    assert all("Half a sentence" in text_of(answer) for answer in answers[:-1])
    assert "Select at least one line first." in text_of(nothing_ticked)
    assert "This is not on offer here" in text_of(lua)
    assert not Gap.objects.exclude(choice="").exists()


def test_a_decision_is_taken_back_on_its_page(as_carl, translated, carl):
    gap = milter(translated)
    decide_gaps(translated, versions={gap.number: 1}, choice="accept", actor=carl)
    gap.refresh_from_db()

    answer = as_carl.post(url("translation_gaps_withdraw", translated), {"about": gap.number, "gap": ticked(gap)})

    assert answer.url == url("translation_gap", translated, gap.number)
    assert not Gap.objects.exclude(choice="").exists()
    page = text_of(as_carl.get(answer.url))
    assert "took back the decision on" in page


def test_a_consultant_recommends_and_does_not_decide(as_ada, translated):
    gap = milter(translated)
    sent = {"about": gap.number, "gap": ticked(gap), "choice": "application", "reason": "The shop knows the tag."}

    page = text_of(as_ada.get(url("translation_gap", translated, gap.number)))
    decided = as_ada.post(url("translation_gaps_decide", translated), sent)
    told = as_ada.post(url("translation_gaps_recommend", translated), sent)

    assert "Recommend this for the selected lines" in page
    assert decided.status_code == 403
    assert told.status_code == 302
    gap.refresh_from_db()
    assert (gap.choice, gap.recommended, gap.recommendation) == ("", "application", "The shop knows the tag.")


def test_the_gap_of_the_other_target_is_none_once_a_target_is_chosen(as_carl, translated):
    other = gaps_on(translated, "kumomta").first()

    assert as_carl.get(url("translation_gap", translated, other.number)).status_code == 404
    page = text_of(as_carl.get(url("translation", translated), {"target": "kumomta", "letter": other.row.letter}))
    assert "Only if KumoMTA is chosen" in page


@pytest.mark.usefixtures("lenient_gates")
def test_the_home_page_counts_what_waits_for_whoever_decides(translated, carl, vera, ada):
    begin(translated, accepted_by=carl)
    count = gaps_on(translated).count()

    titles = [decision.title for decision in decisions_for(carl)]
    Engagement.objects.filter(pk=translated.pk).update(target="")
    without_a_target = [decision.title for decision in decisions_for(carl)]
    Engagement.objects.filter(pk=translated.pk).update(target=translated.target)
    decide_all(translated, actor=carl)

    assert f"{count} translation decisions wait for you" in titles
    assert not any("translation decision" in title for title in without_a_target)
    assert not any("translation decision" in one.title for one in decisions_for(carl))
    assert not any("translation decision" in one.title for person in (vera, ada) for one in decisions_for(person))


def test_gate_1_asks_for_every_decision_on_the_target(translated, carl):
    waiting = list(gaps_on(translated))

    said = asked_by("gaps_decided", translated)

    assert said == [f"{gap} waits for the customer's decision (PowerMTA, mta1, {gap.row.place})." for gap in waiting]
    decide_all(translated, actor=carl)
    assert asked_by("gaps_decided", translated) == []


def test_without_a_target_gate_1_asks_for_both(translated, carl):
    decide_gaps(
        translated, versions=dict(gaps_on(translated).values_list("number", "version")), choice="accept", actor=carl
    )
    type(translated).objects.filter(pk=translated.pk).update(target="")
    translated.refresh_from_db()

    said = asked_by("gaps_decided", translated)
    assert said
    assert all("(KumoMTA, mta1" in sentence or sentence.startswith("And ") for sentence in said)


def test_gate_1_asks_for_a_translation_of_the_newest_upload(translated, ada):
    assert asked_by("translation_current", translated) == []

    read(translated, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": f"{MAIN_CF}# one more line\n"})

    assert asked_by("translation_current", translated) == ["The translation is older than upload 2 of mta1."]


def test_gate_1_asks_for_a_translation_after_an_override_that_concerns_it(translated, ada, lea):
    override = propose(actor=ada, engagement=translated)
    elsewhere = propose(actor=ada, name="smtp_no_such_name")
    assert asked_by("translation_current", translated) == []

    accept_override(override, actor=lea)
    accept_override(elsewhere, actor=lea)

    said = f"The translation is older than {override.reference} of the dictionary, about message_size_limt."
    assert asked_by("translation_current", translated) == [said]
    stored_translations(translated, actor=ada)
    assert asked_by("translation_current", translated) == []


def test_gate_1_asks_for_a_translation_at_all(engagement, ada):
    assert asked_by("translation_current", engagement) == [NOTHING_READ]

    read(engagement, actor=ada)

    said = [f"Nothing has been translated to {name} yet." for name in ("PowerMTA", "KumoMTA")]
    assert asked_by("translation_current", engagement) == said


def test_gate_1_names_what_nobody_classified_and_no_lead_lets_it_pass(translated):
    newest = TranslationSet.objects.get(engagement=translated, target="powermta")
    assert asked_by("constructs_classified", translated) == [UNKNOWN]

    for number in range(900, 911):
        add_row(newest, number, file="etc/postfix/main.cf", line=number)

    said = asked_by("constructs_classified", translated)

    assert len(said) == 12
    assert said[:2] == [UNKNOWN, "made_up_900 is not classified (mta1, etc/postfix/main.cf:900)."]
    assert not next(check for check in gates.checks_of(1) if check.key == "constructs_classified").can_override


def test_more_hosts_cost_no_more_queries(as_carl, translated, ada, django_assert_max_num_queries):
    addresses = [url("translation_gaps", translated), url("translation_gap", translated, milter(translated).number)]
    counts = []
    for address in addresses:
        as_carl.get(address)
        with django_assert_max_num_queries(40) as few:
            as_carl.get(address)
        counts.append(len(few))

    for host in ("mta2", "mta3"):
        read(translated, actor=ada, host=host)
    stored_translations(translated, actor=ada)

    for address, count in zip(addresses, counts, strict=True):
        with django_assert_max_num_queries(count):
            assert as_carl.get(address).status_code == 200


def test_the_api_lists_recommends_decides_and_takes_back(client, translated, ada, carl):
    def ask(name, *words, **asked):
        return client.get(reverse(f"api:discovery:{name}", args=[translated.code, *words]), asked)

    def send(name, **sent):
        address = reverse(f"api:discovery:{name}", args=[translated.code])
        return client.post(address, sent, content_type="application/json")

    gap = milter(translated)
    chosen = [{"number": gap.number, "version": 1}]
    client.force_login(ada)
    assert send("gaps_recommend", gaps=chosen, choice="accept", reason="Nobody reads it.").status_code == 200
    refused = send("gaps_decide", gaps=chosen, choice="accept")
    client.force_login(carl)
    stale = send("gaps_decide", gaps=chosen, choice="accept")
    current = [{"number": gap.number, "version": 2}]
    decided = send("gaps_decide", gaps=current, choice="application", note="The shop.").json()["gaps"][0]
    shown = ask("gap", gap.number)

    assert refused.status_code == 403
    assert "you may not decide what becomes of a gap" in refused.json()["detail"]
    assert stale.status_code == 409
    assert (decided["choice"], decided["decided_by"], decided["price"]) == ("application", "Carl Brandt", "In the fee")
    assert decided["choices"] == ["application", "accept"]
    assert shown.json() == decided
    assert shown["ETag"] == '"3"'
    assert [one["number"] for one in ask("gaps", decided="yes").json()["results"]] == [gap.number]
    assert len(ask("gaps", decided="no").json()["results"]) == gaps_on(translated).count() - 1
    assert send("gaps_withdraw", gaps=[{"number": gap.number, "version": 3}]).json()["gaps"][0]["choice"] == ""
    assert AuditEvent.objects.filter(action__startswith="gap.").count() == 3
