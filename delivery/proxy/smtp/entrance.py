"""A listener with what it needs at hand: its certificate, its users, the balancers it believes."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from delivery.proxy.smtp.auth import Users
from delivery.proxy.smtp.tls import listener_context

if TYPE_CHECKING:
    from delivery.proxy.settings import Listener


class Entrance:
    """Raises OSError, ssl.SSLError or ValueError where a file is not what it has to be."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.context = listener_context(listener) if listener.security != "none" else None
        self.users = Users(listener.users) if listener.authentication == "file" and listener.users else None
        self.balancers = tuple(ipaddress.ip_network(text, strict=False) for text in listener.balancers)

    def expects_header(self, address: str) -> bool:
        if not self.balancers:
            return False
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found in network for network in self.balancers)
