"""DNS in a file: dnspython reads it, nobody on the network is asked."""

from datetime import UTC, datetime

from delivery.preflight.answers import Answer, Desk, Found
from delivery.preflight.sources import ZoneFile

MOMENT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def desk_of(tmp_path, text, *, silent=()):
    """A desk over a zone file; names in `silent` are never answered, as if the server had failed."""
    path = tmp_path / "zone"
    path.write_text("$TTL 300\n" + text)
    return Desk(Failing(ZoneFile(path), set(silent)), lambda: MOMENT)


class Failing:
    """The zone file, with name servers that do not answer for some names."""

    label = "zone"

    def __init__(self, source, silent):
        self.source, self.silent = source, silent

    def ask(self, name, kind):
        if name in self.silent:
            return Answer(name, kind, Found.UNKNOWN, why="The name server refused or failed to answer.")
        return self.source.ask(name, kind)


def spf_zone(records):
    """`{name: SPF record}` as zone lines."""
    return "".join(f'{name}. IN TXT "{text}"\n' for name, text in records.items())
