"""Checks of one configuration against itself: what a line names has to exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discovery.postfix.unrendered import is_unrendered
from discovery.xray.registry import Doubt, Fault, Scene, Whole, at_line, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discovery.estate import Estate, Row

STARTED_BY = frozenset({"cron", "timer", "alias"})
TABLE_KINDS = frozenset({"hash", "texthash", "btree", "lmdb", "cdb", "dbm"})
TRANSPORT_SETTINGS = frozenset({"default_transport", "relay_transport", "local_transport", "virtual_transport"})
SETTINGS = Whole("All settings of Postfix", "subject", ("settings",))
NAME = re.compile(r"[A-Za-z0-9][\w.-]*$")
COLUMNS = 2


@check("files_absent", "Every table and file that the configuration names is in the bundle")
def files_absent(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.missing_files:
        if not _is_program(row):
            yield at_line(f"{row.values['path']} is not in the bundle: {row.values['parameter']} names it", row)


@check("programs_absent", "Every program that cron, an alias or a pipe starts is in the bundle")
def programs_absent(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.missing_files:
        if _is_program(row):
            yield at_line(f"The program {row.values['path']} is not in the bundle", row)


def _is_program(row: Row) -> bool:
    parameter = row.values["parameter"]
    return parameter in STARTED_BY or parameter.endswith(" argv")


@check("transports_defined", "Every transport that a setting or a transport table names is a service of master.cf")
def transports_defined(scene: Scene) -> Iterator[Fault | Doubt]:
    defined = _services(scene.estate)
    for row in scene.estate.parameters:
        name = _transport_in(row.values["value"]) if row.values["name"] in TRANSPORT_SETTINGS else ""
        if name and name not in defined.get((row.host, row.instance), set()):
            yield at_line(f"{row.values['name']} names the transport {name}, which master.cf does not define", row)
    for row in scene.estate.maps:
        if row.values["parameter"] == "transport_maps" and row.values["kind"] in TABLE_KINDS and row.values["source"]:
            yield from _undefined_in(row, defined.get((row.host, row.instance), set()), scene)


def _services(estate: Estate) -> Mapping[tuple[str, str], set[str]]:
    defined: dict[tuple[str, str], set[str]] = {}
    for row in estate.services:
        defined.setdefault((row.host, row.instance), set()).add(row.values["name"])
    return defined


def _transport_in(value: str) -> str:
    """The name before the colon; empty for a value that is no plain name, such as one with a `$`."""
    name = value.partition(":")[0].strip()
    return name if NAME.match(name) else ""


def _undefined_in(row: Row, defined: set[str], scene: Scene) -> Iterator[Fault | Doubt]:
    text = scene.texts.get((row.host, row.values["source"]))
    if text is None:
        yield Doubt(f"{row.values['source']} of {row.host} is too large to be looked through here.")
        return
    for number, line in _entries(text):
        name = _transport_in(line[1]) if len(line) == COLUMNS and ":" in line[1] else ""
        if name and name not in defined:
            sentence = f"{line[0]} goes to the transport {name}, which master.cf does not define"
            place = f"{row.values['source']}:{number}"
            arguments = (row.upload, row.values["source"])
            yield Fault(f"{sentence} ({row.host}, {place})", "file", arguments, f"?line={number}#L{number}")


def _entries(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, [key, value]) of a table; comments and continued lines are left out."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith(("#", " ", "\t")):
            yield number, line.split(None, 1)


@check("filters_reached", "Every content filter is reached over a transport that master.cf defines")
def filters_reached(scene: Scene) -> Iterator[Fault | Doubt]:
    defined = _services(scene.estate)
    for row in scene.estate.filters:
        if row.values["kind"] != "content_filter":
            continue
        name, _, nexthop = row.values["target"].partition(":")
        services = defined.get((row.host, row.instance), set())
        if NAME.match(name) and name not in services:
            yield at_line(f"Mail goes to the filter {row.values['target']}, but master.cf defines no {name}", row)
        elif (port := _local_port(nexthop)) and all(_port_of(service) != port for service in services):
            yield Doubt(f"No upload shows what listens on port {port} of {row.host} ({row.place}).")


def _local_port(nexthop: str) -> str:
    """The port of a next hop on the host itself, or empty."""
    port = _port_of(nexthop)
    return port if "127.0.0.1" in nexthop and port.isdigit() else ""


def _port_of(address: str) -> str:
    return address.rpartition(":")[2]


@check("bind_addresses", "Every address that is sent from is among inet_interfaces, where that lists addresses")
def bind_addresses(scene: Scene) -> Iterator[Fault]:
    listed = {
        (row.host, row.instance): set(re.split(r"[\s,]+", row.values["value"].strip()))
        for row in scene.estate.parameters
        if row.values["name"] == "inet_interfaces"
    }
    for row in scene.estate.addresses:
        named, address = listed.get((row.host, row.instance), {"all"}), row.values["address"]
        if address and named.isdisjoint({"all", "$all", address, f"[{address}]"}):
            yield at_line(f"{address} is sent from but stands in no inet_interfaces", row)


@check("relay_password", "A relay host with a login has its row in the password table")
def relay_password(scene: Scene) -> Iterator[Fault | Doubt]:
    settings = {(row.host, row.instance, row.values["name"]): row for row in scene.estate.parameters}
    for (host, instance, name), row in settings.items():
        login = settings.get((host, instance, "smtp_sasl_auth_enable"))
        relay = row.values["value"].strip()
        is_told = relay and "$" not in relay and not is_unrendered(relay, frozenset())
        if name == "relayhost" and is_told and login and login.values["value"] == "yes":
            yield from _password_of(row, relay, scene)


def _password_of(row: Row, relay: str, scene: Scene) -> Iterator[Fault | Doubt]:
    tables = [
        each
        for each in scene.estate.maps
        if (each.host, each.instance, each.values["parameter"]) == (row.host, row.instance, "smtp_sasl_password_maps")
    ]
    if not tables:
        yield at_line(f"{relay} wants a login, and no smtp_sasl_password_maps is set", row)
        return
    texts = [scene.texts.get((row.host, each.values["source"])) for each in tables]
    if None in texts:
        yield Doubt(
            f"The password table of {row.host} is not in the bundle, so the row of {relay} cannot be looked up."
        )
        return
    keys = {line[0] for text in texts for _, line in _entries(text or "")}
    if relay not in keys:
        near = next((key for key in keys if re.sub(r"[\[\]]", "", key) == re.sub(r"[\[\]]", "", relay)), "")
        how = f"its row is written {near}" if near else "it has no row"
        yield at_line(f"{relay} wants a login, but in the password table {how}", row)


@check("signing_rows", "Every row of a SigningTable names a row of the KeyTable")
def signing_rows(scene: Scene) -> Iterator[Fault | Doubt]:
    for (host, path), text in scene.texts.items():
        if not path.lower().endswith("signingtable"):
            continue
        keys = {line[0] for _, line in _entries(_key_table(scene, host, path))}
        for number, line in _entries(text):
            if len(line) == COLUMNS and line[1].strip() not in keys:
                sentence = f"{line[0]} is signed with {line[1].strip()}, which the KeyTable does not have"
                upload = next(one.upload for one in scene.estate.hosts if one.host == host)
                yield Fault(
                    f"{sentence} ({host}, {path}:{number})", "file", (upload, path), f"?line={number}#L{number}"
                )


def _key_table(scene: Scene, host: str, signing: str) -> str:
    wanted = signing.lower().removesuffix("signingtable") + "keytable"
    return next((text for (owner, path), text in scene.texts.items() if (owner, path.lower()) == (host, wanted)), "")


@check("lines_understood", "Every line of every configuration was understood", whole=SETTINGS)
def lines_understood(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.problems:
        yield at_line(row.values["message"].rstrip("."), row)


@check(
    "one_name_an_address",
    "An address greets other servers with one name",
    whole=Whole("All addresses", "subject", ("addresses",)),
)
def one_name_an_address(scene: Scene) -> Iterator[Fault]:
    for row in scene.estate.addresses:
        names = sorted(set(filter(None, row.values["helo_names"])))
        if row.values["address"] and len(names) > 1:
            yield at_line(f"{row.values['address']} greets as {' and as '.join(names)}", row)
