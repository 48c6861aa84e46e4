"""Matchers that look at tables and at their rows."""

from collections.abc import Iterator

from discovery.postfix.backtracking import is_exponential
from discovery.postfix.facts import MapUse
from discovery.postfix.lines import BLANKS, logical_lines
from discovery.postfix.report import Instance
from discovery.postfix.scene import MOST_ROWS, Hit, Match, Scene, is_named, is_wanted
from discovery.postfix.tables import CONDITION, PATTERN_KINDS, split_pattern


def match_map(match: Match, scene: Scene) -> Iterator[Hit]:
    """Tables in use: `name` is the parameter, `type` the table's type, `path`; `is_large`: more than MOST_ROWS."""
    for instance in scene.instances:
        for table in instance.maps:
            is_right = is_named(table.parameter, match) and is_wanted(table.kind, match, "type")
            if is_right and is_wanted(table.path, match, "path") and is_right_size(table, match):
                words = {"name": table.parameter, "value": f"{table.kind}:{table.path}", "path": table.path}
                counts = {"entries": f"{table.entries or 0:,}", "most": f"{MOST_ROWS:,}"}
                yield Hit(table.file, table.line, instance.name, words | counts)


def is_right_size(table: MapUse, match: Match) -> bool:
    return not match.get("is_large") or (table.entries or 0) > MOST_ROWS


def match_entry(match: Match, scene: Scene) -> Iterator[Hit]:
    """Rows of tables in the bundle: `name` is the parameter, `type` the table's, `key` and `value` are the row."""
    for instance in scene.instances:
        for table in {(each.parameter, each.source): each for each in instance.maps if each.source}.values():
            if is_named(table.parameter, match) and is_wanted(table.kind, match, "type"):
                yield from hits_in_table(match, scene, instance, table)


def hits_in_table(match: Match, scene: Scene, instance: Instance, table: MapUse) -> Iterator[Hit]:
    for entry in scene.rows_of(table):
        if is_wanted(entry.key, match, "key") and is_wanted(entry.value, match, "value"):
            words = {"name": entry.key, "value": entry.value, "parameter": table.parameter, "path": table.path}
            yield Hit(table.source, entry.line, instance.name, words)


def match_slow_pattern(match: Match, scene: Scene) -> Iterator[Hit]:
    """Expressions of regexp and pcre tables in the bundle whose time for some texts doubles with each letter."""
    for instance in scene.instances:
        for table in {
            each.source: each for each in instance.maps if each.source and each.kind in PATTERN_KINDS
        }.values():
            if is_wanted(table.kind, match, "type"):
                for expression, line in patterns_in(scene.head_of(table.source)):
                    if is_exponential(expression):
                        words = {"name": expression, "value": table.parameter, "path": table.path}
                        yield Hit(table.source, line, instance.name, words)


def patterns_in(text: str) -> Iterator[tuple[str, int]]:
    """The expressions of a table without their delimiters, those of conditions too."""
    for logical in logical_lines(text):
        body = CONDITION.sub("", logical.text, count=1).lstrip("!" + BLANKS)
        if not logical.is_orphan and body and not body[0].isalnum():
            key = split_pattern(body)[0]
            end = key.rfind(key[0])
            yield key[1 : end or None], logical.line
