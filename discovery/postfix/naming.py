"""Sorts names that Postfix does not use: newer, dead, wrongly written, or known to nobody."""

from discovery.postfix.parameters import QUEUE_SUFFIXES, TIME_SUFFIX, catalogue


def is_queue_name(name: str) -> bool:
    """Whether a name is a transport's own queue setting, such as `slow_destination_rate_delay`."""
    return name.endswith(QUEUE_SUFFIXES) and not name.startswith("default_")


def kind_of_unknown(name: str) -> str:
    """`newer` than the reference version, `dead` for want of a service, `case`, `former` or `unknown`."""
    known = catalogue().get(name)
    if known and known.is_newer:
        return "newer"
    if known and known.version:
        return "former"
    if name.lower() in catalogue():
        return "case"
    return "dead" if name.endswith((*QUEUE_SUFFIXES, TIME_SUFFIX)) else "unknown"
