"""Text of a customer may hold what the database does not keep. Pure."""

from typing import Any


def storable(value: Any) -> Any:
    """PostgreSQL keeps neither NUL nor half a surrogate pair, in text or in JSON."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    return value
