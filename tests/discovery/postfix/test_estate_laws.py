"""Whatever stands in the files, the estate is read, and each of its facts points at a line that is there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.postfix import Bundle, audit_bundle
from tests.discovery.postfix.estates import KEY

TELLING = """
smtp_bind_address inet_interfaces relayhost default_transport content_filter transport_maps smtpd_milters
sender_dependent_default_transport_maps smtpd_sender_login_maps smtpd_recipient_restrictions mydestination
check_policy_service { } {} randmap:{a:,b:} randmap:{ hash:/etc/postfix/table pcre:/etc/postfix/table inet: unix:
inet:127.0.0.1:10031 [::1] 192.0.2.1 fe80::1%eth0 $myhostname ${x? error: :[a.example] slow: tcp:localhost:1
socketmap: proxy: FILTER @a.example a@b.example /^x/ = , -o argv=/usr/bin/own smtpd smtp unix inet pass pipe spawn
smtp1 smtp2 n - y 0 submission 127.0.0.1:10025 KeyTable SigningTable a:b:c dkim_key('a','b','c'); path domain
auth_mechanisms * @daily root | #
"""
WORDS = st.sampled_from(TELLING.split())
TEXTS = st.lists(
    st.one_of(WORDS, st.text(st.characters(codec="utf-8"), max_size=6), st.sampled_from(["\n", "\n  ", " = "])),
    max_size=60,
).map(" ".join)
PATHS = (
    "etc/postfix/main.cf",
    "etc/postfix/master.cf",
    "etc/postfix/table",
    "etc/opendkim.conf",
    "etc/opendkim/KeyTable",
    "etc/rspamd/local.d/dkim_signing.conf",
    "etc/amavis/conf.d/50-user",
    "etc/dovecot/dovecot.conf",
    "etc/cron.d/mail",
    "etc/systemd/system/a.timer",
    "etc/aliases",
    "usr/bin/own.py",
)


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(PATHS, TEXTS)))
def test_the_estate_is_always_read_and_every_fact_has_its_line(texts):
    files = {path: text.encode("utf-8", "replace") for path, text in texts.items()}

    for instance in audit_bundle(Bundle.of(files), secret_key=KEY).instances:
        facts = (*instance.addresses, *instance.pools, *instance.doors, *instance.filters, *instance.domains)
        for fact in (*facts, *instance.tenants, *instance.signing_keys, *instance.stream_proposals):
            assert fact.file in files
            assert 0 <= fact.line <= files[fact.file].count(b"\n") + 1
