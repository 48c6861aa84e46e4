"""One box finds what everybody may see of a whole engagement, and nothing else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.search import MOST_HITS, Asked, register_search, search
from delivery.models import CaseItem, FeedbackItem, TrafficLog
from discovery.models import Finding, LogReading, Parameter, StoredFile, TranslatedFile, Upload
from engagements.domain.ask_question import answer_question, ask_question
from engagements.models import FrozenDocument, Question
from reports.models import RunbookRevision
from tests.factories.discovery import made_up
from tests.factories.engagements import make_engagement
from tests.factories.feedback import hand_over, mbox
from tests.factories.pricing import make_draft

pytestmark = pytest.mark.django_db

EVIDENCE_GROUPS = {"findings", "parameters", "evidence", "messages", "delivery_files", "runbooks"}


def fresh(person):
    """As a new request knows them: without what an earlier one remembered of their roles."""
    return User.objects.get(pk=person.pk)


def found(person, text):
    """{group: titles} of what somebody finds."""
    return {group.key: [hit.title for hit in group.hits] for group in search(fresh(person), Asked.read(text))}


def asked_of(engagement):
    """Something to type for each kind, and the group that it has to be found in."""
    finding = Finding.objects.filter(engagement=engagement).first()
    document = FrozenDocument.objects.filter(engagement=engagement, kind="plan").get()
    case, item = CaseItem.objects.first(), FeedbackItem.objects.first()
    return [
        (engagement.code, "engagements"),
        ("northlake", "engagements"),
        (document.digest, "documents"),
        (document.snapshot_digest[:12].upper(), "documents"),
        ("Who runs the drill", "questions"),
        (finding.reference, "findings"),
        (finding.title, "findings"),
        ("smtp_bind_add", "parameters"),
        (Upload.objects.first().sha256[:7], "evidence"),
        (StoredFile.objects.first().sha256[:10], "evidence"),
        (LogReading.objects.first().sha256, "evidence"),
        (TranslatedFile.objects.first().sha256[:16], "evidence"),
        (engagement.quotes.get().number, "quotes"),
        (case.message_id, "messages"),
        (f"<{item.message_id.strip('<>')}>", "messages"),
        (TrafficLog.objects.first().sha256[:20], "delivery_files"),
        (RunbookRevision.objects.get(key="incident").title, "runbooks"),
        (RunbookRevision.objects.get(key="incident").digest[:9], "runbooks"),
    ]


def test_each_kind_is_found_by_its_lead_who_sees_everything(world, lea):
    asked = asked_of(world.engagement)

    missing = [(text, group) for text, group in asked if group not in found(lea, text)]

    assert missing == []


def test_every_hit_leads_to_a_page_that_its_finder_may_open(world, carl, vera, ada, sam, lea):
    asked = [text for text, _ in asked_of(world.engagement)]
    opened = {}

    for person in (carl, vera, ada, sam, lea):
        client = Client()
        client.force_login(fresh(person))
        urls = {hit.url for text in asked for group in search(fresh(person), Asked.read(text)) for hit in group.hits}
        opened |= {(str(person), url): client.get(url).status_code for url in urls}

    assert {seen: status for seen, status in opened.items() if status != 200} == {}
    assert len(opened) > 40


def test_a_stranger_finds_nothing_and_is_told_no_number(client, world, otto, ugo):
    asked = [text for text, _ in asked_of(world.engagement)]

    for stranger in (otto, ugo):
        client.force_login(fresh(stranger))
        assert {text: found(stranger, text) for text in asked if found(stranger, text)} == {}
        for text in asked:
            page = client.get(reverse("search:search"), {"q": text})
            told = client.get(reverse("api:search:search"), {"q": text})
            assert "Nothing found" in page.content.decode()
            assert told.json() == {"groups": []}


def test_a_stranger_costs_the_same_queries_whether_or_not_there_is_something(world, otto):
    finding = Finding.objects.filter(engagement=world.engagement).first()

    there = queries_of(otto, finding.reference)
    nowhere = queries_of(otto, "F-987654")

    assert there == nowhere


def test_roles_find_what_their_pages_show(world, vera, sam, carl):
    quote = world.engagement.quotes.get()
    receipt_of_plan = FrozenDocument.objects.filter(kind="quote").get().digest

    assert found(vera, quote.reference).keys() & {"quotes", "documents"} == set()
    assert found(vera, receipt_of_plan) == {}
    assert {"quotes"} <= found(carl, quote.reference).keys()
    told = {key for text, _ in asked_of(world.engagement) for key in found(sam, text)}
    assert told & EVIDENCE_GROUPS == set()
    assert {"engagements", "documents", "questions", "quotes"} <= told


def test_a_draft_of_a_quote_is_found_by_the_practice_alone(northlake, sam, carl):
    draft = make_draft(northlake, actor=sam)

    assert found(sam, draft.number)["quotes"] == [str(draft)]
    assert found(carl, draft.number) == {}


def test_a_hit_says_where_it_is(world, ada):
    finding = Finding.objects.filter(engagement=world.engagement, line__gt=0).first()

    hits = [hit for group in search(fresh(ada), Asked.read(finding.reference)) for hit in group.hits]

    where = f"{world.engagement.code} Northlake Logistics · {finding.host_label} · {finding.place}"
    assert [hit.where for hit in hits if hit.title == str(finding)] == [where]


def test_a_parameter_is_found_as_the_host_says_it_today_and_leads_to_its_row(client, world, ada):
    client.force_login(fresh(ada))

    groups = search(fresh(ada), Asked.read("message_size_limt"))

    (hit,) = groups[0].hits
    assert (hit.title, hit.note) == ("message_size_limt", "message_size_limt = 20480000")
    assert "message_size_limt" in client.get(hit.url).content.decode()
    assert Parameter.objects.filter(name="message_size_limt").count() == 1


def test_a_question_is_found_by_its_answer_and_by_its_number(engagement, carl, ada):
    question = ask_question(engagement, actor=carl, text="Which pool?", is_blocking=False)
    other = ask_question(engagement, actor=carl, text="Which day?", is_blocking=False)
    answer_question(question, actor=ada, text="The transactional one.")

    assert found(carl, "transactional")["questions"] == [str(question)]
    assert found(carl, str(other.number))["questions"] == [str(other)]


def test_every_word_has_to_stand_there(engagement, carl):
    assert found(carl, "northlake powermta").keys() == {"engagements"}
    assert found(carl, "northlake kumomta") == {}


def test_signs_of_patterns_are_only_signs(engagement, lea, carl):
    ask_question(engagement, actor=carl, text="Is 100 % enough?", is_blocking=False)
    ask_question(engagement, actor=carl, text="Is 100 enough?", is_blocking=False)

    assert len(found(lea, "100 %")["questions"]) == 1
    assert found(lea, "E_2026") == {}
    assert found(lea, "%%") == {}


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE engagements_engagement; --",
        "\x00\x00\x00",
        "a\x00b",
        "\ud800\udfff",
        "9" * 400,
        "F-999999999",
        "F-" + "9" * 30,
        "²³",
        "٣٤",
        "<script>alert(1)</script>",
        "\\",
        "(((((((((((((",
        "ab " * 5000,
        "f" * 64,
        "@",
        "<@>",
        "İİİ ﬀ ẞ",
    ],
)
def test_nothing_that_is_typed_breaks_the_search(client, world, lea, typed):
    client.force_login(fresh(lea))

    page = client.get(reverse("search:search"), {"q": typed.encode("utf-8", "replace").decode()})

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert isinstance(search(fresh(lea), Asked.read(typed)), list)
    assert Question.objects.exists()


def queries_of(person, text):
    reader = fresh(person)
    with CaptureQueriesContext(connection) as seen:
        search(reader, Asked.read(text))
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_what_there_is(world, lea, northlake, sam):
    texts = [world.engagement.code, "Made up", "F-001", "smtp_bind_address", Upload.objects.first().sha256]
    before = [queries_of(lea, text) for text in texts]
    upload = Upload.objects.first()
    Finding.objects.bulk_create(made_up(upload, 500 + number) for number in range(40))
    for number in range(12):
        make_engagement(northlake, sales=sam, title=f"More of E- {number}")

    after = [queries_of(lea, text) for text in texts]

    assert after == before
    assert max(after) <= 22


def test_a_long_group_is_cut_and_says_so(client, world, lea):
    upload = Upload.objects.first()
    Finding.objects.bulk_create(made_up(upload, 500 + number) for number in range(MOST_HITS + 5))
    client.force_login(fresh(lea))

    page = client.get(reverse("search:search"), {"q": "Made up"})

    (group,) = page.context["groups"]
    assert (len(group.hits), group.is_cut) == (MOST_HITS, True)
    assert "There is more" in page.content.decode()


def test_the_api_tells_what_the_page_shows(client, world, ada):
    client.force_login(fresh(ada))
    finding = Finding.objects.filter(engagement=world.engagement).first()

    page = client.get(reverse("search:search"), {"q": finding.reference})
    told = client.get(reverse("api:search:search"), {"q": finding.reference}).json()

    assert [group["key"] for group in told["groups"]] == [group.key for group in page.context["groups"]]
    first = told["groups"][0]
    assert first["hits"][0].keys() == {"title", "where", "url", "note"}


def test_the_api_says_what_is_too_short(client, ada):
    client.force_login(ada)

    answer = client.get(reverse("api:search:search"), {"q": "a"})

    assert answer.status_code == 422
    assert "q" in answer.json()["fields"]


def test_the_box_stands_on_pages_of_people_who_are_signed_in(client, carl):
    nobody = client.get(reverse("account_login")).content.decode()
    client.force_login(carl)

    somebody = client.get(reverse("engagements:list")).content.decode()

    assert 'role="search"' not in nobody
    assert somebody.count('role="search"') == 1
    assert somebody.count('data-key="/"') == 1


def test_what_was_typed_stands_in_the_box_again(client, carl):
    client.force_login(carl)

    page = client.get(reverse("search:search"), {"q": ' "quoted" '}).content.decode()

    assert 'value="&quot;quoted&quot;"' in page


def test_a_source_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        register_search("engagements", "Engagements", lambda reader, asked: [])


def test_a_file_of_bounces_is_found_by_its_digest(world, ada, otto):
    file = hand_over(world.engagement, mbox("amazonses-bounce"), actor=ada)

    assert found(ada, file.sha256[:12])["delivery_files"] == [str(file)]
    assert found(otto, file.sha256[:12]) == {}
