"""The job queue: Procrastinate, told what this project needs of it, and started again whenever its DB went away.

    dispatch  every 2 s, once in the whole fleet: a job for each link that is due and hasn't one yet; `hand_out` defers
              one for a link of which somebody says that it is due
    work      one at a time for each link (`lock`), and at most one that waits (`queueing_lock`)
    rescue    every 2 s: a job whose worker is gone is ended as failed; the next one of that link goes on

A job that was lost does no harm, as the link stays due. Nothing is ever tried again by the engine: a stalled job that
came back would meet the next one of its link, and be refused.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from state import StateError

HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 8.0
POLL_SECONDS = 2.0
AGAIN_SECONDS = 1.0
CONNECT_SECONDS = 5.0
BEAT_SECONDS = 1.0
EVERY_TWO_SECONDS = "* * * * * */2"
"""The engine's own order: seconds come last."""

LINKS, UPKEEP = "links", "upkeep"
"""Upkeep has a queue and a place of its own, so that it never waits behind a long mirror."""

log = structlog.get_logger("syncer")


class JobQueue:
    """This process's part of the queue, in a thread with an event loop.

    `parameters` are libpq's, `due` gives the names of the links that want a turn, `work` takes one turn and raises
    nothing. Both are called in other threads.
    """

    def __init__(
        self,
        parameters: Mapping[str, str],
        due: Callable[[], Sequence[str]],
        work: Callable[[str], None],
        at_once: int,
    ) -> None:
        self._parameters = dict(parameters)
        self._due = due
        self._work = work
        self._at_once = at_once
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._hand_out: Callable[[str], Awaitable[None]] | None = None
        self._came_round = self._answered = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        # It tells with tracebacks, and quotes what it was given: what is worth knowing is told here.
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Begin no more turns; True when those under way have ended in time."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def loop_age(self) -> float:
        """Seconds since the loop came round last, which it does every second, the DB away or not; from any thread."""
        return time.monotonic() - self._came_round

    def silent_for(self) -> float:
        """Seconds since the DB of the queue answered last; from any thread."""
        return time.monotonic() - self._answered

    def hand_out(self, name: str) -> None:
        """Defer a turn at that link, due or not; from any thread but the loop's own. One that waits already is enough.

        Raises StateError where the queue can't be told."""
        hand_out = self._hand_out
        if hand_out is None:
            raise StateError("the job queue is out of reach: try again later")

        async def told() -> None:
            await asyncio.wait_for(hand_out(name), CONNECT_SECONDS)

        try:
            asyncio.run_coroutine_threadsafe(told(), self._loop).result(2 * CONNECT_SECONDS)
        except (procrastinate.exceptions.ProcrastinateException, TimeoutError) as error:
            raise StateError("the job queue doesn't answer: try again later") from error

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # The engine runs each turn in one of these; with fewer, jobs would count as running and wait.
        self._loop.set_default_executor(ThreadPoolExecutor(self._at_once + 4))
        self._loop.run_until_complete(self._until_stop())

    async def _until_stop(self) -> None:
        beating = asyncio.create_task(self._beat())
        try:
            await self._serve_again_and_again()
        finally:
            beating.cancel()

    async def _beat(self) -> None:
        while True:
            self._came_round = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)

    async def _serve_again_and_again(self) -> None:
        while not self._stop.is_set():
            try:
                await self._serve()
                reason = "its workers ended"
            except Exception as error:  # whatever it is, the next round begins from nothing
                reason = f"{type(error).__name__}"
            if not self._stop.is_set():
                log.warning(f"the job queue was lost ({reason}); it is joined again", seconds=AGAIN_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), AGAIN_SECONDS)

    async def _serve(self) -> None:
        """Until a stop is asked for, or a part of the engine ends: without an error, too, when its DB went away."""
        connector = procrastinate.PsycopgConnector(
            kwargs=self._parameters, min_size=1, max_size=4, timeout=CONNECT_SECONDS
        )
        app = procrastinate.App(connector=connector)
        self._tell(app)
        async with app.open_async():
            serving = [
                asyncio.create_task(_worker(app, LINKS, self._at_once)),
                asyncio.create_task(_worker(app, UPKEEP, 2)),
                asyncio.create_task(self._ask_on(connector)),
            ]
            stop = asyncio.create_task(self._stop.wait())
            await asyncio.wait([*serving, stop], return_when=asyncio.FIRST_COMPLETED)
            self._hand_out = None
            for task in (*serving, stop):
                task.cancel()
            # The engine ends its turns under way first, for as long as they take.
            ended = await asyncio.gather(*serving, return_exceptions=True)
        for result in ended:
            if isinstance(result, Exception):
                raise result

    async def _ask_on(self, connector: procrastinate.PsycopgConnector) -> None:
        """Notice that the DB answers. Where it doesn't, the engine's own questions fail, or wait as this one does."""
        while True:
            await connector.execute_query_async("SELECT 1")
            self._answered = time.monotonic()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def _tell(self, app: procrastinate.App) -> None:
        """Tell the engine its three tasks."""

        @app.task(name="work", queue=LINKS)
        def work(name: str) -> None:
            self._work(name)

        async def hand_out(name: str) -> None:
            # Another worker may have been quicker.
            with suppress(AlreadyEnqueued):
                await work.configure(lock=_lock(name), queueing_lock=_lock(name)).defer_async(name=name)

        self._hand_out = hand_out

        @app.periodic(cron=EVERY_TWO_SECONDS)
        @app.task(name="dispatch", queue=UPKEEP, queueing_lock="dispatch")
        async def dispatch(timestamp: int) -> None:
            waiting = {job.queueing_lock for job in await app.job_manager.list_jobs_async(queue=LINKS, status="todo")}
            for name in await asyncio.to_thread(self._due):
                if _lock(name) not in waiting:
                    await hand_out(name)

        # Without a lock: it could stall itself, and everything with it.
        @app.periodic(cron=EVERY_TWO_SECONDS)
        @app.task(name="rescue", queue=UPKEEP, queueing_lock="rescue")
        async def rescue(timestamp: int) -> None:
            manager = app.job_manager
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
                try:
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
                except procrastinate.exceptions.ProcrastinateException:  # another worker's rescue was quicker
                    continue
                if job.queue == LINKS:
                    log.warning("a worker is gone; its project link goes on elsewhere", link=job.task_kwargs["name"])


def _lock(name: str) -> str:
    return f"link {name}"


async def _worker(app: procrastinate.App, queue: str, at_once: int) -> None:
    await app.run_worker_async(
        queues=[queue],
        concurrency=at_once,
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        fetch_job_polling_interval=POLL_SECONDS,
        delete_jobs="always",
    )
