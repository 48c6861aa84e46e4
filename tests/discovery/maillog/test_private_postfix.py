"""What a Postfix that runs for the test writes about its messages is understood, line by line, and counted as sent.

    GATEPOST_POSTFIX_MESSAGES=20000 ./gatepost test tests/discovery/maillog/test_private_postfix.py --junitxml=run.xml

makes the run longer, and `run.xml` then says how many lines there were.
It is skipped where Postfix is not installed or may not be started.
"""

import os

import pytest

from discovery.maillog.figures import figures_of
from discovery.maillog.providers import INSIDE
from discovery.maillog.reading import put_together, read_paths
from tests.discovery.maillog.private_postfix import PrivatePostfix, reason_to_skip

pytestmark = pytest.mark.skipif(bool(reason_to_skip()), reason=reason_to_skip())
PLAIN = int(os.environ.get("GATEPOST_POSTFIX_MESSAGES", "60"))
FEW = max(3, PLAIN // 20)


@pytest.fixture
def postfix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("postfix")
    for each in (folder, *folder.parents):  # its programs run as other people
        if each.owner() == folder.owner() and each != each.parent and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o011)
    with PrivatePostfix(folder) as running:
        yield running


ENDS = ("refuse", "later", "dead", "gone", "piped")
LOCAL = ("many", "fails", "off", "nobody", "unknown")
SUBJECTS = ("hold", "drop", "warn")
BY_HAND = 3


def send_everything(postfix):
    """Every way in and every end; what was refused at the door is four messages."""
    postfix.send("reader@out.example", count=PLAIN)
    addresses = [f"reader@{name}.example" for name in ENDS] + [f"{name}@probe.example" for name in LOCAL]
    for address in (*addresses, "box@boxes.example"):
        postfix.send(address, count=FEW)
    for subject in SUBJECTS:
        postfix.send("reader@out.example", count=FEW, subject=subject)
    postfix.send("reader@out.example", subject="refuse", check=False)
    postfix.send("refused@out.example", check=False)
    postfix.send("reader@never.example", check=False)
    postfix.send("reader@out.example", door=postfix.door, check=False)
    for _ in range(BY_HAND):
        postfix.submit("reader@out.example")
    postfix.wait_until_empty()
    postfix.run("postsuper", "-d", "ALL", "hold")


def test_every_line_about_a_message_is_understood_and_every_message_counted(postfix, record_property):
    send_everything(postfix)
    postfix.__exit__()

    figures = figures_of(put_together(read_paths([postfix.log], key=b"k"), key=b"k", zone=None))

    related = figures.understood + figures.not_understood
    record_property("understood", f"{figures.understood:,} of {related:,} lines, {figures.lines:,} in all")
    assert figures.samples == ()
    assert figures.not_understood == 0
    assert figures.lines == figures.understood + figures.unrelated
    inside = next(group for group in figures.providers if group.name == INSIDE)
    given = PLAIN + (len(ENDS) + len(LOCAL) + 1 + len(SUBJECTS)) * FEW
    assert figures.accepted == given + 1 + BY_HAND  # of the refused four, one has shown itself before its header
    assert figures.by_sendmail == BY_HAND
    bounced_back = FEW * len(("refuse", "later", "dead", "fails", "unknown"))
    assert inside.bounced == FEW
    assert inside.sent == PLAIN + FEW + BY_HAND + 2 * FEW + bounced_back
    assert (figures.rejected, figures.without_id) == (4, 0)
