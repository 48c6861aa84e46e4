"""Lines that a real Postfix 3.7 wrote about mail it took, refused, held, sent, put off and bounced.

`postfix_3_7.log` holds one line of each shape that such a run left.
"""

from io import BytesIO
from pathlib import Path

from discovery.maillog.figures import figures_of
from discovery.maillog.reading import put_together, read_stream

LOG = Path(__file__).with_name("postfix_3_7.log").read_bytes()


def test_every_line_about_a_message_is_understood():
    parts = [[read_stream("mail.log", BytesIO(LOG), key=b"k")]]

    figures = figures_of(put_together(parts, key=b"k", zone=None))

    assert figures.samples == ()
    assert figures.lines == LOG.count(b"\n") == figures.understood + figures.unrelated
    assert figures.understood > figures.unrelated
    assert figures.rejected > 0
