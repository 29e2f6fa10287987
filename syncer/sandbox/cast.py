"""The people, versions and components that both sandbox servers know, so that a mapping can match them.

Enterprise Tester and Jira hold the same cast under ids of their own. Some members are deliberately
missing, renamed or inactive on one side: a mapping that only works for a perfect match is no use to anybody.
"""

from dataclasses import dataclass

PASSWORD = "sandbox"
"""The password of everybody in the sandbox, on both servers."""

SERVICE = "syncer"
"""The login of the account that the synchronizer itself uses, on both servers."""

PROJECT_NAME = "Test Project"
PROJECT_KEY = "TEST"


@dataclass(frozen=True, slots=True)
class Person:
    """One human being; `jira` is False for those who have no account in Jira."""

    login: str
    first_name: str
    last_name: str
    email: str
    jira: bool = True
    active: bool = True

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


PEOPLE = (
    Person(SERVICE, "Sync", "Service", "syncer@example.com"),
    Person("joeb", "Joe", "Bloggs", "joe.bloggs@example.com"),
    Person("annak", "Anna", "Krüger", "anna.krueger@example.com"),
    Person("mariag", "María", "González", "maria.gonzalez@example.com"),
    Person("yukit", "Yuki", "Tanaka", "yuki.tanaka@example.com"),
    Person("olgap", "Olga", "Petrova", "olga.petrova@example.com"),
    Person("samw", "Sam", "Williams", "sam.williams@example.com"),
    Person("testeronly", "Terry", "Tester", "terry.tester@example.com", jira=False),
    Person("leftus", "Lena", "Former", "lena.former@example.com", active=False),
)

VERSIONS = ("1.0", "1.1", "2.0", "2.1", "3.0 beta")
"""Versions of both sides; each server has one more of its own."""

TESTER_ONLY_VERSION = "3.1 nightly"
JIRA_ONLY_VERSION = "4.0"

COMPONENTS = ("Reports", "Checkout", "Search", "User accounts", "Import/Export")

ISSUE_TYPES = ("Bug", "Task", "Improvement")
INCIDENT_TYPES = ("Defect", "Task", "Enhancement")

PRIORITIES = ("Critical", "High", "Medium", "Low")
"""Incident priorities; Jira has its usual Highest, High, Medium, Low, Lowest."""

INCIDENT_STATUSES = ("New", "Open", "In Progress", "Fixed", "Ready to Test", "Closed", "Rejected")
ISSUE_STATUSES = ("To Do", "In Progress", "In Review", "Done")

RESOLUTIONS = ("Fixed", "Won't Fix", "Duplicate", "Cannot Reproduce")
"""Resolutions of incidents; Jira has Done, Won't Do, Duplicate, Cannot Reproduce."""
