"""Both sandbox servers as the demo sees them: who may be asked to do something, and what stands there afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field

from state import Store
from syncer.sandbox import cast
from syncer.sandbox.jira.catalogue import NAME_BY_ID
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.server import Sandbox
from syncer.sandbox.tester.records import Incident


@dataclass(slots=True)
class Stage:
    """A mirrored sandbox. Incidents are picked once each, so that the stories don't get in each other's way."""

    sandbox: Sandbox
    store: Store
    project_link: str
    _picked: set[str] = field(default_factory=set)

    def pick(self, fits: Callable[[Incident], bool] = lambda _: True) -> Incident:
        """The youngest linked incident that a person wrote, that fits, and that was not picked before.

        The oldest ones are there to be difficult. Raises LookupError when there is none left."""
        service = self.sandbox.tester.catalogue.user_named(cast.SERVICE).id
        for incident in reversed(self.sandbox.call(self.sandbox.tester.incidents)):
            fresh = incident.id not in self._picked and incident.created_by != service
            if fresh and fits(incident) and self.issue_id(incident.id) is not None:
                self._picked.add(incident.id)
                return incident
        raise LookupError("the sandbox has too few incidents to show everything")

    def issue_id(self, incident_id: str) -> str | None:
        """The incident's twin, `None` while it has none."""
        link = self.store.link_of(self.project_link, incident_id=incident_id)
        return link.issue_id if link is not None else None

    def incident_id(self, issue_id: str) -> str | None:
        """The issue's twin, `None` while it has none."""
        link = self.store.link_of(self.project_link, issue_id=issue_id)
        return link.incident_id if link is not None else None

    def issue_of(self, incident: Incident) -> Issue:
        """The incident's twin as it is now. Raises LookupError while it has none."""
        issue_id = self.issue_id(incident.id)
        if issue_id is None:
            raise LookupError(f"incident #{incident.number} has no issue yet")
        return self.sandbox.call(lambda: self.sandbox.jira.issue(issue_id))

    def incident(self, incident_id: str) -> Incident:
        """The incident as it is now."""
        return self.sandbox.call(lambda: self.sandbox.tester.incident(incident_id))

    def status_of(self, incident: Incident) -> str:
        return self.sandbox.tester.catalogue.text(incident.status) or ""

    def priority_of(self, incident: Incident) -> str:
        return self.sandbox.tester.catalogue.text(incident.priority) or ""

    def named(self, issue: Issue, field_id: str) -> str:
        """The name of what a field of one choice holds."""
        return NAME_BY_ID.get(issue.text(field_id), "")

    def waits(self, incident: Incident, item: str) -> bool:
        """Whether one field of the incident waits for a person."""
        waiting = self.store.parked(self.project_link)
        return any(each.record_id == incident.id and each.item == item for each in waiting)
