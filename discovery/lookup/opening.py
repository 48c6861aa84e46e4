"""Opens the tables that a value names: `hash:/path`, `proxy:`, `inline:{...}`, `unionmap:{...}` and the rest."""

from collections.abc import Callable, Iterator, Mapping

from discovery.lookup.answers import ASKS, FAILS, UNREAD, Found
from discovery.lookup.cidr import CidrTable
from discovery.lookup.composed import InlineTable, PipeTable, RandomTable, SilentTable, StaticTable, Table, UnionTable
from discovery.lookup.desk import Desk
from discovery.lookup.pattern_table import PatternTable
from discovery.lookup.servers import ServerTable
from discovery.lookup.text_table import AliasTable, TextTable
from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces, split_with_offsets
from discovery.postfix.bundle import BundleFile
from discovery.postfix.places import has_compiled
from discovery.postfix.tables import PATTERN_KINDS, SERVER_KINDS, TEXT_KINDS, kind_and_path

OUTSIDE = {
    "environ": "Postfix looks into the environment of its own process.",
    "tcp": "This asks a server over TCP: {path}",
    "socketmap": "This asks a socketmap server: {path}",
    "unix": "This asks the host itself: {path}",
    "nis": "This asks a NIS server: {path}",
    "netinfo": "This asks NetInfo: {path}",
    "nisplus": "This asks a NIS+ server: {path}",
    "internal": "Postfix keeps this table in memory only.",
}


def tables_in(desk: Desk, value: str, *, are_aliases: bool = False) -> Iterator[Table]:
    """Every table of an expanded list, in its order; raises TimeOverError."""
    elements = desk.clock.watch(split_with_offsets(value))
    return (open_table(desk, element, are_aliases=are_aliases) for element, _ in elements)


def open_table(desk: Desk, element: str, *, are_aliases: bool = False) -> Table:
    """The table that one element names; what names none answers with the reason."""
    kind, path = kind_and_path(element)
    if not path:
        note = f"{element} is not written as type:name: every Postfix program that needs it stops with a fatal error."
        return SilentTable(element, Found(FAILS, note=note))
    if are_aliases and kind in TEXT_KINDS:
        file = desk.file(path)
        return AliasTable(element, file.path, file.text, desk.clock) if file else unread(desk, element, path)
    if kind in FILED:
        return FILED[kind](desk, element, kind, path)
    return COMPOSED[kind](desk, element, path) if kind in COMPOSED else outside(element, kind, path)


def outside(element: str, kind: str, path: str) -> Table:
    if kind not in OUTSIDE:
        return SilentTable(element, Found(FAILS, note=f"Postfix has no table type {kind}: it answers with an error."))
    return SilentTable(element, Found(ASKS, note=OUTSIDE[kind].format(path=path)))


def unread(desk: Desk, element: str, path: str) -> Table:
    """A table whose text did not come along, with what is known of the reason."""
    left_out = (each.reason for each in desk.bundle.skipped if f"/{each.path}".endswith(f"/{path.lstrip('/')}"))
    note = f"{path} is not in the upload, so what it holds is unknown."
    if has_compiled(desk.bundle, path):
        note = f"Of {path} only the compiled table is in the upload, without its source: what it holds is unknown."
    return SilentTable(element, Found(UNREAD, note=next(left_out, note)))


def open_text(desk: Desk, element: str, _kind: str, path: str) -> Table:
    file = desk.file(path)
    return TextTable(element, file.path, file.content, desk.clock) if file else unread(desk, element, path)


def open_patterns(desk: Desk, element: str, kind: str, path: str) -> Table:
    file = text_of(desk, path)
    if file is None:
        return unread(desk, element, path)
    text = file.content.decode("latin-1")
    if kind == "cidr":
        return CidrTable(element, file.path, text, desk.clock)
    return PatternTable(kind, element, file.path, text, desk.clock)


def text_of(desk: Desk, path: str) -> BundleFile | None:
    """The rules of a pattern table: a file, or rows in braces that stand in the parameter itself."""
    if not is_braced(path):
        return desk.file(path)
    rows = split_outside_braces(inside_braces(path)[0])
    text = "\n".join(inside_braces(row)[0] if is_braced(row) else row for row in rows)
    return BundleFile.of("", text.encode("utf-8", "surrogateescape"))


def open_server(desk: Desk, element: str, kind: str, path: str) -> Table:
    if not path.startswith(("/", ".")):
        return ServerTable(element, kind, {}, named=lambda suffix: desk.scope.get(f"{path}_{suffix}").text)
    file = desk.file(path)
    return ServerTable.of_file(element, kind, file) if file else unread(desk, element, path)


def open_static(_desk: Desk, element: str, path: str) -> Table:
    return StaticTable(element, inside_braces(path)[0] if is_braced(path) else path)


def open_inline(_desk: Desk, element: str, path: str) -> Table:
    rows: dict[str, str] = {}
    for word in split_outside_braces(inside_braces(path)[0]):
        key, _, value = (inside_braces(word)[0] if is_braced(word) else word).partition("=")
        rows[key.strip().lower()] = value.strip()
    return InlineTable(element, rows)


def members_of(desk: Desk, path: str) -> list[Table]:
    return list(tables_in(desk, inside_braces(path)[0]))


def open_random(_desk: Desk, element: str, path: str) -> Table:
    return RandomTable(element, split_outside_braces(inside_braces(path)[0]))


def open_failing(_desk: Desk, element: str, path: str) -> Table:
    return SilentTable(element, Found(FAILS, note=f"This table always answers with a temporary error: {path}"))


FILED: Mapping[str, Callable[[Desk, str, str, str], Table]] = {
    **dict.fromkeys(TEXT_KINDS, open_text),
    **dict.fromkeys(PATTERN_KINDS | {"cidr"}, open_patterns),
    **dict.fromkeys(SERVER_KINDS, open_server),
}
COMPOSED: Mapping[str, Callable[[Desk, str, str], Table]] = {
    "static": open_static,
    "inline": open_inline,
    "randmap": open_random,
    "fail": open_failing,
    "pipemap": lambda desk, element, path: PipeTable(element, members_of(desk, path)),
    "unionmap": lambda desk, element, path: UnionTable(element, members_of(desk, path)),
}
