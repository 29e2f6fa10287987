"""The roll of a census: who is there on both sides, by ids alone, each page held against the state DB.

From it alone absence may be suspected. It says nothing of what changed: that is what the poll says, which is part of
each census.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from syncer.context import Progress, ProjectLink
from syncer.core.records import Listed, Side

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Roll:
    """Both by side: the ids of the links whose record is there, and the ids of records that have no link, the oldest
    first."""

    linked: Mapping[Side, set[int]]
    alone: Mapping[Side, list[str]]

    def beside(self, listed: Mapping[Side, Mapping[str, Listed]]) -> dict[Side, dict[str, Listed]]:
        """What was `listed`, and before it those without a link that weren't: they were updated before any of it."""
        bare = {side: {each: Listed(each, each, EARLIEST, "") for each in self.alone[side]} for side in Side}
        return {side: {**bare[side], **listed[side]} for side in Side}


def call_the_roll(link: ProjectLink, progress: Progress) -> Roll:
    """Ask both sides who is there. Raises rather than being short."""
    linked: dict[Side, set[int]] = {side: set() for side in Side}
    alone: dict[Side, list[str]] = {side: [] for side in Side}
    for side in Side:
        progress.begin(f"count {side}s", None)
        for page in link.ports[side].ids():
            link.go_on()
            standings = link.store.standings(link.name, side.word, page)
            linked[side].update(each.link_id for each in standings.values())
            alone[side] += (each for each in page if each not in standings)
            progress.advance(f"count {side}s", len(page))
        # Sides list the newest first, and twins are made in the order of the records.
        alone[side].reverse()
    return Roll(linked, alone)
