"""The memory of the sandbox's Jira: what there is, how it is found, and who may see it.

Ids and keys are handed out once and never again, also after a deletion. Every access happens under `lock`:
requests run in the server's thread, people (tests and demonstrations) act from any other.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from syncer.sandbox import cast
from syncer.sandbox.jira.behaviour import Deployment, JiraBehaviour
from syncer.sandbox.jira.errors import JiraError, no_issue
from syncer.sandbox.jira.index import SearchIndex
from syncer.sandbox.jira.records import Comment, Component, Issue, IssueLink, Project, User, Version
from syncer.sandbox.jira.wiki import line_ends, normalised
from syncer.sandbox.rebuilding import lost

_FIRST_IDS = {
    "project": 10000, "version": 10200, "component": 10300, "issue": 20100,
    "comment": 30100, "remote link": 40100, "change": 50100, "issue link": 60100,
}  # fmt: skip


class Store:
    """All records of one server; `clock` may be replaced and `behaviour` changed at any moment."""

    def __init__(self, deployment: Deployment, seed: int, clock: Callable[[], datetime] | None) -> None:
        self.deployment: Deployment = deployment
        self.base_url = "http://localhost"
        self.behaviour = JiraBehaviour.of(deployment)
        self.clock: Callable[[], datetime] = clock or (lambda: datetime.now(UTC))
        self.lock = threading.RLock()
        self.index = SearchIndex()
        self.users = _accounts(Random(f"{deployment} accounts {seed}"))
        self.projects: dict[str, Project] = {}
        self.versions: dict[str, Version] = {}
        self.components: dict[str, Component] = {}
        self.issues: dict[str, Issue] = {}
        self.issue_links: dict[str, IssueLink] = {}
        self._issue_of_key: dict[str, str] = {}
        self._last_number: dict[str, int] = {}
        self._next_ids = dict(_FIRST_IDS)

    @property
    def cloud(self) -> bool:
        return self.deployment == "cloud"

    def now(self) -> datetime:
        """The server's time in UTC, cut to milliseconds as Jira keeps it."""
        now = self.clock().astimezone(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def zone_of(self, login: str) -> ZoneInfo:
        """The time zone in a person's profile."""
        return ZoneInfo(self.behaviour.time_zone if login == cast.SERVICE else "UTC")

    def next_id(self, kind: str) -> str:
        value = self._next_ids[kind]
        self._next_ids[kind] = value + 1
        return str(value)

    def next_key(self, project: Project, issue_id: str) -> str:
        """A new key for an issue; the keys it had before go on leading to it."""
        number = self._last_number.get(project.id, 0) + 1
        self._last_number[project.id] = number
        key = f"{project.key}-{number}"
        self._issue_of_key[key] = issue_id
        return key

    def stored_text(self, text: str) -> str:
        """Rich text as this server keeps it."""
        text = line_ends(text)
        match self.behaviour.normalise:
            case "wiki":
                return normalised(text)
            case "trim":
                return text.strip()
            case "lower":
                return text.lower()
        return text

    def stored_line(self, text: str) -> str:
        """A single line of text as this server keeps it."""
        return text.strip().lower() if self.behaviour.normalise == "lower" else text.strip()

    def locate(self, id_or_key: str) -> Issue | None:
        """An issue by id or by any key it ever had, upper or lower case, hidden or not."""
        issue_id = id_or_key if id_or_key.isdecimal() else self._issue_of_key.get(id_or_key.upper(), "")
        return self.issues.get(issue_id)

    def shows(self, issue: Issue) -> bool:
        """False for issues and projects that have been hidden."""
        project = self.projects[issue.text("project")]
        return issue.id not in self.behaviour.hidden_issues and self.shows_project(project)

    def findable(self, issue: Issue) -> bool:
        """False for what search never shows: what is hidden, and what is archived."""
        return self.shows(issue) and not issue.archived

    def shows_project(self, project: Project) -> bool:
        return project.key != self.behaviour.hidden_project

    def visible(self, id_or_key: str) -> Issue:
        """An issue that may be seen; JiraError 404 otherwise."""
        issue = self.locate(id_or_key)
        if issue is None or not self.shows(issue):
            raise no_issue()
        return issue

    def searchable(self) -> Iterator[Issue]:
        """The issues that search knows of by now, as it knows them; some are lost in a rebuild."""
        lag = self.behaviour.search_lag_seconds
        known = self.index.as_of(self.now() - timedelta(seconds=lag)) if lag else self.issues.values()
        missed = self._missed()
        return (issue for issue in known if self.findable(issue) and issue.id not in missed)

    def _missed(self) -> set[str]:
        """The ids that the index lacks, of each project as large a share."""
        share, missed = self.behaviour.index_rebuilding, set[str]()
        for project_id in self.projects if share else ():
            ids = [one.id for one in self.issues.values() if one.text("project") == project_id]
            missed |= lost(ids, share)
        return missed

    def project(self, id_or_key: str) -> Project:
        """A project that may be seen; JiraError 404 otherwise."""
        found = self.find_project(id_or_key)
        if found is None:
            raise JiraError(404, f"No project could be found with key '{id_or_key}'.")
        return found

    def find_project(self, id_or_key: str) -> Project | None:
        for project in self.visible_projects():
            if id_or_key in (project.id, project.key) or id_or_key.upper() == project.key:
                return project
        return None

    def visible_projects(self) -> list[Project]:
        return [project for project in self.projects.values() if self.shows_project(project)]

    def versions_of(self, project_id: str) -> list[Version]:
        return [one for one in self.versions.values() if one.project_id == project_id]

    def components_of(self, project_id: str) -> list[Component]:
        return [one for one in self.components.values() if one.project_id == project_id]

    def find_comment(self, comment_id: str) -> tuple[Issue, Comment] | None:
        """A comment with its issue, wherever it stands and may be seen."""
        for issue in self.issues.values():
            if comment_id in issue.comments and self.shows(issue):
                return issue, issue.comments[comment_id]
        return None

    def user(self, reference: str) -> User | None:
        """An account by what this deployment calls people: `accountId` on Cloud, `name` on Data Center."""
        if not self.cloud:
            return self.users.get(reference)
        return next((one for one in self.users.values() if one.account_id == reference), None)

    def may_be_assigned(self, user: User) -> bool:
        """Active people may; the service account holds no licence to work on issues."""
        return user.active and user.login != cast.SERVICE


def _accounts(random: Random) -> dict[str, User]:
    people = [person for person in cast.PEOPLE if person.jira]
    return {
        person.login: User(
            login=person.login,
            display_name=person.display_name,
            email=person.email,
            account_id=f"712020:{UUID(int=random.getrandbits(128), version=4)}",
            key=f"JIRAUSER{10100 + place}",
            active=person.active,
        )
        for place, person in enumerate(people)
    }
