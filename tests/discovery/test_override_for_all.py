"""An override for every engagement, accepted by somebody who does not see all of them."""

import pytest

from core.models import AuditEvent, Job
from tests.factories.discovery import propose, stored_translations

pytestmark = pytest.mark.django_db


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
