"""The promises of the lease: who is frozen is replaced, who lives is not, and who wakes up too late records nothing."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from state import StateError, Store
from state.lease import LOOK_SECONDS, Patience, Standing
from tests.state.builders import intended
from tests.state.killed_taking import main
from tests.state.processes import Waiting, frozen, next_line, other_process, tell
from tests.syncer.forked import Forked

LEASE = 2
IN_TRANSACTION = (
    "from state import database; database.IDLE_SECONDS = 1",
    "writing = store._db.write(); connection = writing.__enter__(); print('inside', flush=True)",
)
FINISHED = "writing.__exit__(None, None, None); print('committed', flush=True)"


def looks(patience: Patience, *renewals: int) -> list[bool]:
    return [patience.is_over(Standing(7, "pid 1", LEASE, number)) for number in renewals]


class TestPatience:
    """Looks are half a second apart unless the test says otherwise."""

    def setup_method(self) -> None:
        self.now = 1000.0
        self.patience = Patience(self.tick)

    def tick(self) -> float:
        self.now += LOOK_SECONDS
        return self.now

    def test_a_lease_that_stands_still_for_longer_than_its_length_is_over(self) -> None:
        assert looks(self.patience, *[3] * 6) == [False] * 5 + [True]

    def test_a_lease_that_is_renewed_is_never_over(self) -> None:
        assert not any(looks(self.patience, *(number // 4 for number in range(100))))

    def test_the_first_look_tells_nothing_however_old_the_lease_is(self) -> None:
        self.now = 10**6
        assert looks(self.patience, 3) == [False]

    def test_who_was_frozen_itself_does_not_count_that_time(self) -> None:
        looks(self.patience, 3)
        self.now += 3600
        assert looks(self.patience, 3, 4, 4) == [False] * 3

    def test_a_new_holder_is_waited_for_anew(self) -> None:
        assert looks(self.patience, *[0] * 6)[-1]
        assert not self.patience.is_over(Standing(8, "pid 2", LEASE, 0))


def test_a_frozen_process_is_replaced_after_its_lease_and_records_nothing_when_it_wakes(url: str, store: Store) -> None:
    wait = Waiting(LEASE * 5)
    with other_process(url, LEASE) as other, frozen(other):
        began = time.monotonic()
        with store.single_writer(wait=wait):
            assert LEASE < time.monotonic() - began < LEASE + 2
            tell(other, "record(1)")
            other.send_signal(signal.SIGCONT)
            said = {next_line(other), next_line(other)}
            intended(store, 2)
            assert [intent.incident_id for intent in store.open_intents("shop")] == ["guid-2"]
    assert any(line.startswith(f"lost to pid {os.getpid()} on ") for line in said)
    assert any("has taken over" in line and "this one must stop" in line for line in said)
    assert set(wait.refusals) == {wait.refusals[0]}
    assert f"another syncer process (pid {other.pid} on " in wait.refusals[0]


def test_a_living_process_is_not_replaced_however_long_it_has_nothing_to_write(url: str, store: Store) -> None:
    with other_process(url, LEASE) as other:
        with pytest.raises(StateError, match=f"pid {other.pid}"), store.single_writer(wait=Waiting(LEASE + 1)):
            pass
        tell(other, "record(1)")
        assert next_line(other) == "recorded\n"


@pytest.mark.parametrize("end", ["by itself", "killed"])
def test_a_process_that_ends_is_replaced_without_waiting_for_its_lease(url: str, store: Store, end: str) -> None:
    with other_process(url, 3600) as other:
        wait = Waiting(10)
        ending = threading.Timer(0.5, other.kill if end == "killed" else lambda: tell(other, "sys.exit()"))
        ending.start()
        with store.single_writer(wait=wait):
            intended(store)
        ending.join()
    assert wait.refusals


def test_of_two_that_wait_for_a_frozen_process_one_takes_over(url: str, store: Store) -> None:
    """And its own lock stays with it when the frozen one ends, whose lock belongs to an older number."""
    rival, taken, done = Store.open(url), threading.Semaphore(0), threading.Event()
    results: list[str] = []

    def wait_in_turn(one: Store) -> None:
        try:
            with one.single_writer(lease_seconds=30, wait=Waiting(LEASE * 2.5)):
                results.append("writes")
                taken.release()
                done.wait()
        except StateError as refusal:
            results.append(str(refusal))
            taken.release()

    with other_process(url, LEASE) as other, frozen(other):
        threads = [threading.Thread(target=wait_in_turn, args=(one,)) for one in (store, rival)]
        for thread in threads:
            thread.start()
        taken.acquire()
        other.kill()
        taken.acquire()
        done.set()
        for thread in threads:
            thread.join()
    rival.close()
    assert results[0] == "writes"
    assert f"another syncer process (pid {os.getpid()} on " in results[1]


def test_a_process_frozen_amid_a_transaction_keeps_sqlite_to_itself_until_it_wakes_or_dies(
    tmp_path: Path, file_store: Store
) -> None:
    """Nobody can take the write lock of a SQLite file from a living process; what it was recording is recorded."""
    with other_process(f"sqlite:///{tmp_path}/syncer.db", LEASE) as other:
        for line in IN_TRANSACTION:
            tell(other, line)
        assert next_line(other) == "inside\n"
        wait = Waiting(LEASE + 1.5)
        with frozen(other), pytest.raises(StateError, match="locked"), file_store.single_writer(wait=wait):
            pass
        tell(other, FINISHED)
        assert next_line(other) == "committed\n"
        tell(other, "record(1)")
        assert next_line(other) == "recorded\n"


# Only a server can do that.
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_process_frozen_amid_a_transaction_is_thrown_out_by_postgresql(url: str, store: Store) -> None:
    with other_process(url, LEASE) as other:
        for line in IN_TRANSACTION:
            tell(other, line)
        assert next_line(other) == "inside\n"
        with frozen(other), store.single_writer(wait=Waiting(LEASE * 5)):
            intended(store)


def test_a_process_killed_at_any_step_of_taking_or_giving_back_leaves_nothing_to_wait_for(url: str) -> None:
    with Forked(main, (url,)) as ran:
        out, err = ran.communicate()
    assert ran.returncode == 0, err
    assert int(out) >= 10
