"""What became of an attempt, in a word."""

OUTCOMES = {
    b"sent": "sent",
    b"bounced": "bounced",
    b"deferred": "deferred",
    b"softbounce": "deferred",  # soft_bounce turns refusals into delays: nothing is final
}
NO_ATTEMPT = ""  # address probes and `expanded`; local forwarding begins another message
FORWARDED = b"(forwarded"


def outcome_of(status: bytes, reason: bytes) -> str:
    found = OUTCOMES.get(status.lower(), NO_ATTEMPT)
    return NO_ATTEMPT if found == "sent" and reason.startswith(FORWARDED) else found
