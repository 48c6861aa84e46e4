"""Whether texts hold what somebody typed into a search field."""

from collections.abc import Iterable


def are_words_in(typed: str, texts: Iterable[str]) -> bool:
    """Whether each word that was typed stands in one of the texts, blind to case; nothing typed stands everywhere."""
    said = "\n".join(texts).lower()
    return all(word in said for word in typed.lower().split())
