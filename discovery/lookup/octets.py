"""Postfix compares bytes: each one becomes a letter of its own, and text again for people."""


def bytes_as_latin(key: str) -> str:
    return key.encode("utf-8", "surrogateescape").decode("latin-1")


def latin_as_text(value: str) -> str:
    return value.encode("latin-1").decode("utf-8", "replace")
