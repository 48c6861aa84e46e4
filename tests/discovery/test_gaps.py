"""Lines without an equal on the target: who decides, what a decision survives, and what it opens again."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit import describe
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from discovery.domain.decide_gaps import decide_gaps, withdraw_decisions
from discovery.domain.recommend_choice import recommend_choice
from discovery.gaps import groups_of, progress_of, targets_of
from discovery.models import Gap
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, stored_translations
from tests.kept import kept

pytestmark = pytest.mark.django_db

MILTER = "smtpd_milters = unix:/run/tagger/tagger.sock"
OTHER_MILTER = "smtpd_milters = unix:/run/tagger/other.sock"
MOVED = {**SMALL_ESTATE, "etc/postfix/main.cf": f"# a new first line\n{MAIN_CF}"}
TWO_ROWS = "/^X-One:/ REPLACE X-One: a\n/^X-Two:/ REPLACE X-Two: b\n"


@kept
def translated(engagement, ada):
    stored_translations(engagement, actor=ada)
    return engagement


def gaps_on(engagement, target="powermta"):
    return Gap.objects.filter(engagement=engagement, target=target).select_related("row")


def milter(engagement, target="powermta"):
    return gaps_on(engagement, target).get(row__kind="milter", host_label="mta1")


def decide(gap, *, actor, choice="accept", **more):
    gap.refresh_from_db()
    return decide_gaps(gap.engagement, versions={gap.number: gap.version}, choice=choice, actor=actor, **more)[0]


def upload(engagement, actor, main=MAIN_CF, **bundle):
    files = SMALL_ESTATE | {"etc/postfix/main.cf": main} | bundle.pop("files", {})
    return stored_translations(engagement, actor=actor, files=files, **bundle)


def test_every_custom_line_and_every_gap_of_each_target_is_one(translated):
    for target in ("powermta", "kumomta"):
        rows = translated.translations.get(target=target).rows.filter(letter__in=["C", "X"])

        assert rows.exists()
        assert {gap.row_id for gap in gaps_on(translated, target)} == {row.pk for row in rows}
    assert not Gap.objects.exclude(choice="").exists()
    assert sorted(Gap.objects.values_list("number", flat=True)) == list(range(1, Gap.objects.count() + 1))


def test_until_a_target_is_chosen_both_are_decided(translated):
    both = progress_of(translated).all

    translated.target = "powermta"

    assert targets_of(translated) == ["powermta"]
    assert progress_of(translated).all == gaps_on(translated).count() < both


def test_the_customer_decides_and_the_ledger_tells_what_was_seen(translated, carl):
    gap = milter(translated)

    decided = decide(gap, actor=carl, choice="application", note=" The shop tags it. ")

    gap.refresh_from_db()
    assert (gap.choice, gap.note, gap.decided_by, gap.version) == ("application", "The shop tags it.", carl, 2)
    assert decided == gap
    event = AuditEvent.objects.get(action="gap.decided")
    assert describe(event) == f"{carl.full_label} decided on {gap}: pre-processing in the application"
    assert event.data["seen"]["line"] == gap.row.value
    assert event.data["seen"]["loss"] == gap.row.loss
    assert gaps_on(translated).exclude(pk=gap.pk).exclude(choice="").count() == 0


def test_several_lines_are_one_act_and_all_of_them_or_none(translated, ada, carl):
    stored_translations(translated, actor=ada, host="mta2")
    gaps = list(gaps_on(translated).filter(row__kind="milter"))
    versions = {gap.number: gap.version for gap in gaps}

    with pytest.raises(Conflict, match="Gatepost changed G-"):
        decide_gaps(translated, versions=versions | {gaps[0].number: 9}, choice="accept", actor=carl)
    with pytest.raises(DomainError, match=r"no such gap: G-999\."):
        decide_gaps(translated, versions=versions | {999: 1}, choice="accept", actor=carl)
    assert not Gap.objects.exclude(choice="").exists()

    decide_gaps(translated, versions=versions, choice="accept", actor=carl)

    assert len(gaps) == 2
    assert list(gaps_on(translated).exclude(choice="").order_by("pk")) == sorted(gaps, key=lambda gap: gap.pk)


def test_the_same_construct_on_two_hosts_is_one_matter(translated, ada):
    alone = len(groups_of(gaps_on(translated)))

    stored_translations(translated, actor=ada, host="mta2")

    groups = groups_of(gaps_on(translated).order_by("row__number"))
    assert len(groups) == alone
    assert {gap.host_label for gap in next(each for each in groups if each.row.kind == "milter").gaps} == {
        "mta1",
        "mta2",
    }


@pytest.mark.parametrize("who", ["vera", "ada", "olga", "otto"])
def test_only_the_customers_people_with_the_permission_decide(translated, request, who):
    gap = milter(translated)

    with pytest.raises(Refused):
        decide(gap, actor=request.getfixturevalue(who))

    gap.refresh_from_db()
    assert (gap.choice, gap.version) == ("", 1)
    assert not AuditEvent.objects.filter(action="gap.decided").exists()


def test_no_lua_is_on_offer_where_none_runs(translated, carl, ada):
    gap, other = milter(translated), milter(translated, "kumomta")

    with pytest.raises(DomainError, match="Custom Lua is not on offer on PowerMTA: G-"):
        decide(gap, actor=carl, choice="lua")
    with pytest.raises(DomainError, match="not on offer on PowerMTA"):
        recommend_choice(translated, versions={gap.number: 1}, choice="lua", reason="Short.", actor=ada)

    assert decide(other, actor=carl, choice="lua").choice == "lua"


@pytest.mark.parametrize("choice", ["", "magic"])
def test_what_is_no_choice_is_refused(translated, carl, choice):
    with pytest.raises(DomainError, match="Choose what is done"):
        decide(milter(translated), actor=carl, choice=choice)
    with pytest.raises(DomainError, match="Select at least one line"):
        decide_gaps(translated, versions={}, choice="accept", actor=carl)


def test_the_consultants_recommend_with_a_reason_until_the_customer_has_decided(translated, ada, carl):
    gap = milter(translated)

    with pytest.raises(DomainError, match="Say why"):
        recommend_choice(translated, versions={gap.number: 1}, choice="accept", reason="  ", actor=ada)
    recommend_choice(translated, versions={gap.number: 1}, choice="accept", reason="Nobody reads it.", actor=ada)
    decide(gap, actor=carl, choice="application")

    with pytest.raises(Conflict, match="has decided on"):
        recommend_choice(translated, versions={gap.number: 3}, choice="application", reason="Now this.", actor=ada)
    with pytest.raises(Refused):
        recommend_choice(translated, versions={gap.number: 3}, choice="accept", reason="I say so.", actor=carl)
    gap.refresh_from_db()
    assert (gap.recommended, gap.recommendation, gap.choice) == ("accept", "Nobody reads it.", "application")


def test_a_decision_is_taken_back_and_the_gap_waits_again(translated, carl):
    gap = milter(translated)
    decide(gap, actor=carl)

    withdraw_decisions(translated, versions={gap.number: 2}, actor=carl)

    gap.refresh_from_db()
    assert (gap.choice, gap.note, gap.decided_by, gap.decided_at) == ("", "", None, None)
    with pytest.raises(DomainError, match="no decision to take back"):
        withdraw_decisions(translated, versions={gap.number: 3}, actor=carl)


def test_a_decision_survives_a_new_upload_that_leaves_its_line_as_it_is(translated, ada, carl):
    gap = decide(milter(translated), actor=carl)
    before = gap.row

    stored_translations(translated, actor=ada, files=MOVED)

    gap.refresh_from_db()
    assert (gap.choice, gap.decided_by, gap.version) == ("accept", carl, 2)
    assert gap.row.translation.number > before.translation.number
    assert gap.row.line == before.line + 1
    assert not AuditEvent.objects.filter(action="gap.reopened").exists()


def test_another_milter_in_its_place_is_another_gap(translated, ada, carl):
    gap, other = milter(translated), gaps_on(translated).exclude(row__kind="milter").first()
    decide(gap, actor=carl)
    decide(other, actor=carl)

    upload(translated, ada, MAIN_CF.replace(MILTER, OTHER_MILTER))

    gap.refresh_from_db()
    other.refresh_from_db()
    now = gaps_on(translated).current().get(row__kind="milter")
    assert (now.choice, now.reopened_because) == ("", "")
    assert (gap.choice, gap.gone_since.target) == ("accept", "powermta")
    assert other.choice == "accept"


def test_a_setting_with_another_value_waits_again_without_its_recommendation(engagement, ada, carl):
    with_bcc = f"{MAIN_CF}always_bcc = archive@northlake.example\n"
    stored_translations(engagement, actor=ada, files=SMALL_ESTATE | {"etc/postfix/main.cf": with_bcc})
    gap = gaps_on(engagement, "kumomta").get(row__name="always_bcc")
    recommend_choice(engagement, versions={gap.number: 1}, choice="lua", reason="Three lines of Lua.", actor=ada)
    decide(gap, actor=carl, choice="lua", note="Go ahead.")

    upload(engagement, ada, with_bcc.replace("archive@", "vault@"))

    gap.refresh_from_db()
    assert (gap.choice, gap.note, gap.decided_by, gap.recommended) == ("", "", None, "")
    assert gap.reopened_because == ("The line said “archive@northlake.example” and says “vault@northlake.example” now.")
    event = AuditEvent.objects.get(action="gap.reopened")
    assert event.data["was"] == ["lua", "Go ahead.", "lua", "Three lines of Lua."]
    assert decide(gap, actor=carl, choice="accept").reopened_because == ""


def test_one_row_of_a_table_with_other_words_opens_the_decision_again(engagement, ada, carl):
    header = "etc/postfix/header_checks"
    stored_translations(engagement, actor=ada, files=SMALL_ESTATE | {header: TWO_ROWS})
    gap = decide(gaps_on(engagement).get(row__name="REPLACE"), actor=carl)

    upload(engagement, ada, files={header: f"# a remark\n{TWO_ROWS}"})
    gap.refresh_from_db()
    assert gap.choice == "accept"

    upload(engagement, ada, files={header: TWO_ROWS.replace(": b", ": c")})
    gap.refresh_from_db()
    assert (gap.choice, gap.reopened_because) == ("", "One of the 2 lines that say it reads otherwise now.")


def test_what_is_gone_and_comes_back_as_it_was_keeps_its_decision(translated, ada, carl):
    gap = decide(milter(translated), actor=carl)

    upload(translated, ada, MAIN_CF.replace(MILTER, ""))
    gap.refresh_from_db()
    assert gap.gone_since is not None
    assert gap not in Gap.objects.current()
    with pytest.raises(DomainError, match="no such gap"):
        decide(gap, actor=carl)

    stored_translations(translated, actor=ada, files=SMALL_ESTATE)
    gap.refresh_from_db()
    assert (gap.gone_since, gap.choice) == (None, "accept")


def test_whoever_decides_has_one_mail_when_the_first_gaps_wait(engagement, ada, carl, vera):
    stored_translations(engagement, actor=ada)
    stored_translations(engagement, actor=ada, files=MOVED)

    mails = OutboxMessage.objects.filter(kind="gaps_waiting")
    assert [mail.address for mail in mails] == [carl.email]
    assert f"{Gap.objects.count()} translation decisions wait for you" in mails[0].subject


def test_a_customer_sees_no_gap_of_another(translated, otto, carl):
    assert not Gap.objects.visible_to(otto).exists()
    assert Gap.objects.visible_to(carl).count() == Gap.objects.count()


@pytest.mark.parametrize(
    "change",
    [
        {"choice": "accept"},
        {"note": "A note without a decision."},
        {"choice": "magic", "decided": True},
        {"choice": "lua", "decided": True},
        {"recommended": "accept"},
        {"choice": "accept", "decided": True, "reopened_because": "Its line changed."},
    ],
)
def test_the_database_refuses_what_cannot_be(translated, carl, change):
    gap = milter(translated)
    if change.pop("decided", False):
        gap.decided_by, gap.decided_at = carl, timezone.now()
    for name, value in change.items():
        setattr(gap, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        gap.save()
