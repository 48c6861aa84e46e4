"""What a table answers for one key."""

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
    """One table's answer for one key; `file` and `line` are of the rule, or of the table where no rule fired."""

    outcome: str
    value: str = ""
    file: str = ""
    line: int = 0
    note: str = ""

    @property
    def is_found(self) -> bool:
        return self.outcome == FOUND

    @property
    def is_open(self) -> bool:
        """Whether nobody can say from the upload alone what Postfix would get here."""
        return self.outcome in OPEN_OUTCOMES


@dataclass(frozen=True, slots=True)
class Step:
    """One key asked of one table, or one element of a list compared."""

    key: str
    because: str
    table: str
    found: Found
