"""Sorts names that Postfix does not use: newer, dead, wrongly written, or known to nobody."""

from discovery.postfix.parameters import NEVER_PRINTED, QUEUE_SUFFIXES, TIME_SUFFIX, catalogue

QUEUE_ONLY = frozenset(
    {
        "bounce_queue_lifetime",
        "maximal_backoff_time",
        "maximal_queue_lifetime",
        "minimal_backoff_time",
        "queue_run_delay",
    }
)


def is_queue_name(name: str) -> bool:
    """Whether a name is a transport's own queue setting, such as `slow_destination_rate_delay`."""
    return name.endswith(QUEUE_SUFFIXES) and not name.startswith("default_")


def is_queue_default(name: str) -> bool:
    """Whether only the queue manager reads this name, for all transports alike."""
    is_general = name.startswith("default_") and name.endswith(QUEUE_SUFFIXES)
    return is_general or name.startswith("qmgr_") or name in QUEUE_ONLY


def kind_of_unknown(name: str) -> str:
    """`newer` than ours, `dead` for want of a service, `case`, `former`, `gone`, `fixed` or `unknown`."""
    if name in NEVER_PRINTED:
        return "fixed"
    known = catalogue().get(name)
    if known and known.is_newer:
        return "newer"
    if known and known.version:
        return "former" if known.replacement else "gone"
    if name.lower() in catalogue():
        return "case"
    return "dead" if name.endswith((*QUEUE_SUFFIXES, TIME_SUFFIX)) else "unknown"
