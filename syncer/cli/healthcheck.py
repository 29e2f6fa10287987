"""`syncer healthcheck`: the program as its own health check, over the state DB alone.

It judges the project links that run. Mapping files that were edited since may be wrong, or name a link that the daemon
hasn't begun yet: the daemon goes on with what it has, so neither makes it unhealthy.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from syncer.cli.console import age, out, say
from syncer.cli.session import Session, chosen

if TYPE_CHECKING:
    from config.model import Settings
    from state import Store

INTERVALS = 3
"""A project link is healthy while its last good cycle ended within so many intervals."""


def healthcheck(session: Session, only: str | None) -> int:
    from state import Store
    from syncer.errors import SyncerError

    settings = session.settings()
    limit = INTERVALS * settings.schedule.every_seconds
    now = datetime.now(UTC)
    store = Store.open_readonly(settings.state.url)
    try:
        names = _running(settings, store, only, timedelta(seconds=limit))
        for name in names:
            good = next(iter(store.last_cycles(name, 1, "done")), None)
            if good is None or good.finished_at is None:
                raise SyncerError(f"{name}: no cycle has ended well yet; 'syncer status' says more")
            if (now - good.finished_at).total_seconds() > limit:
                late = f"its last good cycle ended {age(good.finished_at, now)} ago, more than {limit} s"
                raise SyncerError(f"{name}: {late}; 'syncer status' says more")
    finally:
        store.close()
    say(out(), f"healthy: {', '.join(names)}")
    return 0


def _running(settings: "Settings", store: "Store", only: str | None, lately: timedelta) -> list[str]:
    """The links that the mapping files name and that have begun; those that ran lately where the files are wrong.

    Raises `SyncerError` where nothing runs, and `MappingError` where that is because of the files."""
    from mappings import MappingError

    begun = store.last_begun()
    newest = max(begun.values(), default=None)
    try:
        names = [mapping.name for mapping in chosen(settings, only)]
    except MappingError:
        if newest is None:
            raise
        return sorted(name for name, at in begun.items() if at >= newest - lately and only in (None, name))
    return [name for name in names if name in begun] or names
