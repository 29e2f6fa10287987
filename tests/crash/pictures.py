"""A world in words: what stands on both servers and in the state DB, without ids, keys and times.

Two worlds of the same picture hold the same: records by their summaries, fields by the names of their options, comments
by author and body. Lists keep what is there twice.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from state import Store
from syncer.sandbox.jira.catalogue import NAME_BY_ID
from syncer.sandbox.jira.model import JiraModel
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.tester.model import TesterModel
from syncer.sandbox.tester.records import Incident

Picture: TypeAlias = str
"""JSON with sorted keys."""

_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|TEST-\d+|#\d+|\b\d{5}\b")
_INCIDENTS_OWN = ("id", "number", "created_at", "updated_at", "updated_by", "version_number")


class Words:
    """What ids and keys stand for, on both servers as they are now."""

    def __init__(self, tester: TesterModel, jira: JiraModel) -> None:
        self.tester = tester
        self.jira = jira
        self._words = dict(self._known())

    def say(self, value: Any) -> Any:
        """The value with words in the place of ids; times are left out."""
        match value:
            case str():
                return _IDS.sub(lambda found: self._words.get(found[0], found[0]), value)
            case datetime():
                return None
            case Mapping():
                told = {self.say(name): self.say(each) for name, each in value.items()}
                return {name: each for name, each in told.items() if each not in (None, [], {}, "")}
            case set() | frozenset():
                return sorted(self.say(each) for each in value)
            case Iterable():
                return [self.say(each) for each in value]
        return value

    def _known(self) -> Iterator[tuple[str, str]]:
        for incident in self.tester.incidents():
            word = f"<incident {incident.summary}>"
            yield from ((incident.id, word), (incident.id.replace("-", ""), word), (f"#{incident.number}", word))
            yield from ((each.id, f"<comment {each.body[:60]}>") for each in incident.comments)
        for issue in self.jira.issues.values():
            word = f"<issue {issue.fields['summary']}>"
            yield from ((issue.id, word), (issue.key, word))
            yield from ((each.id, f"<comment {each.body[:60]}>") for each in issue.comments.values())
        for pick in self.tester.catalogue.picks.values():
            yield pick.id, pick.text
        for user in self.tester.catalogue.users.values():
            yield user.id, user.login
        for step in self.tester.runs.steps.values():
            yield step.id, f"<step {step.description}>"
        yield from ((each.id, each.name) for each in self.jira.versions.values())
        yield from ((each.id, each.name) for each in self.jira.components.values())
        yield from NAME_BY_ID.items()


def picture_of(words: Words, store: Store, project_link: str) -> Picture:
    """The picture of what both servers hold and the state DB remembers."""
    told = {
        "incidents": [_incident(words, each) for each in words.tester.incidents()],
        "issues": [_issue(words, each) for each in words.jira.issues.values() if each.key.startswith("TEST-")],
        "versions": [(words.jira.projects[each.project_id].key, each.name) for each in words.jira.versions.values()],
        "components": [
            (words.jira.projects[each.project_id].key, each.name) for each in words.jira.components.values()
        ],
        "state": _state(store, project_link),
    }
    said = words.say(told)
    for name in ("incidents", "issues", "versions", "components"):
        said[name] = sorted(said[name], key=json.dumps)
    said["state"] = {name: sorted(rows, key=json.dumps) for name, rows in said["state"].items()}
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def lines_of(picture: Picture) -> list[str]:
    """A line for each thing, for people. Thousands of pictures are compared without."""
    return json.dumps(json.loads(picture), indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def _incident(words: Words, incident: Incident) -> dict[str, Any]:
    held = {name: value for name, value in asdict(incident).items() if name not in _INCIDENTS_OWN}
    held["comments"] = [(each.created_by, each.body, each.ticket_comment_id) for each in incident.comments]
    held["steps"] = words.tester.runs.steps_with(incident.id)
    for name in ("components", "affected_versions", "fixed_versions"):
        held[name] = frozenset(held[name])
    return held


def _issue(words: Words, issue: Issue) -> dict[str, Any]:
    listed = {name: frozenset(each) if isinstance(each, tuple) else each for name, each in issue.fields.items()}
    return {
        "fields": listed,
        "properties": issue.properties,
        "comments": [(each.author, each.body, each.properties, each.visibility) for each in issue.comments.values()],
        "links": sorted(
            (str(each.global_id), each.object, each.application, each.relationship)
            for each in issue.remote_links.values()
        ),
    }


def _state(store: Store, project_link: str) -> dict[str, list[Any]]:
    links = store.links(project_link)
    ids = [row.id for row in links]
    comments, results, baselines = store.comment_links(ids), store.result_links(ids), store.baselines(ids)
    return {
        "links": [
            (
                (row.incident_id, row.issue_id, row.incident_key, row.issue_key, row.marked),
                {side: dict(held.values) for side, held in baselines[row.id].items()},
                [
                    (
                        each.owner,
                        each.incident_comment_id,
                        each.issue_comment_id,
                        each.incident_digest,
                        each.issue_digest,
                    )
                    for each in comments[row.id]
                ],
                sorted((each.step_result_id, each.global_id) for each in results[row.id]),
            )
            for row in links
        ],
        "versions": [(row.incident_version_id, row.issue_version_id) for row in store.version_links(project_link)],
        # Not why: that is for people, and whoever finds both records gone can't tell which of them we deleted.
        "tombstones": [(row.incident_id, row.issue_id) for row in store.tombstones(project_link)],
        "open intents": [(row.kind, row.incident_id, row.issue_id) for row in store.open_intents(project_link)],
        "parked": [(row.side, row.record_id, row.item, row.code, row.reason) for row in store.parked(project_link)],
        "absences": [(row.side, row.record_id, row.item) for row in store.absences(project_link)],
        "held": [(row.kind, row.lines) for row in store.held(project_link)],
        "approvals": [row.digest for row in store.approvals(project_link)],
        "fingerprint": [store.fingerprint(project_link)],
    }
