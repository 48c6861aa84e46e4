"""TLS on both sides."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.proxy.settings import BackendSettings, Listener


def backend_context(settings: BackendSettings) -> ssl.SSLContext:
    """Raises OSError or ssl.SSLError where the authority's file is none."""
    context = ssl.create_default_context(cafile=settings.authority)
    if not settings.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def listener_context(listener: Listener) -> ssl.SSLContext:
    """Raises OSError or ssl.SSLError where the files are none."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if listener.certificate is not None:
        context.load_cert_chain(listener.certificate, listener.key)
    return context


async def start_tls(
    transport: asyncio.Transport | None,
    protocol: asyncio.Protocol,
    context: ssl.SSLContext | None,
    loop: asyncio.AbstractEventLoop,
) -> asyncio.Transport | None:
    """Of a client: None where that failed, or there is no connection any more."""
    if transport is None or context is None:
        return None
    try:
        return await loop.start_tls(transport, protocol, context, server_side=True)
    except (OSError, asyncio.CancelledError):
        return None
