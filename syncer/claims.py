"""Who may claim a record that has no twin yet: records without a link that nobody would look at otherwise.

| not looked at, since | may carry the mark of a record that seems new |
|---|---|
| it rests: the record that its mark names couldn't be judged | once that one can be read again |
| its side's records never travel | after the state DB was lost, or an old copy of it put in its place |

Without the state DB only the mark on the twin may tell that a record has one; a second one would be created else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from state.rows import Parked
from syncer.context import ProjectLink
from syncer.core.reasons import Reason
from syncer.core.records import Listed, Observation, Present, Side

CLAIMING = frozenset(
    {
        Reason.MISSING,
        Reason.DENIED,
        Reason.MOVED,
        Reason.ARCHIVED,
        Reason.UNREADABLE,
        Reason.FOREIGN_MARK,
        Reason.CLONE,
    }
)
"""Why records wait whose marks name another one."""


def claimants(
    link: ProjectLink, side: Side, lines: Mapping[str, Listed], parked: Iterable[Parked], known: Collection[str]
) -> Iterator[str]:
    """Ids of the side that are none of the `known` and should be read too, while its other side shows records that
    seem new. What the state DB was told of, up to its watermark, needs no second look."""
    resting = [row.record_id for row in parked if row.side == side.word and row.code in CLAIMING]
    unseen: list[str] = []
    if not link.mapping.direction.carries(side.other.word):
        watermark = link.store.watermark(link.name, side.word)
        since = None if watermark is None else watermark - link.pace.overlap[side]
        unseen = [line.id for line in lines.values() if since is None or line.updated_at >= since]
    yield from (record_id for record_id in dict.fromkeys([*resting, *unseen]) if record_id not in known)


def claims(seen: Observation | None, installation: str) -> bool:
    """Whether the record tells of a twin that this installation gave it, now or once."""
    record = seen.record if isinstance(seen, Present) else None
    mark = None if record is None else record.mark or record.dissolved
    return mark is not None and mark.installation == installation


def named_by(seen: Observation | None, installation: str) -> set[str]:
    """The ids of the twins that the record tells of, now or once, by marks of this installation."""
    record = seen.record if isinstance(seen, Present) else None
    marks = () if record is None else (record.mark, record.dissolved)
    return {mark.twin_id for mark in marks if mark is not None and mark.installation == installation}
