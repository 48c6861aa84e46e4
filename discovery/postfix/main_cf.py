"""Reads main.cf into settings that remember their lines."""

from collections.abc import Mapping
from dataclasses import dataclass

from discovery.postfix.facts import Problem, Setting
from discovery.postfix.lines import BLANKS, LogicalLine, join_blanks, logical_lines


@dataclass(frozen=True, slots=True)
class MainCf:
    """Every setting in file order, duplicates too; `current` keeps the last of each name."""

    path: str
    settings: tuple[Setting, ...]
    problems: tuple[Problem, ...]

    @property
    def current(self) -> Mapping[str, Setting]:
        return {setting.name: setting for setting in self.settings}


def read_main(path: str, text: str) -> MainCf:
    """Read main.cf; what is wrong with it comes back as problems, nothing is raised."""
    settings: list[Setting] = []
    problems: list[Problem] = []
    for logical in logical_lines(text):
        setting = parse_setting(path, logical)
        if isinstance(setting, Setting):
            settings.append(setting)
        else:
            problems.append(setting)
    problems.extend(overridden(settings))
    return MainCf(path, tuple(settings), tuple(problems))


def parse_setting(path: str, logical: LogicalLine) -> Setting | Problem:
    """One logical line; a line without a name and `=` stops every Postfix program."""
    text = logical.text
    if logical.is_orphan:
        message = "The line starts with white space but continues nothing, so Postfix ignores it."
        return Problem("orphan-line", text.strip(), message, path, logical.line)
    name, equals, value = text.partition("=")
    name = name.strip(BLANKS)
    if not equals or not name or any(blank in name for blank in BLANKS):
        message = "The line has no 'name = value', and Postfix does not start with it."
        return Problem("broken-line", join_blanks(text)[:80], message, path, logical.line)
    return Setting(name, join_blanks(value.strip(BLANKS)), path, logical.line, logical.end_line, logical.pieces)


def overridden(settings: list[Setting]) -> list[Problem]:
    """One problem for each setting that a later one of the same name replaces."""
    last = {setting.name: setting for setting in settings}
    return [
        Problem(
            "duplicate-parameter",
            setting.name,
            f"{setting.name} is set again in line {last[setting.name].line}; Postfix uses only the last one.",
            setting.file,
            setting.line,
        )
        for setting in settings
        if last[setting.name] is not setting
    ]
