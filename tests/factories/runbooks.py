"""A customer of whom everything is known that runbooks name, and short ways to a revision."""

from pathlib import Path

from engagements.domain.choose_target import choose_target
from reports.domain.draw_up_runbooks import draw_up_runbooks, note_runbook_fact
from reports.models import RunbookRevision
from reports.runbooks.book import asks
from tests.factories.discovery import stored_translations

SAMPLES = Path(__file__).parents[1] / "postfix_samples"
# A value for each form of a fact.
VALUES = {
    "path": "/etc/gatepost/proxy.toml",
    "hosts": "out1.sender.example out2.sender.example",
    "addresses": "192.0.2.21",
    "words": "Post office, +49 30 000000, Europe/Berlin",
}


def files_of(sample):
    """{path: bytes} of a Postfix sample."""
    root = SAMPLES / sample
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def choose(engagement, target, *, actor, sample="multi_ip"):
    """The target is chosen, and its files were generated from a sample."""
    choose_target(engagement, target=target, reason="As selected.", actor=actor)
    engagement.refresh_from_db()
    stored_translations(engagement, actor=actor, files=files_of(sample))


def note_everything(engagement, *, actor):
    for ask in asks().values():
        note_runbook_fact(engagement, key=ask.key, value=VALUES[ask.form], actor=actor)


def draw_up(engagement, *, actor):
    """By key the revisions that were drawn up."""
    return {one.key: one for one in draw_up_runbooks(engagement, actor=actor)}


def newest(engagement, key):
    return RunbookRevision.objects.filter(engagement=engagement, key=key).first()
