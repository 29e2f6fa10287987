"""The one who tells, beside the daemon: every few seconds it looks what needs a person, and sends what isn't told yet.

    state DB, activity ──► picture ──► steps ──► POST ──► on record, in memory and in the state DB
                                                   │ refused, or no answer
                                                   └──► nothing is on record: told later, after growing pauses

It has a thread of its own, so that no receiver ever holds up a cycle. What was sent counts as told from then on, even
while the state DB can't be written: a full disk must not become a message every ten seconds.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog
from pydantic import SecretStr

from config.model import Settings
from state import StateError, Store
from state.told import Told
from syncer.activity import Activity
from syncer.context import ProjectLink
from syncer.runner import Rhythm
from syncer.telling.events import Facts, Group, LinkNow, What, picture
from syncer.telling.telling import Manners, Step, steps
from syncer.telling.webhook import NotTold, Webhook
from syncer.telling.wording import body

LOOK_SECONDS = 10.0
FIRST_LOOK_SECONDS = 2.0
LONGEST_PAUSE = 600.0
STOP_SECONDS = 1.0
"""How long a stop waits for a message under way. A thread that waits longer ends with the process."""

log = structlog.get_logger("syncer")


@dataclass(frozen=True, slots=True)
class Watched:
    """What the teller looks at. `console` is where people open the console, None where there is none."""

    settings: Settings
    store: Store
    activity: Activity
    links: Callable[[], Sequence[ProjectLink]]
    rhythm: Rhythm
    console: str | None


class Teller:
    """Remembers what was told. One thread at a time may call `look`."""

    def __init__(
        self, watched: Watched, webhook: Webhook, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._watched = watched
        self._webhook = webhook
        self._now = now
        self._told: dict[tuple[str, str, str], Told] | None = None
        self._unsaved: list[Step] = []
        self._spoken: dict[Group, datetime] = {}
        self._failures = 0

    def look(self) -> float:
        """Tell what isn't told yet; gives the seconds until the next look.

        Raises StateError before anything is known of what was told, and once another instance writes."""
        facts, now = self._facts(), self._now()
        manners = Manners(timedelta(seconds=self._watched.settings.webhook.remind_after_seconds))
        for step in steps(picture(facts, now), facts.told, self._spoken, manners, now):
            if facts.parked is not None:
                # Who has lost its turn tells nothing more: its successor does.
                self._watched.store.require_turn()
            try:
                self._webhook.post(body(step, self._watched.console))
            except NotTold as failure:
                return self._failed(failure)
            self._sent(step, now)
        if self._failures:
            log.info("the webhook's receiver takes messages again")
            self._failures = 0
        return min(LOOK_SECONDS, self._watched.rhythm.every.total_seconds())

    def _facts(self) -> Facts:
        watched, store = self._watched, self._watched.store
        doing = watched.activity.doing()
        links = [(link, doing[link.name]) for link in watched.links() if link.name in doing]
        facts = Facts(
            links=[LinkNow(link.name, watched.rhythm.every_of(link), does) for link, does in links],
            parked=None,
            held=None,
            told=(),
            token_expires=watched.settings.jira.token_expires,
            silent_intervals=watched.settings.webhook.silent_intervals,
            clock=watched.activity.clock(),
        )
        with suppress(StateError):  # a DB that takes nothing may still be read
            self._save()
        try:
            told = self._refreshed(store.told())
            return replace(facts, parked=store.parked(), held=store.held(), told=told)
        except StateError:
            if self._told is None:
                raise
            # The cycles fail as well then, and that is to be told.
            return replace(facts, told=list(self._told.values()))

    def _refreshed(self, rows: Sequence[Told]) -> list[Told]:
        """What was told, with what another instance has left to be told since."""
        known = [row for row in rows if row.what in set(What)]  # a newer syncer may have told of more
        if self._told is None:
            self._told = {row.key: row for row in known}
        gone = {key for step in self._unsaved for key in step.over}
        self._told |= {row.key: row for row in known if row.told_at is None and row.key not in gone}
        return list(self._told.values())

    def _sent(self, step: Step, now: datetime) -> None:
        kept = {key: row for key, row in (self._told or {}).items() if key not in step.over}
        self._told = kept | {row.key: row for row in step.told}
        self._spoken[step.group] = now
        self._unsaved.append(step)
        what, link = step.group.what.value, step.group.project_link
        log.info("told people by the webhook", about=what, state=step.state, count=step.left, link=link or None)
        with suppress(StateError):  # recorded at the next look
            self._save()

    def _save(self) -> None:
        while self._unsaved:
            self._watched.store.set_told(self._unsaved[0].told, self._unsaved[0].over)
            del self._unsaved[0]

    def _failed(self, failure: NotTold) -> float:
        pause = min(LOOK_SECONDS * float(2 ** min(self._failures, 20)), LONGEST_PAUSE)
        self._failures += 1
        log.warning(f"{failure}; what is to be told waits", next_try_in_seconds=int(pause))
        return pause


@contextmanager
def telling(watched: Watched) -> Iterator[None]:
    """Tell people until the end of the block, where the settings name a webhook."""
    url = watched.settings.webhook.url
    if url is None:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_tell_until, args=(watched, url, ended), name="telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(STOP_SECONDS)


def _tell_until(watched: Watched, url: SecretStr, ended: threading.Event) -> None:
    with Webhook(url.get_secret_value()) as webhook:
        teller = Teller(watched, webhook)
        pause = FIRST_LOOK_SECONDS
        while not ended.wait(pause):
            pause = LOOK_SECONDS
            try:
                pause = teller.look()
            except StateError as error:
                log.warning(f"nobody can be told now: {error}")
            except Exception as error:  # whatever it is, telling goes on
                log.error(f"unexpected {type(error).__name__} while telling people; syncer --debug run shows where")
                log.debug("traceback", exc_info=True)


def note_taken_over(settings: Settings, store: Store, holder: str, by: str) -> None:
    """This instance was replaced: leave word of that for its successor, which tells it."""
    if settings.webhook.url is not None:
        with suppress(StateError):  # it is in the log all the same
            store.note_occurrence(What.TAKEN_OVER, f"{holder} was replaced by {by}", datetime.now(UTC))
