"""Promises about what has to hold between the parts of a file: told at the place that breaks it."""

from pathlib import Path

import pytest

from mappings.kinds import StatusField
from tests.mappings.files import GOOD, load_text, one_field, problems

INCIDENT_FIELDS = (
    "Summary, Description, Type, Status, Priority, Resolution, AssignedTo, Components, AffectedVersions, "
    "FixedVersions, CreatedBy, LastUpdatedBy, CreatedAt, LastUpdatedAt, IncidentNumber, ProjectName or "
    "FieldValues.<custom field>"
)
ISSUE_FIELDS = (
    "summary, description, environment, issuetype, status, priority, resolution, assignee, components, versions, "
    "fixVersions, labels, duedate, reporter, creator, created, updated or customfield_<number>"
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            one_field("{incident: Desciption, issue: description, kind: copy}"),
            f"5:16: unknown incident field 'Desciption'; allowed are {INCIDENT_FIELDS}; did you mean 'Description'?",
        ),
        (
            one_field("{incident: description, issue: description, kind: copy}"),
            f"5:16: unknown incident field 'description'; allowed are {INCIDENT_FIELDS}; did you mean 'Description'?",
        ),
        (
            one_field("{incident: FieldValues., issue: customfield_1, kind: copy}"),
            f"5:16: unknown incident field 'FieldValues.'; allowed are {INCIDENT_FIELDS}",
        ),
        (
            one_field("{incident: FieldValues.Cycle, issue: Cycle, kind: copy}"),
            f"5:42: unknown issue field 'Cycle'; allowed are {ISSUE_FIELDS}",
        ),
        (
            one_field("{incident: Status, issue: priority, kind: status, values: [{incident: a, issue: b}]}"),
            "5:31: Status is a choice and can't be mapped to priority; it fits status",
        ),
        (
            one_field("{incident: Priority, issue: description, kind: copy}"),
            "5:33: Priority is a choice and can't be mapped to description; it fits issuetype, priority, "
            "resolution or customfield_<number>",
        ),
        (
            one_field("{incident: Components, issue: labels, kind: components}"),
            "5:35: Components is a set of choices and can't be mapped to labels; it fits components",
        ),
        (
            one_field("{incident: Priority, issue: priority, kind: copy}"),
            "5:49: 'copy' doesn't carry Priority, which is a choice; use kind: table or automap",
        ),
        (
            one_field("{incident: Status, issue: status, kind: table, values: [{incident: a, issue: b}]}"),
            "5:45: 'table' doesn't carry Status, which is a choice; use kind: status",
        ),
        (
            one_field("{incident: AssignedTo, issue: assignee, kind: copy}"),
            "5:51: 'copy' doesn't carry AssignedTo, which is a user; use kind: users",
        ),
        (
            one_field("{incident: Summary, issue: customfield_1, kind: copy}")
            + "  - {incident: Description, issue: description, kind: copy}\n",
            "5:16: the incident field Summary is mapped a second time; a field may be mapped once (the first one "
            "is on line 4)",
        ),
        (
            one_field("{incident: FixedVersions, issue: versions, kind: versions}")
            + "  - {incident: AffectedVersions, issue: versions, kind: versions}\n",
            "6:41: the issue field versions is mapped a second time; a field may be mapped once (the first one is "
            "on line 5)",
        ),
        (
            GOOD + "versions:\n  values:\n    - {incident: a, issue: b}\n    - {incident: a, issue: b}\n",
            "8:7: the row a - b is given a second time; remove one of them (the first one is on line 7)",
        ),
        (
            one_field("{incident: AssignedTo, issue: assignee, kind: users, users: [&row {incident: a, issue: b}]}"),
            "5:66: '&row' is an anchor; leave it out, or put text in quotes",
        ),
        (
            GOOD.replace("Summary", "Description"),
            "4:36: Summary and summary have to be mapped to each other",
        ),
        (
            GOOD.replace("Summary", "Description").replace("summary", "description"),
            "4:3: Summary isn't mapped, and new records need one; add {incident: Summary, issue: summary, kind: copy}",
        ),
        (
            GOOD.replace("copy}", "copy, direction: to_issue}"),
            "4:64: 'to_issue' leaves new incidents without a Summary; leave the direction out here",
        ),
        (
            GOOD.replace(", type: Bug", ""),
            "2:9: new issues need a type: add one here, as type: Bug, or map Type to issuetype",
        ),
        (
            GOOD.replace(", mark_field: Jira key", ""),
            "1:12: mark_field is needed to recognise the incidents that this link creates: the name of a "
            "custom field, of type text box; or let direction be to_issue",
        ),
        (
            GOOD.replace("Jira key", "FieldValues.Jira key"),
            "1:44: write the custom field's name alone: Jira key",
        ),
        (
            one_field("{incident: FieldValues.Jira key, issue: customfield_1, kind: copy}"),
            "5:16: the mark_field belongs to the synchronizer; map another custom field",
        ),
        (
            one_field("{incident: Description, issue: description, kind: copy, direction: to_incident}")
            + "direction: to_issue\n",
            "5:72: 'to_incident' contradicts the link's own direction 'to_issue'; leave it out here",
        ),
        (
            GOOD + "comments: {direction: to_issue}\ndirection: to_incident\n",
            "5:23: 'to_issue' contradicts the link's own direction 'to_incident'; leave it out here",
        ),
    ],
    ids=lambda value: repr(value[-40:]),
)
def test_a_broken_rule_is_shown_where_it_is(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "resoluton",
            f"unknown issue field 'resoluton'; allowed are {ISSUE_FIELDS}; did you mean 'resolution'?",
        ),
        ("status", "a transition sets the status by itself; name what it asks for, as resolution"),
    ],
)
def test_a_transition_can_ask_only_for_fields_of_an_issue(tmp_path: Path, name: str, problem: str) -> None:
    table = "values: [{incident: a, issue: b}], transition_fields: {%s: Done}"
    entry = f"{{incident: Status, issue: status, kind: status, {table}}}"
    assert problems(tmp_path, one_field(entry % name)) == [f"5:108: {problem}"]
    mapping = load_text(tmp_path, one_field(entry % "resolution"))
    assert isinstance(field := mapping.fields[-1], StatusField)
    assert field.transition_fields == {"resolution": "Done"}


