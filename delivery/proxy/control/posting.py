"""Tells the portal the counters, now and then. They are totals: what is not told once is in the next."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import urllib.request
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery.proxy.control.watching import Watch
    from delivery.proxy.figures import Figures
    from delivery.proxy.settings import PortalSettings

PATIENCE = 10.0
AGAIN_AT_LEAST = 1.0
AGAIN_AT_MOST = 300.0


async def post_counters(watch: Watch, figures: Figures) -> None:
    """Until it is cancelled. Sending waits in a thread of its own: neither mail nor a stop waits for the portal."""
    loop, failures = asyncio.get_running_loop(), 0
    while True:
        settings = watch.configuration.portal
        if settings.counters:
            said = {"host_name": watch.configuration.host_name, "at": time.time(), "figures": figures.totals()}
            told = loop.create_future()
            Thread(target=_post, args=(settings, said, loop, told), daemon=True).start()
            failures = 0 if await told else failures + 1
        await asyncio.sleep(pause_after(failures, settings.every))


def _post(
    settings: PortalSettings, said: dict[str, Any], loop: asyncio.AbstractEventLoop, told: asyncio.Future[bool]
) -> None:
    is_told = post(settings, said)
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(lambda: None if told.done() else told.set_result(is_told))


def pause_after(failures: int, every: float) -> float:
    """Sooner at first after a failure, then ever later."""
    if not failures:
        return every
    return min(max(AGAIN_AT_LEAST, every / 10) * 2.0 ** min(failures - 1, 16), max(AGAIN_AT_MOST, every))


def post(settings: PortalSettings, said: dict[str, Any]) -> bool:
    """Whether the portal took it."""
    request = urllib.request.Request(  # noqa: S310 (the configuration takes http and https only)
        settings.counters,
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.token}"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310 (the same address)
            return bool(response.status < http.client.MULTIPLE_CHOICES)
    except (OSError, http.client.HTTPException, ValueError):  # the last for a token that no header can hold
        return False
