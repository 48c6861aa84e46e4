"""What is written into a line of PowerMTA's configuration, and what cannot be."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.postfix import audit_bundle, mask_bundle
from discovery.translation.powermta import emit_powermta
from discovery.translation.powermta.words import UnwritableError, guarded, interval, literal, matcher, value
from discovery.translation.sending import Expression, sending_estate
from tests.discovery.translation.conftest import KEY, MASTER
from tests.discovery.translation.test_powermta import one


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (61, "1m1s"), (432_000, "5d"), (4000, "1h6m40s"), (604_800, "1w")]
)
def test_times_are_written_as_intervals(seconds, text):
    assert interval(seconds) == text


@pytest.mark.parametrize("text", ["", "a b", "a\nb", 'a"b', "a#b", "<domain *>"])
def test_a_value_that_cannot_stand_in_a_line_is_refused(text):
    with pytest.raises(UnwritableError):
        value(text)


@given(st.text(min_size=1))
def test_a_fixed_text_matches_itself_and_never_ends_its_pattern(text):
    pattern = literal(text)

    assert not set('/#"\n\r') & set(pattern)
    if text.isascii():
        assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(("pattern", "written"), [("a/b", r"a\x2fb"), (r"a\/b", r"a\x2fb"), (r"a\\/b", r"a\\\x2fb")])
def test_a_slash_in_a_pattern_does_not_end_it(pattern, written):
    assert guarded(pattern) == written


def test_patterns_ignore_case_unless_the_option_switches_that_off():
    plain, sensitive = Expression("regexp", "^a", "", False), Expression("pcre", "^a", "i", False)

    assert (matcher([plain]), matcher([sensitive])) == ("/(?i:^a)/", "/(?s-i:^a)/")


def test_several_patterns_have_to_hold_together():
    together = matcher([Expression("pcre", "^a", "", False), Expression("pcre", "b$", "", True)])

    python = re.compile(together[1:-1])
    assert [bool(python.search(text)) for text in ("axc", "axb", "xc")] == [True, False, False]


SETTINGS = st.sampled_from([
    "relayhost", "myhostname", "mynetworks", "transport_maps", "header_checks", "smtp_generic_maps", "relay_domains",
    "smtp_tls_security_level", "smtp_tls_policy_maps", "smtp_destination_rate_delay", "always_bcc", "default_transport",
    "maximal_queue_lifetime", "minimal_backoff_time", "sender_dependent_default_transport_maps", "virtual_alias_maps",
])  # fmt: skip
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0"), max_size=30),
    st.sampled_from(["hash:/etc/postfix/table", "pcre:/etc/postfix/table", "regexp:/etc/postfix/table", "static:slow:",
                     "randmap:{a:,b:}", "inline:{a.example=error:no}", "[h.example]:smtp", "5x", "-1"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    pairs=st.lists(st.tuples(SETTINGS, VALUES), max_size=6),
    table=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=120),
)
def test_emission_never_raises_whatever_was_uploaded(pairs, table):
    main = "".join(f"{name} = {text}\n" for name, text in pairs)
    bundle = one({"main.cf": main, "master.cf": MASTER, "table": table})

    masked, _ = mask_bundle(bundle, key=KEY)
    report = audit_bundle(bundle, secret_key=KEY)
    emission = emit_powermta([sending_estate(masked, each) for each in report.instances])

    text = emission.files[0].text
    assert text.count("<domain *>") >= 1
    assert emission == emit_powermta([sending_estate(masked, each) for each in report.instances])
