"""What became of an attempt, in a word."""

NO_ATTEMPT = ""  # address probes and `expanded`; local forwarding begins another message
SENT, BOUNCED, DEFERRED = "sent", "bounced", "deferred"
NAMES = (NO_ATTEMPT, SENT, BOUNCED, DEFERRED)  # columns hold the place in it
NUMBERS = {name: number for number, name in enumerate(NAMES)}
OUTCOMES = {
    b"sent": SENT,
    b"bounced": BOUNCED,
    b"deferred": DEFERRED,
    b"softbounce": DEFERRED,  # soft_bounce turns refusals into delays: nothing is final
}
FORWARDED = b"(forwarded"


def outcome_of(status: bytes, reason: bytes) -> str:
    found = OUTCOMES.get(status.lower(), NO_ATTEMPT)
    return NO_ATTEMPT if found == SENT and reason.startswith(FORWARDED) else found
