"""Creating and changing issues, each write followed by a read: what counts is what Jira made of it.

The order inside an update matters. Plain fields and labels go in one request, so that a refusal leaves nothing half
done; the status follows by transitions, which can only be taken one by one; a resolution goes with the transition
where its screen takes one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

from mappings.values import Value, Values
from syncer.core.records import Draft, Record, Side, Twin
from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable
from syncer.issues.marks import ISSUE_PROPERTY, global_id, issue_mark, issue_property, remote_link
from syncer.issues.reading import Reader
from syncer.issues.scope import Scope
from syncer.issues.shapes import LABELS, writable
from syncer.issues.workflow import Wish, Workflow, standing_of

Json: TypeAlias = Any

BY_WORKFLOW = frozenset({"status", "resolution"})


class Writer:
    """Writes the issues of one scope. `transition_fields` are names by field id, for what transitions demand."""

    def __init__(
        self, scope: Scope, reader: Reader, *, issue_type: str | None, transition_fields: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._client = scope.client
        self._reader = reader
        self._workflow = Workflow(scope)
        self._issue_type = issue_type
        self._transition_fields = transition_fields

    def create(self, draft: Draft) -> Record:
        """A new issue that carries label and property from birth. Its workflow sets status and resolution."""
        values: dict[str, Value] = {name: value for name, value in draft.values.items() if name not in BY_WORKFLOW}
        if values.get("issuetype") is None:
            values["issuetype"] = self._scope.type_id(self._issue_type)
        mark = draft.twin.mark
        given = values.get(LABELS)
        values[LABELS] = frozenset({self._scope.labels.of(mark), *(given if isinstance(given, frozenset) else ())})
        fields = {"project": {"key": self._scope.key}, **self._json(values)}
        body = {"fields": fields, "properties": [{"key": ISSUE_PROPERTY, "value": issue_property(mark)}]}
        try:
            made = self._client.post(body, "issue")
        except Rejected as problem:
            raise self._with_demands(problem, fields) from problem
        if not isinstance(made, dict) or "id" not in made:
            raise InDoubt(Side.ISSUE, "Jira did not say which issue it made")
        with after_writing(f"issue {made.get('key', made['id'])} was created"):
            return self._reader.one(str(made["id"]))

    def update(self, issue_id: str, changes: Values) -> Record:
        """Write `changes`, the status last, and read the issue back."""
        held = self._held(issue_id)
        standing, fields = standing_of(held), held["fields"]
        walks = changes.get("status") not in (None, standing.status.id)
        plain = {name: value for name, value in changes.items() if name not in {*BY_WORKFLOW, LABELS}}
        if not walks and "resolution" in changes and changes["resolution"] != _id(fields.get("resolution")):
            plain["resolution"] = changes["resolution"]
        body: dict[str, Json] = {"fields": self._json(plain)} if plain else {}
        if verbs := self._label_verbs(fields.get(LABELS) or (), changes.get(LABELS)):
            body["update"] = {LABELS: verbs}
        if body:
            self._client.put(body, "issue", issue_id)
        if not body and not walks:
            return self._reader.one(issue_id)
        with after_writing(f"issue {held['key']} was changed"):
            if walks:
                self._workflow.walk(issue_id, standing, self._wish(changes))
            record = self._reader.one(issue_id)
            return self._resolved(record, changes) if walks else record

    def write_mark(self, issue_id: str, twin: Twin) -> None:
        """Property and remote link; both are written so that once more changes nothing."""
        held = issue_mark(self._property(issue_id))
        if held != twin.mark:
            self._client.put(issue_property(twin.mark), "issue", issue_id, "properties", ISSUE_PROPERTY)
            if held is not None and held.installation == twin.mark.installation:
                # Ours, and it leads to an incident that isn't the twin any more.
                with suppress(Missing):
                    self._client.delete("issue", issue_id, "remotelink", globalId=global_id(held))
        self._client.post(remote_link(twin), "issue", issue_id, "remotelink")

    def delete(self, issue_id: str) -> None:
        """Delete an issue of this project; one that is gone is no error. Its sub-tasks are nobody's to delete here:
        Jira refuses then, and that is told."""
        with suppress(Missing):
            self._held(issue_id)
            self._client.delete("issue", issue_id)

    def _property(self, issue_id: str) -> Json:
        try:
            return self._client.get("issue", issue_id, "properties", ISSUE_PROPERTY)["value"]
        except Missing:
            return None  # no such property; if there is no such issue, the write says so

    def _held(self, issue_id: str) -> Json:
        issue = self._client.get("issue", issue_id, fields="project,issuetype,status,resolution,labels")
        if (moved := self._reader.moved(issue)) is not None:
            raise Rejected(Side.ISSUE, moved)
        return issue

    def _json(self, values: Values) -> dict[str, Json]:
        return writable(values, cloud=self._client.deployment.cloud, kinds=self._scope.kinds())

    def _label_verbs(self, held: Any, wanted: Value) -> list[dict[str, str]]:
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
        ids = {"resolution": resolution} if isinstance(resolution, str) else {}
        return Wish(status, ids, self._transition_fields)

    def _resolved(self, record: Record, changes: Values) -> Record:
        """The resolution, where no transition's screen took it and no rule of the workflow set it."""
        if "resolution" not in changes or record.values.get("resolution") == changes["resolution"]:
            return record
        self._client.put({"fields": self._json({"resolution": changes["resolution"]})}, "issue", record.id)
        return self._reader.one(record.id)

    def _with_demands(self, problem: Rejected, fields: Mapping[str, Json]) -> Rejected:
        """The refusal of a create, with the fields that the issue type demands and that weren't given."""
        try:
            lacking = [name for field, name in self._demanded(fields["issuetype"]["id"]) if field not in fields]
        except SideError:
            lacking = []
        advice = f"; this issue type also demands: {', '.join(lacking)}" if lacking else ""
        return Rejected(Side.ISSUE, f"{problem}{advice}", status=problem.status)

    def _demanded(self, type_id: str) -> Iterator[tuple[str, str]]:
        told = self._client.get("issue", "createmeta", self._scope.key, "issuetypes", type_id)
        # Cloud says `fields`, Data Center `values`.
        for each in told.get("fields") or told.get("values") or ():
            if each.get("required") and not each.get("hasDefaultValue"):
                yield each["fieldId"], each.get("name", each["fieldId"])


@contextmanager
def after_writing(what: str) -> Iterator[None]:
    """After a write "nothing was done" would be a lie, and a second create its consequence."""
    try:
        yield
    except (Unavailable, Missing, Denied) as problem:
        said = f"{what}, and then could not be read back: {problem}"
        raise InDoubt(Side.ISSUE, said, status=problem.status) from problem


def _id(held: Json) -> str | None:
    return str(held["id"]) if held else None
