"""How things are counted in sentences, so that nothing is ever "1 hosts". Pure; pages, mails and documents ask here."""


def counted(count: int, one: str, many: str = "") -> str:
    """1 host, 3 hosts, 1,402 parameters."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
