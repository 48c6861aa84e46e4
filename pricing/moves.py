"""Every legal move of a quote, once: the FSM methods and the trigger in the database come from these rows."""

MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "send": (("draft",), "sent"),
    "accept": (("sent",), "accepted"),
    "decline": (("sent",), "declined"),
    "expire": (("sent",), "expired"),
    "supersede": (("sent", "expired"), "superseded"),
    "withdraw": (("draft", "sent"), "withdrawn"),
    "void": (("accepted",), "voided"),
}

OPEN = ("draft", "sent")
LIVE = (*OPEN, "accepted")


def legal_moves() -> list[tuple[str, str]]:
    return sorted({(source, target) for sources, target in MOVES.values() for source in sources})
