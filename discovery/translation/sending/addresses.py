import ipaddress


def is_address(text: str) -> bool:
    """Whether it is an address that means the same on every host: one with a zone, `fe80::1%eth0`, does not."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
