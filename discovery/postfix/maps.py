"""Lookup tables that an instance names, and the files it points at that the bundle does not hold."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from discovery.postfix.bundle import Bundle
from discovery.postfix.facts import MapUse, MissingFile, Override, Service, Setting, Transport
from discovery.postfix.places import Place, find_file, find_folder, has_compiled, reason_left_out
from discovery.postfix.tables import (
    FILE_KINDS,
    SERVER_KINDS,
    Entry,
    count_rows,
    included_files,
    read_aliases,
    read_table,
    references,
)

FILE_PARAMETERS = ("bounce_template_file", "smtp_tls_policy_file", "smtpd_sender_login_file")
INCLUDING = (
    "mydestination",
    "mynetworks",
    "relay_domains",
    "virtual_alias_domains",
    "virtual_mailbox_domains",
    "debug_peer_list",
    "masquerade_exceptions",
    "smtpd_client_event_limit_exceptions",
)
INSTANCE_LISTS = ("multi_instance_directories", "alternate_config_directories")
OWN_PROGRAM = re.compile(r"(?<![\w.>=/-])/(?:usr/local|opt|root|home|srv)/[\w./-]*[\w-]\.?\w+(?=[\s\"';|&)]|$)")
CACHES = re.compile(r"_cache_(database|map)$|^address_verify_map$|^postscreen_cache_map$")
STATE_FOLDERS = ("/var/lib/postfix", "/var/spool/postfix")
SYSTEM_PROGRAMS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/postfix/", "/usr/libexec/postfix/")
ALIASES = frozenset({"alias_maps", "alias_database"})
ONLY_COMPILED = "only its compiled form is in the upload"
Expand = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Origin:
    """A value that may name tables: a main.cf setting, or an option of a service."""

    name: str
    value: str
    file: str
    setting: Setting | None
    override: Override | None
    service: str

    def line_of(self, text: str) -> int:
        if self.override:
            return self.override.line
        return self.setting.line_of(text) if self.setting else 0


def origins(settings: list[Setting], services: tuple[Service, ...]) -> Iterator[Origin]:
    """Every value of an instance."""
    for setting in settings:
        yield Origin(setting.name, setting.value, setting.file, setting, None, "")
    for service in services:
        for override in service.overrides:
            yield Origin(override.name, override.value, service.file, None, override, service.label)


def maps_of(bundle: Bundle, place: Place, values: list[Origin], expand: Expand) -> Iterator[MapUse]:
    """Tables by use, with the number of rows when the source is in the bundle."""
    for origin in values:
        for reference in references(expand(origin.value)):
            source = find_file(bundle, place, reference.path) if reference.is_file else ""
            yield MapUse(
                kind=reference.kind,
                path=reference.path,
                parameter=origin.name,
                file=origin.file,
                line=origin.line_of(reference.text),
                service=origin.service,
                source=source,
                entries=count_entries(bundle, origin.name, reference.kind, source),
            )


def entries_of(bundle: Bundle, parameter: str, kind: str, source: str) -> Iterable[Entry]:
    """The rows of a table's source, read as they are asked for; alias files have a form of their own."""
    text = bundle.files[source].text
    return read_aliases(text) if parameter in ALIASES else read_table(kind, text)


def count_entries(bundle: Bundle, parameter: str, kind: str, source: str) -> int | None:
    """None where the bundle does not hold them: the file of a database says how to ask, not what is answered."""
    if not source or kind in SERVER_KINDS:
        return None
    text = bundle.files[source].text
    return sum(1 for _ in read_aliases(text)) if parameter in ALIASES else count_rows(kind, text)


def missing_maps(bundle: Bundle, place: Place, maps: tuple[MapUse, ...]) -> Iterator[MissingFile]:
    """Tables whose source the bundle does not hold; caches that Postfix fills itself do not count."""
    for table in maps:
        is_cache = CACHES.search(table.parameter) or table.path.startswith(STATE_FOLDERS)
        if table.source or is_cache or table.kind not in FILE_KINDS or not table.path.startswith("/"):
            continue
        note = ONLY_COMPILED if has_compiled(bundle, table.path) else reason_left_out(bundle, place, table.path)
        yield MissingFile(table.path, table.parameter, table.file, table.line, note)


def missing_instances(bundle: Bundle, place: Place, values: list[Origin], expand: Expand) -> Iterator[MissingFile]:
    """Configuration directories of further instances."""
    for origin in values:
        if origin.name in INSTANCE_LISTS:
            for path in included_files(expand(origin.value)):
                if not find_folder(bundle, place, path) and path != place.config_directory:
                    yield MissingFile(f"{path}/main.cf", origin.name, origin.file, origin.line_of(path))


def missing_includes(bundle: Bundle, place: Place, values: list[Origin], expand: Expand) -> Iterator[MissingFile]:
    """List files and templates that stand in a value by themselves."""
    for origin in values:
        if origin.name not in (*INCLUDING, *FILE_PARAMETERS):
            continue
        for path in included_files(expand(origin.value)):
            if not find_file(bundle, place, path) and "/" in path.strip("/"):
                yield MissingFile(path, origin.name, origin.file, origin.line_of(path))


def missing_scripts(transports: tuple[Transport, ...]) -> Iterator[MissingFile]:
    """Programs of the customer's own that a pipe transport runs."""
    for transport in transports:
        script = transport.script
        is_own = transport.is_custom and script.startswith("/") and not script.startswith(SYSTEM_PROGRAMS)
        if is_own and not transport.script_source:
            yield MissingFile(script, f"{transport.name} argv", transport.file, transport.line)


def missing_programs(bundle: Bundle, place: Place, calls: Iterable[tuple[str, str, str, int]]) -> Iterator[MissingFile]:
    """Own programs in `(role, command, file, line)` calls of cron and aliases."""
    for role, command, file, line in calls:
        for path in dict.fromkeys(OWN_PROGRAM.findall(command)):
            if not find_file(bundle, place, path):
                yield MissingFile(path, role, file, line)
