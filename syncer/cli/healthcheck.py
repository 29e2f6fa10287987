"""`syncer healthcheck`: the program as its own health check, over the state DB alone.

It judges the project links that run. Mapping files that were edited since may be wrong, or name a link that the daemon
hasn't begun yet: the daemon goes on with what it has, so neither makes it unhealthy. A first mirror, or a census of a
large project, takes longer than any interval: it is healthy as long as its writer lives and it gets on.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from syncer.cli.console import out, say
from syncer.cli.session import Session, chosen

if TYPE_CHECKING:
    from config.model import Settings
    from state import Store


def healthcheck(session: Session, only: str | None) -> int:
    from state import Store
    from state.signs import signs, writer_lives
    from syncer.errors import SyncerError
    from syncer.health import current

    settings = session.settings()
    now = datetime.now(UTC)
    store = Store.open_readonly(settings.state.url)
    try:
        intervals = _intervals(settings, store, only)
        lives = writer_lives(store)
        for name, every in intervals.items():
            good = next(iter(store.last_cycles(name, 1, "done")), None)
            fault = current(now, every, good.finished_at if good else None, signs(store, name), lives=lives)
            if fault:
                raise SyncerError(f"{name}: {fault}; 'syncer status' says more")
    finally:
        store.close()
    say(out(), f"healthy: {', '.join(intervals)}")
    return 0


def _intervals(settings: "Settings", store: "Store", only: str | None) -> dict[str, float]:
    """The links that the mapping files name and that have begun, with their intervals; those that ran lately where the
    files are wrong.

    Raises `SyncerError` where nothing runs, and `MappingError` where that is because of the files."""
    from mappings import MappingError
    from syncer.health import INTERVALS

    every = settings.schedule.every_seconds
    begun = store.last_begun()
    newest = max(begun.values(), default=None)
    try:
        mappings = chosen(settings, only)
    except MappingError:
        if newest is None:
            raise
        lately = [name for name, at in begun.items() if (newest - at).total_seconds() <= INTERVALS * every]
        return {name: every for name in sorted(lately) if only in (None, name)}
    intervals = {mapping.name: float(mapping.schedule.every_seconds or every) for mapping in mappings}
    return {name: each for name, each in intervals.items() if name in begun} or intervals
