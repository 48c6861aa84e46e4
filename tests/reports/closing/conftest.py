"""Northlake in phase 5: plan signed, mail reconciled and watched for 30 days, Carl trained, one stream stays."""

from datetime import timedelta

import pytest

from core import documents
from core.audit import digest_of
from core.documents import RenderedDocument
from delivery.models import Rollback
from discovery.models import Stream
from engagements.domain.assign_team import assign_team
from engagements.models import Engagement
from tests.engagements.journey import put_up, sign
from tests.factories.discovery import read
from tests.factories.nda import sign_on_paper
from tests.factories.pricing import make_accepted_quote
from tests.factories.runbooks import choose, draw_up, note_everything
from tests.factories.training import train
from tests.factories.watch import midnight, take_days, watched
from tests.kept import kept


@pytest.fixture
def quick_paper(monkeypatch):
    """The digest of what is printed for a PDF, of every kind of document."""

    def draw(snapshot):
        return RenderedDocument(pdf=digest_of(snapshot).encode(), page_count=1)

    monkeypatch.setattr(documents, "_renderers", dict.fromkeys(documents._renderers, draw))
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


@kept
def closing(northlake, lenient_gates, quick_paper, sam, ada, lea, carl):
    engagement = make_accepted_quote(northlake, actor=sam, signatory=carl).engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)
    sign_on_paper(engagement, lead=lea)
    read(engagement, actor=ada)
    choose(engagement, "kumomta", actor=ada)
    stays = {"route": "stay", "route_reason": "Its list lives there.", "state": "confirmed"}
    Stream.objects.filter(engagement=engagement, number=1).update(**stays)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    note_everything(engagement, actor=ada)
    draw_up(engagement, actor=ada)
    engagement = Engagement.objects.get(pk=engagement.pk)
    watched(engagement, actor=ada)
    take_days(engagement, actor=ada, days=31, ago=35)
    _drill(engagement, 1, minutes=4, actor=ada)
    _drill(engagement, 2, minutes=6, actor=ada)
    train(engagement, carl, trainer=ada)
    return Engagement.objects.get(pk=engagement.pk)


def _drill(engagement, number, *, minutes, actor):
    begun = midnight(60) + timedelta(hours=number)
    told = {"is_drill": True, "by_line": False, "started_at": begun, "started_by": actor}
    Rollback.objects.create(engagement=engagement, number=number, ended_at=begun + timedelta(minutes=minutes), **told)
