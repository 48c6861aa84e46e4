"""What a table answers for one key."""

from collections.abc import Iterable
from dataclasses import dataclass

FOUND = "found"
ABSENT = "absent"
ASKS = "asks"  # the answer lies outside the upload: a database, a server, the host itself
UNREAD = "unread"  # the table's text is not in the upload
SLOW = "slow"  # a pattern did not come to an end in time
FAILS = "fails"  # the table answers with an error

OPEN_OUTCOMES = frozenset({ASKS, UNREAD, SLOW, FAILS})


@dataclass(frozen=True, slots=True)
class Found:
    """One table's answer for one key; `file` and `line` are of the rule, or of the table where no rule fired.

    `drawn` are the values of which Postfix takes one at random each time; "" among them means that nothing is found.
    """

    outcome: str
    value: str = ""
    file: str = ""
    line: int = 0
    note: str = ""
    drawn: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.outcome == FOUND

    @property
    def is_open(self) -> bool:
        """Whether nobody can say from the upload alone what Postfix would get here."""
        return self.outcome in OPEN_OUTCOMES


def drawn_from(values: Iterable[str], file: str = "", line: int = 0) -> Found:
    """An answer that is one of these, as chance decides; one value alone is no chance."""
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) == 1:
        return Found(FOUND if distinct[0] else ABSENT, distinct[0], file, line)
    note = f"Postfix draws one of these {len(distinct)} at random, each time anew."
    if "" in distinct:
        note = f"Postfix draws at random, each time anew: {len(distinct) - 1} may come of it, or nothing is found."
    return Found(FOUND, ", ".join(value for value in distinct if value), file, line, note, distinct)


@dataclass(frozen=True, slots=True)
class Step:
    """One key asked of one table, or one element of a list compared."""

    key: str
    because: str
    table: str
    found: Found
