"""Work is handed to threads as far as there is room, the first error ends it, and what comes next is made ahead."""

import threading
from collections.abc import Iterator

import pytest

from syncer.crew import Crew, one_ahead

SECONDS = 20


class Broken(Exception):
    """What a task fails with."""


def test_everything_that_was_begun_is_done_when_the_crew_is_left() -> None:
    done: list[int] = []

    def two(number: int) -> None:
        done.append(number)
        crew.begin(1, lambda: done.append(-number))

    with Crew(3, ahead=2) as crew:
        for number in range(1, 30):
            crew.wait_for_room()
            crew.begin(1, lambda number=number: two(number))  # type: ignore[misc]
    assert sorted(done) == [number for number in range(-29, 30) if number]


def test_no_more_is_taken_than_there_is_room_for() -> None:
    go_on, taken = threading.Event(), 0
    with Crew(2, ahead=3) as crew:

        def wait() -> None:
            go_on.wait(SECONDS)

        def take() -> None:
            nonlocal taken
            for _ in range(20):
                crew.wait_for_room()
                taken += 1
                crew.begin(1, wait)

        taking = threading.Thread(target=take)
        taking.start()
        taking.join(0.3)
        assert taken == 6
        go_on.set()
        taking.join(SECONDS)
    assert taken == 20


def test_one_thread_alone_takes_nothing_before_the_last_is_done() -> None:
    order: list[str] = []
    with Crew(1, ahead=8) as crew:
        for number in range(5):
            crew.wait_for_room()
            order.append(f"took {number}")
            crew.begin(1, lambda number=number: order.append(f"did {number}"))  # type: ignore[misc]
    assert order == [f"{what} {number}" for number in range(5) for what in ("took", "did")]


def test_the_first_error_is_raised_and_nothing_new_is_begun_after_it() -> None:
    done: list[int] = []

    def fail() -> None:
        raise Broken

    def work() -> None:
        with Crew(1, ahead=1) as crew:
            crew.begin(1, fail)
            crew.begin(1, lambda: done.append(1))
            while True:
                crew.wait_for_room()

    with pytest.raises(Broken):
        work()
    assert done == []


def test_the_next_part_is_made_while_one_is_in_use() -> None:
    made = threading.Event()

    def parts() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    ahead = one_ahead(parts())
    assert next(ahead) == 1
    assert made.wait(SECONDS), "the second part is made only once somebody asks for it"
    assert list(ahead) == [2]


def test_what_goes_wrong_in_a_part_is_told_in_its_place() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise Broken

    ahead = one_ahead(parts())
    assert next(ahead) == 1
    with pytest.raises(Broken):
        next(ahead)
