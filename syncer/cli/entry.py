"""From the words on a command line to an exit code.

| what ends a command | on standard error | exit code |
|---|---|---|
| its own result | - | as documented: 0, or 2 from `plan` for changes |
| wrong words on the command line | what is wrong, and where help is | 1 |
| settings, mapping files, state DB, a server | one sentence for each problem | 1 |
| anything unexpected | one sentence; with --debug the traceback too | 1 |
| `run` or `worker`, when another instance took over | one sentence | 75 |
| Ctrl-C | one sentence | 130 |
"""

import os
import sys
from collections.abc import Sequence

from syncer.cli.commands import app
from syncer.cli.errors import complain, tell
from syncer.cli.session import Session

INTERRUPTED = 130


def main() -> None:
    """The console script `syncer`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Titles may hold what the terminal's encoding can't say, and half characters that none can.
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has had enough of it; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; gives its exit code."""
    session = Session()
    try:
        code = app(args=list(arguments), prog_name="syncer", obj=session, standalone_mode=False)
    except BrokenPipeError:
        return 1
    except Exception as error:
        complain(error, debug=session.debug)
        return 1
    if code == INTERRUPTED:
        tell("interrupted; nothing is lost, the next cycle goes on from here")
    return code if isinstance(code, int) else 0
