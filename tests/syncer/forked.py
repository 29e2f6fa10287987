"""`syncer` commands in processes of their own, forked from one that has imported everything: they begin at once.

To import everything takes a second of computing, which most tests needn't pay for each process. What they get is a
child of this process all the same, with a folder, an environment, pipes, signals and an end of its own, as
`subprocess` would give. Whoever wants a fresh interpreter, as an operator gets it, has `start_afresh` of the terminal
in `tests/syncer/cli`.

with Forked(command, ("run",), folder=folder, environment=settings) as process:
    process.send_signal(signal.SIGTERM)
"""

import atexit
import ctypes
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO, TypeAlias

ROOT = Path(__file__).parents[2]
LARGEST = 2**17
"""Bytes that say what a process is to do; most of them are its environment."""
SUBREAPER = 36
"""As Linux calls `PR_SET_CHILD_SUBREAPER`."""

# The command line imports late, so what the commands need is named too.
PRELOADED = (
    "config.settings",
    "state",
    "syncer.cli",
    "syncer.cli.demo",
    "syncer.cli.run",
    "syncer.cli.sandbox",
    "syncer.cli.sync",
    "syncer.cli.worker",
    "syncer.web.front",
    "syncer.wiring",
    "syncer.workers.port",
    "syncer.workers.workers",
)


def command(*words: str) -> None:
    """What `python -m syncer` does with these words."""
    from syncer.cli import main

    sys.argv = ["syncer", *words]
    main()


def syncer(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> "Forked":
    """That command, typed in that folder by nobody who would answer it."""
    process = Forked(command, words, folder=folder, environment={**without_settings(), **environment})
    process.stdin.close()
    return process


def without_settings() -> dict[str, str]:
    """The environment of this process, but for what would be settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SYNCER_")}


class Forked:
    """A process that calls a function of a module, with what people use of `subprocess.Popen`."""

    def __init__(
        self,
        function: Callable[..., object],
        arguments: Sequence[object],
        *,
        folder: Path = ROOT,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        told = dict(os.environ if environment is None else environment)
        inputs, outputs, errors = os.pipe(), os.pipe(), os.pipe()
        ends = (inputs[0], outputs[1], errors[1])
        try:
            self.pid = _server().fork(pickle.dumps((function, tuple(arguments), str(folder), told)), ends)
        finally:
            for end in ends:
                os.close(end)
        self.stdin: TextIO = os.fdopen(inputs[1], "w")
        self.stdout: TextIO = os.fdopen(outputs[0])
        self.stderr: TextIO = os.fdopen(errors[0])
        self.returncode: int | None = None
        self._lock = threading.Lock()
        self._rests: list[Future[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in (self.stdout, self.stderr, self.stdin):
            with suppress(BrokenPipeError):
                stream.close()
        self.wait()

    def poll(self) -> int | None:
        """Its exit code, negative if a signal ended it; None while it runs."""
        with self._lock:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and timeout is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return code

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """All that it says from here on, on both streams, until it has ended; raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if not self._rests:
            with suppress(BrokenPipeError):
                self.stdin.close()
            pool = ThreadPoolExecutor(2)
            self._rests = [pool.submit(stream.read) for stream in (self.stdout, self.stderr)]
            pool.shutdown(wait=False)
        self.wait(timeout)
        left = None if deadline is None else max(deadline - time.monotonic(), 1)
        said, complained = (rest.result(left) for rest in self._rests)
        self.stdout.close()
        self.stderr.close()
        return said, complained

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process: TypeAlias = "Forked | subprocess.Popen[str]"
"""Where it makes no difference whether the interpreter was fresh."""


class _Server:
    """The process that has imported everything, as seen from here."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._libc = ctypes.CDLL(None, use_errno=True)
        program = f"from {__name__} import serve; serve({theirs.fileno()})"
        self._process = subprocess.Popen(
            # -P: what is imported later must not be looked for in the folder of the command.
            [sys.executable, "-P", "-c", program],
            cwd=ROOT,
            env={**without_settings(), "PYTHONPATH": str(ROOT)},
            # Pipes as its children get them: Python looks what they are when it begins.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(self._end)

    def fork(self, job: bytes, ends: Sequence[int]) -> int:
        """A child of this process that does that; gives its pid."""
        with self._lock:
            self._adopt(True)
            try:
                socket.send_fds(self._ours, [job], ends)
                pid = self._ours.recv(32)
            finally:
                self._adopt(False)
        if not pid:
            raise RuntimeError(f"the process that forks has ended: {self._process.communicate()[1].decode()}")
        return int(pid)

    def _adopt(self, wanted: bool) -> None:
        """Whether children become ours when the process that made them ends."""
        assert self._libc.prctl(SUBREAPER, int(wanted), 0, 0, 0) == 0, os.strerror(ctypes.get_errno())

    def _end(self) -> None:
        self._ours.close()
        self._process.communicate()


@cache
def _server() -> _Server:
    return _Server()


def serve(number: int) -> None:
    """The server's part, and, in each process that it forks, that one's."""
    for name in PRELOADED:
        import_module(name)
    assert len(os.listdir("/proc/self/task")) == 1, "a process with threads can't be forked"
    gc.collect()
    gc.freeze()
    job = _job(socket.socket(fileno=number))
    if job is None:
        return
    function, arguments, folder, environment = pickle.loads(job)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    function(*arguments)


def _job(asked: socket.socket) -> bytes | None:
    """Comes back in each new process, with what it is to do there, and without anything in the server at its end."""
    while True:
        try:
            job, ends, _, _ = socket.recv_fds(asked, LARGEST, 3)
        except KeyboardInterrupt:
            continue
        if not job:
            return None
        told: Any = os.pipe()
        between = os.fork()
        if between == 0:
            child = os.fork()
            if child:
                # By ending it leaves its child to the process that asked.
                os.write(told[1], str(child).encode())
                os._exit(0)
            for end, number in zip(ends, range(3), strict=True):
                os.dup2(end, number)
            for number in (*ends, *told, asked.detach()):
                os.close(number)
            return job
        os.waitpid(between, 0)
        asked.send(os.read(told[0], 32))
        for number in (*ends, *told):
            os.close(number)
