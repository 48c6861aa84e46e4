"""Signs a client in: the steps of AUTH, then the check by the listener's file or by a backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.smtp import replies
from delivery.proxy.smtp.commands import Refused

if TYPE_CHECKING:
    from delivery.proxy.envelope import Backend
    from delivery.proxy.smtp.auth import Users
    from delivery.proxy.smtp.back import BackendConnection
    from delivery.proxy.smtp.client import Credentials
    from delivery.proxy.smtp.front import Session
    from delivery.proxy.smtp.opening import CannotOpen


def take_credentials(session: Session, line: bytes | None) -> None:
    """The next line of the client; None at the beginning. Raises Refused, and the steps are over then."""
    steps = session.steps
    if steps is None:
        return
    try:
        prompt = next(steps) if line is None else steps.send(line)
    except StopIteration as finished:
        session.steps = None
        check(session, finished.value)
    except Refused:
        session.steps = None
        raise
    else:
        session.answer(prompt)


def check(session: Session, credentials: Credentials) -> None:
    users = session.entrance.users
    if users is None:
        ask_backend(session, credentials, "old")
    elif users.remember(credentials):
        sign_in(session, credentials)
    else:
        session.proxy.keep(session.proxy.loop.create_task(check_slowly(session, users, credentials)))


async def check_slowly(session: Session, users: Users, credentials: Credentials) -> None:
    if await session.proxy.loop.run_in_executor(None, users.check, credentials):
        sign_in(session, credentials)
    else:
        fail(session, credentials)


def ask_backend(session: Session, credentials: Credentials, side: Backend) -> None:
    """The old side knows the users; where it cannot be reached, the new one is asked."""
    pool = session.proxy.pools[side]
    client = session.client._replace(user=credentials.user, credentials=credentials)

    def ready(connection: BackendConnection | None, why: CannotOpen | None) -> None:
        if connection is not None:
            pool.give_back(connection)
            sign_in(session, credentials, passes=True)
        elif why is not None and why.about == "AUTH" and why.reply is not None:
            fail(session, credentials, why.reply)
        elif side == "old":
            ask_backend(session, credentials, "new")
        else:
            session.answer(replies.CANNOT_CHECK)

    pool.open(client, ready)


def sign_in(session: Session, credentials: Credentials, *, passes: bool = False) -> None:
    session.client = session.client._replace(user=credentials.user, credentials=credentials if passes else None)
    session.answer(replies.AUTHENTICATED)


def fail(session: Session, credentials: Credentials, reply: replies.Reply = replies.BAD_CREDENTIALS) -> None:
    session.proxy.log("sign-in refused", client=session.client.address, user=credentials.user)
    session.mistake(reply)
