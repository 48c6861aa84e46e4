"""Whatever a bundle holds, it is read; each setting stands on its line, each finding points at a line that is there."""

import os

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from discovery.postfix import Bundle, BundleRefused, audit_bundle, mask_bundle, read_archive
from tests.discovery.postfix import golden
from tests.factories.discovery import pack

KEY = b"test"
# Long runs: PARSER_EXAMPLES=5000 ./gatepost test tests/discovery/postfix/test_bundle_laws.py
EXAMPLES = int(os.environ.get("PARSER_EXAMPLES", "25"))
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SETTING_NAMES = """
relayhost mydestination mynetworks smtpd_recipient_restrictions transport_maps smtpd_milters content_filter
smtp_bind_address slow_destination_rate_delay compatibility_level multi_instance_directories own_name RelayHost
virtual_alias_maps smtp_sasl_password_maps header_checks mydomain smtpd_tls_key_file \ufeffbiff smtp_use_tls
"""
VALUE_WORDS = """
hash:/etc/postfix/table pcre:{{/a{1,2}/ REJECT}} inline:{a=b,{c=d e}} $myhostname ${x?{a}:{b}} ${ $own_name {{ x }}
<% y %> ${HOST} static:a:b randmap:{slow:,b:} !10.0.0.1 [::1]/128 inet:127.0.0.1:10031 /etc/postfix/list # , { } =
mysql:/etc/postfix/sql.cf proxy:ldap:own /etc/postfix-b 3.6 no password=hunter2x \\ -o '' \" 0.0.0.0/0
"""
OTHER_PATHS = """
etc/postfix/main.cf etc/postfix/master.cf etc/postfix-b/main.cf main.cf master.cf etc/postfix/table etc/aliases
etc/postfix/sql.cf postconf-n.txt postconf-M.txt postconf.json postconf-P.txt etc/cron.d/mail usr/bin/own
"""
NAMES = st.sampled_from(SETTING_NAMES.split())
WORDS = st.sampled_from(VALUE_WORDS.split())
BREAKS = st.sampled_from([" ", ", ", "\n ", "\n\t", "\n# comment\n  ", "\n\n  ", "\r\n ", "\0", "\v", "\x85", "\u2028"])
VALUES = st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=6).flatmap(
    lambda words: st.lists(BREAKS, min_size=len(words), max_size=len(words)).map(
        lambda breaks: "".join(a + b for a, b in zip(words, breaks, strict=True))
    )
)
SETTINGS = st.builds(
    lambda name, equals, value: name + equals + value, NAMES, st.sampled_from(["=", " = ", "\t=\n ", " ", "=="]), VALUES
)
FORMS = [
    " -o NAME=VALUE",
    "\n  -o NAME=VALUE",
    " -oNAME=VALUE",
    "\n -o {NAME = VALUE z}",
    " -v",
    "\n# c\n  -o\n  NAME=VALUE",
]
SERVICES = st.builds(
    lambda name, kind, program, options: f"{name} {kind} - - n - - {program}{options}",
    st.sampled_from(["smtp", "slow", "127.0.0.1:25", "[::1]:587", "sp ace", "private/x", "ä"]),
    st.sampled_from(["inet", "unix", "pass", "fifo", "udp"]),
    st.sampled_from(["smtp", "smtpd", "pipe", "qmgr", "spawn", "/usr/bin/own"]),
    st.lists(
        st.builds(
            lambda form, name, value: form.replace("NAME", name).replace("VALUE", value),
            st.sampled_from(FORMS),
            NAMES,
            WORDS,
        ),
        max_size=4,
    ).map("".join),
)
ODD_LINES = st.one_of(
    st.text(max_size=30), st.sampled_from(["", "# comment", "  orphan = 1", "no setting", "{% if %}"])
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8", "latin-1", "utf-16", "utf-16-le", "utf-8-sig"])


def written(lines):
    """Lines as bytes, sometimes in a strange encoding, with strange line ends, cut off anywhere."""
    return st.builds(
        lambda rows, end, encoding, cut: end.join(rows).encode(encoding, "replace")[: cut or None],
        st.lists(st.one_of(lines, lines, ODD_LINES), max_size=8),
        st.sampled_from(["\n", "\n", "\r\n", "\r"]),
        ENCODINGS,
        st.sampled_from([0, 0, 0, 7, 40, 101]),
    )


ANY = st.one_of(st.binary(max_size=300), written(st.one_of(SETTINGS, SERVICES)))
PATHS = st.one_of(
    st.sampled_from(OTHER_PATHS.split()),
    st.text(min_size=1, max_size=12).map(lambda name: f"etc/postfix/{name}"),
)
BUNDLES = st.builds(
    lambda mains, masters, others: {**others, **mains, **masters},
    st.dictionaries(st.sampled_from(["etc/postfix/main.cf", "etc/postfix-b/main.cf"]), written(SETTINGS), max_size=2),
    st.dictionaries(st.sampled_from(["etc/postfix/master.cf", "master.cf"]), written(SERVICES), max_size=2),
    st.dictionaries(PATHS, ANY, max_size=5),
)


def lines_of(files, path):
    return files[path].text.split("\n")


@quick
@given(BUNDLES)
def test_every_setting_and_finding_of_any_bundle_has_its_place(contents):
    bundle = Bundle.of(contents)
    files = mask_bundle(bundle, key=KEY)[0].files

    report = audit_bundle(bundle, secret_key=KEY)

    for instance in report.instances:
        for setting in (*instance.parameters.values(), *instance.unused):
            assert setting.name in lines_of(files, setting.file)[setting.line - 1]
        for service in instance.services:
            entry = lines_of(files, service.file)[service.line - 1 : service.end_line]
            assert service.name in entry[0]
            for override in service.overrides:
                assert override.name in "".join(entry[override.line - service.line :])
        for problem in instance.problems:
            assert 1 <= problem.line <= len(lines_of(files, problem.file))
    for finding in report.findings:
        assert 1 <= finding.line <= len(lines_of(files, finding.file)), finding
    report.as_json()


@quick
@given(BUNDLES)
def test_any_bundle_that_was_packed_is_read_or_refused_with_a_sentence(contents):
    packed = pack({path: content for path, content in contents.items() if "\0" not in path})
    try:
        bundle = read_archive("estate.tar.gz", packed)
    except BundleRefused as refused:
        event(refused.sentence)
        return

    report = audit_bundle(bundle, secret_key=KEY)

    assert {finding.file for finding in report.findings} <= set(bundle.files)
    assert all("\0" not in str(value) for finding in report.findings for value in finding.as_json().values())


@quick
@given(st.sampled_from(sorted(golden.SAMPLES.rglob("main.cf"))), st.data())
def test_a_real_configuration_that_was_damaged_anywhere_is_read(path, data):
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    damaged = content[:start] + data.draw(st.binary(max_size=20)) + content[end:]

    report = audit_bundle(Bundle.of({"main.cf": damaged}), secret_key=KEY)

    lines = mask_bundle(Bundle.of({"main.cf": damaged}), key=KEY)[0].files["main.cf"].text.split("\n")
    for setting in report.instances[0].parameters.values():
        assert setting.name in lines[setting.line - 1]
