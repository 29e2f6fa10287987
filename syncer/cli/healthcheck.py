"""`syncer healthcheck`: the program as its own health check, over the state DB alone."""

from datetime import UTC, datetime

from syncer.cli.console import age, out, say
from syncer.cli.session import Session, chosen

INTERVALS = 3
"""A project link is healthy while its last good cycle ended within so many intervals."""


def healthcheck(session: Session, only: str | None) -> int:
    from state import Store
    from syncer.errors import SyncerError

    settings = session.settings()
    names = [mapping.name for mapping in chosen(settings, only)]
    limit = INTERVALS * settings.schedule.every_seconds
    now = datetime.now(UTC)
    store = Store.open_readonly(settings.state.url)
    try:
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
