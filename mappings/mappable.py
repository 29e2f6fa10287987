"""What can be mapped, row by row: the fields and mapping kinds of Enterprise Tester's own synchronizer, and more.

docs/mapping.md shows the rows, and a test carries each of them both ways between two servers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mappable:
    """One thing that a mapping can say. `entry` is how it is said: entries under `fields`, or another block."""

    name: str
    entry: str
    own: bool = False
    """Whether Enterprise Tester's own synchronizer has it too."""


FIELDS = (
    Mappable("Summary", "- {incident: Summary, issue: summary, kind: copy}", own=True),
    Mappable("Description, plain text", "- {incident: Description, issue: description, kind: copy}"),
    Mappable("Description, HTML", "- {incident: Description, issue: description, kind: copy, incident_text: html}"),
    Mappable(
        "Type",
        "- incident: Type\n  issue: issuetype\n  kind: table\n  values:\n"
        "    - {incident: Defect, issue: Bug}\n    - {incident: Task, issue: Task}\n"
        "    - {incident: Enhancement, issue: Improvement}",
        own=True,
    ),
    Mappable(
        "Status, by the workflow's transitions",
        "- incident: Status\n  issue: status\n  kind: status\n  values:\n"
        "    - {incident: New, issue: To Do}\n    - {incident: In Progress, issue: In Progress}\n"
        "    - {incident: Ready to Test, issue: In Review}\n    - {incident: Closed, issue: Done}\n"
        "  default: {incident: Open, issue: To Do}\n  transition_fields: {resolution: Done}",
        own=True,
    ),
    Mappable(
        "Priority",
        "- incident: Priority\n  issue: priority\n  kind: automap\n  values:\n"
        "    - {incident: Critical, issue: Highest}",
        own=True,
    ),
    Mappable(
        "Resolution, with the status",
        "- incident: Resolution\n  issue: resolution\n  kind: automap\n  values:\n"
        "    - {incident: Fixed, issue: Done}\n    - {incident: Won't Fix, issue: Won't Do}",
    ),
    Mappable("Assignee", "- {incident: AssignedTo, issue: assignee, kind: users, unmapped: omit}", own=True),
    Mappable(
        "Reporter of the incident, as text",
        '- {issue: customfield_10020, kind: template, template: "{{ incident.CreatedBy }}"}',
    ),
    Mappable(
        "Reporter of the issue, as text",
        '- {incident: FieldValues.Reported by, kind: template, template: "{{ issue.reporter }}"}',
    ),
    Mappable("Components", "- {incident: Components, issue: components, kind: components, create: true}", own=True),
    Mappable("Affected versions", "- {incident: AffectedVersions, issue: versions, kind: versions}", own=True),
    Mappable("Fixed versions", "- {incident: FixedVersions, issue: fixVersions, kind: versions}", own=True),
    Mappable("Labels", "- {incident: FieldValues.Notes, issue: labels, kind: labels}"),
    Mappable(
        "Custom field: one line of text",
        "- {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy}",
        own=True,
    ),
    Mappable(
        "Custom field: formatted text",
        "- {incident: FieldValues.Steps, issue: customfield_10016, kind: copy, incident_text: html}",
    ),
    Mappable(
        "Custom field: number", "- {incident: FieldValues.Story points, issue: customfield_10013, kind: copy}", own=True
    ),
    Mappable(
        "Custom field: date", "- {incident: FieldValues.Found on, issue: customfield_10012, kind: copy}", own=True
    ),
    Mappable("Custom field: date and time", "- {incident: FieldValues.Found on, issue: customfield_10021, kind: copy}"),
    Mappable(
        "Custom field: one choice",
        "- {incident: FieldValues.Severity, issue: customfield_10010, kind: automap}",
        own=True,
    ),
    Mappable(
        "Custom field: one choice, as buttons",
        "- {incident: FieldValues.Risk, issue: customfield_10022, kind: automap}",
    ),
    Mappable(
        "Custom field: several choices",
        "- {incident: FieldValues.Platforms, issue: customfield_10014, kind: automap}",
        own=True,
    ),
    Mappable(
        "Custom field: several choices, as boxes",
        "- {incident: FieldValues.Affected areas, issue: customfield_10018, kind: automap}",
    ),
    Mappable("Custom field: cascade", "- {incident: FieldValues.Region, issue: customfield_10017, kind: automap}"),
    Mappable(
        "Custom field: yes or no",
        "- incident: FieldValues.Reproducible\n  issue: customfield_10022\n  kind: table\n  values:\n"
        '    - {incident: "Yes", issue: High}\n    - {incident: "No", issue: Low}',
    ),
    Mappable("Custom field: address of a page", "- {incident: FieldValues.Page, issue: customfield_10019, kind: copy}"),
    Mappable(
        "Custom field: user",
        "- {incident: CreatedBy, issue: customfield_10015, kind: users, direction: to_issue, unmapped: omit}",
    ),
    Mappable("Custom field: free words", "- {incident: FieldValues.Platforms, issue: customfield_10023, kind: labels}"),
)
"""Fields, each by the kind that carries it best."""

