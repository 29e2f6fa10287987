"""Mistakes that are easily made with time, planted in the way a poll is made: the histories must show each of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from syncer.context import ProjectLink
from syncer.core.records import Listed, Side
from syncer.issues.search import pages
from syncer.issues.shapes import moment
from syncer.ports import Port
from syncer.sandbox import cast as people
from tests.time.histories import Mistake, World


class _Instead:
    """A port, with something else in the place of one of its methods."""

    def __init__(self, port: Port, **methods: Callable[..., Any]) -> None:
        self._port = port
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._port, name)


def _with(link: ProjectLink, side: Side, **methods: Callable[..., Any]) -> ProjectLink:
    between = cast(Port, _Instead(link.ports[side], **methods))
    return replace(link, ports={**link.ports, side: between})


def our_own_clock(world: World) -> ProjectLink:
    """The watermark follows the clock of this machine."""
    link = _with(world.link, Side.ISSUE, clock=world.clock.now)
    return _with(link, Side.INCIDENT, clock=world.clock.now)


def no_overlap(world: World) -> ProjectLink:
    """A poll begins where the last one ended."""
    return replace(world.link, pace=replace(world.link.pace, overlap=dict.fromkeys(Side, timedelta())))


def standing_still(world: World) -> ProjectLink:
    """The watermark is the newest record's, for good."""
    link = _with(world.link, Side.ISSUE, clock=lambda: None)
    return _with(link, Side.INCIDENT, clock=lambda: None)


def literal_in_utc(world: World) -> ProjectLink:
    """The server reads times in the zone of the account's profile."""
    return _asking(world, lambda since: f'"{since.astimezone(UTC):%Y-%m-%d %H:%M}"')


def literal_by_the_offset_of_now(world: World) -> ProjectLink:
    """That zone's offset was another one before its clocks were changed."""

    def text(since: datetime) -> str:
        offset = world.issues.now().astimezone(ZoneInfo(world.history.zone)).utcoffset() or timedelta()
        return f'"{since.astimezone(UTC) + offset:%Y-%m-%d %H:%M}"'

    return _asking(world, text)


def minutes_cut(world: World) -> ProjectLink:
    """Minutes count from the end of the one that has begun, and what waits under way is counted too."""

    def text(since: datetime) -> str:
        seconds = (world.issues.now() - since).total_seconds()
        return f'"-{max(0, int(seconds // 60) - 1)}m"'

    return _asking(world, text)


def _asking(world: World, text: Callable[[datetime], str]) -> ProjectLink:
    """Jira is asked for what was updated since a time as `text` writes it."""
    client = world.issues.client

    def listed(since: datetime | None) -> Iterator[Sequence[Listed]]:
        bound = "" if since is None else f" AND updated >= {text(since)}"
        jql = f'project = "{people.PROJECT_KEY}"{bound} ORDER BY updated DESC, key DESC'
        for page in pages(client, jql, "updated"):
            yield [
                Listed(each["id"], each["key"], moment(each["fields"]["updated"]), each["fields"]["updated"])
                for each in page
            ]

    return _with(world.link, Side.ISSUE, listed=listed)


MISTAKES: Mapping[str, Mistake] = {
    each.__name__: each
    for each in (
        our_own_clock,
        no_overlap,
        standing_still,
        literal_in_utc,
        literal_by_the_offset_of_now,
        minutes_cut,
    )
}
