"""Which parser and which rules read a bundle: a newer one may see in the same files what an older one did not."""

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("postfix/**/*", "rules/*.yaml")
KINDS = frozenset({".py", ".tsv", ".yaml"})


@cache
def reader_digest() -> str:
    """SHA-256 over the parser, its tables of facts and the rule packs."""
    whole = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in HERE.glob(part) if path.suffix in KINDS):
        whole.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
