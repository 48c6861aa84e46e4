"""What a finder hands over."""

from dataclasses import dataclass

PARAMETER, OVERRIDE = "parameter", "override"
OWN_NAME, OWN_CLASS, DATABASE = "own name", "restriction class", "database setting"
SERVICE, COLUMN, ARGUMENT = "service", "column", "argument"
RESTRICTION = "restriction"
MAP_TYPE = "map type"
ACCESS, CHECK, TRANSPORT, ALIAS, TLS_POLICY = (
    "access action", "check action", "transport result", "alias target", "tls policy",
)  # fmt: skip
SCRIPT, JOB, KEY = "script", "job", "signing key"
ASLEEP = "asleep"
DISABLED, REPLACED, IDLE = "disabled", "replaced", "idle"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing, before it has a key; see Construct for what the fields mean. Without `written`, it is `value`.

    `rows` is a digest of the rows of a table that say it.
    """

    kind: str
    name: str
    subject: str
    file: str
    line: int
    value: str = ""
    lines: int = 1
    asleep: str = ""
    written: str = ""
    rows: str = ""
