"""TLS and AUTH of every listener and every sending transport (TLS_README, SASL_README)."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from discovery.postfix.bundle import BundleFile
from discovery.postfix.estate_facts import Door
from discovery.postfix.facts import Service
from discovery.postfix.scope import Scope, Value
from discovery.postfix.sending import SENDERS

SUBMISSION_PORTS = frozenset({"submission", "submissions", "smtps", "587", "465"})
MANDATORY = frozenset({"encrypt", "wrapped", "dane-only", "verify", "secure", "fingerprint"})
MECHANISMS = re.compile(r"^\s*(?:auth_mechanisms\s*=|mech_list\s*:)\s*(?P<names>[^#]*)", re.IGNORECASE)
HOST_AND_PORT = re.compile(r"^(?:(?P<host>\[[^\]]*\]|[^:]*):)?(?P<port>[^:]+)$")
LISTENER_SETTINGS = (
    "smtpd_tls_security_level", "smtpd_use_tls", "smtpd_enforce_tls", "smtpd_tls_wrappermode", "smtpd_tls_auth_only",
    "smtpd_tls_protocols", "smtpd_tls_mandatory_protocols", "smtpd_tls_ciphers", "smtpd_tls_mandatory_ciphers",
    "smtpd_tls_cert_file", "smtpd_tls_chain_files", "smtpd_sasl_auth_enable", "smtpd_sasl_type", "smtpd_sasl_path",
    "smtpd_sasl_security_options", "smtpd_sasl_tls_security_options", "smtpd_sasl_mechanism_filter",
    "broken_sasl_auth_clients", "smtpd_client_restrictions", "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions", "content_filter", "cleanup_service_name", "receive_override_options",
    "smtpd_authorized_xforward_hosts", "smtpd_milters",
)  # fmt: skip
EXIT_SETTINGS = (
    "tls_security_level", "use_tls", "enforce_tls", "tls_wrappermode", "tls_policy_maps", "tls_per_site",
    "tls_protocols", "tls_mandatory_protocols", "tls_ciphers", "tls_mandatory_ciphers", "tls_CAfile", "tls_CApath",
    "sasl_auth_enable", "sasl_password_maps", "sasl_security_options", "sasl_mechanism_filter",
)  # fmt: skip
Row = tuple[str, str, str, int]


def doors_of(services: Sequence[Service], scope: Scope, mechanisms: tuple[str, ...]) -> Iterator[Door]:
    """Every listener, then every sending transport; lmtp(8) only where something is set for it."""
    for service in services:
        if service.command == "smtpd" and service.kind in {"inet", "pass"}:
            yield listener(service, scope.within(service), mechanisms)
    for service in services:
        if service.command in SENDERS and service.kind == "unix":
            door = way_out(service, scope.within(service))
            if door.settings or service.command == "smtp":
                yield door


def listener(service: Service, scope: Scope, mechanisms: tuple[str, ...]) -> Door:
    address, port = place_of_listener(service)
    tls = tls_of_listener(scope)
    auth = auth_of_listener(scope)
    offered = mechanisms if auth != "none" else ()
    return Door(
        direction="in",
        name=service.name,
        program=service.command,
        address=address,
        port=port,
        tls=tls,
        protocols=protocols_of(scope, "smtpd", tls),
        auth=auth,
        mechanisms=offered,
        login=login_of(auth, offered, scope.get("smtpd_sasl_mechanism_filter").text),
        is_cleartext_auth_possible=is_cleartext_in(scope, tls, auth),
        is_submission=port in SUBMISSION_PORTS,
        settings=tuple(rows_in(scope, LISTENER_SETTINGS)),
        file=service.file,
        line=service.line,
    )


def way_out(service: Service, scope: Scope) -> Door:
    prefix = service.command
    tls = tls_of_exit(scope, prefix)
    auth = "used" if scope.get(f"{prefix}_sasl_auth_enable").is_on else "none"
    options = scope.get(f"{prefix}_sasl_security_options").text
    return Door(
        direction="out",
        name=service.name,
        program=prefix,
        address="",
        port="",
        tls=tls,
        protocols=protocols_of(scope, prefix, tls),
        auth=auth,
        mechanisms=(),
        login="unknown" if auth == "used" else "no",
        is_cleartext_auth_possible=auth == "used" and tls not in MANDATORY and "noplaintext" not in options,
        is_submission=False,
        settings=tuple(rows_in(scope, [f"{prefix}_{name}" for name in EXIT_SETTINGS])),
        file=service.file,
        line=service.line,
    )


def protocols_of(scope: Scope, prefix: str, tls: str) -> str:
    """The protocols in force at a level, as Postfix writes them; "" where there is no TLS."""
    if tls == "none":
        return ""
    return scope.get(f"{prefix}_tls_{'mandatory_' if tls in MANDATORY else ''}protocols").text


def rows_in(scope: Scope, names: Sequence[str]) -> Iterator[Row]:
    """What is set of these, with its line."""
    values = (scope.get(name) for name in names)
    return ((value.name, value.text, value.file, value.line) for value in values if value.is_set)


def place_of_listener(service: Service) -> tuple[str, str]:
    """`("127.0.0.1", "10025")` of the service name; a postscreen child (`pass`) takes what port 25 hands on."""
    if service.kind == "pass":
        return "", "25"
    found = HOST_AND_PORT.match(service.name)
    return (found["host"] or "", found["port"]) if found else ("", service.name)


def tls_of_listener(scope: Scope) -> str:
    if scope.get("smtpd_tls_wrappermode").is_on:
        return "wrapped"
    return level_of(scope.get("smtpd_tls_security_level"), scope.get("smtpd_enforce_tls"), scope.get("smtpd_use_tls"))


def tls_of_exit(scope: Scope, prefix: str) -> str:
    if scope.get(f"{prefix}_tls_wrappermode").is_on:
        return "wrapped"
    names = (f"{prefix}_tls_security_level", f"{prefix}_enforce_tls", f"{prefix}_use_tls")
    return level_of(*(scope.get(name) for name in names))


def level_of(level: Value, enforced: Value, used: Value) -> str:
    """The level; the former switches count only while no level is set."""
    if level.text:
        return level.text.lower()
    if enforced.is_on:
        return "encrypt"
    return "may" if used.is_on else "none"


def auth_of_listener(scope: Scope) -> str:
    """`required` when its client or recipient restrictions let in only who has logged in."""
    if not scope.get("smtpd_sasl_auth_enable").is_on:
        return "none"
    names = ("smtpd_client_restrictions", "smtpd_recipient_restrictions", "smtpd_relay_restrictions")
    only_logins = (scope.get(name).text.replace(",", " ").split() for name in names)
    return "required" if any(is_only_for_logins(words) for words in only_logins) else "offered"


def is_only_for_logins(words: Sequence[str]) -> bool:
    if "permit_sasl_authenticated" not in words or words[-1] != "reject":
        return False
    return not any(word.startswith("permit") and word != "permit_sasl_authenticated" for word in words)


def login_of(auth: str, mechanisms: Sequence[str], allowed: str) -> str:
    """Whether AUTH LOGIN is offered, as far as the bundle shows."""
    if auth == "none" or "!login" in allowed.lower():
        return "no"
    if not mechanisms:
        return "unknown"
    return "yes" if "LOGIN" in mechanisms else "no"


def is_cleartext_in(scope: Scope, tls: str, auth: str) -> bool:
    """Whether a password may cross the line without TLS."""
    is_hidden = tls in MANDATORY or scope.get("smtpd_tls_auth_only").is_on
    return auth != "none" and not is_hidden and "noplaintext" not in scope.get("smtpd_sasl_security_options").text


def mechanisms_in(files: Mapping[str, BundleFile]) -> tuple[str, ...]:
    """The mechanisms that Dovecot or Cyrus SASL offers, by the files in the bundle."""
    found: dict[str, None] = {}
    for path, file in files.items():
        if "dovecot" in path or posixpath.basename(path) == "smtpd.conf":
            for line in file.text.splitlines():
                if named := MECHANISMS.match(line):
                    found |= dict.fromkeys(named["names"].upper().split())
    return tuple(found)
