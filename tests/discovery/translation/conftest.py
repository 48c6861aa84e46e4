"""Small estates as a folder of files would give them."""

from pathlib import Path

import pytest

from discovery.postfix import audit_bundle, mask_bundle, read_folder
from discovery.postfix.bundle import Bundle
from discovery.translation.sending import sending_estate

SAMPLES = Path(__file__).parents[2] / "postfix_samples"
KEY = b"k" * 32
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
error     unix  -       -       y       -       -       error
discard   unix  -       -       y       -       -       discard
"""


def estates_in(bundle):
    masked, _ = mask_bundle(bundle, key=KEY)
    report = audit_bundle(bundle, secret_key=KEY)
    return {instance.name: sending_estate(masked, instance) for instance in report.instances}


@pytest.fixture(scope="session")
def sample():
    """The estate of one instance of a sample."""
    return lambda folder, instance="postfix": estates_in(read_folder(SAMPLES / folder))[instance]


@pytest.fixture
def estate_of():
    """The estate of one main.cf, no domains of its own unless it says so, a usual master.cf, and tables by name."""

    def build(main, master=MASTER, **tables):
        own = "" if "mydestination" in main else "mydestination =\n"
        files = {"etc/postfix/main.cf": f"{main}compatibility_level = 3.6\n{own}", "etc/postfix/master.cf": master}
        files |= {f"etc/postfix/{name}": text for name, text in tables.items()}
        return estates_in(Bundle.of({path: text.encode() for path, text in files.items() if text}))["postfix"]

    return build
