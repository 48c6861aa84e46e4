"""How a session begins: who the client is, whether there is room for it, then TLS or the greeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.smtp import replies
from delivery.proxy.smtp.client import Client
from delivery.proxy.smtp.proxy_protocol import BadHeaderError, read_header

if TYPE_CHECKING:
    from delivery.proxy.smtp.front import Session


def read_source(session: Session) -> None:
    """What a balancer says of its client, once it is there as a whole."""
    try:
        found = read_header(session.buffer)
    except BadHeaderError as error:
        session.proxy.log("no PROXY header", client=session.client.address, why=str(error))
        session.abort()
        return
    if found is None:
        return
    session.awaits_header, session.buffer = False, session.buffer[found.length :]
    if found.source is not None and found.destination is not None:
        session.client = Client(*found.source, *found.destination)
    arrive(session)


def arrive(session: Session) -> None:
    """The client is known."""
    proxy, address = session.proxy, session.client.address
    proxy.clients[address] = count = proxy.clients.get(address, 0) + 1
    if proxy.is_leaving:
        session.close(replies.SHUTTING_DOWN)
    elif len(proxy.sessions) > proxy.limits.sessions or count > proxy.limits.sessions_per_client > 0:
        session.close(replies.TOO_MANY_SESSIONS)
    elif session.entrance.listener.security == "tls":
        session.secure(greets=True)
    else:
        greet(session)


def greet(session: Session) -> None:
    session.write(b"220 %b ESMTP\r\n" % session.proxy.host_name)
