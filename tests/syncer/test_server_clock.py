"""What we know of a server's clock is never ahead of it, and ours has no say in it."""

from datetime import UTC, datetime, timedelta

from syncer.server_clock import ServerClock

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_it_goes_on_from_what_the_server_last_told() -> None:
    passed = iter([100.0, 130.0, 131.0, 131.5])
    clock = ServerClock(lambda: next(passed))
    clock.told(NOON)
    assert clock.now() == NOON + timedelta(seconds=30)
    clock.told(NOON - timedelta(minutes=10))
    assert clock.now() == NOON - timedelta(minutes=10) + timedelta(seconds=0.5), "servers' clocks are set back, too"


def test_before_it_told_any_there_is_none() -> None:
    assert ServerClock().now() is None
