"""What is known of the names of the targets: where each of them is described."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from discovery.translation.treatments import KUMOMTA, POWERMTA

FOLDER = Path(__file__).parent
BLOCK = "block"


@cache
def powermta_names() -> Mapping[str, str]:
    """`host-name@virtual-mta` or `<source>`, and the sections of the user guides that describe it ("" without one)."""
    lines = (FOLDER / "powermta_directives.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return MappingProxyType(
        {
            name if scope == BLOCK else f"{name}@{scope}": ", ".join(sections(earlier, later))
            for name, scope, earlier, later in rows
        }
    )


def sections(earlier: str, later: str) -> Iterator[str]:
    if earlier:
        yield f"PowerMTA 5.0 User Guide (2019) {earlier}"
    if later:
        yield f"later PowerMTA 5.0 guide {later}"


@cache
def kumomta_names() -> Mapping[str, str]:
    """`event:smtp_server_ehlo` or `kumo.reject`, and the page of KumoMTA's documentation."""
    groups = yaml.safe_load((FOLDER / "kumomta_names.yaml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            f"{group['prefix']}{name}": f"KumoMTA {group['page'].format(name)}"
            for group in groups
            for name in group["names"]
        }
    )


def described_in(target: str) -> Mapping[str, str]:
    """Every name of a target and where it is described."""
    return {POWERMTA: powermta_names, KUMOMTA: kumomta_names}[target]()
