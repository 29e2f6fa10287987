"""Mistakes in mapping files that only the servers can tell, and servers that don't fit a mapping as it should be.

What is changed on a server is undone when its case is over."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncer.sandbox.jira.fields import FIELDS, Screen
from syncer.sandbox.jira.workflow import REVIEWED
from syncer.sandbox.server import Sandbox
from tests.syncer.cli.mistakes import SUMMARY, TEXTS, VERSION_ROWS, Case, Server, entry


@contextmanager
def patched(target: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, value)
        yield


def without_review(_: Sandbox) -> AbstractContextManager[None]:
    return patched("syncer.sandbox.jira.workflow.REVIEWED", tuple(one for one in REVIEWED if one.id != "31"))


def issue_field(name: str, **changes: Any) -> Server:
    """A field of Jira that lies on other screens, or is needed."""
    fields = tuple(replace(one, **changes) if one.id == name else one for one in FIELDS)
    return lambda _: patched("syncer.sandbox.jira.views.meta.FIELDS", fields)


def incident_field(name: str, **changes: Any) -> Server:
    @contextmanager
    def changed(sandbox: Sandbox) -> Iterator[None]:
        fields = sandbox.tester.catalogue.fields
        before = fields[name]
        fields[name] = replace(before, **changes)
        yield
        fields[name] = before

    return changed


def behaving(**switches: object) -> Server:
    """Jira behaves so meanwhile."""

    @contextmanager
    def switched(sandbox: Sandbox) -> Iterator[None]:
        behaviour = sandbox.jira.behaviour
        before = {name: getattr(behaviour, name) for name in switches}
        for name, value in switches.items():
            setattr(behaviour, name, value)
        yield
        for name, value in before.items():
            setattr(behaviour, name, value)

    return switched


@contextmanager
def own_link(sandbox: Sandbox) -> Iterator[None]:
    links = sandbox.tester.catalogue.external_links
    (before,) = links.values()
    links[before.id] = replace(before, enabled=True)
    yield
    links[before.id] = before


@contextmanager
def late(sandbox: Sandbox) -> Iterator[None]:
    before = sandbox.jira.clock
    sandbox.jira.clock = lambda: datetime.now(UTC) - timedelta(hours=1)
    yield
    sandbox.jira.clock = before


def live(old: str, new: str, says: str, at: str = "", **more: Any) -> Case:
    return Case(old, new, says, at, live=True, **more)


def on_server(at: str, says: str, server: Server, **more: Any) -> Case:
    """A mapping as it should be, and a server as it should not."""
    return live(at, at, says, at, server=server, **more)


LIVE = {
    "unknown type": live("{incident: Task, issue: Task}", "{incident: Task, issue: Tusk}", "did you mean 'Task'?"),
    "unknown option of issues": live("issue: Highest}", "issue: Urgent}", "no priority 'Urgent'; it has: Highest"),
    "unknown option of incidents": live("{incident: Critical,", "{incident: Urgent,", "no priority 'Urgent'"),
    "unknown status": live("{incident: Fixed, issue: In Review}", "{incident: Fixed, issue: In Revue}", "'In Review'?"),
    "unknown status to close with": live("close_issue_as: Done ", "close_issue_as: Gone ", "did you mean 'Done'?"),
    "unreachable status": on_server(
        "{incident: Fixed, issue: In Review}", "no transition brings an issue of the type 'Bug' into", without_review
    ),
    "resolution that the workflow lacks": live("resolution: Done ", "resolution: Finished ", "'Finished' is no value"),
    "demand that nothing meets": live(
        "      resolution: Done ", "      environment: Lab ", "demands the field Resolution"
    ),
    "unknown version": live(
        VERSION_ROWS,
        f'  values:\n    - {{incident: Release 1, issue: "1.0"}}\n{VERSION_ROWS}',
        "no version 'Release 1'",
        'Release 1, issue: "1.0"}\n  create',
    ),
    "version that nothing creates": live(
        VERSION_ROWS,
        "  create: false     # create in Jira",
        "'3.1 nightly' has no counterpart",
        "issue: versions",
        severity="note",
    ),
    "unknown user": live("issue: Sam Williams}", "issue: Sam Wiliams}", "did you mean 'Sam Williams'?"),
    "user who left Jira": live("issue: Sam Williams}", "issue: Lena Former}", "Lena Former"),
    "user who left Enterprise Tester": live("{incident: samw,", "{incident: leftus,", "'leftus' on the incident side"),
    "default who left": live(
        "    kind: users\n",
        "    kind: users\n    default: {incident: leftus}\n",
        "assigned to 'leftus'",
        "default: {inc",
    ),
    "value too long": entry(f"{TEXTS}set, value: {'x' * 300}}}", "holds 255 characters, and this has 300", live=True),
    "template too long": entry(
        f'{TEXTS}template, template: "{{{{ incident.Summary }}}} {"x" * 300}"}}', "with all fields empty", live=True
    ),
    "value that is no option": entry(
        "  - {issue: customfield_10022, kind: set, value: Huge}", "no option of customfield_10022 'Huge'", live=True
    ),
    "value that is no number": entry(
        "  - {issue: customfield_10013, kind: set, value: many}", "'many' is not a number", live=True
    ),
    "template into a number": entry(
        '  - {issue: customfield_10013, kind: template, template: "{{ incident.Summary }}"}', "use kind: set", live=True
    ),
    "custom field that Jira lacks": live("customfield_10011", "customfield_10999", "this Jira doesn't have"),
    "custom field that incidents lack": live(
        "FieldValues.Cycle", "FieldValues.Cycles", "did you mean 'FieldValues.Cycle'?"
    ),
    "custom field in a condition": live(
        SUMMARY,
        f"{SUMMARY}    when: incident.FieldValues.Cycles == 'Sprint 14'\n",
        "no field FieldValues.Cycles",
        "== 'Spr",
    ),
    "copied choice": live(
        "{incident: FieldValues.Cycle, issue: customfield_10011, kind: copy}",
        "{incident: FieldValues.Cycle, issue: customfield_10022, kind: copy}",
        "'copy' doesn't carry customfield_10022",
    ),
    "one choice for many": live(
        "{incident: FieldValues.Severity, issue: customfield_10010,",
        "{incident: FieldValues.Severity, issue: customfield_10014,",
        "map fields of one kind",
    ),
    "labels into a date": live(
        "FieldValues.Notes,", "FieldValues.Found on,", "'labels' doesn't carry FieldValues.Found on"
    ),
    "unknown project of incidents": live("  project: Test Project", "  project: Test Projekt", "'Test Project'?"),
    "unknown project of issues": live("  project: TEST", "  project: TSET", "did you mean TEST"),
    "unknown type of new issues": live("  project: TEST\n", "  project: TEST\n  type: Bugg\n", "'Bug'?", "type: Bugg"),
    "condition that is no TQL": live(
        "  # only: Status != Rejected ", "  only: Status IS Rejected ", "Enterprise Tester refuses this condition"
    ),
    "condition that is no JQL": live(
        "  # only: labels = from-testing ", "  only: labels == from-testing ", "Jira refuses this condition"
    ),
    "condition with an unknown field": live(
        "  # only: labels = from-testing ", "  only: label = from-testing ", "Jira refuses this condition"
    ),
    "unknown mark_field": live("mark_field: Jira key", "mark_field: Jira Kee", "did you mean 'Jira key'?"),
    "mark_field that is no text box": live("mark_field: Jira key", "mark_field: Risk", "is no text box"),
    "permission to write": on_server(
        "  project: TEST", "lacks the permission 'Create Issues'", behaving(read_only=True)
    ),
    "permission to delete": live(
        "  incident: close ",
        "  incident: delete ",
        "'Delete Issues'",
        "  project: TEST",
        server=behaving(delete_forbidden=True),
    ),
    "wrong screen": on_server(
        "{incident: FieldValues.Cycle, issue: customfield_10011,",
        "isn't on the screen of new issues",
        issue_field("customfield_10011", screens=frozenset[Screen]({"edit"})),
    ),
    "no screen": on_server(
        "{incident: FieldValues.Cycle, issue: customfield_10011,",
        "the screen of new and existing issues",
        issue_field("customfield_10011", screens=frozenset[Screen]()),
    ),
    "field that only the server writes": on_server(
        "{incident: FieldValues.Cycle, issue: customfield_10011,",
        "lets nobody write FieldValues.Cycle",
        incident_field("Cycle", read_only=True),
    ),
    "field that new issues need": on_server(
        "  - incident: Summary",
        "new issues need customfield_10022 (Risk)",
        issue_field("customfield_10022", required=True),
    ),
    "field that new incidents need": on_server(
        "  - incident: Summary", "new incidents need FieldValues.Risk", incident_field("Risk", required=True)
    ),
    "field that the one type needs": live(
        "  project: TEST\n",
        "  project: TEST\n  type: Bug\n",
        "demands Risk (customfield_10022)",
        "  type: Bug",
        server=issue_field("customfield_10022", required=True),
    ),
    "screen without labels": on_server(
        "  project: TEST", "lacks the field Labels", issue_field("labels", screens=frozenset[Screen]({"edit"}))
    ),
    "Enterprise Tester's own link": on_server(
        "  project: Test Project", "nothing is written until it is switched off", own_link
    ),
    "clock of another time zone": on_server("  project: TEST", "60 minutes behind", late, severity="note"),
}
