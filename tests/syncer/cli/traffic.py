"""What both servers carried out for several processes: when, for which process, about which project link.

A server knows a connection's port, and Linux knows whose it is: no process has to say who it is.
"""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncer.sandbox.faults import Switchboard


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
        self._owners: dict[tuple[int, int], _Socket] = {}
        for board in boards:
            board._app = self._noting(board._app)

    def _noting(self, app: ASGIApp) -> ASGIApp:
        async def note(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            asked = f"{scope['method']} {scope['path']}?{scope['query_string'].decode()} "
            carried = Carried(time.time(), self._owner((scope["server"][1], scope["client"][1])), asked)
            self.carried.append(carried)

            async def listening() -> Message:
                message = await receive()
                carried.text += message.get("body", b"").decode()
                return message

            await app(scope, listening, send)

        return note

    def _owner(self, ports: tuple[int, int]) -> int:
        """Looked up again once that socket is closed, as its port may be another's by then. One that was killed keeps
        its last requests."""
        known = self._owners.get(ports)
        if known is None or not known.is_open():
            inode = _inode(*ports)
            found = None if inode is None else _held(inode, self._pids())
            known = self._owners[ports] = found or self._owners[ports]
        return known.pid


@dataclass(frozen=True, slots=True)
class _Socket:
    """A process's end of a connection: `entry` is its place among the process's open files."""

    pid: int
    entry: str
    name: str

    def is_open(self) -> bool:
        """Cheap, unlike a look at all connections of the machine."""
        with suppress(OSError):
            return os.readlink(self.entry) == self.name
        return False


def _inode(server: int, client: int) -> str | None:
    """The inode of the socket that connected from one port of 127.0.0.1 to the other; None where its process is
    gone."""
    place = f": 0100007F:{client:04X} 0100007F:{server:04X} "
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    inode = next((line.split()[9] for line in lines if place in line), "0")
    return None if inode == "0" else inode


def _held(inode: str, pids: Iterable[int]) -> _Socket | None:
    """That socket, among those of the processes; None where it is nobody's any more."""
    name = f"socket:[{inode}]"
    for pid in pids:
        with suppress(OSError):
            for number in os.listdir(f"/proc/{pid}/fd"):
                found = _Socket(pid, f"/proc/{pid}/fd/{number}", name)
                if found.is_open():
                    return found
    return None
