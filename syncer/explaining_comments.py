"""Each comment and each step-result link of an explanation, with what is decided on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from state.rows import CommentLink, SideName
from syncer.core.absence import comment_item, result_item
from syncer.core.actions import Action, AddComment, EditComment, LinkComment, action_item
from syncer.core.reasons import Reason
from syncer.core.records import Comment, Side
from syncer.core.removals import DeleteComment, DropComment, DropResult, HideResult, LinkResult, ShowResult
from syncer.looking import Known, Seen
from syncer.reasoning import WHOLE, Why, as_planned


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One comment or step-result link. `side` is where it belongs."""

    side: SideName
    item: str
    code: Reason
    decision: str


def comment_lines(seen: Seen, known: Known, why: Why) -> Iterator[ItemLine]:
    """Each comment that a person wrote, on its own side; and those that were there before."""
    situation = seen.situation
    for side in Side:
        record = situation.record(side)
        links = {_own_id(row, side): row for row in situation.comment_links if row.owner == side.word}
        mirrors = {_own_id(row, side) for row in situation.comment_links if row.owner != side.word}
        there = record.comments or () if record is not None else ()
        for comment in there:
            if comment.id not in mirrors:
                yield _comment(comment, side, links.get(comment.id), seen, known, why)
        seen_ids = {comment.id for comment in there}
        if record is not None and record.comments is not None:
            for comment_id in links.keys() - seen_ids:
                yield _lost(side, comment_item(comment_id), seen, why)


def _own_id(row: CommentLink, side: Side) -> str:
    return row.incident_comment_id if side is Side.INCIDENT else row.issue_comment_id


def _comment(comment: Comment, side: Side, row: CommentLink | None, seen: Seen, known: Known, why: Why) -> ItemLine:
    item = comment_item(comment.id)
    for action in seen.planned.actions:
        if isinstance(action, AddComment | EditComment) and (action.side, action_item(action)) == (side.other, item):
            said = as_planned(action.sentence(), item, known, None if action in seen.passed.actions else why)
            return ItemLine(side.word, item, said.code, said.sentence)
        if isinstance(action, LinkComment) and comment.id in (action.incident_comment_id, action.issue_comment_id):
            return ItemLine(side.word, item, Reason.PLANNED, action.sentence())
    if row is not None:
        return ItemLine(side.word, item, Reason.IN_STEP, f"mirrored as comment {_own_id(row, side.other)}")
    if comment.mark is not None:
        return ItemLine(side.word, item, Reason.FOREIGN_MARK, "it carries a mark, so no person wrote it here")
    if not seen.bound.mapping.comments.direction.carries(side.other.word):
        return ItemLine(side.word, item, Reason.ONE_WAY, Reason.ONE_WAY.sentence)
    if why.whole:
        return ItemLine(side.word, item, why.code, WHOLE)
    return ItemLine(side.word, item, Reason.UNOBSERVED, "the other side's comments were not seen")


def result_lines(seen: Seen, known: Known, why: Why) -> Iterator[ItemLine]:
    """Each step-result link that is mirrored, or about to be."""
    for action in seen.planned.actions:
        if isinstance(action, ShowResult | LinkResult):
            item = action_item(action) if isinstance(action, ShowResult) else result_item(action.step_result_id)
            said = as_planned(action.sentence(), item, known, None if action in seen.passed.actions else why)
            yield ItemLine(Side.INCIDENT.word, item, said.code, said.sentence)
    for row in seen.situation.result_links:
        item = result_item(row.step_result_id)
        gone = next((side for side, each in seen.situation.questioned | seen.situation.lost if each == item), None)
        if gone is not None:
            yield _lost(gone, item, seen, why)
        else:
            yield ItemLine(Side.INCIDENT.word, item, Reason.IN_STEP, "shown on the issue")


def _lost(side: Side, item: str, seen: Seen, why: Why) -> ItemLine:
    """Something that was there when both sides last agreed."""
    if (side, item) in seen.situation.questioned:
        return ItemLine(side.word, item, Reason.TO_CONFIRM, f"gone on the {side} side; a later look must confirm it")
    # What may be done comes first: where a person discarded the removal, something else is.
    actions = (*seen.passed.actions, *seen.planned.actions)
    removal = next((action for action in actions if _about(action, item, seen)), None)
    if removal is None:
        return ItemLine(side.word, item, why.code, f"gone on the {side} side")
    code = Reason.PLANNED if removal in seen.passed.actions else why.code
    return ItemLine(side.word, item, code, removal.sentence())


def _about(action: Action, item: str, seen: Seen) -> bool:
    match action:
        case DeleteComment() | HideResult():
            return action_item(action) == item
        case DropResult():
            return result_item(action.step_result_id) == item
        case DropComment():
            row = next((each for each in seen.situation.comment_links if each.id == action.comment_link_id), None)
            return row is not None and comment_item(_own_id(row, Side(row.owner))) == item
        case _:
            return False
