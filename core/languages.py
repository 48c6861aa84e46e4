"""The languages a document can be written in. Pages and mails are English."""

from typing import Final

LANGUAGES: Final[dict[str, str]] = {"en": "English", "es": "Español"}
FIRST: Final = "en"
