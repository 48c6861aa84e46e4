"""The second guard: for whom it is raised, what it holds to, and that nothing of it stays for the next reader."""

import contextvars

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.guard.checks import warn_of_missing_guard
from accounts.guard.door import guarded_reader, lower_guard, raise_guard, without_guard
from accounts.guard.installation import install
from accounts.guard.middleware import GuardMiddleware, guard
from accounts.models import Invitation
from engagements.models import Engagement, Question
from engagements.models.engagement import EngagementQuerySet
from tests.factories.accounts import make_token

pytestmark = pytest.mark.django_db

HELD = "SELECT current_user <> session_user OR coalesce(current_setting('gatepost.engagements', true), '') <> ''"


@pytest.fixture(autouse=True)
def lowered():
    yield
    lower_guard()


@pytest.fixture
def no_filter(monkeypatch):
    """The list of engagements forgets whose they are."""
    monkeypatch.setattr(EngagementQuerySet, "visible_to", lambda rows, user: rows.all())


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def written(work):
    """The statements that change what the database is, out of those of the work."""
    found = []

    def note(execute, statement, *rest):
        found.append(str(statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        work()
    return [one for one in found if one.split()[0] in {"ALTER", "CREATE", "DROP", "GRANT", "DO"}]


@pytest.mark.parametrize("person", ["vera", "carl", "otto", "ada", "ugo"])
def test_customers_and_consultants_are_guarded(person, otto, request):
    reader = request.getfixturevalue(person)

    guard(reader)

    assert guarded_reader() == reader.pk
    assert asked("SELECT current_user::text") == "gatepost_web"


@pytest.mark.parametrize("person", ["olga", "lea", "sam"])
def test_who_sees_everything_is_not(person, request):
    guard(request.getfixturevalue(person))

    assert guarded_reader() is None
    assert not asked(HELD)


def test_a_statement_without_any_filter_finds_what_the_reader_sees(engagement, vera, otto, ada, ugo):
    seen = {}

    for name, reader in {"vera": vera, "otto": otto, "ada": ada, "ugo": ugo}.items():
        raise_guard(reader.pk)
        seen[name] = asked("SELECT count(*) FROM engagements_engagement")

    assert seen == {"vera": 1, "otto": 0, "ada": 1, "ugo": 0}


def test_nothing_is_written_for_another_customer(engagement, otto):
    raise_guard(otto.pk)

    with pytest.raises(ProgrammingError, match="row-level security"):
        Question.objects.create(engagement=engagement, number=1, asked_by=otto, text="Whose?", asked_at=timezone.now())


def test_nothing_of_another_customer_is_changed_or_deleted(engagement, otto):
    raise_guard(otto.pk)

    changed = Engagement.objects.filter(pk=engagement.pk).update(title="Mine")
    deleted, _ = Engagement.objects.filter(pk=engagement.pk).delete()

    lower_guard()
    engagement.refresh_from_db()
    assert (changed, deleted, engagement.title) == (0, 0, "Northlake to PowerMTA")


def test_a_role_that_nobody_raised_the_guard_for_sees_nothing(engagement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gatepost_web")

    assert not Engagement.objects.exists()
    assert not Invitation.objects.exists()


def test_a_page_that_forgets_its_filter_shows_nothing_of_others(client, engagement, otto, no_filter):
    client.force_login(otto)

    page = client.get(reverse("engagements:list"))

    assert engagement.code not in page.content.decode()
    assert "Northlake" not in page.content.decode()


def test_without_the_guard_the_same_page_would(client, engagement, otto, no_filter, settings):
    settings.GUARD_ROLE = ""
    client.force_login(otto)

    assert engagement.code in client.get(reverse("engagements:list")).content.decode()


def test_a_token_is_held_to_its_person(client, engagement, otto, vera, no_filter):
    texts = [make_token(person, name="export", days=30)[1] for person in (otto, vera)]

    found = [
        client.get("/api/v1/engagements/", headers={"Authorization": f"Bearer {text}"}).json()["count"]
        for text in texts
    ]

    assert found == [0, 1]
    assert not asked(HELD)


def test_a_token_is_held_to_its_person_whoever_is_signed_in(client, engagement, otto, vera, no_filter):
    text = make_token(otto, name="export", days=30)[1]
    client.force_login(vera)

    found = client.get("/api/v1/engagements/", headers={"Authorization": f"Bearer {text}"}).json()

    assert found["count"] == 0


def test_the_guard_is_lowered_after_a_page_that_fails(engagement, otto, monkeypatch):
    held = []

    def fail(rows, user):
        held.append(asked(HELD))
        raise ValueError("a fault")

    monkeypatch.setattr(EngagementQuerySet, "visible_to", fail)
    client = Client(raise_request_exception=False)
    client.force_login(otto)

    page = client.get(reverse("engagements:list"))

    assert (page.status_code, held) == (500, [True])
    assert not asked(HELD)


def reading(otto):
    """A middleware of which the view has begun when it answers, as Django calls them."""
    request = RequestFactory().get("/")
    request.user, request.resolver_match = otto, None

    def view(request):
        middleware.process_view(request)
        return StreamingHttpResponse(str(Engagement.objects.count()) for _ in range(2))

    middleware = GuardMiddleware(view)
    return middleware(request)


@pytest.mark.django_db(transaction=True)
def test_what_streams_is_held_until_it_is_out(engagement, otto):
    response = reading(otto)

    content = b"".join(response)
    is_held = asked(HELD)
    response.close()

    assert (content, is_held) == (b"00", True)
    assert not asked(HELD)


@pytest.mark.django_db(transaction=True)
def test_what_never_streams_lets_go_too(engagement, otto):
    reading(otto).close()

    assert guarded_reader() is None
    assert not asked(HELD)


def test_a_reader_who_was_left_is_let_go_before_the_next_request(engagement, otto):
    raise_guard(otto.pk)

    GuardMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert guarded_reader() is None
    assert not asked(HELD)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_opened_while_somebody_reads_is_held_too(engagement, otto):
    raise_guard(otto.pk)

    connection.close()

    assert not Engagement.objects.exists()
    assert asked(HELD)


@pytest.mark.django_db(transaction=True)
def test_a_connection_given_back_while_it_is_held_is_let_go_before_it_is_used(engagement, otto):
    elsewhere = contextvars.copy_context()
    elsewhere.run(raise_guard, otto.pk)
    assert asked(HELD)

    connection.close()

    assert not asked(HELD)
    assert Engagement.objects.exists()


def test_what_is_counted_over_all_lowers_it_and_raises_it_again(engagement, otto):
    raise_guard(otto.pk)

    with without_guard():
        counted = Engagement.objects.count()

    assert (counted, Engagement.objects.count(), guarded_reader()) == (1, 0, otto.pk)


def test_it_is_raised_again_after_a_fault_in_a_transaction(engagement, otto):
    raise_guard(otto.pk)

    with pytest.raises(ProgrammingError), transaction.atomic(), without_guard():
        asked("SELECT nothing_like_that()")

    assert Engagement.objects.count() == 0
    assert asked(HELD)


def test_where_all_is_there_nothing_is_installed():
    assert written(lambda: install(connection)) == []


def test_a_policy_that_is_gone_or_another_is_put_back(engagement, otto):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE discovery_upload DISABLE ROW LEVEL SECURITY")
        cursor.execute("SELECT policyname FROM pg_policies WHERE tablename = 'engagements_engagement'")
        cursor.execute(f"DROP POLICY {cursor.fetchone()[0]} ON engagements_engagement")
        cursor.execute("CREATE POLICY gatepost_everything ON engagements_engagement USING (true)")

    install(connection)

    raise_guard(otto.pk)
    assert not Engagement.objects.exists()
    lower_guard()
    assert asked("SELECT relrowsecurity FROM pg_class WHERE relname = 'discovery_upload'")
    assert not asked("SELECT count(*) FROM pg_policies WHERE policyname = 'gatepost_everything'")


def test_without_its_role_pages_work_and_the_check_says_what_is_missing(client, engagement, vera, settings):
    settings.GUARD_ROLE = "gatepost_nobody"
    client.force_login(vera)

    page = client.get(reverse("engagements:list"))
    (warning,) = warn_of_missing_guard(databases=["default"])

    assert engagement.code in page.content.decode()
    assert "CREATE ROLE gatepost_nobody" in warning.hint


def test_the_check_is_silent_with_it_and_speaks_where_it_is_switched_off(settings):
    assert warn_of_missing_guard(databases=["default"]) == []

    settings.GUARD_ROLE = ""
    assert [warning.id for warning in warn_of_missing_guard(databases=None)] == ["gatepost.W111"]
