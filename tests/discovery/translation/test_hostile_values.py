"""Values nobody writes in earnest: translating goes on, and each is told."""

import pytest

from discovery.postfix.bundle import Bundle
from discovery.translation.outcomes import counted
from discovery.translation.translating import EMITTERS, translate
from tests.discovery.translation.conftest import KEY, MASTER

HUGE = "9" * 5000
MAINS = {
    "relay port": f"relayhost = [relay.example]:{HUGE}\n",
    "transport port": "transport_maps = hash:/etc/postfix/table\n",
    "time": f"maximal_queue_lifetime = {HUGE}d\n",
    "count": f"message_size_limit = {HUGE}\n",
    "pattern": "header_checks = pcre:/etc/postfix/table\n",
    "old pattern": "header_checks = regexp:/etc/postfix/table\n",
}
TABLES = {
    "transport port": f"a.example smtp:[b.example]:{HUGE}\n",
    "pattern": f"/a{{{HUGE}}}/ REJECT\n/(a)\\{HUGE}/ REJECT\n/\\x{{{'f' * 5000}}}/ REJECT\n/x/ REPLACE ${HUGE}\n",
    "old pattern": f"/a{{{HUGE}}}/ REJECT\n",
}


def translated(main, table, master, target):
    files = {"main.cf": main, "master.cf": master, "table": table}
    bundle = Bundle.of({f"etc/postfix/{name}": text.encode() for name, text in files.items()})
    return translate(bundle, target, secret_key=KEY)


@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("case", sorted(MAINS))
def test_a_number_of_five_thousand_digits_stops_nothing(case, target):
    translation = translated(MAINS[case], TABLES.get(case, ""), MASTER, target)

    assert sum(counted(translation.outcomes).values()) == len(translation.outcomes)
    assert "etc/postfix/" in "".join(refusal.origin.place for refusal in translation.emission.not_carried)


@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("port", [f"192.0.2.1:{HUGE}", HUGE])
def test_a_listener_with_such_a_port_is_told(port, target):
    master = f"{MASTER}{port} inet n - n - {HUGE} smtpd\n"

    translation = translated("myhostname = a.example\n", "", master, target)

    assert any("port" in refusal.reason for refusal in translation.emission.not_carried)


@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("kind", ["pcre", "regexp"])
@pytest.mark.parametrize("pattern", ["(" * 3000 + "a" + ")" * 3000, "a" + "{1}" * 3000, "(" * 3000])
def test_a_pattern_deeper_than_anybody_writes_is_told_and_the_next_line_is_read(kind, target, pattern):
    table = f"/{pattern}/ REJECT no\n/^X-Old:/ IGNORE\n"

    translation = translated(f"header_checks = {kind}:/etc/postfix/table\n", table, MASTER, target)

    assert "X-Old" in "".join(file.text for file in translation.emission.files)
    assert "etc/postfix/table:1" in {refusal.origin.place for refusal in translation.emission.not_carried}
