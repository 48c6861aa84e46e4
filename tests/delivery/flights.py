"""A small estate that signs, the DNS it needs in a zone file, and short ways to ask and to state."""

from delivery.domain.ask_dns import ask_dns, store_run
from delivery.domain.state_check import state_check
from delivery.preflight.book import load_book
from delivery.preflight_state import state_of
from tests.delivery.preflight.test_checking import GOOD

KEYS = {
    "etc/opendkim.conf": "KeyTable /etc/opendkim/KeyTable\nSigningTable /etc/opendkim/SigningTable\n",
    "etc/opendkim/KeyTable": "k northlake.example:s1:/etc/opendkim/s1.private\n",
    "etc/opendkim/SigningTable": "*@northlake.example k\n",
}
LOUD_KEYS = KEYS | {"etc/opendkim/KeyTable": "k NorthLake.example:S1:/etc/opendkim/s1.private\n"}
RECORD = "s1-kumo._domainkey.northlake.example"
STRINGS = f'"v=DKIM1; p={GOOD[:200]}" "{GOOD[200:]}"'
ZONE = f"""\
$TTL 300
northlake.example. IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
mta1.northlake.example. IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
_dmarc.northlake.example. IN TXT "v=DMARC1; p=none"
mta1.northlake.example. IN A 192.0.2.10
mta1.northlake.example. IN A 192.0.2.11
10.2.0.192.in-addr.arpa. IN PTR mta1.northlake.example.
11.2.0.192.in-addr.arpa. IN PTR mta1.northlake.example.
{RECORD}. IN TXT ({STRINGS})
"""


def ask(translation, actor, source):
    found = ask_dns(translation, source=source, tell=lambda done, total=None, sentence="": None)
    return store_run(translation, found, actor=actor)


def state(engagement, key):
    return state_of(engagement, load_book().item(key))


def stated(engagement, key, actor, note="It holds.", evidence="Seen."):
    return state_check(engagement, load_book().item(key), note=note, evidence=evidence, actor=actor)
