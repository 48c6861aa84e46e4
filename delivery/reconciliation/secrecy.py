"""Journals in which recipients stand as hashes: those of the logs are hashed too, so that they can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from duckdb.sqltypes import VARCHAR

from delivery.logs.engine import statement
from delivery.logs.sources import LogUnreadable

if TYPE_CHECKING:
    from delivery.logs.engine import Engine

SQL = Path(__file__).with_name("sql")
HASHED = "'^[0-9a-f]{32}(@|$)'"


class RecipientsHashed(LogUnreadable):
    """The journal cannot be compared with the logs without its secret; or not with this one."""


def are_hashed(engine: Engine) -> bool:
    return bool(
        engine.value(
            f"SELECT bool_and(regexp_matches(recipient, {HASHED})) FROM (SELECT recipient FROM journal LIMIT 1000)"  # noqa: S608 (our own pattern)
        )
    )


def refuse_hashed(engine: Engine) -> None:
    """In parts the recipients of the logs are not hashed."""
    if are_hashed(engine):
        raise RecipientsHashed(
            "The journal names its recipients only as hashes; that cannot be compared in parts. Run it without "
            "--partitions. Nothing was compared."
        )


def hash_recipients(engine: Engine, secret: bytes) -> None:
    """The proxy hashes an address as it was written. Raises RecipientsHashed without the right secret."""
    if not are_hashed(engine):
        return
    if not secret:
        raise RecipientsHashed(
            "The journal names its recipients only as hashes. Give the file that the proxy's recipients_key names "
            "with --recipients-key. Nothing was compared."
        )
    # Loads the whole journal of the proxy, which takes as long as reading 10 MB; hardly any journal is hashed.
    from delivery.proxy.journal.keys import Secrecy

    secrecy = Secrecy(secret)
    engine.connection.create_function(
        "hashed", lambda address: secrecy.hashed(address.encode()).decode(), [VARCHAR], VARCHAR
    )
    engine.script(statement("hashes", SQL))
    if not engine.value("SELECT count(*) FROM hashes SEMI JOIN journal ON journal.recipient = hash"):
        raise RecipientsHashed(
            "With this recipients key no recipient of the logs is one of the journal's. Give the key that the proxy "
            "had when it wrote the journal. Nothing was compared."
        )
    engine.run("DROP TABLE hashes")
    engine.run("SET VARIABLE is_hashed = true")
