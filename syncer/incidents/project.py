"""The incident side of one project link: `syncer.ports.Port` over Enterprise Tester's REST API.

    IncidentProject --- Reading ------ by id, eight at a time; what counts as seen
          |         --- listing ------ TQL, newest first, to find out where to look
          |         --- Discussion --- comments, written through a PUT of their incident
          |         --- ResultLinks -- step-result links, found from the script runs
          |         --- Lookup ------- the project's id, options and people
          |         --- inspection --- `syncer check`
          +------------ IncidentClient: requests, retries of reads, errors by reaction

The API has no history, no locks, no transitions, no call to create an option or to delete a comment.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from mappings.values import Values
from syncer.core.records import (
    Catalogue,
    Comment,
    CommentDraft,
    Draft,
    Listed,
    Mark,
    Observation,
    Option,
    Record,
    Side,
    StepResult,
    Twin,
)
from syncer.errors import Missing, Rejected
from syncer.incidents import listing
from syncer.incidents.client import IncidentClient
from syncer.incidents.comments import Discussion
from syncer.incidents.headings import dissolved_text, mark_text
from syncer.incidents.inspection import inspect
from syncer.incidents.lookup import Lookup
from syncer.incidents.reading import Reading
from syncer.incidents.results import ResultLinks
from syncer.incidents.scalars import guid, moment
from syncer.incidents.shapes import View
from syncer.incidents.values import filled, left_as_it_was, members
from syncer.ports import Finding, Needs


@dataclass(slots=True)
class IncidentProject:
    """One project, bound to what its mapping wants of it.

    `project` is a name or a GUID, looked up when first needed. `only` is a TQL condition that narrows listings.
    `mark_field` is the custom field that holds the mark. `fields` are the mapped incident fields; no others are
    read. `close` closes `client`, so projects that share one are closed together.
    """

    client: IncidentClient
    _: KW_ONLY
    project: str
    only: str | None
    mark_field: str | None
    installation: str
    fields: Collection[str]
    _view: View = field(init=False, repr=False)
    _lookup: Lookup = field(init=False, repr=False)
    _discussion: Discussion = field(init=False, repr=False)
    _reading: Reading = field(init=False, repr=False)
    _results: ResultLinks = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._view = View(frozenset(self.fields), self.mark_field, self.installation, self.client.base_url)
        self._lookup = Lookup(self.client, self.project, self.fields)
        self._discussion = Discussion(self.client)
        self._reading = Reading(self.client, self._lookup, self._discussion, self._view)
        self._results = ResultLinks(self.client, self._lookup)

    @property
    def side(self) -> Side:
        return Side.INCIDENT

    def check(self, needs: Needs) -> Iterator[Finding]:
        return inspect(self.client, self._lookup, self.only, self._view, needs)

    def catalogue(self) -> Catalogue:
        """The options of every kind; of the custom fields those that are mapped."""
        return self._lookup.catalogue()

    def survey(self) -> Catalogue:
        """The catalogue with every custom field and its options, mapped or not: for who writes a mapping."""
        return self._lookup.survey()

    def clock(self) -> datetime | None:
        """By the `Date` of the last answer; before there was any the project is asked for."""
        self._lookup.project_id()
        if self.client.clock.now() is None:
            self._lookup.project()
        return self.client.clock.now()

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        tql = listing.scope(self._lookup.project_id(), self.only, "LastUpdatedAt")
        return listing.updated(self.client, tql, since)

    def ids(self) -> Iterator[Sequence[str]]:
        return listing.ids(self.client, listing.scope(self._lookup.project_id(), self.only, "LastUpdatedAt"))

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        """All that is read of an incident comes with it."""
        return self._reading.all(ids)

    def create(self, draft: Draft) -> Record:
        """Create an incident. Without `mark_field` it carries no mark: a lost answer then waits for a person."""
        custom = self._lookup.custom()
        body = members(filled(draft.values, custom), custom)
        body["ProjectId"] = self._lookup.project_id()
        if self.mark_field is not None:
            body.setdefault("FieldValues", {})[self.mark_field] = mark_text(draft.twin.key, draft.twin.mark)
        if self._lookup.modern():
            # Enterprise Tester's own Jira link must not take hold of an incident that we mirror.
            body["ExternalSystemLinkIds"] = []
        return self._reading.written(self.client.post("incidents", body, self._reading.expand()))

    @property
    def most_at_once(self) -> int:
        """The API creates incidents one by one (vendor's page Incident, POST)."""
        return 1

    def create_all(self, drafts: Sequence[Draft]) -> Sequence[Record]:
        return [self.create(draft) for draft in drafts]

    def update(self, record_id: str, changes: Values) -> Record:
        """Write the given fields; comments are observed only where the incident has none.

        What is to be cleared is sent first and by itself: that is what the server may not be able to do, and then
        nothing else must have changed."""
        custom = self._lookup.custom()
        cleared = {name: value for name, value in changes.items() if value is None}
        parts = (cleared, {name: value for name, value in changes.items() if value is not None})
        bodies = [(part, members(part, custom)) for part in parts if part]
        record: Record | None = None
        for part, body in bodies:
            record = self._put(record_id, body)
            self._insist(record, part)
        return record if record is not None else self._reading.one(record_id)

    def add_comment(self, record_id: str, draft: CommentDraft) -> Comment:
        return self._reading.comment(self._discussion.add(record_id, draft))

    def edit_comment(self, record_id: str, comment_id: str, draft: CommentDraft) -> Comment:
        return self._reading.comment(self._discussion.edit(record_id, comment_id, draft))

    def write_mark(self, record: Record, twin: Twin) -> None:
        if self.mark_field is None or record.mark == twin.mark:
            return
        self._put(record.id, {"FieldValues": {self.mark_field: mark_text(twin.key, twin.mark)}})

    def delete(self, record_id: str) -> None:
        with suppress(Missing):
            self.client.delete(_path(record_id))

    def find(self, mark: Mark, since: datetime) -> Record | None:
        if self.mark_field is None:
            said = "Incidents carry no marks: name a custom field for them as 'mark_field' in the mapping"
            raise Rejected(Side.INCIDENT, said)
        tql = listing.scope(self._lookup.project_id(), None, "CreatedAt")
        return listing.marked(self.client, tql, self._reading, mark, since)

    def edited_by_others(self, record_id: str, since: datetime, until: datetime) -> frozenset[str]:
        """None if nothing was saved since or if we saved last, else all mapped fields: there is no history.

        `since` is of our clock, and the server's may be behind: what was saved a while before counts too. What we saved
        after `until` was another write, which may hide an edit before it."""
        incident = self.client.get(_path(record_id)).body
        saved = moment(incident.get("LastUpdatedAt"))
        ours = str(incident.get("LastUpdatedBy")).casefold() == self.client.user.casefold()
        unchanged = saved is not None and saved < since - listing.CLOCKS_APART
        another = saved is not None and saved > until
        return frozenset() if unchanged or (ours and not another) else frozenset(self.fields)

    def create_option(self, kind: Literal["version", "component"], name: str) -> Option:
        said = f"Enterprise Tester offers no call to create a {kind}: add '{name}' to project '{self.project}' there"
        raise Rejected(Side.INCIDENT, said)

    def remove_mark(self, record_id: str, mark: Mark) -> None:
        """Clear the custom field where it holds a mark of this installation, whichever twin that names."""
        if self.mark_field is None or not (before := self._reading.one(record_id)).shows_mark:
            return
        # The empty string first, because null may mean "unchanged"; null where an empty string means that.
        for nothing in ("", None):
            if not self._put(record_id, {"FieldValues": {self.mark_field: nothing}}).shows_mark:
                return
        said = f"Enterprise Tester did not clear '{self.mark_field}' of incident {before.key}"
        raise Rejected(Side.INCIDENT, f"{said}: remove the mark of '{mark.installation}' there by hand")

    def remember_dissolved(self, record_id: str, mark: Mark, key: str) -> None:
        """In the custom field, where people and a later process see it."""
        if self.mark_field is not None:
            self._put(record_id, {"FieldValues": {self.mark_field: dissolved_text(key, mark)}})

    def delete_comment(self, record_id: str, comment_id: str, notice: CommentDraft) -> None:
        """Edit the comment to `notice`, as there is no call to delete one."""
        with suppress(Missing):
            self._discussion.edit(record_id, comment_id, notice)

    def hides_single_records(self) -> bool:
        """Never: what may not be seen is a 403, what is not there a 404 (vendor's page Incident, GET)."""
        return False

    def step_results(self) -> Iterator[StepResult]:
        return self._results.all()

    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None:
        return self._results.stands(step_result_id, incident_id)

    def show_result(self, record_id: str, result: StepResult) -> str:
        """Link the incident with the step result, whose id stands for the link: it has none of its own."""
        self._results.link(result.id, record_id)
        return guid(result.id)

    def hide_result(self, record_id: str, step_result_id: str) -> None:
        self._results.part(step_result_id, record_id)

    def close(self) -> None:
        self.client.close()

    def _put(self, record_id: str, body: dict[str, Any]) -> Record:
        return self._reading.written(self.client.put(_path(record_id), body, self._reading.expand()))

    def _insist(self, record: Record, changes: Values) -> None:
        """Raises `Rejected` for what the server silently left as it was."""
        mapped = {name: value for name, value in changes.items() if name in self.fields}
        left = left_as_it_was(mapped, record.values, self._lookup.custom())
        if left:
            verb = "clear" if all(changes[name] is None for name in left) else "set"
            said = f"Enterprise Tester did not {verb} {', '.join(left)} of incident {record.key}"
            raise Rejected(Side.INCIDENT, f"{said}: change it there, or map the field one way")


def _path(record_id: str) -> str:
    return f"incident/{quote(record_id, safe='')}"