def test_issues_need_no_type_where_the_type_is_mapped(tmp_path: Path) -> None:
    row = "{incident: Type, issue: issuetype, kind: table, values: [{incident: Defect, issue: Bug}]"
    text = GOOD.replace(", type: Bug", "")
    assert problems(tmp_path, f"{text}  - {row}}}\n") == []
    assert len(problems(tmp_path, f"{text}  - {row}, direction: to_incident}}\n")) == 1


def test_what_is_needed_to_create_records_is_asked_for_only_where_records_are_created(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace(", mark_field: Jira key", "") + "direction: to_issue\n") == []
    assert problems(tmp_path, GOOD.replace(", type: Bug", "") + "direction: to_incident\n") == []


def test_a_misspelt_field_raises_no_question_that_depends_on_it(tmp_path: Path) -> None:
    row = "{incident: Type, issue: isuetype, kind: table, values: [{incident: Defect, issue: Bug}]}"
    (said,) = problems(tmp_path, GOOD.replace(", type: Bug", "") + f"  - {row}\n")
    assert said.startswith("5:29: unknown issue field 'isuetype'")


def test_a_row_that_is_given_three_times_is_the_first_one_repeated(tmp_path: Path) -> None:
    said = problems(tmp_path, GOOD + "versions:\n  values:\n" + "    - {incident: a, issue: b}\n" * 3)
    assert [line.rpartition("(")[2] for line in said] == ["the first one is on line 7)"] * 2


def test_a_mistyped_direction_raises_no_question_that_depends_on_it(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.replace(", mark_field: Jira key", "") + "direction: one\n")
    assert said.startswith("5:12: 'one' is not one of")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{kind: set, value: x}", "5:5: 'set' writes one field: give either incident or issue; neither is"),
        (
            "{incident: FieldValues.A, issue: labels, kind: set, value: x}",
            "5:5: 'set' writes one field: give either incident or issue; both are given",
        ),
        (
            "{issue: labels, kind: set, value: x, direction: to_issue}",
            "5:53: 'set' writes the issue anyway; leave the direction out here",
        ),
        (
            "{issue: priority, kind: template, template: x}",
            "5:13: a template makes text, and priority is a choice; use kind: set",
        ),
        (
            "{issue: summary, kind: template, template: x}",
            "5:13: the issue field summary is mapped a second time; a field may be mapped once (the first one is",
        ),
        (
            "{issue: labels, kind: set, value: x, if_empty: true, read_only: true}",
            "5:69: what is written only if_empty is never put back; leave one of them out",
        ),
        (
            "{incident: CreatedBy, issue: assignee, kind: users}",
            "5:16: only the server writes CreatedBy; add direction: to_issue",
        ),
        ("{issue: reporter, kind: set, value: joeb}", "5:13: only the server writes reporter; name another field"),
        (
            "{incident: Description, issue: description, kind: copy, read_only: true}",
            "5:72: read_only is for fields that are carried one way; add direction: to_issue or to_incident",
        ),
        (
            "{incident: Priority, issue: priority, kind: automap, unmapped: default}",
            "5:68: no default is given; add default: {incident: ..., issue: ...}, or choose park or omit",
        ),
        (
            "{incident: Priority, issue: priority, kind: automap, unmapped: omit, default: {issue: Low}}",
            "5:68: 'omit' never takes the default; leave one of the two out",
        ),
        (
            "{incident: Components, issue: labels, kind: labels}",
            "5:35: Components is a set of choices and can't be mapped to labels; it fits components",
        ),
        (
            "{incident: FieldValues.A, issue: status, kind: status, values: [{incident: a, issue: b}]}",
            "5:38: FieldValues.A is a custom field and can't be mapped to status; it fits summary",
        ),
    ],
)
def test_an_entry_that_could_never_work_is_refused(tmp_path: Path, entry: str, problem: str) -> None:
    (said,) = problems(tmp_path, one_field(entry))
    assert said.startswith(problem)


def test_a_set_against_the_direction_of_the_link_is_refused(tmp_path: Path) -> None:
    text = one_field("{incident: FieldValues.A, kind: set, value: x}") + "direction: to_issue\n"
    assert problems(tmp_path, text) == [
        "5:16: the link's direction 'to_issue' never touches the incident; leave this out"
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("when: incident.Summry == 'a'", "unknown incident field 'Summry'"),
        ("when: issue.customfield_x == 'a'", "unknown issue field 'customfield_x'"),
        ("when: incident.Summary ==", "5:67: this is no valid condition"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(tmp_path: Path, entry: str, problem: str) -> None:
    field = f"{{incident: Description, issue: description, kind: copy, {entry}}}"
    (said,) = problems(tmp_path, one_field(field))
    assert problem in said


def test_a_template_reads_the_side_that_it_does_not_write(tmp_path: Path) -> None:
    entry = "{issue: environment, kind: template, template: '{{ issue.summary }}'}"
    assert problems(tmp_path, one_field(entry)) == [
        "5:52: this is looked at when only the incident is there; name fields of the incident"
    ]
