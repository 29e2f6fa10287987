"""What a Jira administrator has set up: statuses, priorities, resolutions, issue types, permissions.

The ids are of different magnitude per kind, so that a mix-up of two kinds finds nothing instead of something.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A priority or a resolution."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A status category: what all statuses of the world boil down to."""

    id: int
    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Status:
    id: str
    name: str
    category: Category


@dataclass(frozen=True, slots=True)
class IssueType:
    id: str
    name: str
    description: str
    subtask: bool = False


NEW = Category(2, "new", "To Do", "blue-gray")
INDETERMINATE = Category(4, "indeterminate", "In Progress", "yellow")
FINISHED = Category(3, "done", "Done", "green")
CATEGORIES = (NEW, INDETERMINATE, FINISHED)

TO_DO = Status("10000", "To Do", NEW)
IN_PROGRESS = Status("3", "In Progress", INDETERMINATE)
IN_REVIEW = Status("10001", "In Review", INDETERMINATE)
DONE = Status("10002", "Done", FINISHED)
STATUSES = (TO_DO, IN_PROGRESS, IN_REVIEW, DONE)

PRIORITIES = (
    Named("1", "Highest", "This problem will block progress."),
    Named("2", "High", "Serious problem that could block progress."),
    Named("3", "Medium", "Has the potential to affect progress."),
    Named("4", "Low", "Minor problem or easily worked around."),
    Named("5", "Lowest", "Trivial problem with little or no impact on progress."),
)
DEFAULT_PRIORITY = "3"

RESOLVED = Named("10100", "Done", "Work has been completed on this issue.")
RESOLUTIONS = (
    RESOLVED,
    Named("10101", "Won't Do", "This issue won't be actioned."),
    Named("10102", "Duplicate", "The problem is a duplicate of an existing issue."),
    Named("10103", "Cannot Reproduce", "All attempts at reproducing this issue failed."),
)

BUG = IssueType("10401", "Bug", "Something doesn't work as it should.")
TASK = IssueType("10402", "Task", "A small, distinct piece of work.")
IMPROVEMENT = IssueType("10403", "Improvement", "Something that works could work better.")
SUBTASK = IssueType("10404", "Sub-task", "A part of another issue.", subtask=True)
TYPES = (BUG, TASK, IMPROVEMENT, SUBTASK)

ROLES = ("Administrators", "Developers", "Viewers")
GROUPS = ("jira-administrators", "jira-users")
"""Whom a comment may be restricted to. Everybody in the sandbox belongs to all of them."""

PERMISSIONS = {
    "BROWSE_PROJECTS": ("10", "Browse Projects"),
    "CREATE_ISSUES": ("11", "Create Issues"),
    "EDIT_ISSUES": ("12", "Edit Issues"),
    "ASSIGN_ISSUES": ("13", "Assign Issues"),
    "ADD_COMMENTS": ("15", "Add Comments"),
    "DELETE_ISSUES": ("16", "Delete Issues"),
    "LINK_ISSUES": ("21", "Link Issues"),
    "SET_ISSUE_SECURITY": ("26", "Set Issue Security"),
    "ADMINISTER_PROJECTS": ("23", "Administer Projects"),
    "EDIT_ALL_COMMENTS": ("34", "Edit All Comments"),
    "EDIT_OWN_COMMENTS": ("35", "Edit Own Comments"),
    "DELETE_ALL_COMMENTS": ("36", "Delete All Comments"),
    "DELETE_OWN_COMMENTS": ("37", "Delete Own Comments"),
    "TRANSITION_ISSUES": ("46", "Transition Issues"),
    "MODIFY_REPORTER": ("30", "Modify Reporter"),
}
"""Project permissions by key: id and name."""


@dataclass(frozen=True, slots=True)
class LinkType:
    """How two issues may belong together, in the words of each of them."""

    id: str
    name: str
    inward: str
    outward: str


LINK_TYPES = (
    LinkType("10800", "Blocks", "is blocked by", "blocks"),
    LinkType("10801", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10802", "Relates", "relates to", "relates to"),
)
LINK_TYPE_BY_ID = {one.id: one for one in LINK_TYPES}

STATUS_BY_ID = {one.id: one for one in STATUSES}
TYPE_BY_ID = {one.id: one for one in TYPES}
NAMES = {
    kind: {one.id: one.name for one in known}
    for kind, known in (
        ("status", STATUSES),
        ("priority", PRIORITIES),
        ("resolution", RESOLUTIONS),
        ("issuetype", TYPES),
    )
}
"""Names by id, for each kind of field: 3 is a status, and it is a priority too."""

NAME_BY_ID = {one.id: one.name for one in (*STATUSES, *PRIORITIES, *RESOLUTIONS, *TYPES)}
