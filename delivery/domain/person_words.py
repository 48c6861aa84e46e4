"""What a person writes into a record: without the secrets in it, within what a record holds."""

from core.errors import DomainError
from discovery.domain.mask_words import mask_words
from discovery.storable import storable

MOST_LETTERS = 4000


def words_of(text: str, missing: str) -> str:
    """Raises DomainError, with `missing` where nothing was written."""
    words = mask_words(str(storable(text.strip())))
    if not words:
        raise DomainError(missing)
    if len(words) > MOST_LETTERS:
        raise DomainError(f"Write at most {MOST_LETTERS:,} letters. Nothing was saved.")
    return words
