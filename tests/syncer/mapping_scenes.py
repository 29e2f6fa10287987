"""What each row of `mappings.mappable` does to a record: logged in Enterprise Tester, edited in Jira, and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Expected: TypeAlias = str | Callable[[str], bool]
"""A value as people see it ("-" for nothing), or what must hold of it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`logged` are members of a new incident, and `shown` is what its issue then shows in the row's field. `edited` is
    what a developer then writes into the issue; then the incident shows `returned`, and the issue `kept`."""

    logged: Mapping[str, Any] = field(default_factory=dict)
    shown: Expected | None = None
    edited: Mapping[str, Any] = field(default_factory=dict)
    returned: Expected | None = None
    kept: Expected | None = None


def custom(**values: Any) -> dict[str, Any]:
    return {"FieldValues": {name.replace("_", " "): value for name, value in values.items()}}


SCENES: Mapping[str, Scene] = {
    "Summary": Scene({"Summary": "Pump fails"}, "Pump fails", {"summary": "Pump stops"}, "Pump stops"),
    "Description, plain text": Scene(
        {"Description": "It drips *badly*\n[see log]"},
        "It drips *badly*\n[see log]",
        {"description": "It is *mended*\n\n* twice"},
        "It is mended\n\n- twice",
    ),
    "Description, HTML": Scene(
        {"Description": "<p>It <b>drips</b></p><ul><li>now</li></ul>"},
        "It drips\n\n- now",
        {"description": "It is *mended*"},
        lambda html: "mended</" in html and "<p>" in html,
    ),
    "Type": Scene({"Type": "Defect"}, "Bug", {"issuetype": "Improvement"}, "Enhancement"),
    "Status, by the workflow's transitions": Scene(
        {"Status": "In Progress"}, "In Progress", {"status": "Done"}, "Closed"
    ),
    "Priority": Scene({"Priority": "Critical"}, "Highest", {"priority": "Low"}, "Low"),
    "Assignee": Scene({"AssignedTo": "joeb"}, "Joe Bloggs", {"assignee": "annak"}, "Anna Krüger"),
    "Reporter of the incident, as text": Scene(shown="Joe Bloggs"),
    "Reporter of the issue, as text": Scene(returned="Sync Service"),
    "Components": Scene(
        {"Components": ["Reports"]}, "Reports", {"components": ["Reports", "Search"]}, "Reports, Search"
    ),
    "Affected versions": Scene({"AffectedVersions": ["2.0"]}, "2.0", {"versions": ["2.1"]}, "2.1"),
    "Fixed versions": Scene({"FixedVersions": ["2.1"]}, "2.1", {"fixVersions": ["2.1", "2.0"]}, "2.0, 2.1"),
    "Labels": Scene(
        custom(Notes="regression, needs review"),
        "needs_review, regression",
        {"labels": ["needs_review", "seen"]},
        "needs_review, seen",
    ),
    "Custom field: one line of text": Scene(custom(Cycle="V1"), "V1", {"customfield_10011": "V2"}, "V2"),
    "Custom field: formatted text": Scene(
        custom(Steps="<ol><li>Open</li><li>Press</li></ol>"),
        "1. Open\n2. Press",
        {"customfield_10016": "# Open\n# Wait"},
        lambda html: "<ol>" in html and "<li>Wait" in html,
    ),
    "Custom field: number": Scene(custom(Story_points=3), "3", {"customfield_10013": 5.5}, "5.5"),
    "Custom field: date": Scene(
        custom(Found_on="2026-11-22T00:00:00Z"), "2026-11-22", {"customfield_10012": "2026-11-23"}, "2026-11-23"
    ),
    "Custom field: date and time": Scene(
        custom(Found_on="2026-11-22T00:00:00Z"),
        "2026-11-22T00:00:00Z",
        {"customfield_10021": "2026-11-25T10:00:00.000+0000"},
        "2026-11-25",
    ),
    "Custom field: one choice": Scene(custom(Severity="Major"), "Major", {"customfield_10010": "Minor"}, "Minor"),
    "Custom field: one choice, as buttons": Scene(custom(Risk="Low"), "Low", {"customfield_10022": "High"}, "High"),
    "Custom field: several choices": Scene(
        custom(Platforms=["Windows", "Linux"]), "Linux, Windows", {"customfield_10014": ["iOS"]}, "iOS"
    ),
    "Custom field: several choices, as boxes": Scene(
        custom(Affected_areas=["Login"]), "Login", {"customfield_10018": ["Login", "Payment"]}, "Login, Payment"
    ),
    "Custom field: cascade": Scene(
        custom(Region=["Europe", "Germany"]),
        "Europe / Germany",
        {"customfield_10017": "Asia / Japan"},
        "Asia / Japan",
    ),
    "Custom field: yes or no": Scene(custom(Reproducible=True), "High", {"customfield_10022": "Low"}, "No"),
    "Custom field: address of a page": Scene(
        custom(Page="https://shop.example/basket?a=1"),
        "https://shop.example/basket?a=1",
        {"customfield_10019": "https://shop.example/"},
        "https://shop.example/",
    ),
    "Custom field: user": Scene(shown="Joe Bloggs"),
    "Custom field: free words": Scene(
        custom(Platforms=["Windows", "Linux"]), "Linux, Windows", {"customfield_10023": ["Linux"]}, "Linux"
    ),
    "Automap: options of the same name": Scene(
        custom(Severity="Blocker"), "Blocker", {"customfield_10010": "Major"}, "Major"
    ),
    "Copy field": Scene(custom(Cycle="Ä & <b>"), "Ä & <b>", {"customfield_10011": "*x*"}, "*x*"),
    "Value table: one option stands for several": Scene(
        {"Priority": "Low"}, "Low", {"priority": "Lowest"}, "Low", kept="Lowest"
    ),
    "Value table with a default": Scene(custom(Severity="Major"), "Minor", {"customfield_10010": "Blocker"}, "Blocker"),
    "Value table that leaves the rest alone": Scene(
        custom(Severity="Major"), "-", {"customfield_10010": "Minor"}, "Major", kept="Minor"
    ),
    "Set field to value, in the issue": Scene(shown=lambda labels: "from-testing" in labels),
    "Set field to value, in the incident": Scene(returned="Development"),
    "Set field to value if empty, in the issue": Scene(
        shown="Minor", edited={"customfield_10010": "Major"}, kept="Major"
    ),
    "Set field to value if empty, in the incident": Scene(returned="unplanned"),
    "Text made of several fields": Scene(
        {"Priority": "High", **custom(Cycle="V3")},
        lambda text: text.startswith("#") and text.endswith(": High, found in cycle V3"),
    ),
    "Only while a condition holds": Scene(
        {"Type": "Defect", **custom(Cycle="V4")}, "V4", {"customfield_10011": "V5"}, "V5"
    ),
    "One way": Scene(custom(Cycle="V6"), "V6", {"customfield_10011": "mine"}, "V6", kept="mine"),
    "One way, and put back when edited": Scene(
        custom(Cycle="V7"), "V7", {"customfield_10011": "mine"}, "V7", kept="V7"
    ),
    "Sets that only grow": Scene(
        custom(Platforms=["Windows"]), "Windows", {"customfield_10014": ["Linux"]}, "Linux, Windows", kept="Linux"
    ),
}
"""By the row's name; the resolution, which goes with the status, has a test of its own."""
