"""What goes into an intent, and what settling an action changes in the state DB. Pure; the executor and the recovery
both build on it, so that an action settled late leaves the same state as one settled at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mappings.values import Value, Values
from state import effects
from state.rows import Baseline, Link
from syncer.core.actions import (
    AddComment,
    Adopt,
    Agree,
    Change,
    CreateRecord,
    EditComment,
    LinkComment,
    Noted,
    UpdateRecord,
)
from syncer.core.bind import Bound
from syncer.core.comments import digest
from syncer.core.records import Comment, Record, Side
from syncer.core.removals import Bury, DropComment, DropResult, LinkResult


def payload(action: CreateRecord | UpdateRecord | AddComment | EditComment) -> dict[str, Any]:
    """What a later process needs to tell whether the action took place, and to settle it. JSON-ready."""
    body: dict[str, Any] = {"side": action.side.word, "sentence": action.sentence()}
    match action:
        case CreateRecord():
            body["twin"] = action.twin.mark.twin_id
            body["changes"] = [_change_json(change) for change in action.changes]
        case UpdateRecord():
            body["changes"] = [_change_json(change) for change in action.changes]
        case AddComment():
            body["twin"] = action.draft.mark.twin_id
            body["digest"] = digest(action.draft.owners)
        case EditComment():
            body["comment"] = action.comment_id
    return body


def changes_from(body: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes that `payload` was given, without the texts for people."""
    return tuple(
        Change(
            item=change["item"],
            name=change["name"],
            before=_value(change["before"]),
            after=_value(change["after"]),
            given=_value(change["given"]),
            half=change.get("half", False),
            decided=change.get("decided", ""),
        )
        for change in body["changes"]
    )


def created(
    project_link: str,
    action_side: Side,
    changes: Sequence[Change],
    origin: Record,
    new: Record,
    bound: Bound,
    at: datetime,
) -> effects.NewLink:
    """The link of a record and the twin that was made for it.

    The new record's baseline is all that it holds, since nobody but us has touched it. The origin's is what was
    carried over, and what is empty there: a default that the other server filled in stays. So a field that could not
    be carried counts as moved on the origin's side, and is tried again.
    """
    incident, issue = (new, origin) if action_side is Side.INCIDENT else (origin, new)
    empty = {name: value for name, value in observed(origin, bound).items() if value in (None, frozenset())}
    baselines = {
        new.side.word: Baseline(observed(new, bound)),
        origin.side.word: Baseline({**empty, **given(changes, origin.side, bound)}),
    }
    marked = frozenset({Side.INCIDENT.word}) if action_side is Side.INCIDENT else frozenset()
    return effects.NewLink(project_link, incident.id, issue.id, incident.key, issue.key, marked, at, baselines)


def without(row: effects.NewLink, side: Side, names: Collection[str]) -> effects.NewLink:
    """The same link, with nothing agreed on the given fields of `side`: somebody edited them since."""
    kept = {name: value for name, value in row.baselines[side.word].values.items() if name not in names}
    return replace(row, baselines={**row.baselines, side.word: Baseline(kept)})


def updated(
    link_id: int, side: Side, changes: Sequence[Change], written: Record, bound: Bound
) -> tuple[effects.Effect, ...]:
    """The baselines after an update: on the written side what its server gave back, on the other what was carried.

    Halves have none: with the other half missing, what the written side had changed itself would count as agreed on,
    and never reach the other. Both stamps are forgotten: what else the records hold by now has not been looked at. A
    decision that was carried out by it goes.
    """
    held = observed(written, bound)
    changes = [change for change in changes if not change.half]
    names = {change.name for change in changes}
    return (
        effects.SetBaseline(link_id, side.word, {n: v for n, v in held.items() if n in names}, None),
        effects.SetBaseline(link_id, side.other.word, given(changes, side.other, bound), None),
        *(effects.ForgetDecision(link_id, change.item) for change in changes if change.decided),
    )


def completed(changes: Sequence[Change], halves: Collection[str], other: Record, bound: Bound) -> tuple[Change, ...]:
    """The changes, of which those whose other half is written now agree with what `other` got by it."""
    fields = {field.item: field for field in bound.fields}
    return tuple(
        replace(change, half=False, given=other.values.get(fields[change.item].on(other.side)))
        if change.item in halves
        else change
        for change in changes
    )


