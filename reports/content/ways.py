"""The ways out of the generated configuration, by the names that stand in it: pools, and sources in no pool. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

POWERMTA, KUMOMTA = "config", "sources.toml"
_BLOCK = re.compile(r"^<(virtual-mta(?:-pool)?) (\S+)>(.*?)^</\1>", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r"^\s+virtual-mta (\S+)", re.MULTILINE)
_HOST = re.compile(r"^\s+smtp-source-host (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Way:
    """`members` are virtual MTAs or egress sources; without an address the system chooses.

    KumoMTA sends from pools alone, so a source that is used by itself stands in a pool of its own name: that is none.
    """

    target: str
    path: str
    name: str
    is_pool: bool
    members: Sequence[str]
    addresses: Sequence[str]


def ways_in(target: str, path: str, text: str) -> list[Way]:
    """In the order of the file; none in a file of another kind."""
    name = path.rpartition("/")[2]
    if name == POWERMTA:
        return list(_powermta(target, path, text))
    return list(_kumomta(target, path, text)) if name == KUMOMTA else []


def _powermta(target: str, path: str, text: str) -> Iterator[Way]:
    blocks = [(kind, name, body) for kind, name, body in _BLOCK.findall(text)]
    hosts = {name: _HOST.findall(body) for kind, name, body in blocks if kind == "virtual-mta"}
    pools = {name: _MEMBER.findall(body) for kind, name, body in blocks if kind == "virtual-mta-pool"}
    pooled = {member for members in pools.values() for member in members}
    for name, members in pools.items():
        yield Way(target, path, name, True, members, _addresses(hosts, members))
    for name, found in hosts.items():
        if name not in pooled:
            yield Way(target, path, name, False, [], found)


def _kumomta(target: str, path: str, text: str) -> Iterator[Way]:
    said = tomllib.loads(text)
    sources = said.get("source", {}).items()
    hosts = {name: [source["source_address"]] for name, source in sources if "source_address" in source}
    used = {name: _used(members) for name, members in said.get("pool", {}).items()}
    pools = {name: members for name, members in used.items() if members and members != [name]}
    pooled = {member for members in pools.values() for member in members}
    for name, members in pools.items():
        yield Way(target, path, name, True, members, _addresses(hosts, members))
    for name, members in used.items():
        if members == [name] and name not in pooled:
            yield Way(target, path, name, False, [], hosts.get(name, []))


def _used(members: Mapping[str, Mapping[str, int]]) -> list[str]:
    """A member without weight sends nothing: a pool of such alone only keeps mail."""
    return [name for name, member in members.items() if member.get("weight", 1)]


def _addresses(hosts: Mapping[str, Sequence[str]], members: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(host for member in members for host in hosts.get(member, ())))
