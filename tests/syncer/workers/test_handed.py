"""A worker that is stuck is seen as stuck, whatever it is stuck in; one that works, or has nothing to do, isn't."""

import threading
from collections.abc import Mapping

from syncer.activity import Activity, Doing
from syncer.health import LOOP_SECONDS, Pulse, Verdict, alive
from syncer.workers.handed import Handed
from syncer.workers.jobs_schema import prepare
from syncer.workers.queue import JobQueue
from tests import postgres
from tests.syncer.daemon_stage import Clock, wait_for

EVERY, REQUEST = 60.0, 1.0
HANGS = 2 * EVERY + 1


def judged(activity: Activity, doing: Mapping[str, Doing], queue_age: float = 0.0) -> Verdict:
    every = dict.fromkeys(doing, EVERY)
    pulse = Pulse(activity.clock(), activity.loop_age(), doing, every, REQUEST, 4, "it is idle", queue_age)
    return alive(pulse)


def test_a_turn_that_never_gets_its_lease_hangs() -> None:
    clock = Clock()
    activity = Activity(clock)
    handed = Handed(activity)
    with handed.turn("shop"):
        clock.seconds += HANGS
        activity.beat()
        assert judged(activity, handed.doing()).faults == ("shop: its cycle has stood still for 2 min",)


def test_a_turn_whose_cycle_gets_on_is_alive_and_hangs_once_it_does_not() -> None:
    clock = Clock()
    activity = Activity(clock)
    handed = Handed(activity)
    with handed.turn("shop"):
        cycle = activity.link("shop")
        cycle.begin_cycle(census=False)
        cycle.begin("read incidents", 7)
        for _ in range(5):
            clock.seconds += EVERY
            activity.beat()
            cycle.advance("read incidents")
        assert judged(activity, handed.doing()).lines == ("shop: a cycle runs: read incidents, 5 of 7",)
        clock.seconds += HANGS
        activity.beat()
        assert judged(activity, handed.doing()).faults == (
            "shop: its cycle has stood still at 'read incidents' for 2 min",
        )


def test_a_worker_without_a_turn_is_alive_however_long_its_last_one_is_over() -> None:
    clock = Clock()
    activity = Activity(clock)
    handed = Handed(activity)
    with handed.turn("shop"):
        activity.link("shop").begin_cycle(census=False)
        activity.link("shop").end_cycle()
    clock.seconds += 100 * EVERY
    activity.beat()
    assert judged(activity, handed.doing()) == Verdict(("it is idle",))


def test_a_turn_that_is_handed_out_again_outlives_the_end_of_the_first() -> None:
    handed = Handed(Activity(Clock()))
    with handed.turn("shop"):
        with handed.turn("shop"):
            pass
        assert list(handed.doing()) == ["shop"]
    assert not handed.doing()


def test_a_job_queue_whose_loop_stands_still_is_told() -> None:
    fault = "the job queue's loop has stood still for 2 min"
    activity = Activity(Clock())
    assert judged(activity, {}, LOOP_SECONDS).good
    assert judged(activity, {}, LOOP_SECONDS + 1).faults == (fault,)


def test_the_loop_of_a_job_queue_comes_round_and_stands_still_when_it_is_blocked() -> None:
    with postgres.server().database(migrated=True) as url:
        queue = JobQueue(prepare(url), due=list, work=lambda name: None, at_once=1)
        queue.start()
        free = threading.Event()
        try:
            wait_for(lambda: queue.loop_age() > 0.5 and queue.silent_for() < 2)
            wait_for(lambda: queue.loop_age() < 0.3)
            queue._loop.call_soon_threadsafe(free.wait)
            wait_for(lambda: queue.loop_age() > 2.5)
        finally:
            free.set()
            assert queue.stop(30)
