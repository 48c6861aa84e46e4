from core.wording import number_text


def counted(count: int, one: str, many: str = "") -> str:
    """1 host, 3 hosts, 1,402 parameters."""
    return f"{number_text(count)} {one if count == 1 else many or one + 's'}"
