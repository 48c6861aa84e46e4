"""Typing while an upload is being stored, on two real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from discovery.domain.answer_finding import FindingAnswer
from discovery.domain.keep_draft import discard_draft, keep_draft
from discovery.domain.merge_findings import look_at, merge_findings
from discovery.models import FindingDraft
from engagements.domain.lock_engagement import lock_engagement
from tests.factories.discovery import add_finding, bare_upload

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(act):
    """On a connection of its own, which gives up when it has to wait for a lock."""

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_typing_does_not_wait_while_an_upload_is_stored(engagement, ada):
    upload = bare_upload(engagement, actor=ada)
    finding = add_finding(upload, 1)
    half = FindingAnswer("C", "The tags.", "A Lua hook, half")

    with transaction.atomic():
        lock_engagement(engagement.pk)
        merge_findings(look_at(upload), [], actor=ada)
        elsewhere(lambda: keep_draft(finding, actor=ada, version=1, answer=half))
        kept = FindingDraft.objects.get().proposal
        elsewhere(lambda: discard_draft(finding, actor=ada))

    assert kept == "A Lua hook, half"
    assert not FindingDraft.objects.exists()
