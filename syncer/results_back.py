"""Bring a step-result link back, and take it away again.

It was taken off one side because a person had removed it on the other. So it comes back on both: one that stands on
one side only would be taken off once more.
"""

from collections.abc import Mapping
from typing import Any

from state import effects
from state.rows import HistoryEntry, Link
from syncer import journal
from syncer.by_hand import link_of
from syncer.context import ProjectLink
from syncer.core.records import Side, StepResult
from syncer.handwork import Done, Refused, read


def show_again(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Link both records with the step result. Raises `Refused`, and what the servers raise."""
    row, result_id = _row(link, entry), str((entry.before or {}).get("step_result_id"))
    incident, issue = read(link, Side.INCIDENT, row.incident_id), read(link, Side.ISSUE, row.issue_id)
    shown: list[str] = []
    bare = StepResult(result_id, incident.id, "", incident.url)
    if link.ports[Side.INCIDENT].reads_result(result_id, incident.id) is not True:
        link.ports[Side.INCIDENT].show_result(incident.id, bare)
        shown.append(Side.INCIDENT.word)
    if result_id not in (issue.results or ()):
        listed = link.ports[Side.INCIDENT].step_results()
        result = next((each for each in listed if (each.id, each.incident_id) == (result_id, incident.id)), bare)
        link.ports[Side.ISSUE].show_result(issue.id, result)
        shown.append(Side.ISSUE.word)
    known = {each.step_result_id for each in link.store.result_links([row.id])[row.id]}
    name = journal.result_name(link.installation, result_id)
    changes = [] if result_id in known else [effects.NewResultLink(row.id, result_id, name)]
    said = f"incident {incident.key} and issue {issue.key} show step result {result_id} again"
    return Done(said, changes, after={"step_result_id": result_id, "sides": shown}, ids=_ids(row))


def hide_again(link: ProjectLink, entry: HistoryEntry) -> Done:
    """Take the link off again where an undo put it."""
    image: Mapping[str, Any] = entry.after or {}
    row, result_id = _row(link, entry), str(image.get("step_result_id"))
    for side, record_id in ((Side.INCIDENT, row.incident_id), (Side.ISSUE, row.issue_id)):
        if side.word in image.get("sides", ()):
            link.ports[side].hide_result(record_id, result_id)
    known = link.store.result_links([row.id])[row.id]
    changes = [effects.DropResultLink(each.id) for each in known if each.step_result_id == result_id]
    said = f"the link to step result {result_id} is taken off {row.incident_key} = {row.issue_key} again"
    return Done(said, changes, before={"step_result_id": result_id}, ids=_ids(row))


def _row(link: ProjectLink, entry: HistoryEntry) -> Link:
    for side, record_id in ((Side.INCIDENT, entry.incident_id), (Side.ISSUE, entry.issue_id)):
        row = link_of(link, side, record_id) if record_id else None
        if row is not None:
            return row
    raise Refused(f"the records of entry {entry.id} aren't linked any more, and step results are shown on linked ones")


def _ids(row: Link) -> dict[Side, str | None]:
    return {Side.INCIDENT: row.incident_id, Side.ISSUE: row.issue_id}
