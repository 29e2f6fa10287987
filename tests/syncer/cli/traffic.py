"""What both servers carried out for several processes: when, for which process, about which project link.

A server knows a connection's port, and Linux knows whose it is: no process has to say who it is.
"""

import os
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncer.sandbox.faults import Switchboard

_INODE = re.compile(r"socket:\[(\d+)\]")


@dataclass(slots=True)
class Carried:
    """One request, at a Unix time. `text` is all of it: method, path, query and body."""

    at: float
    pid: int
    text: str


class Traffic:
    """Written down behind the switchboards of two servers, and so without what never reached them. `pids` gives the
    processes that may ask."""

    def __init__(self, boards: Iterable[Switchboard], pids: Callable[[], Iterable[int]]) -> None:
        self.carried: list[Carried] = []
        self._pids = pids
        self._owners: dict[int, int] = {}
        self._sockets: dict[str, int] = {}
        for board in boards:
            board._app = self._noting(board._app)

    def _noting(self, app: ASGIApp) -> ASGIApp:
        async def note(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            asked = f"{scope['method']} {scope['path']}?{scope['query_string'].decode()} "
            carried = Carried(time.time(), self._owner(scope["client"][1]), asked)
            self.carried.append(carried)

            async def listening() -> Message:
                message = await receive()
                carried.text += message.get("body", b"").decode()
                return message

            await app(scope, listening, send)

        return note

    def _owner(self, port: int) -> int:
        """Asked each time, as a port may be another's by now. One that was killed keeps its last requests."""
        inode = _inode(port)
        if inode is not None and inode not in self._sockets:
            self._sockets |= {found: pid for pid in self._pids() for found in _sockets(pid)}
        if inode in self._sockets:
            self._owners[port] = self._sockets[inode]
        return self._owners[port]


def _inode(port: int) -> str | None:
    """The inode of the socket that connected from that port of 127.0.0.1; None where its process is gone."""
    place = f" 0100007F:{port:04X} "
    found = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines() if place in line]
    # Both ends of a connection are in the list, and this port is the other end's second place.
    return next((line[9] for line in found if line[1] == place.strip() and line[9] != "0"), None)


def _sockets(pid: int) -> set[str]:
    """The inodes of a process's sockets; none where it is gone."""
    found = set()
    with suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found.update(_INODE.findall(os.readlink(entry.path)))
    return found
