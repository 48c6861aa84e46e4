"""How a part of a whole is written, on pages, in mails and by commands. Pure."""


def share_text(part: float, decimals: int = 2) -> str:
    """12.34 % of 0.1234, with a true minus sign."""
    return f"{100 * part:.{decimals}f} %".replace("-", "\u2212")