def commented(link_id: int, side: Side, twin_id: str, twin_digest: str, added: Comment) -> effects.NewCommentLink:
    """The comment link of a person's comment and the one on `side` that was mirrored from it."""
    ids = {side: added.id, side.other: twin_id}
    digests = {side: digest(added.body), side.other: twin_digest}
    return effects.NewCommentLink(
        link_id, side.other.word, ids[Side.INCIDENT], ids[Side.ISSUE], digests[Side.INCIDENT], digests[Side.ISSUE]
    )


def adopted(project_link: str, action: Adopt, at: datetime) -> effects.NewLink:
    """The link of two records that were found to belong together; nothing has been agreed on yet."""
    return effects.NewLink(
        project_link, action.incident_id, action.issue_id, action.incident_key, action.issue_key, frozenset(), at
    )


def noted(action: Noted, link_id: int, at: datetime, installation: str) -> list[effects.Effect]:
    """What the actions that write nothing change in the state DB."""
    match action:
        case Agree():
            return [
                effects.SetBaseline(link_id, side.word, values, None, keep_stamp=True)
                for side, values in action.values.items()
            ]
        case LinkComment():
            return [
                effects.NewCommentLink(
                    link_id,
                    action.owner.word,
                    action.incident_comment_id,
                    action.issue_comment_id,
                    action.incident_digest,
                    action.issue_digest,
                )
            ]
        case DropComment():
            return [effects.DropCommentLink(action.comment_link_id)]
        case LinkResult():
            return [
                effects.NewResultLink(link_id, action.step_result_id, result_name(installation, action.step_result_id))
            ]
        case DropResult():
            return [effects.DropResultLink(action.result_link_id)]
        case Bury():
            return [effects.Bury(link_id, action.reason, at)]
        case Adopt():
            raise TypeError("an adoption makes its link: see `adopted`")


def result_name(installation: str, step_result_id: str) -> str:
    """The stable `globalId` of the remote link that shows a step result (Jira REST v2, remote issue links)."""
    return f"syncer:{installation}:stepresult:{step_result_id}"


def link_image(row: Link) -> dict[str, Any]:
    """What a dissolved link was, for the history."""
    return {
        "incident_id": row.incident_id,
        "issue_id": row.issue_id,
        "incident_key": row.incident_key,
        "issue_key": row.issue_key,
    }


def record_image(record: Record) -> dict[str, Any]:
    """All that we know of a record, for the history: enough to create its like again."""
    return {
        "key": record.key,
        "url": record.url,
        "values": dict(record.values),
        "comments": [_comment(comment) for comment in record.comments or ()],
    }


def comment_image(record: Record, comment_id: str) -> dict[str, Any]:
    """A comment as it stands, for the history; only its id where it wasn't seen."""
    found = next((comment for comment in record.comments or () if comment.id == comment_id), None)
    return _comment(found) if found else {"id": comment_id}


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "author": comment.author,
        "body": comment.body,
        "created_at": comment.created_at.isoformat() if comment.created_at else None,
        "twin_id": comment.mark.twin_id if comment.mark else None,
    }


def observed(record: Record, bound: Bound) -> dict[str, Value]:
    """All mapped fields of a record that its server sent, as far as both sides can agree on them."""
    names = {field.on(record.side): field for field in bound.fields}
    return {name: names[name].agreeable(record.side, v) for name, v in record.values.items() if name in names}


def given(changes: Sequence[Change], side: Side, bound: Bound) -> Values:
    """What `side` held when the changes of the other side were derived from it: agreed on once they are written."""
    fields = {field.item: field for field in bound.fields}
    return {
        fields[change.item].on(side): fields[change.item].agreeable(side, change.given)
        for change in changes
        if change.item in fields
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "item": change.item,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "given": change.given,
        "half": change.half,
        "decided": change.decided,
    }


def _value(held: str | list[str] | None) -> Value:
    return frozenset(held) if isinstance(held, list) else held
