"""TLS on both sides. A certificate that was replaced on disk is taken up without a restart."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.proxy.settings import BackendSettings, Listener


def backend_context(settings: BackendSettings) -> ssl.SSLContext:
    """Raises OSError or ssl.SSLError where the authority's file is none."""
    context = ssl.create_default_context(cafile=settings.authority)
    if not settings.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Certificate:
    """The server side of a listener. Raises OSError or ssl.SSLError where the files are none."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.seen = self._look()
        self.context = self._load()

    def renew(self) -> bool:
        """Whether there was another one on disk; one that cannot be read is told by its error, the old one stays."""
        if (seen := self._look()) == self.seen:
            return False
        self.context = self._load()
        self.seen = seen
        return True

    def _files(self) -> list[Path]:
        return [file for file in (self.listener.certificate, self.listener.key) if file]

    def _look(self) -> list[tuple[int, int]]:
        return [(found.st_mtime_ns, found.st_ino) for found in (file.stat() for file in self._files())]

    def _load(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate, *key = self._files()
        context.load_cert_chain(certificate, *key)
        return context
