"""`syncer` commands in processes of their own, forked from one that has imported everything: they begin at once.

Whoever wants a fresh interpreter, as an operator gets it, has `start` of the terminal in `tests/syncer/cli`.
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from syncer.cli.entry import run

_PROCESSES = get_context("forkserver")
# The command line imports late, so what `sync` needs is named too.
_PROCESSES.set_forkserver_preload([__name__, "config.settings", "syncer.cli.sync", "syncer.wiring"])


def start(said: Path, environment: Mapping[str, str], *words: str) -> ForkServerProcess:
    """A process that carries out the command line in that environment, and writes what it says into `said`."""
    process = _PROCESSES.Process(target=_command, args=(said, environment, words))
    process.start()
    return process


def _command(said: Path, environment: Mapping[str, str], words: tuple[str, ...]) -> None:
    for name in [name for name in os.environ if name.startswith("SYNCER_")]:
        del os.environ[name]
    os.environ.update(environment)
    with said.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(run(words))
