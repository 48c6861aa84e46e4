"""What is copied into a test is what the real doors would have written."""

import pytest
from django.db.models import Exists, OuterRef

from core.audit import chain_of, record, verify_chain
from core.models import AuditEvent
from tests.kept import rows_of_this_test
from tests.laws.models import foreign_keys, label_of, own_models

twice = pytest.mark.parametrize("time", ["for real or copied", "copied"])


@twice
def test_the_history_of_a_kept_engagement_holds_and_goes_on(engagement, ada, time):
    record("engagement.opened", subject=engagement, actor=ada)

    events = AuditEvent.objects.filter(chain=chain_of(engagement))
    assert list(verify_chain(chain_of(engagement))) == []
    assert [event.sequence for event in events.order_by("sequence")] == list(range(1, len(events) + 1))


@twice
def test_a_kept_fixture_runs_for_real_after_any_other_write(kept_rows, olga, northlake, time, request):
    northlake.name = "Northlake Freight"
    northlake.save()

    ada = request.getfixturevalue("ada")

    assert not kept_rows.is_ours
    assert ada.memberships.get().organization.kind == "consultancy"
    northlake.refresh_from_db()
    assert northlake.name == "Northlake Freight"


@twice
def test_copied_rows_point_at_rows_that_exist(engagement, carl, vera, otto, ugo, time):
    copied = [model for model in own_models() if model._meta.db_table in rows_of_this_test()]

    orphans = [
        (label_of(model), field.name)
        for model in copied
        for field in foreign_keys(model)
        if model._base_manager.exclude(**{field.name: None})
        .exclude(Exists(field.related_model._base_manager.filter(pk=OuterRef(field.attname))))
        .exists()
    ]

    assert orphans == []
    assert {"engagements.Engagement", "core.AuditEvent"} <= {label_of(model) for model in copied}
