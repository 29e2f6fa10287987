"""The command line. `commands` says what can be typed, one module per command says what happens then.

Commands import what they need when they run, so that `--help` and the image's health check start quickly.
"""

from syncer.cli.entry import main

__all__ = ["main"]
