"""Behind every filter stands the database: what a model holds of a customer has a policy that says what filters say."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.guard.book import guard_book
from accounts.guard.door import lower_guard, raise_guard
from accounts.guard.policies import policies, policy_name
from accounts.models import Organization
from core.models import AuditEvent
from engagements.models import Engagement
from tests.laws.models import customer_models, path_to
from tests.laws.sources import APPS
from tests.laws.world import named_urls

pytestmark = pytest.mark.django_db


def all_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture
def read_as():
    """Raises the guard for a person; it is lowered after the test, and by `None`."""

    def read_as(person):
        lower_guard()
        if person is not None:
            raise_guard(person.pk)

    yield read_as
    lower_guard()


def test_every_model_has_a_policy_or_a_reason_for_none():
    without = {model._meta.label for model in all_models() if model._meta.db_table not in policies()}

    assert without == guard_book().open.keys()
    assert all(len(reason.split()) > 1 or reason == "Published." for reason in guard_book().open.values())


def test_nothing_that_belongs_to_a_customer_is_without_one():
    assert [model._meta.label for model in customer_models() if model._meta.db_table not in policies()] == []


def test_the_database_holds_every_policy_and_no_other():
    held = dict(asked("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()"))
    on = {name for (name,) in asked("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")}

    assert held == {table: policy_name(condition) for table, condition in policies().items()}
    assert on == held.keys()


def test_every_policy_holds_for_reading_and_for_writing():
    by_halves = asked("SELECT tablename FROM pg_policies WHERE cmd <> 'ALL' OR with_check IS DISTINCT FROM qual")

    assert by_halves == []


def test_the_role_of_readers_is_held_to_policies_and_owns_nothing():
    role = asked(
        "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname = 'gatepost_web'"
    )
    owned = asked("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'gatepost_web'")

    assert role == [(False, False, False, False)]
    assert owned == []


def test_what_triggers_look_up_is_not_cut_by_what_the_writer_sees():
    bound = asked(
        "SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype"
        " AND starts_with(proname, 'pgtrigger_') AND NOT prosecdef"
    )

    assert bound == []


def test_the_rows_of_the_book_name_models_and_addresses_that_exist():
    names = {name for name, _ in named_urls()}
    labels = {model._meta.label for model in all_models()}

    unknown = {each for each in guard_book().unguarded if not any(name.startswith(each) for name in names)}

    assert guard_book().conditions.keys() | guard_book().open.keys() <= labels
    assert unknown == set()


@pytest.mark.parametrize("person", ["otto", "vera", "carl", "ada", "ugo"])
def test_the_guard_lets_through_what_the_filters_let_through(world, read_as, request, otto, person):
    reader = request.getfixturevalue(person)
    engagements = set(Engagement.objects.visible_to(reader).values_list("pk", flat=True))
    organizations = set(Organization.objects.visible_to(reader).values_list("pk", flat=True))

    read_as(reader)

    assert set(Engagement.objects.values_list("pk", flat=True)) == engagements
    assert set(Organization.objects.values_list("pk", flat=True)) == organizations | {
        Organization.objects.consultancy().pk
    }


@pytest.mark.parametrize("person", ["otto", "ugo"])
def test_no_row_of_another_customer_is_read_or_changed_by_whatever_statement(world, read_as, request, otto, person):
    northlake = world.engagement.organization
    reader = request.getfixturevalue(person)
    belong = {
        model: path
        for model in customer_models()
        if (path := path_to(model, Engagement)) is not None
        and model._default_manager.filter(**of(path, world)).exists()
    }
    keys = {
        model: list(model._base_manager.filter(**of(path, world)).values_list("pk", flat=True))
        for model, path in belong.items()
    }
    assert len(keys) > 50  # so many kinds of rows stand in the world of the laws; with none this would say nothing

    read_as(reader)

    assert {
        model._meta.label for model, rows in keys.items() if model._base_manager.filter(pk__in=rows).exists()
    } == set()
    assert not AuditEvent.objects.filter(chain=world.engagement.audit_chain).exists()
    assert Engagement._base_manager.filter(pk=world.engagement.pk).update(title="Taken over") == 0
    assert not Organization._base_manager.filter(pk=northlake.pk).exists()


def of(path, world):
    return {path or "pk": world.engagement.pk}


def test_who_sees_a_row_sees_it_under_the_guard_too(world, read_as, carl):
    mine = {
        model: model._default_manager.visible_to(carl).count()
        for model in customer_models()
        if hasattr(model._default_manager, "visible_to")
    }

    read_as(carl)

    assert {m._meta.label: n for m, n in mine.items() if m._default_manager.visible_to(carl).count() != n} == {}
    assert sum(count > 0 for count in mine.values()) > 25
