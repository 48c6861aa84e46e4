"""Keys of tickets: recorded once a thing, one thing a key, taken off, and never an old text over a newer one."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from discovery.domain.note_key import note_key, remove_key
from discovery.models import ExternalKey
from engagements.domain.perform import perform
from engagements.models import GateTask
from tests.discovery.pages import text_of
from tests.factories.discovery import read
from tests.kept import kept

pytestmark = pytest.mark.django_db

ADDRESS = "https://northlake.atlassian.net/browse/MAIL-7"


@kept
def finding(engagement, ada):
    read(engagement, actor=ada)
    return engagement.findings.first()


@pytest.fixture
def task(engagement):
    return GateTask.objects.select_related("gate__engagement").filter(gate__engagement=engagement).first()


def note(subject, actor, key="MAIL-7", *, system="jira", version=0, address=""):
    return note_key(subject, system=system, key=key, address=address, actor=actor, version=version)


def page_of(kept, name="trackers:item", *more):
    return reverse(name, args=[kept.engagement.code, kept.external_id, *more])


def ledger():
    return list(AuditEvent.objects.filter(action__startswith="key").order_by("pk").values_list("action", flat=True))


def test_a_key_is_kept_with_its_address_and_stands_in_the_ledger(engagement, finding, ada):
    kept = note(finding, ada, address=ADDRESS)

    assert (kept.key, kept.address, kept.version, kept.engagement) == ("MAIL-7", ADDRESS, 1, engagement)
    assert kept.external_id == f"GP-{engagement.code}-F{finding.number}"
    event = AuditEvent.objects.get(action="key.noted")
    assert event.chain == engagement.audit_chain
    assert event.data["key"] == "MAIL-7"


def test_the_same_once_more_changes_nothing_whatever_the_version(finding, carl, ada):
    first = note(finding, ada)

    again = note(finding, carl)

    assert (again.pk, again.version, again.changed_by) == (first.pk, 1, ada)
    assert ledger() == ["key.noted"]


def test_another_key_is_recorded_over_the_one_that_was_seen_alone(finding, ada, carl):
    note(finding, ada)

    with pytest.raises(Conflict, match="Ada Quint recorded MAIL-7 for “F-"):
        note(finding, carl, "MAIL-8")
    assert ExternalKey.objects.get().key == "MAIL-7"

    changed = note(finding, carl, "MAIL-8", version=1)
    assert (changed.key, changed.version, changed.changed_by) == ("MAIL-8", 2, carl)
    assert ledger() == ["key.noted", "key.changed"]


def test_one_key_names_one_thing_of_a_tracker_whatever_its_case(finding, task, ada):
    note(finding, ada)

    with pytest.raises(Conflict, match="MAIL-7 belongs to “F-"):
        note(task, ada, "mail-7")
    assert ExternalKey.objects.count() == 1

    elsewhere = note(task, ada, system="servicenow")
    assert (elsewhere.subject, elsewhere.external_id.rpartition("-")[2]) == (task, f"T{task.pk}")


def test_the_database_holds_one_key_to_one_thing(finding, task, ada):
    note(finding, ada)
    row = {"engagement": finding.engagement, "system": "jira", "changed_by": ada, "changed_at": timezone.now()}

    for wrong in ({"task": task, "key": "mail-7"}, {"finding": finding, "key": "MAIL-9"}, {"key": "MAIL-9"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExternalKey.objects.create(**row, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExternalKey.objects.create(**row, task=task, key="MAIL-9", address="http://northlake.example/")


@pytest.mark.parametrize("key", ["", "MAIL 7", "=1+1", "MAIL\n7", "ключ", "<b>", "M" * 101])
def test_what_is_no_key_is_refused_with_what_one_is(finding, ada, key):
    with pytest.raises(DomainError, match="A key is what the tracker calls the ticket"):
        note(finding, ada, key)

    assert not ExternalKey.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["http://a.example/1", "javascript:alert(1)", "https://", "https://u:p@a.example/", "https://a b.example/",
     "https://[::1/", f"https://a.example/{'x' * 500}"],
)  # fmt: skip
def test_what_is_no_https_address_is_refused(finding, ada, address):
    with pytest.raises(DomainError, match="The address of a ticket begins with https://"):
        note(finding, ada, address=address)

    assert not ExternalKey.objects.exists()


def test_a_key_is_taken_off_by_whoever_saw_it_and_its_thing_takes_another(finding, task, ada):
    note(finding, ada, address=ADDRESS)

    with pytest.raises(Conflict):
        remove_key(finding, system="jira", actor=ada, version=7)
    remove_key(finding, system="jira", actor=ada, version=1)
    remove_key(finding, system="jira", actor=ada, version=1)

    left = ExternalKey.objects.get()
    assert (left.key, left.address, left.version) == ("", "", 2)
    assert not ExternalKey.objects.standing().exists()
    assert ledger() == ["key.noted", "key.removed"]
    assert note(task, ada).key == "MAIL-7"
    assert note(finding, ada, "MAIL-8").version == 3


def test_who_only_reads_records_nothing(finding, vera, sam):
    for person in (vera, sam):
        with pytest.raises(Refused, match="record keys of a tracker"):
            note(finding, person)
    assert not ExternalKey.objects.exists()


def test_nothing_is_recorded_once_the_engagement_is_over(engagement, finding, lea):
    perform("cancel", engagement=engagement, actor=lea, note="They stay.")

    with pytest.raises(Conflict, match="its records stay as they are"):
        note(finding, lea)


def test_the_key_is_a_link_at_the_finding_and_at_the_task(as_ada, engagement, finding, task, ada):
    note(finding, ada, address=ADDRESS)
    kept = note(task, ada, "INC0010023", system="servicenow")

    at_finding = text_of(as_ada.get(reverse("discovery:finding", args=[engagement.code, finding.number])))
    at_task = text_of(as_ada.get(reverse("engagements:task", args=[engagement.code, task.pk])))

    assert f'href="{ADDRESS}" rel="noopener noreferrer">MAIL-7</a>' in at_finding
    assert 'ServiceNow: <span class="mono text-break">INC0010023</span>' in at_task
    assert page_of(kept) in at_task


def test_the_page_records_replaces_and_takes_off(as_ada, finding, ada):
    kept = note(finding, ada, "MAIL-1")

    as_ada.post(page_of(kept, "trackers:key", "jira"), {"version": 1, "key": "MAIL-2", "address": ADDRESS})
    as_ada.post(page_of(kept, "trackers:key", "servicenow"), {"version": 0, "key": "INC1"})
    page = text_of(as_ada.get(page_of(kept)))
    as_ada.post(page_of(kept, "trackers:key_remove", "servicenow"), {"version": 1})

    assert "Take MAIL-2 off" in page
    assert "Take INC1 off" in page
    assert list(ExternalKey.objects.standing().values_list("system", "key")) == [("jira", "MAIL-2")]


def test_what_was_typed_over_an_older_key_stays_and_goes_over_the_newer_one_next(as_ada, finding, ada):
    kept = note(finding, ada, "MAIL-1")
    url = page_of(kept, "trackers:key", "jira")

    refused = as_ada.post(url, {"version": 0, "key": "MAIL-2"})

    assert refused.status_code == 409
    page = text_of(refused)
    assert "Ada Quint recorded MAIL-1 for" in page
    assert 'value="MAIL-2"' in page
    assert 'name="version" value="1"' in page
    assert as_ada.post(url, {"version": 1, "key": "MAIL-2"}).status_code == 302


def test_a_wrong_key_is_said_beside_what_was_typed(as_ada, finding, ada):
    kept = note(finding, ada, "MAIL-1")

    refused = as_ada.post(page_of(kept, "trackers:key", "jira"), {"version": 1, "key": "two words"})

    assert refused.status_code == 422
    assert "A key is what the tracker calls the ticket" in text_of(refused)
    assert 'value="two words"' in text_of(refused)


def test_a_reader_sees_keys_and_no_form_and_a_stranger_nothing(client, finding, ada, vera, otto):
    kept = note(finding, ada)

    client.force_login(vera)
    page = text_of(client.get(page_of(kept)))
    client.force_login(otto)

    assert "MAIL-7" in page
    assert "Record" not in page
    assert client.get(page_of(kept)).status_code == 404


def test_a_table_taken_again_carries_the_key_and_new_tickets_alone_when_asked(as_ada, engagement, finding, ada):
    note(finding, ada)

    everything, new, known = (
        as_ada.get(reverse("trackers:csv", args=[engagement.code, "jira"]), {"rows": rows}).content.decode()
        for rows in ("all", "new", "known")
    )

    named = f"GP-{engagement.code}-F{finding.number},"
    assert everything.splitlines()[0].endswith(",Issue key")
    assert known.splitlines()[0].endswith(",Issue key")
    assert known.rstrip().endswith(",MAIL-7")
    assert "Issue key" not in new
    assert (named in everything, named in new, named in known) == (True, False, True)
    other = as_ada.get(reverse("trackers:csv", args=[engagement.code, "servicenow"]), {"rows": "known"})
    assert len(other.content.decode().splitlines()) == 1
