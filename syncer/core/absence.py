"""Whether a record that can't be read was deleted: only ever by all of the evidence, never by one answer.

| read by id | the side | seen so before | it is |
|---|---|---|---|
| readable | | | present |
| 403, 401, an error, moved, archived | | | unknown: access lost, moved, archived or unobserved |
| 404 | project unreadable, or no linked sibling readable | | unknown: it may be us who can't see |
| 404 | sound | no, or too recently | unknown, to be confirmed |
| 404 | sound | yes, long enough ago | gone |
| 404 | sound, but hides single records | yes, long enough ago | gone, and a person must approve |

The same table decides on a comment, a mark or a step-result link that isn't there any more: being unlisted by a
complete, readable record takes the place of the 404.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from state.rows import Absence
from syncer.core.records import Cause, Gone, Observation, Record, Side, Unknown
from syncer.core.situation import Situation

RECORD = "record"
MARK = "mark"


@dataclass(frozen=True, slots=True)
class Footing:
    """How sound a side stands this cycle: its project was read, and so many linked records of it by their ids.

    `marks_shown` is True when one of those shows its mark, or when there are none that could.
    """

    project_read: bool
    siblings_read: int
    marks_shown: bool
    hides_single_records: bool

    @property
    def sound(self) -> bool:
        return self.project_read and self.siblings_read > 0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an absence must last before it is believed."""

    now: datetime
    confirm_after: timedelta

    def confirms(self, earlier: Absence | None) -> bool:
        """Whether an earlier, equal observation lies far enough back."""
        return earlier is not None and self.now - earlier.first_seen_at >= self.confirm_after


def classify(seen: Unknown, footing: Footing, earlier: Absence | None, patience: Patience) -> Observation:
    """The table above, for a record that could not be read by its id."""
    if seen.cause is not Cause.MISSING:
        return seen
    if not footing.sound:
        return Unknown(f"{seen.reason}; but no other linked record can be read either, so access may be lost")
    if earlier is None or not patience.confirms(earlier):
        return Unknown(f"{seen.reason}; to be confirmed by a later look before it counts as deleted", Cause.MISSING)
    since = f"{earlier.first_seen_at:%Y-%m-%d %H:%M} UTC"
    evidence = f"404 since {since}, while its project and {footing.siblings_read} linked siblings are readable"
    return Gone(evidence, certain=not footing.hides_single_records)


Item: TypeAlias = tuple[Side, str]
"""Something that was looked for in vain: the side, and "record", "mark", "comment <id>" or "result <id>"."""


def missing_items(situation: Situation) -> frozenset[Item]:
    """All that the state DB knows of a link and that its two sides no longer show, as far as they were observed."""
    if situation.link is None:
        return frozenset()
    items: set[Item] = set()
    for side in Side:
        seen = situation.observation(side)
        if isinstance(seen, Unknown) and seen.cause is Cause.MISSING:
            items.add((side, RECORD))
        record = situation.record(side)
        if record is not None:
            items |= {(side, item) for item in _missing_of(record, situation)}
    if situation.results is not None:
        held = {result.id for result in situation.results}
        items |= {(Side.INCIDENT, result_item(row.step_result_id)) for row in situation.result_links} - {
            (Side.INCIDENT, result_item(result_id)) for result_id in held
        }
    return frozenset(items)


def is_observed(situation: Situation, item: Item) -> bool:
    """Whether one of the `missing_items` of a record that is there could be seen at all."""
    side, name = item
    record = situation.record(side)
    if record is None or name == RECORD:
        return True
    if name == MARK:
        return record.shows_mark is not None
    if name.startswith(result_item("")):
        return (record.results if side is Side.ISSUE else situation.results) is not None
    return record.comments is not None


def _missing_of(record: Record, situation: Situation) -> Iterator[str]:
    marked = situation.link.marked if situation.link else frozenset()
    if record.side.word in marked and record.shows_mark is False:
        yield MARK
    if record.comments is not None:
        held = {comment.id for comment in record.comments}
        for row in situation.comment_links:
            own_id = row.incident_comment_id if record.side is Side.INCIDENT else row.issue_comment_id
            if row.owner == record.side.word and own_id not in held:
                yield comment_item(own_id)
    if record.side is Side.ISSUE and record.results is not None:
        for result in situation.result_links:
            if result.step_result_id not in record.results:
                yield result_item(result.step_result_id)


def comment_item(comment_id: str) -> str:
    return f"comment {comment_id}"


def result_item(step_result_id: str) -> str:
    return f"result {step_result_id}"


def review(
    situation: Situation,
    missing: Collection[Item],
    footings: Mapping[Side, Footing],
    earlier: Mapping[Item, Absence],
    patience: Patience,
) -> Situation:
    """The situation with each absence judged: records by the table, everything else as lost or in question."""
    lost, questioned = set[Item](), set[Item]()
    for side, item in missing:
        footing = footings[side]
        sound = footing.sound and (item != MARK or footing.marks_shown)
        believed = sound and patience.confirms(earlier.get((side, item)))
        (lost if believed else questioned).add((side, item))
    judged = {
        side: classify(seen, footings[side], earlier.get((side, RECORD)), patience)
        for side in Side
        if isinstance(seen := situation.observation(side), Unknown)
    }
    return replace(
        situation,
        incident=judged.get(Side.INCIDENT, situation.incident),
        issue=judged.get(Side.ISSUE, situation.issue),
        lost=frozenset(lost),
        questioned=frozenset(questioned),
    )
