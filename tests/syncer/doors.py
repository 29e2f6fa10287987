"""Ports that this process keeps, so that servers which come and go have the same addresses each time."""

import atexit
import socket

Ports = tuple[int, int]

_FREE: list[Ports] = []


def take_ports() -> Ports:
    """Two ports that no server has now; those that were given back, wherever they can be had."""
    while _FREE:
        ports = _FREE.pop()
        if all(map(_is_free, ports)):
            return ports
    return _new_ports()


def give_back(ports: Ports) -> None:
    """Whoever takes ports next gets these."""
    _FREE.append(ports)


def _new_ports() -> Ports:
    held = [_bound(0) for _ in range(2)]
    first, second = (int(each.getsockname()[1]) for each in held)
    for each in held:
        # What is bound and doesn't listen keeps others away, and on Linux only others.
        if _is_free(each.getsockname()[1]):
            atexit.register(each.close)
        else:
            each.close()
    return first, second


def _is_free(port: int) -> bool:
    try:
        _bound(port).close()
    except OSError:
        return False
    return True


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        raise
    return made
