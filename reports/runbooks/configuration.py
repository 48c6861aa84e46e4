"""What the generated files of a target say that runbooks name: selectors, ways out, entrances, places. Pure."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

Row = Mapping[str, str]
Found = tuple[str, Row]  # the table a row belongs to, and the row

_DOMAIN_KEY = re.compile(r"^\s*domain-key (\S+?),(\S+?),(\S+)", re.MULTILINE)
_VIRTUAL_MTA = re.compile(r"^<virtual-mta (\S+)>(.*?)^</virtual-mta>", re.MULTILINE | re.DOTALL)
_POOL = re.compile(r"^<virtual-mta-pool (\S+)>(.*?)^</virtual-mta-pool>", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r"^\s+virtual-mta (\S+)", re.MULTILINE)
_SOURCE_HOST = re.compile(r"^\s+smtp-source-host (\S+) (\S+)", re.MULTILINE)
_HOST_NAME = re.compile(r"^\s+host-name (\S+)", re.MULTILINE)
_LISTENER = re.compile(r"^<smtp-listener \S*?:(\d+)>(.*?)^</smtp-listener>", re.MULTILINE | re.DOTALL)
_CERTIFICATE = re.compile(r"^\s*tls-certificate (\S+)", re.MULTILINE)
_ACCOUNTING = re.compile(r"^<acct-file (\S+)>", re.MULTILINE)
_PROCESSED = re.compile(
    r"^<(?:bounce|feedback-loop)-processor>(.*?)^</(?:bounce|feedback-loop)-processor>", re.MULTILINE | re.DOTALL
)
_PROCESSED_DOMAIN = re.compile(r"^\s+domain (\S+)", re.MULTILINE)
_LUA_LISTEN = re.compile(r"start_esmtp_listener \{.*?\blisten = [\"'][^\"']*?:(\d+)[\"']", re.DOTALL)
_LUA_CERTIFICATE = re.compile(r"tls_certificate = [\"']([^\"']+)[\"']")
_LUA_LOGS = re.compile(r"log_dir = [\"']([^\"']+)[\"']")


def rows_in(path: str, text: str) -> list[Found]:
    """The rows of one generated file, in its order; none from a file that runbooks do not name anything of."""
    read = READERS.get(path.rpartition("/")[2])
    return list(read(text)) if read else []


def _powermta(text: str) -> Iterator[Found]:
    for selector, domain, file in _DOMAIN_KEY.findall(text):
        yield "selectors", _selector(domain, selector, file)
    pools = {name: _MEMBER.findall(body) for name, body in _POOL.findall(text)}
    for name, members in pools.items():
        yield "pools", {"pool": name, "members": ", ".join(members)}
    for name, body in _VIRTUAL_MTA.findall(text):
        hosts = _SOURCE_HOST.findall(body) or [("", helo) for helo in _HOST_NAME.findall(body)[:1]]
        yield from (("members", _member(name, address, helo, pools)) for address, helo in hosts)
    for port, body in _LISTENER.findall(text):
        if "immediate-tls true" not in body:
            yield "entrances", {"port": port}
    yield from (("certificates", {"file": file}) for file in _CERTIFICATE.findall(text))
    yield from (("logs", {"log": file}) for file in _ACCOUNTING.findall(text))
    for body in _PROCESSED.findall(text):
        yield from (("returns", {"domain": domain}) for domain in _PROCESSED_DOMAIN.findall(body))


def _sources(text: str) -> Iterator[Found]:
    """A member without weight sends nothing, and a pool of one member with its own name is none."""
    said = tomllib.loads(text)
    used = {
        name: [member for member, facts in members.items() if facts.get("weight", 1)]
        for name, members in said.get("pool", {}).items()
    }
    pools = {name: members for name, members in used.items() if members and members != [name]}
    for name, members in pools.items():
        yield "pools", {"pool": name, "members": ", ".join(members)}
    sending = {member for members in used.values() for member in members}
    for name, facts in said.get("source", {}).items():
        if name in sending:
            yield "members", _member(name, facts.get("source_address", ""), facts.get("ehlo_domain", ""), pools)


def _keys(text: str) -> Iterator[Found]:
    for domain, facts in tomllib.loads(text).get("domain", {}).items():
        if {"selector", "filename"} <= facts.keys():
            yield "selectors", _selector(domain, facts["selector"], facts["filename"])


def _returns(text: str) -> Iterator[Found]:
    for domain, facts in tomllib.loads(text).items():
        if isinstance(facts, dict) and facts.keys() & {"log_oob", "log_arf"}:
            yield "returns", {"domain": domain}


def _policy(text: str) -> Iterator[Found]:
    yield from (("entrances", {"port": port}) for port in _LUA_LISTEN.findall(text))
    yield from (("certificates", {"file": file}) for file in _LUA_CERTIFICATE.findall(text))
    yield from (("logs", {"log": folder}) for folder in _LUA_LOGS.findall(text))


def _selector(domain: str, selector: str, file: str) -> dict[str, str]:
    folder = file.rpartition("/")[0]
    record = f"{selector}._domainkey.{domain}"
    return {"domain": domain, "selector": selector, "file": file, "folder": folder, "record": record}


def _member(name: str, address: str, helo: str, pools: Mapping[str, Iterable[str]]) -> dict[str, str]:
    within = ", ".join(pool for pool, members in pools.items() if name in members)
    return {"member": name, "address": address, "helo": helo, "pool": within}


def listed_name(address: str) -> str:
    """The name under which a blocklist in DNS would hold an address (RFC 5782), without the list. Raises ValueError."""
    return ipaddress.ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


Reader = Callable[[str], Iterator[Found]]
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "config": _powermta,
        "sources.toml": _sources,
        "dkim_data.toml": _keys,
        "listener_domains.toml": _returns,
        "init.lua": _policy,
    }
)


def tables_of(files: Iterable[tuple[str, str]]) -> dict[str, list[dict[str, Any]]]:
    """By table the rows of all files, each once. `files` are paths with their texts."""
    found: dict[str, dict[tuple[tuple[str, str], ...], dict[str, Any]]] = {}
    for path, text in files:
        for table, row in rows_in(path, text):
            found.setdefault(table, {})[tuple(row.items())] = dict(row)
    return {table: list(rows.values()) for table, rows in found.items()}
