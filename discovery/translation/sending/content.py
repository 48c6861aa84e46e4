"""What is changed on the way: header_checks and their kin, address rewriting, copies (header_checks(5))."""

from collections.abc import Iterator

from discovery.translation.sending.desk import Desk, origin_of
from discovery.translation.sending.model import AddressRewrite, HeaderRule, Origin, Stated
from discovery.translation.sending.patterns import is_pattern_table, pattern_rows

CHECKS = (
    "header_checks", "mime_header_checks", "nested_header_checks", "body_checks",
    "smtp_header_checks", "smtp_mime_header_checks", "smtp_nested_header_checks", "smtp_body_checks",
    "milter_header_checks",
)  # fmt: skip
REWRITES = (
    "virtual_alias_maps", "canonical_maps", "sender_canonical_maps", "recipient_canonical_maps", "smtp_generic_maps",
    "relocated_maps", "alias_maps", "recipient_bcc_maps", "sender_bcc_maps",
)  # fmt: skip
INHERITING = ("mime_header_checks", "nested_header_checks")
NO_PATTERNS = "The table holds no patterns, so it sees only whole lines; it is not carried over."


def header_rules_of(desk: Desk) -> Iterator[HeaderRule]:
    """Every line of the content tables, `if` and `endif` included, table after table."""
    for table in desk.tables(*CHECKS):
        if not is_pattern_table(table):
            desk.refuse(Origin(table.file, table.line, table.parameter), f"{table.kind}:{table.path}", NO_PATTERNS)
            continue
        for row in pattern_rows(desk, table):
            action, text = [*row.value.split(None, 1), "", ""][:2]
            stage = table.parameter
            yield HeaderRule(
                stage,
                table.service,
                row.op,
                row.patterns,
                action.upper(),
                text.strip(),
                row.origin,
                bool(row.conditions),
            )


def rewrites_of(desk: Desk) -> Iterator[AddressRewrite]:
    """Every row of the rewriting tables."""
    for table in desk.tables(*REWRITES):
        if is_pattern_table(table):
            for row in pattern_rows(desk, table):
                if row.op == "match":
                    yield AddressRewrite(
                        table.parameter, row.origin.name, row.value, row.origin, row.patterns[0], row.conditions
                    )
        else:
            for entry, origin in desk.rows(table):
                yield AddressRewrite(table.parameter, entry.key, entry.value, origin)


def copies_of(desk: Desk) -> Iterator[Stated[str]]:
    """Who gets a copy of everything."""
    value = desk.scope.get("always_bcc")
    if value.text.strip():
        yield Stated(value.text.strip(), origin_of(value))
