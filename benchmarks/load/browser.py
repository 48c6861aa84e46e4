"""One person's browser, or one program's client: asks, notes what came of it, and tries again what broke off."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

import aiohttp

from benchmarks.load.running import clock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.load.people import Walker

BROKEN = 0  # in place of a status: the connection was refused, or broke before the answer was there
LONGEST_ANSWER = 90.0  # seconds until an answer is given up
PAUSE = 2.0  # seconds before somebody presses reload
MOST_TRIES = 30
SIGNED_OUT = "/account/"
AT_WORK = "being worked on"  # of an earlier request with the same key: its outcome is not known yet


@dataclass(frozen=True)
class Seen:
    """One request and its answer."""

    name: str
    began: float
    ended: float
    status: int
    error: str = ""

    @property
    def is_failed(self) -> bool:
        return self.status == BROKEN or self.status >= 500


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    address: str
    location: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it says what became of what was sent."""
        return 0 < self.status < 500 and not (self.status == 409 and AT_WORK in self.text)

    @property
    def is_done(self) -> bool:
        return 0 < self.status < 400 and not self.location.startswith(SIGNED_OUT)


@dataclass
class Browser:
    """Cookies and connections of its own."""

    url: str
    walker: Walker
    seen: list[Seen] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self.walker.token}"} if self.walker.token else {}
        # Given up sooner than the server does, as browsers do: nothing is sent into a connection that just closes.
        connector = aiohttp.TCPConnector(limit=6, keepalive_timeout=1)
        jar = aiohttp.CookieJar(unsafe=True)  # for an address without a name
        timeout = aiohttp.ClientTimeout(total=LONGEST_ANSWER)
        self._link = aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers=headers, timeout=timeout)
        if self.walker.session:
            self._link.cookie_jar.update_cookies({"sessionid": self.walker.session})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._link.close()

    async def read(self, name: str, path: str) -> Answer:
        """A page; reloaded for as long as it does not come."""
        answer = await self.ask(name, "GET", path)
        for _ in range(MOST_TRIES):
            if answer.is_known:
                break
            await asyncio.sleep(PAUSE)
            answer = await self.ask(f"{name} (again)", "GET", path)
        return answer

    async def ask(self, name: str, method: str, path: str, **sent: Any) -> Answer:
        """One request. What is posted leads on by itself, so the answer is the first one."""
        address, began = urljoin(self.url, path), clock()
        follows = method == "GET"
        try:
            async with self._link.request(method, address, allow_redirects=follows, **sent) as answer:
                text = await answer.text(errors="replace")
                found = Answer(answer.status, text, str(answer.url), answer.headers.get("Location", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.seen.append(Seen(name, began, clock(), BROKEN, type(error).__name__))
            return Answer(BROKEN, "", address)
        if found.location.startswith(SIGNED_OUT) or "/account/login" in found.address:
            self.seen.append(Seen(name, began, clock(), 401, "signed out"))
        else:
            self.seen.append(Seen(name, began, clock(), found.status, found.text[:300] if found.status >= 400 else ""))
        return found


async def insist(post: Callable[[], Awaitable[Answer]]) -> list[Answer]:
    """Send, and send the very same again until an answer says what became of it, as a reload or a repetition does."""
    answers = [await post()]
    while not answers[-1].is_known and len(answers) < MOST_TRIES:
        await asyncio.sleep(PAUSE)
        answers.append(await post())
    return answers
