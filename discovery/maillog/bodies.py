"""What the programs of Postfix write about a message: the whole grammar, one line at a time.

`read_body` is exact and slow; `sweep.py` reads the common lines in bulk; `rows.py` hands the others over to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Short ids are hexadecimal; long ones have no vowels. Both are at least six signs long.
QUEUE_ID = rb"[0-9A-HJ-NP-TV-Zb-df-hj-np-tv-z]{6,20}"
SUBJECT = re.compile(rb"(?:(warning|error|fatal|panic): )?(" + QUEUE_ID + rb"|NOQUEUE): ")

DELIVERY = re.compile(
    rb"(?:to|orig_to)=<?(?P<to>.*?)>?, (?:orig_to=<?.*?>?, )?relay=(?P<relay>[^,]*), (?:conn_use=(?P<use>\d+), )?"
    rb"delay=(?P<delay>[\d.]+)(?:, delays=(?P<parts>[\d./]+))?(?:, tls=(?P<tls>[^,]*))?(?:, dsn=(?P<dsn>[\d.]+))?,"
    rb" status=(?P<status>[A-Za-z-]+)(?: (?P<reason>\(.*))?$",
    re.DOTALL,
)
CLIPPED_DELIVERY = re.compile(rb"to=<?[^,>]*>?, (?:orig_to=|relay=|.*delay).*$", re.DOTALL)
QUEUED = re.compile(rb"from=<(?P<sender>.*)>, size=(?P<size>\d+), nrcpt=\d+ \(queue active\)")
EXPIRED = re.compile(rb"from=<.*>, status=(?:force-)?expired, returned to sender")
MESSAGE_ID = re.compile(rb"(?P<resent>resent-)?message-id=(?P<value>.*)$", re.DOTALL)
CLIENT = re.compile(rb"client=(?P<client>.*)$", re.DOTALL)
PICKUP = re.compile(rb"uid=\d+ from=<(?P<sender>.*?)>(?: orig_id=(?P<before>\w+))?")
REMOVED = re.compile(rb"removed(?: \((?:canceled|discarded)\))?$")
ACTIONS = (
    rb"reject|reject_warning|warning|warn|info|prepend|replace|strip|filter|redirect|hold|discard|bcc|ignore|delay|dunno"
    rb"|permit|pass|smtputf8|trigger|proxy-accept|proxy-reject|milter-[a-z-]+"
)
ACTION = re.compile(
    rb"(?P<action>" + ACTIONS + rb"):? (?:[A-Za-z<.-]+[ :]|header |body |mime-header |nested-header |END-OF-MESSAGE)"
)
CODE = re.compile(rb": (?P<code>[245]\d\d)[ -](?P<dsn>[245]\.\d{1,3}\.\d{1,3})?")
REMOTE = re.compile(
    rb"(?:host \S+ (?:said|refused to talk to me|offered)|conversation with|lost connection with|connect to|"
    rb"enabling PIX|Cannot start TLS|TLS is required|SASL authentication|certificate verification|"
    rb"server certificate|client TLS|breaking line|delivery temporarily suspended|smtputf8|dnssec|"
    rb"cannot |unable |using |sender |recipient |address |mail for |skipped, still being delivered|Host offered|"
    rb"(?:Trusted|Untrusted|Anonymous|Verified) TLS connection|TLS )"
)
NOTICE = re.compile(
    rb"(?:sender|postmaster|recipient)? ?(?:non-delivery|delay|delivery status|success) notification: \w+"
)
SURGERY = re.compile(
    rb"(?:requeued|placed on hold|released from hold|expired|force-expired|removed|skipped|deleted|"
    rb"changed|renamed|copied)\b"
)
SMTPD = re.compile(
    rb"(?:lost connection|timeout|too many errors|improper command|queue file|sasl_|message size|insufficient|"
    rb"host \S+|table |end of|non-SMTP|BDAT|DATA|header |client )"
)
PROXY = re.compile(rb"(?:proxy-accept|proxy-reject): ")


@dataclass(frozen=True, slots=True)
class Body:
    """What one line says: `kind` is its step in the life of a message, `fields` hold the groups of its pattern."""

    kind: str
    queue_id: bytes
    fields: dict[str, bytes | None]


STEPS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("delivery", DELIVERY),
    ("queued", QUEUED),
    ("expired", EXPIRED),
    ("message_id", MESSAGE_ID),
    ("client", CLIENT),
    ("pickup", PICKUP),
    ("removed", REMOVED),
    ("action", PROXY),
    ("action", ACTION),
    ("notice", NOTICE),
    ("remote", REMOTE),
    ("surgery", SURGERY),
    ("session", SMTPD),
)


def is_about_a_message(text: bytes) -> bool:
    return SUBJECT.match(text) is not None


def read_body(text: bytes, program: str) -> Body | None:
    """What a line about a message says; None when this grammar does not know it."""
    subject = SUBJECT.match(text)
    if subject is None:
        return None
    severity, queue_id = subject.groups()
    said = text[subject.end() :]
    if severity is not None:
        return Body("trouble", queue_id, {"severity": severity})
    for kind, pattern in STEPS:
        if match := pattern.match(said):
            fields = {**match.groupdict(), **_reply(kind, said)}
            return Body(_kind(kind, program, match), queue_id, fields)
    if CLIPPED_DELIVERY.match(said):
        return Body("clipped", queue_id, {})
    return None


def _kind(kind: str, program: str, match: re.Match[bytes]) -> str:
    """`removed` and `expired` by the hand of an operator are surgery, not the end of a delivery."""
    if kind == "removed" and program == "postsuper":
        return "removed_by_hand"
    if kind == "message_id" and match["resent"]:
        return "resent_id"
    return kind


def _reply(kind: str, said: bytes) -> dict[str, bytes | None]:
    if kind != "action":
        return {}
    code = CODE.search(said)
    return {"code": code["code"], "dsn": code["dsn"]} if code else {"code": None, "dsn": None}
