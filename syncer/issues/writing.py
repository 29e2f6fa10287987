"""Creating and changing issues, each write followed by a read: what counts is what Jira made of it.

The order inside an update matters. Plain fields and labels go in one request, so that a refusal leaves nothing half
done; the status follows by transitions, which can only be taken one by one; a resolution goes with the transition
where its screen takes one.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from mappings.values import Value, Values
from syncer.core.records import Draft, Mark, Record, Side, Twin
from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.issues import people
from syncer.issues.client import Parameter
from syncer.issues.demands import Given
from syncer.issues.fields import BUILT_IN, BY_WORKFLOW, LABELS
from syncer.issues.marks import (
    ISSUE_PROPERTY,
    dissolved_property,
    global_id,
    issue_mark,
    issue_property,
    remote_link,
)
from syncer.issues.reading import RENDERED, Reader
from syncer.issues.remote_links import BARE, UNOBSERVED, RemoteLinks, Shown
from syncer.issues.scope import Scope
from syncer.issues.screens import create_screen
from syncer.issues.shapes import writable
from syncer.issues.workflow import Wish, Workflow, standing_of

Json: TypeAlias = Any


class Writer:
    """Writes the issues of one scope. `transition_fields` are words by field id, for what transitions demand."""

    def __init__(
        self,
        scope: Scope,
        reader: Reader,
        links: RemoteLinks,
        *,
        issue_type: str | None,
        transition_fields: Mapping[str, str],
    ) -> None:
        self._scope = scope
        self._client = scope.client
        self._reader = reader
        self._links = links
        self._workflow = Workflow(scope)
        self._issue_type = issue_type
        self._transition_fields = transition_fields

    def create(self, draft: Draft) -> Record:
        """A new issue that carries label and property from birth. Its workflow sets status and resolution."""
        body = self.birth(draft)
        try:
            made = self._client.post(body, "issue")
        except Rejected as problem:
            raise self._with_demands(problem, body["fields"]) from problem
        if not isinstance(made, dict) or "id" not in made:
            raise InDoubt(Side.ISSUE, "Jira did not say which issue it made")
        return self._read_back(str(made["id"]), f"issue {made.get('key')} was created", BARE)

    def birth(self, draft: Draft) -> dict[str, Json]:
        """The body of the create. Raises `Rejected` for values that no issue can have."""
        values: dict[str, Value] = {name: value for name, value in draft.values.items() if name not in BY_WORKFLOW}
        if values.get("issuetype") is None:
            values["issuetype"] = self._scope.type_id(self._issue_type)
        mark = draft.twin.mark
        given = values.get(LABELS)
        values[LABELS] = frozenset({self._scope.labels.of(mark), *(given if isinstance(given, frozenset) else ())})
        fields = {"project": {"id": self._scope.project.id}, **self._json(values)}
        return {"fields": fields, "properties": [{"key": ISSUE_PROPERTY, "value": issue_property(mark)}]}

    def update(self, issue_id: str, changes: Values) -> Record:
        """Write `changes`, the status last, and read the issue back."""
        worded = [name for name in changes if self._one_by_one(name)]
        if not worded and changes.keys().isdisjoint(BY_WORKFLOW):
            return self._update_fields(issue_id, changes)
        held = self._held(issue_id, worded)
        standing, fields = standing_of(held), held["fields"]
        wish = None if changes.get("status") in (None, standing.status.id) else self._wish(changes)
        plain = {name: value for name, value in changes.items() if name not in {*BY_WORKFLOW, *worded}}
        if wish is None and "resolution" in changes and changes["resolution"] != _id(fields.get("resolution")):
            plain["resolution"] = changes["resolution"]
        body: dict[str, Json] = {"fields": self._json(plain)} if plain else {}
        verbs = {name: self._verbs(fields.get(name) or (), changes[name]) for name in worded}
        if any(verbs.values()):
            body["update"] = {name: each for name, each in verbs.items() if each}
        if body:
            self._client.put(body, "issue", issue_id)
        if not body and wish is None:
            return self._reader.one(issue_id)
        try:
            if wish is None:
                return self._reader.one(issue_id)
            self._workflow.walk(issue_id, standing, wish)
            return self._resolved(self._reader.one(issue_id), changes)
        except Unavailable as problem:
            said = f"issue {held['key']} was being changed when Jira went away: {problem}"
            raise InDoubt(Side.ISSUE, said, status=problem.status) from problem

    def _update_fields(self, issue_id: str, changes: Values) -> Record:
        """Fields that can be written without knowing what the issue holds. Cloud gives the issue with its answer."""
        if not changes:
            return self._reader.one(issue_id)
        now = self._client.about_now()
        cloud = self._client.deployment.cloud
        returned: dict[str, Parameter] = {"returnIssue": True, "expand": RENDERED} if cloud else {}
        answer = self._client.put({"fields": self._json(changes)}, "issue", issue_id, **returned)
        if isinstance(answer, dict) and "fields" in answer:
            return self._reader.told(answer, now)
        return self._read_back(issue_id, f"issue {issue_id} was changed")

    def _read_back(self, issue_id: str, done: str, shown: Shown = UNOBSERVED) -> Record:
        """What became of a write. "Nothing was done" would be a lie now."""
        try:
            return self._reader.one(issue_id, shown)
        except (Unavailable, Missing, Denied) as problem:
            said = f"{done} and could not be read back: {problem}"
            raise InDoubt(Side.ISSUE, said, status=problem.status) from problem

    def write_mark(self, issue: Record, twin: Twin) -> None:
        """Property and remote link; both are written so that once more changes nothing."""
        # Only of an issue whose property was seen is it told that the remote link is missing.
        if issue.mark != twin.mark or issue.shows_mark is not False:
            self._write_property(issue.id, twin.mark)
        self._links.put(issue.id, remote_link(twin))

    def _write_property(self, issue_id: str, mark: Mark) -> None:
        held = issue_mark(self._property(issue_id))
        if held == mark:
            return
        self._client.put(issue_property(mark), "issue", issue_id, "properties", ISSUE_PROPERTY)
        if held is not None and held.installation == mark.installation:
            # Ours, and it leads to an incident that isn't the twin any more.
            self._links.remove(issue_id, global_id(held))

    def remove_mark(self, issue_id: str, mark: Mark) -> None:
        """Remote link and label, and the property last: while it stands the issue tells that there is more to do.

        What becomes of the property says that the link was dissolved."""
        self._links.remove(issue_id, global_id(mark))
        label = self._scope.labels.of(mark)
        if label in (self._client.get("issue", issue_id, fields=LABELS)["fields"].get(LABELS) or ()):
            self._client.put({"update": {LABELS: [{"remove": label}]}}, "issue", issue_id)
        if issue_mark(self._property(issue_id)) == mark:
            self._client.put(dissolved_property(mark), "issue", issue_id, "properties", ISSUE_PROPERTY)

    def delete(self, issue_id: str) -> None:
        """Delete an issue of this project; one that is gone is no error. Its sub-tasks are nobody's to delete here:
        Jira refuses then, and that is told."""
        with suppress(Missing):
            self._held(issue_id, ())
            self._client.delete("issue", issue_id)

    def _property(self, issue_id: str) -> Json:
        try:
            return self._client.get("issue", issue_id, "properties", ISSUE_PROPERTY)["value"]
        except Missing:
            return None  # no such property; if there is no such issue, the write says so

    def _held(self, issue_id: str, worded: Collection[str]) -> Json:
        fields = ",".join(dict.fromkeys(("project", "issuetype", "status", "resolution", LABELS, *worded)))
        issue = self._client.get("issue", issue_id, fields=fields)
        if (moved := self._reader.moved(issue)) is not None:
            raise Rejected(Side.ISSUE, moved)
        return issue

    def _json(self, values: Values) -> dict[str, Json]:
        return writable(values, cloud=self._client.deployment.cloud, kinds={**BUILT_IN, **self._scope.kinds})

    def _one_by_one(self, name: str) -> bool:
        kind = self._scope.kinds.get(name) or BUILT_IN.get(name)
        return kind is not None and kind.one_by_one

    def _verbs(self, held: Any, wanted: Value) -> list[dict[str, str]]:
        """One by one and not the list as a whole: marks stay, and so does what somebody adds meanwhile."""
        if not isinstance(wanted, frozenset):
            return []
        ours = {label for label in held if self._scope.labels.is_mark(label)}
        removed = sorted(set(held) - wanted - ours)
        return [
            *({"add": each} for each in sorted(wanted - set(held))),
            *({"remove": each} for each in removed),
        ]

    def _wish(self, changes: Values) -> Wish:
        wanted = changes["status"]
        status = self._scope.statuses.get(str(wanted))
        if status is None:
            known = ", ".join(f"'{each.name}'" for each in self._scope.statuses.values())
            raise Rejected(Side.ISSUE, f"project {self._scope.key} has no status {wanted}; it has {known}")
        resolution = changes.get("resolution")
        return Wish(status, self.given({"resolution": resolution} if isinstance(resolution, str) else {}))

    def given(self, ids: Mapping[str, str]) -> Given:
        """What can be filled in on a transition's screen, beside `ids` what the mapping says."""
        cloud = self._client.deployment.cloud
        return Given(ids, self._transition_fields, lambda name: people.named(self._scope, name), cloud)

    def _resolved(self, record: Record, changes: Values) -> Record:
        """The resolution, where no transition's screen took it and no rule of the workflow set it."""
        if "resolution" not in changes or record.values.get("resolution") == changes["resolution"]:
            return record
        self._client.put({"fields": self._json({"resolution": changes["resolution"]})}, "issue", record.id)
        return self._reader.one(record.id)

    def _with_demands(self, problem: Rejected, fields: Mapping[str, Json]) -> Rejected:
        """The refusal of a create, with the fields that the issue type demands and that weren't given."""
        try:
            screen = create_screen(self._scope, fields["issuetype"]["id"])
        except SideError:
            screen = []
        lacking = [field.name for field in screen if field.demanded and field.id not in fields]
        advice = f"; this issue type also demands: {', '.join(lacking)}" if lacking else ""
        return Rejected(Side.ISSUE, f"{problem}{advice}", status=problem.status)


def _id(held: Json) -> str | None:
    return str(held["id"]) if held else None
