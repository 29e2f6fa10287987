"""The console: pages over the running daemon, for people who want to know what waits, and to decide about it.

    state DB, activity, servers ──► queries ──► frozen views ──► templates ──► page
    form ──► who is it, is it ours ──► syncer.deciding ──► history ──► a cycle begins at once

Anybody who reaches the port may read. Acting takes the token of SYNCER_HTTP__TOKEN.
"""

from syncer.console.routes import routes

__all__ = ["routes"]
