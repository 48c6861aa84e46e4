"""Which parser and which rules read a bundle: a newer one may see in the same files what an older one did not."""

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
READER = ("postfix/**/*", "rules/*.yaml")
TRANSLATOR = (*READER, "translation/**/*", "lookup/**/*")
KINDS = frozenset({".py", ".tsv", ".yaml", ".lua"})


def reader_digest() -> str:
    """SHA-256 over the parser, its tables of facts and the rule packs."""
    return digest_of(READER)


def translator_digest() -> str:
    """The same with the dictionary and the emitters: another one may make other files of the same upload."""
    return digest_of(TRANSLATOR)


@cache
def digest_of(parts: tuple[str, ...]) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for part in parts for path in HERE.glob(part) if path.suffix in KINDS):
        whole.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
