"""Virtual aliases and copies, for mail_routing.lua; other rewriting of addresses is refused row by row."""

from collections.abc import Iterable, Iterator

from discovery.translation.emission import Line, indented
from discovery.translation.kumomta.blocks import Row, block_lines
from discovery.translation.kumomta.expressions import UnequalError
from discovery.translation.kumomta.quoting import lua_string
from discovery.translation.kumomta.rules import tests_of
from discovery.translation.kumomta.sheet import Sheet
from discovery.translation.sending import AddressRewrite

LISTS = {
    "virtual_alias_maps": "aliases",
    "recipient_bcc_maps": "recipient_copies",
    "sender_bcc_maps": "sender_copies",
}
IN_HEADERS = "Postfix rewrites the addresses in headers too, which is not carried over; it has to be built in Lua."
LOCAL = "Local aliases belong to delivery on this host, and KumoMTA keeps no mailboxes."
MOVED = "Mail to a moved address is refused with its new place, which is not carried over."
REASONS = {"alias_maps": LOCAL, "relocated_maps": MOVED}
BARE_KEY = "A name without a domain stands for local mailboxes, which KumoMTA has none of."
NO_ADDRESS = "The row leads to something that is no address of mail."
KNOWN_ONLY = (
    "KumoMTA asks for each address that aliases and copies add whether the client may send there: mail from elsewhere "
    "than mynetworks that would go to further domains is refused for a while."
)
FREE = "The address is put together by $ parts, which is not carried over."


def address_lines(sheet: Sheet) -> Iterator[Line]:
    """`aliases`, `recipient_copies`, `sender_copies` and `copies`, as far as there are any."""
    rewrites = sheet.estate.rewrites
    for row in rewrites:
        if row.stage not in LISTS:
            sheet.refuse(row.origin, row.key, REASONS.get(row.stage, IN_HEADERS))
    tell_who_may_forward(sheet)
    for stage, name in LISTS.items():
        rows = list(rows_of(sheet, (row for row in rewrites if row.stage == stage)))
        if rows:
            yield Line(f"{name} = {{", (rows[0].origin,))
            yield from indented(block_lines("whole", (row for row in rows if row.on != "domain")))
            yield from indented(block_lines("rest", (row for row in rows if row.on == "domain")))
            yield Line("},")
    copies = [copy for copy in sheet.estate.copies if copy.origin and is_known(sheet, copy.value)]
    if copies:
        addresses = ", ".join(lua_string(whole(sheet, copy.value)) for copy in copies)
        yield Line(f"copies = {{ {addresses} }},", tuple(copy.origin for copy in copies if copy.origin))
    for copy in sheet.estate.copies:
        if copy not in copies:
            sheet.refuse(copy.origin, copy.value, NO_ADDRESS)


def tell_who_may_forward(sheet: Sheet) -> None:
    """Once for each table: only where others may send in at all does it matter who they are."""
    if not any(stated.origin for stated in sheet.estate.relay_domains):
        return
    first = {row.stage: row for row in reversed(sheet.estate.rewrites) if row.stage in LISTS}
    for row in first.values():
        sheet.refuse(row.origin, row.key, KNOWN_ONLY)
    for copy in sheet.estate.copies:
        sheet.refuse(copy.origin, copy.value, KNOWN_ONLY)


def rows_of(sheet: Sheet, rewrites: Iterable[AddressRewrite]) -> Iterator[Row]:
    for row in rewrites:
        reason = reason_against(sheet, row)
        if reason:
            sheet.refuse(row.origin, row.key, reason)
            continue
        targets = ", ".join(lua_string(whole(sheet, each)) for each in words(row.targets))
        patterns = (*row.conditions, row.pattern) if row.pattern else ()
        on = "pattern" if row.pattern else "domain" if row.key.startswith("@") else "keys"
        yield Row(on, row.key.removeprefix("@"), f"{{ {targets} }}", row.origin, patterns)


def reason_against(sheet: Sheet, row: AddressRewrite) -> str:
    if row.pattern:
        if "$" in row.targets:
            return FREE
        try:
            tests_of((*row.conditions, row.pattern), is_text_filled=False)
        except UnequalError as unequal:
            return str(unequal)
    elif "@" not in row.key:
        return BARE_KEY
    targets = words(row.targets)
    return "" if targets and all(is_known(sheet, each) for each in targets) else NO_ADDRESS


def words(targets: str) -> list[str]:
    return targets.replace(",", " ").split()


def whole(sheet: Sheet, address: str) -> str:
    """The address with its domain: myorigin for a bare name; `@domain` keeps the name that is asked for."""
    return address if "@" in address else f"{address}@{sheet.estate.origin_domain.value}"


def is_known(sheet: Sheet, address: str) -> bool:
    if any(each in address for each in '|/:"<>\\') or not address:
        return False
    return "@" in address or bool(sheet.estate.origin_domain.value)
