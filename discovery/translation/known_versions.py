"""The versions of Postfix, PowerMTA and KumoMTA that the dictionary speaks of."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from discovery.postfix.parameters import catalogue
from discovery.translation.book import Row
from discovery.translation.detection.found import PARAMETER


@cache
def known_versions() -> Mapping[str, str]:
    """What it was written against, by product."""
    return MappingProxyType(yaml.safe_load((Path(__file__).parent / "versions.yaml").read_text(encoding="utf-8")))


def postfix_since(row: Row) -> dict[str, str]:
    """The version of Postfix that brought each name of an entry, where that is known."""
    if row.kind != PARAMETER:
        return {}
    known = ((name, catalogue().get(name)) for name in row.names)
    return {name: parameter.since for name, parameter in known if parameter and parameter.since}
