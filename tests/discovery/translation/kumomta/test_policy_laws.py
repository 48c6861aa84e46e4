"""Whatever stands in the files, the policy can be read."""

import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lupa import lua54

from discovery.postfix.bundle import Bundle
from tests.discovery.translation.conftest import MASTER
from tests.discovery.translation.kumomta.test_policy import emitted

PARAMETERS = """
myhostname mynetworks relayhost transport_maps header_checks smtp_tls_security_level relay_domains smtp_bind_address
smtp_bind_address6 default_transport smtp_fallback_relay virtual_alias_maps default_destination_rate_delay always_bcc
maximal_queue_lifetime smtpd_banner message_size_limit smtp_tls_policy_maps smtp_sasl_password_maps body_checks
sender_dependent_relayhost_maps recipient_delimiter smtp_header_checks inet_interfaces smtpd_tls_cert_file
smtp_helo_name queue_directory
"""
KNOWN_VALUES = """
hash:/etc/postfix/table
pcre:/etc/postfix/table
regexp:/etc/postfix/table
static:smtp:[a.example]
[relay.example]:587
a.example, b.example
may
5d
0
+
192.0.2.1
2001:db8::1
inline:{{a=b:}}
"""
KNOWN_ROWS = r"""
a@b.example smtp:[c.example]
b.example error:5.1.1 no
* discard:
.c.example local:
@d.example x@e.example
/^Subject: (.*)/ WARN $1
if /x/
endif
/a(/ REJECT
/]] "/ REPLACE ]] " \
!/x/ HOLD
[a]:587 u:p
"""
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
VALUES = st.one_of(st.sampled_from(KNOWN_VALUES.strip().splitlines()), st.text(LETTERS, max_size=30))
ROWS = st.one_of(st.sampled_from(KNOWN_ROWS.strip().splitlines()), st.text(LETTERS, max_size=40))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PARAMETERS.split()), VALUES), max_size=10), st.lists(ROWS, max_size=8))
def test_whatever_is_written_in_the_files_the_set_can_be_read(settings_given, rows):
    main = "".join(f"{name} = {value}\n" for name, value in settings_given)
    files = {"main.cf": main, "master.cf": MASTER, "table": "\n".join(rows)}
    bundle = Bundle.of({f"etc/postfix/{name}": text.encode() for name, text in files.items()})
    lua = lua54.LuaRuntime(encoding=None, register_eval=False)

    emission = emitted(bundle)

    for file in emission.files:
        if file.path.endswith(".toml"):
            tomllib.loads(file.text)
        else:
            compiled = lua.globals()[b"load"](file.text.encode("utf-8", "replace"))
            assert lua54.lua_type(compiled) == "function", compiled
    assert emission == emitted(bundle)
