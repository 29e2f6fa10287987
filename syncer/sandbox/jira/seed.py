"""The starting data: what the developers had logged before anybody thought of a mirror.

Nine issues in two projects. The second project exists to catch tools that leave their scope.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from syncer.sandbox import cast
from syncer.sandbox.jira.project_writes import create_component, create_version
from syncer.sandbox.jira.records import Project
from syncer.sandbox.jira.store import Store

if TYPE_CHECKING:
    from syncer.sandbox.jira.model import JiraModel

OTHER_KEY = "OTHER"
_RELEASED = ("1.0", "1.1", "2.0")


@dataclass(frozen=True, slots=True)
class _Story:
    """An issue's life so far: created, talked about, perhaps brought to a status."""

    by: str
    summary: str
    description: str
    fields: dict[str, Any] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()
    status: str = "To Do"


_STORIES = (
    _Story(
        "joeb",
        "CSV export drops the last row of a report",
        "Exporting *Monthly totals* as CSV leaves out the last row.\n\n"
        "# open the report\n# choose _Export > CSV_\n# compare the number of rows\n\n"
        "Seen with {{2.0}} and {{2.1}}, every time.",
        {"priority": "High", "components": ["Reports", "Import/Export"], "versions": ["2.0", "2.1"],
         "labels": ["export", "regression"], "assignee": "annak", "customfield_10010": "Major"},
        (("annak", "The writer isn't flushed before the file is closed. I'll have a look tomorrow."),),
    ),
    _Story(
        "annak",
        "Umlauts in customer names are lost on import",
        "Importing a file in ISO 8859-1 turns _Müller_, _Jäger_ and _Groß_ into question marks.\n\n"
        "{noformat}\nM?ller;Gro?;12345\n{noformat}\n\nUTF-8 is fine.",
        {"priority": "Medium", "components": ["Import/Export"], "versions": ["2.0"], "labels": ["encoding"],
         "assignee": "yukit", "customfield_10010": "Minor", "customfield_10014": ["Windows", "Linux"]},
        (
            ("mariag", "Same with _Núñez_ and _Peña_, by the way."),
            ("yukit", "We guess the encoding from the first 1,024 bytes only."),
        ),
        "In Progress",
    ),
    _Story(
        "mariag",
        "Remember the last used filter in the search page",
        "Whoever comes back to the search page has to set the filter again. "
        "It should be kept per user until it is changed.",
        {"issuetype": "Improvement", "priority": "Low", "components": ["Search"], "customfield_10013": 3},
    ),
    _Story(
        "yukit",
        "Checkout times out with more than 50 items in the basket",
        "h3. What happens\n\nThe page answers with 504 after 30 s.\n\n"
        "h3. What should happen\n\nThe order is placed, however long the basket.\n\n"
        "||Items||Seconds||\n|10|1.2|\n|50|28|\n|60|timeout|",
        {"priority": "Highest", "components": ["Checkout"], "versions": ["2.1"], "fixVersions": ["3.0 beta"],
         "assignee": "olgap", "customfield_10010": "Blocker", "customfield_10015": "joeb"},
        (
            ("olgap", "One price request per item. Batched now, see the branch {{checkout/batch-prices}}."),
            ("joeb", "Reviewing. What about vouchers? They ask once per item as well."),
        ),
        "In Review",
    ),
    _Story(
        "samw",
        "Login fails with a password that holds a § sign",
        "A user with a password like {{abc§123}} can't log in; the password can be set, though.",
        {"priority": "High", "components": ["User accounts"], "versions": ["1.1"], "fixVersions": ["2.1"],
         "assignee": "joeb", "customfield_10010": "Major", "customfield_10011": "Sprint 14"},
        (("joeb", "Fixed: the form was posted as Latin-1. Verified by Sam."),),
        "Done",
    ),
    _Story(
        "olgap",
        "Upgrade the search index to the new analyser",
        "* build the new index beside the old one\n* switch over\n* drop the old one after a week",
        {"issuetype": "Task", "components": ["Search"], "fixVersions": [cast.JIRA_ONLY_VERSION],
         "assignee": "olgap", "duedate": "2030-03-01"},
        status="In Progress",
    ),
)  # fmt: skip
_OTHERS = (
    _Story("samw", "Order new chairs for the test lab", "Four, with armrests.", {"issuetype": "Task"}),
    _Story("annak", "Dashboard shows yesterday's numbers", "Only until 9:00.", {"labels": ["dashboard"]}),
    _Story("joeb", "Printer on floor 2 is offline", "Since the weekend.", {}, (("samw", "Cable."),), "Done"),
)


def fill(model: "JiraModel", seed: int) -> None:
    """Put the starting data into an empty model: the last three weeks, with gaps that `seed` decides."""
    present = model.clock
    past = _Past(present(), Random(f"stories {seed}"))
    model.clock = past
    versions = (*cast.VERSIONS, cast.JIRA_ONLY_VERSION)
    test = _project(model, cast.PROJECT_KEY, cast.PROJECT_NAME, versions, cast.COMPONENTS)
    other = _project(model, OTHER_KEY, "Other Project", cast.VERSIONS[:1], ("Facilities",))
    for story, project in [*((one, test) for one in _STORIES), *((one, other) for one in _OTHERS)]:
        _tell(model, story, project, past)
    model.clock = present


class _Past:
    """A clock that stands in the past and moves when it is told to; it never passes the present."""

    def __init__(self, now: datetime, random: Random) -> None:
        self._now = now
        self._random = random
        self._moment = now - timedelta(days=21)

    def __call__(self) -> datetime:
        return self._moment

    def move(self) -> None:
        step = timedelta(milliseconds=self._random.randint(600_000, 75_000_000))
        self._moment = min(self._moment + step, self._now)


def _project(model: Store, key: str, name: str, versions: tuple[str, ...], components: tuple[str, ...]) -> Project:
    project = Project(model.next_id("project"), key, name, "joeb")
    model.projects[project.id] = project
    for version in versions:
        create_version(model, project, version).released = version in _RELEASED
    for component in components:
        create_component(model, project, component)
    return project


def _tell(model: "JiraModel", story: _Story, project: Project, past: _Past) -> None:
    past.move()
    issue = model.create(
        by=story.by, summary=story.summary, description=story.description, project=project.key, **story.fields
    )
    for by, body in story.comments:
        past.move()
        model.comment(issue.key, by=by, body=body)
    if story.status != "To Do":
        past.move()
        model.transition(issue.key, story.status, by=issue.text("assignee") or story.by)
