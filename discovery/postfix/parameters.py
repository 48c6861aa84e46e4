"""What Postfix knows by name: parameters.tsv, and the names that services and tables create.

Facts from postconf(1), postconf(5) and the table manuals, checked against Postfix 3.7.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FORMER_NAME = "gone"
NEVER_PRINTED = frozenset({"process_id", "process_name", "service_name"})
DELIVERY_PROGRAMS = frozenset({"smtp", "lmtp", "local", "virtual", "pipe", "error"})
TIMED_PROGRAMS = frozenset({"pipe", "spawn"})
QUEUE_SUFFIXES = (
    "_delivery_slot_cost",
    "_delivery_slot_discount",
    "_delivery_slot_loan",
    "_destination_concurrency_failed_cohort_limit",
    "_destination_concurrency_limit",
    "_destination_concurrency_negative_feedback",
    "_destination_concurrency_positive_feedback",
    "_destination_rate_delay",
    "_destination_recipient_limit",
    "_extra_recipient_limit",
    "_initial_destination_concurrency",
    "_minimum_delivery_slots",
    "_recipient_limit",
    "_recipient_refill_delay",
    "_recipient_refill_limit",
    "_transport_rate_delay",
)
TIME_SUFFIX = "_time_limit"
SQL_SUFFIXES = "additional_conditions domain expansion_limit query result_format select_field table where_field"
DATABASE_SUFFIXES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "sqlite": frozenset([*SQL_SUFFIXES.split(), "dbpath"]),
        "pgsql": frozenset([*SQL_SUFFIXES.split(), *["dbname", "hosts", "password", "select_function", "user"]]),
        "mysql": frozenset(
            [
                *SQL_SUFFIXES.split(),
                *[
                    "dbname",
                    "hosts",
                    "option_file",
                    "option_group",
                    "password",
                    "require_result_set",
                    "user",
                    "tls_CAfile",
                    "tls_CApath",
                ],
                *["tls_cert_file", "tls_ciphers", "tls_key_file", "tls_verify_cert"],
            ]
        ),
        "ldap": frozenset(
            [
                *[
                    "bind",
                    "bind_dn",
                    "bind_pw",
                    "cache",
                    "cache_expiry",
                    "cache_size",
                    "chase_referrals",
                    "debuglevel",
                    "dereference",
                ],
                *[
                    "domain",
                    "expansion_limit",
                    "leaf_result_attribute",
                    "query_filter",
                    "recursion_limit",
                    "result_attribute",
                ],
                *[
                    "result_filter",
                    "result_format",
                    "sasl_authz_id",
                    "sasl_mechs",
                    "sasl_minssf",
                    "sasl_realm",
                    "scope",
                ],
                *["search_base", "server_host", "server_port", "size_limit", "special_result_attribute", "start_tls"],
                *["terminal_result_attribute", "timeout", "tls_ca_cert_dir", "tls_ca_cert_file", "tls_cert"],
                *["tls_cipher_suite", "tls_key", "tls_random_file", "tls_require_cert", "version"],
            ]
        ),
        "memcache": frozenset(
            [
                "backup",
                "data_size_limit",
                "domain",
                "flags",
                "key_format",
                "line_size_limit",
                "max_try",
                "memcache",
                "timeout",
                "ttl",
            ]
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name of parameters.tsv; `version` is empty for what Postfix 3.7 knows, `since` says which brought it."""

    name: str
    default: str
    kind: str
    version: str
    replacement: str
    since: str

    @property
    def is_built_in(self) -> bool:
        return not self.version

    @property
    def is_deferred(self) -> bool:
        """Whether `$names` in it are replaced only when it is used, with names of that moment such as `$recipient`."""
        return self.kind == "deferred"

    @property
    def is_newer(self) -> bool:
        return bool(self.version) and self.version != FORMER_NAME


@cache
def catalogue() -> Mapping[str, Parameter]:
    """All parameters by name."""
    lines = (Path(__file__).parent / "parameters.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return MappingProxyType({row[0]: Parameter(*row) for row in rows[1:]})


def built_in_names() -> Iterator[str]:
    return (name for name, parameter in catalogue().items() if parameter.is_built_in)


def default_of(name: str) -> str | None:
    """The built-in default, or None for a name Postfix does not have."""
    parameter = catalogue().get(name)
    if parameter is not None:
        return parameter.default if parameter.is_built_in else None
    return next(("$default" + suffix for suffix in QUEUE_SUFFIXES if name.endswith(suffix)), None)


def service_names(services: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names that `(service, program)` pairs of master.cf create, such as `slow_destination_rate_delay`."""
    for service, program in services:
        if program in DELIVERY_PROGRAMS:
            yield from (service + suffix for suffix in QUEUE_SUFFIXES)
        if program in TIMED_PROGRAMS:
            yield service + TIME_SUFFIX
