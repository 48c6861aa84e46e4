"""Sets of files from whatever is written in a configuration, and what is true of every one of them."""

import re
import tomllib

from hypothesis import strategies as st
from lupa import lua54

from discovery.postfix.bundle import Bundle
from discovery.translation.outcomes import counted
from discovery.translation.translating import translate_to
from tests.discovery.translation.conftest import KEY

BLOCK = re.compile(r"\s*<(/?)(\w[\w-]*)([^>]*)>")
NAMED = {"virtual-mta", "virtual-mta-pool", "pattern-list", "smtp-listener", "rewrite-list"}
PARAMETERS = """
myhostname mydomain myorigin mynetworks mynetworks_style relayhost transport_maps header_checks mime_header_checks
body_checks smtp_header_checks smtp_tls_security_level relay_domains smtp_bind_address smtp_bind_address6
default_transport relay_transport local_transport virtual_transport smtp_fallback_relay virtual_alias_maps
virtual_alias_domains virtual_mailbox_domains mydestination default_destination_rate_delay always_bcc sender_bcc_maps
smtp_destination_concurrency_limit smtp_destination_recipient_limit maximal_queue_lifetime minimal_backoff_time
smtpd_banner message_size_limit smtpd_recipient_limit smtpd_timeout smtp_connect_timeout smtp_tls_policy_maps
smtp_sasl_password_maps sender_dependent_relayhost_maps sender_dependent_default_transport_maps recipient_delimiter
inet_interfaces inet_protocols smtpd_tls_cert_file smtpd_tls_security_level smtp_helo_name smtp_generic_maps
canonical_maps alias_maps smtpd_recipient_restrictions smtpd_forbid_bare_newline smtpd_milters
"""
VALUES = (
    """
hash:/etc/postfix/table|pcre:/etc/postfix/pattern|regexp:/etc/postfix/pattern|static:slow:|randmap:{a:,b:}
inline:{a.example=error:no, {b.example = smtp:[c]:465}}|static:{smtp:[a.example]:465}|texthash:/etc/postfix/gone
[h.example]:smtp|[2001:db8::1]:587|unix:/x|[h.example]:465|5x|-1|0|1w|99999999999|all|127.0.0.1, [::1]
!192.0.2.0/24 10.0.0.0/8|mysql:/etc/postfix/my.cf|may|encrypt|dane-only|fingerprint|$myhostname|ipv4|a@b.example
error:5.1.1 gone|retry:|discard:|lmtp:unix:private/x|smtp:[x.example]:2525|local:|/etc/postfix/table|a.example, b c
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
ROWS = r"""
a@b.example smtp:[c.example]
b.example error:5.1.1 no
* discard:
.c.example local:
@d.example x@e.example
b.example gone:
b.example :[h.example]:465
a.example encrypt protocols=x
[a]:587 u:p
root: |prog
/^Subject: (.*)/ WARN $1
if /x/
endif
/a(/ REJECT
/]] "/ REPLACE ]] " \
!/x/ HOLD
/(?<!a)b(?=c)/ REDIRECT a@b.example
/(?P<n>x)\1\k<n>/ PREPEND X-A: $1
/^X-(A|AB)(c|bcd)(d*)/ REPLACE X: $1$2$3
/(?>a+)b++/i IGNORE
/\p{L}\d\w\s\b\R\X\K/ DISCARD
/(?(1)a|b)(?R)/ FILTER smtp:[a]
/[[:alpha:]\]]/x BCC a@b.example
/(*UTF8)a{2,5}?(?#c)(?-i)C/ FILTER slow:
/@(.*)$/ smtp:[$1]
""".strip().splitlines()
SERVICES = """
smtp unix - - y - - smtp
slow unix - - y - 2 smtp -o smtp_bind_address=192.0.2.9
a+b unix - - - - - smtp
a-b unix - - - - - smtp
b unix - - - - - smtp -o inet_protocols=ipv6 -o smtp_bind_address6=[2001:db8::9]
lmtp unix - - - - - lmtp
error unix - - - - - error
retry unix - - - - - error
discard unix - - - - - discard
local unix - n n - - local
pp unix - n n - - pipe argv=/usr/bin/p ${recipient}
smtp inet n - y - - smtpd
25 inet n - y - - smtpd
submission inet n - y - - smtpd -o smtpd_tls_security_level=encrypt
[::1]:10025 inet n - - - - smtpd
""".strip().splitlines()
LETTERS = st.characters(exclude_categories=["Cs"])
ODD = st.sampled_from(
    ['"', "'", "]]", "--[[", "\\", "\n ", "\t", "é", "\u202e", "#", "${x}", "$1", "{", "}", "</source>"]
)


def with_odd(texts):
    """Words of configurations, some with a text in them that could end a string, a comment or a line."""
    spoiled = st.builds(
        lambda text, odd, at: f"{text[:at]}{odd}{text[at:]}", st.sampled_from(texts), ODD, st.integers(0, 30)
    )
    return st.one_of(st.sampled_from(texts), spoiled, st.text(LETTERS, max_size=30))


SETTINGS = st.lists(st.tuples(st.sampled_from(PARAMETERS.split()), with_odd(VALUES)), max_size=10)
FILES = st.fixed_dictionaries(
    {"main.cf": st.builds(lambda pairs: "".join(f"{name} = {text}\n" for name, text in pairs), SETTINGS)},
    optional={
        "master.cf": st.builds("\n".join, st.lists(with_odd(SERVICES), max_size=12)),
        "table": st.builds("\n".join, st.lists(with_odd(ROWS), max_size=8)),
        "pattern": st.builds("\n".join, st.lists(with_odd(ROWS), max_size=8)),
    },
)


def translations_of(files):
    bundle = Bundle.of({f"etc/postfix/{name}": text.encode() for name, text in files.items()})
    return translate_to(bundle, ["kumomta", "powermta"], secret_key=KEY)


def faults_in(translation):
    """What is wrong with a set: nothing ever should be."""
    if sum(counted(translation.outcomes).values()) != len(translation.outcomes):
        yield "a construct is counted twice or not at all"
    yield from (each.construct.name for each in translation.outcomes if not (each.lines or each.reasons))
    data = {}
    for file in translation.emission.files:
        if file.path.endswith(".toml"):
            data[file.path] = tomllib.loads(file.text)
        elif file.path.endswith(".lua"):
            yield from unreadable_lua(file)
        else:
            yield from unreadable_powermta(file.text)
    if data:
        yield from missing_names(data["sources.toml"], data["queues.toml"])


def unreadable_lua(file):
    lua = lua54.LuaRuntime(encoding=None, register_eval=False)
    compiled = lua.globals()[b"load"](file.text.encode("utf-8", "replace"))
    if lua54.lua_type(compiled) != "function":
        yield f"{file.path}: {compiled}"


def unreadable_powermta(text):
    opened, names = [], []
    for line in text.splitlines():
        tag = BLOCK.match(line)
        if tag and tag[1]:
            if not opened or opened.pop() != tag[2]:
                yield f"not opened: {line}"
        elif tag:
            opened.append(tag[2])
            names += [(tag[2], tag[3].strip())] if tag[2] in NAMED else []
    yield from (f"not closed: {each}" for each in opened)
    yield from (f"twice: {each}" for each in set(names) if names.count(each) > 1)
    known = {name for _, name in names}
    asked = re.findall(r"(?:virtual-mta=|default-virtual-mta )(\S+)", text)
    yield from (f"nowhere: {each}" for each in asked if each not in known)


def missing_names(sources, queues):
    asked = [*queues.get("tenant", {}).values(), *queues.get("queue", {}).values()]
    pools = sources.get("pool", {})
    yield from (each["egress_pool"] for each in asked if "egress_pool" in each and each["egress_pool"] not in pools)
    for name, members in pools.items():
        if not members or set(members) - set(sources["source"]):
            yield f"pool {name}"
