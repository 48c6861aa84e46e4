"""Masks what a lookup shows of files that were not masked before, as on the command line."""

import secrets
from functools import cached_property

from discovery.postfix.bundle import Bundle
from discovery.postfix.masking import password_map_files
from discovery.postfix.secrets import mask_and_collect

ANY_KEY = "key "


class Hider:
    """Takes passwords out of lines and values."""

    def __init__(self, bundle: Bundle) -> None:
        """Look at the names of files and settings when something has to be masked."""
        self._bundle, self._key = bundle, secrets.token_bytes(32)

    @cached_property
    def _password_maps(self) -> frozenset[str]:
        return frozenset(password_map_files(self._bundle))

    def line(self, file: str, text: str) -> str:
        """A line of a file without its secrets."""
        return self._masked(text, is_password=file in self._password_maps)

    def value(self, file: str, text: str, *, is_password: bool) -> str:
        """A value; in a table of passwords all of it but the name before the colon goes."""
        is_password = is_password or file in self._password_maps
        return self._masked(ANY_KEY + text, is_password=is_password).removeprefix(ANY_KEY) if text else ""

    def setting(self, name: str, text: str) -> str:
        """What a parameter is set to, or a table that it names: `static:` and `inline:` hold what they answer."""
        return self._masked(f"{name} = {text}", is_password=False).removeprefix(f"{name} = ")

    def _masked(self, text: str, *, is_password: bool) -> str:
        masked, _ = mask_and_collect(
            text.encode("utf-8", "surrogateescape"), key=self._key, is_password_map=is_password
        )
        return masked.decode("utf-8", "replace")
