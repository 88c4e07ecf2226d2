"""Addresses: where this machine can be reached by phones, and whether a port is free."""

import errno
import socket

from salesim.config.errors import InputError

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
BACKLOG = 1024  # connections that wait while a whole class comes at once
NOWHERE = "192.0.2.1"  # an address for documentation: a datagram socket that is bound for it sends nothing


def network_address() -> str:
    """The address of this machine in its network; empty if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((NOWHERE, 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return ""
    return "" if address.startswith("127.") else address


def listen(port: int, network: bool) -> socket.socket:
    """A socket that listens, on this machine alone or on its network. Raises InputError if the port is taken or forbidden."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((EVERYWHERE if network else HERE, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise InputError(f"port {port} {reason}; choose another one, as port={port + 1}") from error
    return listener