KINDS = (
    Mappable(
        "Automap: options of the same name",
        "- {incident: FieldValues.Severity, issue: customfield_10010, kind: automap}",
        own=True,
    ),
    Mappable("Copy field", "- {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy}", own=True),
    Mappable(
        "Value table: one option stands for several",
        "- incident: Priority\n  issue: priority\n  kind: table\n  values:\n"
        "    - {incident: Critical, issue: Highest}\n    - {incident: High, issue: High}\n"
        "    - {incident: Medium, issue: Medium}\n    - {incident: Low, issue: Low}\n"
        "    - {incident: Low, issue: Lowest}",
        own=True,
    ),
    Mappable(
        "Value table with a default",
        "- incident: FieldValues.Severity\n  issue: customfield_10010\n  kind: table\n  values:\n"
        "    - {incident: Blocker, issue: Blocker}\n  default: {incident: Minor, issue: Minor}",
    ),
    Mappable(
        "Value table that leaves the rest alone",
        "- incident: FieldValues.Severity\n  issue: customfield_10010\n  kind: table\n  unmapped: omit\n  values:\n"
        "    - {incident: Blocker, issue: Blocker}",
    ),
    Mappable("Set field to value, in the issue", "- {issue: labels, kind: set, value: from-testing}", own=True),
    Mappable(
        "Set field to value, in the incident",
        "- {incident: FieldValues.Reported by, kind: set, value: Development}",
        own=True,
    ),
    Mappable(
        "Set field to value if empty, in the issue",
        "- {issue: customfield_10010, kind: set, value: Minor, if_empty: true}",
        own=True,
    ),
    Mappable(
        "Set field to value if empty, in the incident",
        "- {incident: FieldValues.Cycle, kind: set, value: unplanned, if_empty: true}",
        own=True,
    ),
    Mappable(
        "Text made of several fields",
        "- issue: environment\n  kind: template\n"
        '  template: "{{ incident.key }}: {{ incident.Priority }}, found in cycle {{ incident.FieldValues.Cycle }}"',
    ),
    Mappable(
        "Only while a condition holds",
        "- {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy, when: incident.Type == 'Defect'}",
    ),
    Mappable(
        "One way",
        "- {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy, direction: to_issue}",
        own=True,
    ),
    Mappable(
        "One way, and put back when edited",
        "- {incident: FieldValues.Cycle, issue: customfield_10011, kind: copy, direction: to_issue, read_only: true}",
    ),
    Mappable(
        "Sets that only grow",
        "- {incident: FieldValues.Platforms, issue: customfield_10014, kind: automap, only_add: true}",
    ),
)
"""Mapping kinds."""
