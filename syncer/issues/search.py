"""Searching: both deployments' ways through the pages, neither of which may lose an issue silently.

Cloud pages by tokens (POST /search/jql), Data Center by offset (POST /search). A search is never taken as the
truth about an issue: its index lags. It says where to look.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from syncer.core.records import Side
from syncer.errors import Unavailable
from syncer.issues.client import JiraClient

Json: TypeAlias = Any

PAGE = 1000
"""Issues asked for at once; servers give fewer as they please."""

PAGE_OF_IDS = 5000
"""Cloud gives so many where nothing but ids is asked for (Jira REST v2, POST /search/jql); Data Center gives what its
administrator allows, 1,000 by default."""

OVERLAP = 10
MOST_EMPTY_PAGES = 20
MOST_RETREATS = 50


def quoted(text: str) -> str:
    """A text as a JQL literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def minutes_ago(since: datetime, now: datetime) -> str:
    """`since` as JQL, rounded to the earlier side by one to two minutes; both times are the server's.

    A relative time, since it needs no time zone: a literal is read in the time zone of the account's profile, to
    the minute, and the zone-free epoch literal is not understood by every Data Center."""
    return f'"-{max(0, math.ceil((now - since).total_seconds() / 60)) + 1}m"'


def pages(client: JiraClient, jql: str, *fields: str, size: int = PAGE) -> Iterator[Sequence[Json]]:
    """The issues that `jql` finds, page by page, with `fields`. Raises `Unavailable` rather than ending early."""
    if client.deployment.cloud:
        return _by_token(client, {"jql": jql, "fields": list(fields), "maxResults": size})
    return _by_offset(client, {"jql": jql, "fields": list(fields), "startAt": 0, "maxResults": size})


def first(client: JiraClient, jql: str, *fields: str) -> Json | None:
    """The first issue that `jql` finds, `None` when it finds none."""
    body = {"jql": jql, "fields": list(fields), "maxResults": 1}
    path = ("search", "jql") if client.deployment.cloud else ("search",)
    found = client.fetch(body, *path).get("issues") or [None]
    return found[0]


def _by_token(client: JiraClient, body: dict[str, Json]) -> Iterator[Sequence[Json]]:
    seen: set[str] = set()
    empty = 0
    while True:
        page = client.fetch(body, "search", "jql")
        issues = page.get("issues") or []
        if issues:
            yield issues
        token = page.get("nextPageToken")
        if not token:
            if page.get("isLast") is False:
                raise _cut("it says that more pages follow and does not say where")
            return
        empty = 0 if issues else empty + 1
        if token in seen or empty > MOST_EMPTY_PAGES:
            raise _cut("its pages lead nowhere")
        seen.add(token)
        body["nextPageToken"] = token


def _by_offset(client: JiraClient, body: dict[str, Json]) -> Iterator[Sequence[Json]]:
    """Pages that overlap: an issue that leaves its place meanwhile, or is deleted, lets all behind it move up by one.

    A page follows on the one before it as long as one of the last issues of that one is still in it."""
    start, tail, back, retreats = 0, frozenset[str](), OVERLAP, 0
    while True:
        page = client.fetch({**body, "startAt": start}, "search")
        issues = page.get("issues") or []
        ids = [issue["id"] for issue in issues]
        if tail and tail.isdisjoint(ids):
            retreats += 1
            if retreats > MOST_RETREATS:
                raise _cut("issues move faster than its pages can be read")
            back *= 2
            start = max(0, start - back)
            tail = tail if start else frozenset()
            continue
        if issues:
            yield issues
        end = start + len(ids)
        if end >= int(page.get("total") or 0):
            return
        if not issues:
            raise _cut("a page in the middle is empty")
        back, overlap = OVERLAP, min(OVERLAP, len(ids) // 2)
        start, tail = end - overlap, frozenset(ids[len(ids) - overlap :])


def _cut(why: str) -> Unavailable:
    return Unavailable(Side.ISSUE, f"Jira's search gives no complete listing: {why}")
