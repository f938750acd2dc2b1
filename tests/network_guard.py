"""Keeps this process off the network: an audit hook that refuses every address but this machine's own."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

# Events of the socket module, and which of their arguments is the address or the host.
ADDRESS_ARGUMENT = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}
CONNECTING_METHODS = ("connect", "connect_ex", "sendto")


class NetworkReachedError(RuntimeError):
    """Not an OSError, so that code which copes with a missing network does not hide it."""


def foreign_host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The host of an audit event that is not this machine; None for everything harmless."""
    if event not in ADDRESS_ARGUMENT:
        return None
    if isinstance(arguments[0], socket.socket) and arguments[0].family not in (
        socket.AF_INET,
        socket.AF_INET6,
    ):
        return None
    address = arguments[ADDRESS_ARGUMENT[event]]
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return None if is_local(host) else str(host)


def is_local(host: str | None) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class NetworkGuard:
    """`attempts` lists what was refused, also where the code under test swallowed the error."""

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def install(self) -> None:
        """For the rest of this process: an audit hook cannot be taken out again."""
        sys.addaudithook(self.refuse)
        for name in CONNECTING_METHODS:
            self._check_before(name)

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        host = foreign_host(event, arguments)
        if host is not None:
            self.attempts.append(f"{event} to {host}")
            raise NetworkReachedError(f"A test tried {event} to {host}; tests may reach only this machine.")

    def _check_before(self, name: str) -> None:
        # Given a name, these look it up before their own audit event, so the question would be out already.
        original = getattr(socket.socket, name)

        def checked(sock: socket.socket, *arguments: Any) -> Any:
            self.refuse("socket.connect", (sock, arguments[-1]))
            return original(sock, *arguments)

        setattr(socket.socket, name, checked)
