"""The servers' part of `bench.copies`: the records of the copies."""

from collections.abc import Sequence
from dataclasses import replace

from bench.copies import Pair, Renaming, copies
from syncer.sandbox.jira import JiraModel
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.tester import TesterModel


def copy_records(model: TesterModel | JiraModel, pairs: Sequence[Pair], links: int) -> None:
    """Let there be as many records as `links`, the others as copies of those in `pairs`, which have no history."""
    if isinstance(model, TesterModel):
        _copy_incidents(model, pairs, links)
    else:
        _copy_issues(model, pairs, links)


def _copy_incidents(model: TesterModel, pairs: Sequence[Pair], links: int) -> None:
    patterns = {incident.id: incident for incident in model.incidents()}
    for pattern, copy in copies(pairs, links):
        incident, rename = patterns[pattern.incident_id], Renaming.of(pattern, copy)
        values, number = rename(dict(incident.field_values)), int(copy.incident_key[1:])
        model.put_in(replace(incident, id=copy.incident_id, number=number, field_values=values))


def _copy_issues(model: JiraModel, pairs: Sequence[Pair], links: int) -> None:
    for pattern, copy in copies(pairs, links):
        issue, rename = model.issues[pattern.issue_id], Renaming.of(pattern, copy)
        fields, properties = rename(issue.fields), rename(issue.properties)
        shown = {
            each.id: replace(each, global_id=rename(each.global_id), object=rename(each.object))
            for each in issue.remote_links.values()
        }
        model.put_in(Issue(copy.issue_id, copy.issue_key, fields, properties, remote_links=shown))
