"""Settings of main.cf."""

from collections.abc import Iterator

from discovery.postfix.parameters import TIME_SUFFIX, catalogue, default_of
from discovery.postfix.usage import names_of_table
from discovery.translation.detection.bench import Bench
from discovery.translation.detection.found import DATABASE, OWN_CLASS, OWN_NAME, PARAMETER, Found


def find_settings(bench: Bench) -> Iterator[Found]:
    """Every setting in force, in the order of the file. A name Postfix does not know stays a parameter."""
    databases = {
        name for table in bench.instance.maps for name in names_of_table(f"{table.kind}:{table.path}") if table.path
    }
    for setting in sorted(bench.settings.values(), key=lambda each: (each.line, each.name)):
        kind = kind_of(bench, setting.name, databases)
        value = bench.scope.expanded(setting.value)
        yield Found(kind, setting.name, "", setting.file, setting.line, value, written=setting.value)


def kind_of(bench: Bench, name: str, databases: set[str]) -> str:
    """What sort of name it is; own names and database settings are those that some value makes valid."""
    if name in bench.classes:
        return OWN_CLASS
    is_known = name in catalogue() or default_of(name) is not None or name.endswith(TIME_SUFFIX)
    if is_known or name not in bench.instance.parameters:
        return PARAMETER
    return DATABASE if name in databases else OWN_NAME
