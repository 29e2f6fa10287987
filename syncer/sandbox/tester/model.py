"""The sandbox's Enterprise Tester without HTTP: one project in memory, with the rules of the real server.

Two doors lead in. The API hands over bodies of requests (`create`, `update`, `set_fields`); tests and the demo
act as a person does (`create_incident`, `edit`, `comment`, ...). Both meet in `_save`.

    database   `_incidents`: what a GET by id sees, always current
    index      `_states`: every state with its moment; listings read it `index_lag_seconds` late
"""

import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from syncer.sandbox.rebuilding import lost
from syncer.sandbox.tester.behaviour import Profile, TesterBehaviour
from syncer.sandbox.tester.catalogue import Catalogue
from syncer.sandbox.tester.drafts import Draft, read_draft, read_field_values
from syncer.sandbox.tester.errors import Missing, Refused
from syncer.sandbox.tester.normalise import normalise
from syncer.sandbox.tester.person import to_body
from syncer.sandbox.tester.records import Incident, ScriptRun, SystemEvent, User
from syncer.sandbox.tester.runs import Runs
from syncer.sandbox.tester.thread import Save, save_comments
from syncer.sandbox.tester.tickets import Tickets


class TesterModel:
    """One Enterprise Tester server with one project; `base_url` includes the application path.

    `clock` returns the server's time as an aware datetime and may be replaced. Not thread-safe: while it
    is served, everybody but the server goes through `Sandbox.call`.
    """

    def __init__(self, *, profile: Profile = "6.x", seed: int = 1, application_path: str = "/EnterpriseTester") -> None:
        self.profile: Profile = profile
        self.application_path = application_path
        self.base_url = f"http://localhost{application_path}"
        self.behaviour = TesterBehaviour()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.catalogue = Catalogue()
        self.runs = Runs()
        self.tickets = Tickets()
        self.events: list[SystemEvent] = []
        self._random = random.Random(f"tester ids {seed}")
        self._incidents: dict[str, Incident] = {}
        self._states: dict[str, list[tuple[datetime, Incident | None]]] = {}
        self._next_number = 0

    @property
    def modern(self) -> bool:
        """True for the 6.x profile."""
        return self.profile == "6.x"

    def now(self) -> datetime:
        """The server's time in whole seconds."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def new_id(self) -> str:
        """A GUID that was never used before."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    # What may be seen

    @property
    def shows_project(self) -> bool:
        """False for a hidden project, and where another site answers."""
        return not (self.behaviour.hidden_project or self.behaviour.wrong_site)

    def check_project(self, project_id: str) -> None:
        """Raises Missing for an unknown project, Refused where nobody may see it."""
        if project_id != self.catalogue.project_id or self.behaviour.wrong_site:
            raise Missing(f"There is no project with the id {project_id}.")
        if self.behaviour.hidden_project:
            raise Refused("You do not have permission to view this project.")

    def can_see(self, record_id: str) -> bool:
        """False for hidden incidents and step results, and for all those of a project that isn't shown."""
        hidden = (*self.behaviour.hidden_incidents, *self.behaviour.hidden_step_results)
        return self.shows_project and record_id not in {one.lower() for one in hidden}

    def incident(self, incident_id: str) -> Incident:
        """The current incident with this id, in any case. Raises Missing or Refused."""
        found = self._incidents.get(incident_id.lower())
        if found is None or self.behaviour.wrong_site:
            raise Missing(f"There is no incident with the id {incident_id}.")
        if not self.can_see(found.id):
            raise Refused("You do not have permission to view this incident.")
        return found

    def incidents(self) -> list[Incident]:
        """All current incidents, oldest first, hidden ones included."""
        return list(self._incidents.values())

    def past(self, incident_id: str) -> list[Incident]:
        """All states of an incident since it was stored, oldest first. Raises Missing or Refused."""
        found = self.incident(incident_id)
        return [state for _, state in self._states[found.id] if state is not None]

    def indexed(self) -> list[Incident]:
        """What the search index knows and may be seen: late or lacking some, with incidents deleted since."""
        known: Iterable[Incident | None] = self._incidents.values()
        if self.behaviour.index_lag_seconds:
            horizon = self.clock() - timedelta(seconds=self.behaviour.index_lag_seconds)
            known = [_state_at(horizon, states) for states in self._states.values()]
        missed = lost(self._incidents, self.behaviour.index_rebuilding)
        return [one for one in known if one is not None and self.can_see(one.id) and one.id not in missed]

    def indexed_runs(self) -> list[ScriptRun]:
        """The script runs that the search index knows and that may be seen."""
        missed = lost(self.runs.runs, self.behaviour.index_rebuilding)
        return [run for run in self.runs.runs.values() if self.shows_project and run.id not in missed]

    # What the API does

    def create(self, body: object, caller: User) -> tuple[Incident, bool]:
        """A new incident, and whether comments came with it (vendor's page Incidents, POST)."""
        if not isinstance(body, dict) or body.get("ProjectId") is None:
            raise Refused("You must specify the ProjectId of the project which the incident belongs to.")
        draft = self._read(body)
        if not self.shows_project:
            raise Refused("You do not have permission to create incidents in this project.")
        return self._create(draft, caller, self.behaviour), draft.comments is not None

    def update(self, incident_id: str, body: object, caller: User) -> tuple[Incident, bool]:
        """The changed incident, and whether comments came with it (vendor's page Incident, PUT)."""
        before = self.incident(incident_id)
        draft = self._read(body)
        return self._save(before, draft, caller, self.behaviour), draft.comments is not None

    def set_fields(self, incident_id: str, values: object, caller: User) -> None:
        """Set custom fields only (vendor's page Incident, PATCH)."""
        before = self.incident(incident_id)
        behaviour = self.behaviour
        read = read_field_values(values, self.catalogue, behaviour.forms, null_clears=behaviour.null_clears)
        self._save(before, Draft(field_values=read), caller, self.behaviour)

    def delete(self, incident_id: str) -> None:
        """Remove an incident with its comments and links, for good (vendor's page Incident, DELETE)."""
        gone = self.incident(incident_id)
        del self._incidents[gone.id]
        self._states[gone.id].append((self.clock(), None))
        self.runs.forget(gone.id)

    # What people do

    def create_incident(self, by: str = "joeb", **members: Any) -> Incident:
        """A person writes a new incident; `Summary` is required."""
        return self._create(self._said(members), self.catalogue.user_named(by), self._in_the_browser)

    def edit(self, incident_id: str, by: str = "joeb", **members: Any) -> Incident:
        """A person changes an incident; None clears, Comments are added or edited."""
        before, caller = self.incident(incident_id), self.catalogue.user_named(by)
        return self._save(before, self._said(members), caller, self._in_the_browser)

    def comment(self, incident_id: str, by: str = "joeb", *, body: str) -> str:
        """A person adds a comment; returns its id."""
        before = {comment.id for comment in self.incident(incident_id).comments}
        after = self.edit(incident_id, by, Comments=[{"Body": body}]).comments
        return next(comment.id for comment in after if comment.id not in before)

    def edit_comment(self, incident_id: str, comment_id: str, by: str = "joeb", *, body: str) -> None:
        """A person edits a comment."""
        self.edit(incident_id, by, Comments=[{"Id": comment_id, "Body": body}])

    def delete_comment(self, incident_id: str, comment_id: str, by: str = "joeb") -> None:
        """A person removes a comment, which nobody can through the API. Raises Missing."""
        before = self.incident(incident_id)
        left = tuple(comment for comment in before.comments if comment.id != comment_id.lower())
        if left == before.comments:
            raise Missing(f"The incident has no comment with the id {comment_id}.")
        self._save(replace(before, comments=left), Draft(), self.catalogue.user_named(by), self.behaviour)

    def link_step(self, step_id: str, incident_id: str) -> bool:
        """A person links an incident with a step result; False if they were linked already."""
        return self.runs.link(step_id.lower(), self.incident(incident_id).id)

    def unlink_step(self, step_id: str, incident_id: str) -> None:
        """A person removes the link; the incident stays."""
        self.runs.unlink(step_id.lower(), incident_id.lower())

    def add_version(self, name: str) -> str:
        """An administrator adds a version; returns its id."""
        return self.catalogue.add_pick("Version", name).id

    def rename_version(self, name: str, new: str) -> None:
        """An administrator renames a version; its id stays."""
        self.catalogue.rename_pick("Version", name, new)

    # Storing

    def put_in(self, incident: Incident) -> None:
        """Store a ready-made incident as it is; the index has known it for ever."""
        self._next_number = max(self._next_number, incident.number + 1)
        self._incidents[incident.id] = incident
        self._states[incident.id] = [(datetime.min.replace(tzinfo=UTC), incident)]

    @property
    def _in_the_browser(self) -> TesterBehaviour:
        return replace(self.behaviour, comments_replace=False, comment_edit_accepted=True)

    def _said(self, members: dict[str, Any]) -> Draft:
        return read_draft(to_body(members, self.catalogue), self.catalogue, null_clears=True, modern=self.modern)

    def _read(self, body: object) -> Draft:
        behaviour = self.behaviour
        clears = behaviour.null_clears
        return read_draft(body, self.catalogue, null_clears=clears, modern=self.modern, forms=behaviour.forms)

    def _create(self, draft: Draft, caller: User, behaviour: TesterBehaviour) -> Incident:
        if "summary" not in draft.attributes:
            raise Refused("You must specify a Summary.")
        for custom in self.catalogue.fields.values():
            if custom.required and draft.field_values.get(custom.name) is None:
                raise Refused(f"You must specify a value for {custom.name}.")
        now = self.now()
        blank = Incident(
            id=self.new_id(),
            number=self._next_number,
            summary="",
            # Assumed: what is not said starts as the form in the browser shows it.
            priority=self.catalogue.pick_named("Priority", "Medium").id,
            status=self.catalogue.pick_named("IncidentStatus", "New").id,
            type=self.catalogue.pick_named("IncidentType", "Defect").id,
            created_by=caller.id,
            created_at=now,
            updated_by=caller.id,
            updated_at=now,
            version_number=0,
        )
        created = self._save(blank, draft, caller, behaviour)
        self._next_number += 1
        return created

    def _save(self, before: Incident, draft: Draft, caller: User, behaviour: TesterBehaviour) -> Incident:
        save = Save(caller, self.now(), behaviour, self.new_id)
        attributes = dict(draft.attributes)
        for name in ("summary", "description"):
            if attributes.get(name) is not None:
                attributes[name] = normalise(attributes[name], behaviour.normalise)
        if draft.comments is not None:
            attributes["comments"] = save_comments(before.comments, draft.comments, save)
        fields = {**before.field_values, **draft.field_values}
        after = replace(
            before,
            **attributes,
            field_values={name: value for name, value in fields.items() if value is not None},
            updated_by=caller.id,
            updated_at=save.now,
            version_number=before.version_number + 1,
        )
        self._incidents[after.id] = after
        self._states.setdefault(after.id, []).append((self.clock(), after))
        return after


def _state_at(horizon: datetime, states: list[tuple[datetime, Incident | None]]) -> Incident | None:
    return next((state for moment, state in reversed(states) if moment <= horizon), None)
