"""Every legal move of an NDA, once: the FSM methods and the trigger in the database come from these rows."""

MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "accept": (("in_review",), "open"),
    "send_back": (("in_review",), "sent_back"),
    "conclude": (("open",), "signed"),
    "replace": (("in_review", "open"), "replaced"),
}

# Of these there is one an engagement.
CURRENT = ("in_review", "open", "signed")
OVER = ("signed", "sent_back", "replaced")

# In which state each kind begins.
BEGINS = {"ours": "open", "theirs": "in_review", "paper": "signed"}


def legal_moves() -> list[tuple[str, str]]:
    return sorted({(source, target) for sources, target in MOVES.values() for source in sources})
