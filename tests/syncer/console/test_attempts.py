"""Wrong tokens: a slip costs nothing, trying them all costs ever longer pauses, and nobody else pays for it."""

from syncer.console.attempts import FREE, LONGEST_SECONDS, MOST_ADDRESSES, Attempts
from tests.syncer.daemon_stage import Clock


def test_the_first_tries_are_free_and_then_pauses_grow_up_to_a_limit() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    pauses = []
    for _ in range(FREE + 10):
        pauses.append(attempts.pause("here"))
        clock.seconds += pauses[-1]
        attempts.failed("here")
    assert pauses[: FREE + 5] == [0.0] * FREE + [1.0, 2.0, 4.0, 8.0, 16.0]
    assert max(pauses) == LONGEST_SECONDS


def test_another_address_waits_for_nothing_and_the_right_token_ends_the_pauses() -> None:
    attempts = Attempts(Clock())
    for _ in range(FREE + 1):
        attempts.failed("here")
    assert attempts.pause("here") > 0
    assert attempts.pause("there") == 0
    attempts.succeeded("here")
    assert attempts.pause("here") == 0


def test_old_slips_are_forgotten_and_many_addresses_take_no_more_room() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(FREE):
        attempts.failed("here")
    clock.seconds = 3600
    attempts.failed("here")
    assert attempts.pause("here") == 0
    for number in range(MOST_ADDRESSES * 2):
        attempts.failed(str(number))
    assert len(attempts._wrong) == MOST_ADDRESSES
