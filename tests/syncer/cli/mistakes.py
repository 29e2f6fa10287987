"""Mistakes that administrators make in mapping files, each made to the full example. The file alone shows these."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from syncer.sandbox.server import Sandbox

EXAMPLES = Path("mappings/examples")
FULL = (EXAMPLES / "full.yaml").read_text(encoding="utf-8")

SUMMARY = "  - incident: Summary\n"
"""What stands behind it belongs to the first entry."""

DESCRIPTION = "  - {incident: Description,"
"""What stands before it is an entry of its own."""

TEXTS = "  - {issue: customfield_10019, kind: "
VERSION_ROWS = "  create: true      # create in Jira"

Server = Callable[[Sandbox], AbstractContextManager[None]]


@dataclass(frozen=True)
class Case:
    """`old` becomes `new`; the mistake stands on the line that has `at`, and its sentence has `says`."""

    old: str
    new: str
    says: str
    at: str = ""
    live: bool = False
    server: Server | None = None
    severity: Literal["error", "note"] = "error"

    @property
    def text(self) -> str:
        assert self.old in FULL, f"the full example has no longer {self.old!r}"
        return FULL.replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """Where the mistake is."""
        sought = self.at or self.new.strip("\n").splitlines()[0]
        begin = self.text.index(self.new) if not self.at else 0
        return self.text.count("\n", 0, self.text.index(sought, begin)) + 1


def entry(text: str, says: str, **more: Any) -> Case:
    """An entry that is put before the one for Description."""
    return Case(DESCRIPTION, f"{text}\n{DESCRIPTION}", says, **more)


OFFLINE = {
    "key typo": Case("conflict: newest", "conflct: newest", "did you mean 'conflict'?"),
    "key typo in an entry": Case(SUMMARY, f"{SUMMARY}    conflit: ask\n", "unknown key 'conflit'", "conflit"),
    "key in the wrong block": Case("  mark_field: Jira key", "mark_field: Jira key", "put it below 'incidents:'"),
    "tab": Case("  project: TEST", "\tproject: TEST", "a tab stands here"),
    "tab behind a colon": Case("  project: TEST", "  project:\tTEST", "a tab stands here"),
    "indented too far": Case("  mark_field: Jira key", "    mark_field: Jira key", "check the indentation"),
    "indented too little": Case("      - {incident: Open,", "     - {incident: Open,", "check the indentation"),
    "no blank behind a colon": Case("  project: Test Project", "  project:Test Project", "put a blank behind the ':'"),
    "no blank in a row": Case("{incident: High, ", "{incident:High, ", "put a blank behind the ':'"),
    "no blank behind a dash": Case("      - {incident: Open,", "      -{incident: Open,", "a blank behind the '-'"),
    "unquoted colon": Case("  project: Test Project", "  project: Test: Project", "put text with a ': ' in quotes"),
    "quote not closed": Case("  project: TEST", '  project: "TEST', "not closed on this line"),
    "apostrophe not closed": Case("  project: TEST", "  project: 'TEST", "not closed on this line"),
    "quote not closed in a row": Case("issue: Highest}", 'issue: "Highest}', "not closed on this line"),
    "text behind a quote": Case(SUMMARY, f"{SUMMARY}    when: 'Bug' == issue.issuetype\n", "other kind", "when: 'Bug'"),
    "duplicate key": Case("  project: TEST\n", "  project: TEST\n  project: TOAST\n", "a second time", "TOAST"),
    "anchor": Case("kind: status\n", "kind: &way status\n", "is an anchor"),
    "alias": Case("  project: TEST", "  project: *key", "is an alias"),
    "tag": Case("  project: TEST", "  project: !key TEST", "is a tag"),
    "comma missing": Case("{incident: High, issue", "{incident: High issue", "a comma is missing"),
    "bracket missing": Case("{incident: High, issue: High}", "{incident: High, issue: High", "not closed"),
    "second document": Case("comments:\n", "---\ncomments:\n", "a second document"),
    "invisible character": Case("  project: TEST", "  project: TE\u200bST", "the invisible character U+200B"),
    "value missing": Case("  project: TEST", "  project:", "text is due here", "  project:\n"),
    "row without a side": Case("{incident: Low, issue: Lowest}", "{incident: Low}", "the key 'issue' is missing"),
    "row twice": Case(
        "{incident: Low, issue: Lowest}", "{incident: Low, issue: Low}", "given a second time", "Low, issue: Low}\n\n"
    ),
    "unknown kind": Case("    kind: users", "    kind: user", "did you mean 'users'?"),
    "kind wrong for the field": Case(
        "issue: description, kind: copy", "issue: description, kind: users", "use kind: copy"
    ),
    "unknown field of incidents": Case("incident: AssignedTo", "incident: AssignTo", "did you mean 'AssignedTo'?"),
    "unknown field of issues": Case("issue: fixVersions", "issue: fixVersion", "did you mean 'fixVersions'?"),
    "malformed custom field": Case("customfield_10011", "customfield_cycle", "unknown issue field"),
    "duplicate target": Case("issue: fixVersions", "issue: versions", "mapped a second time", "FixedVersions"),
    "mark_field mapped": Case("FieldValues.Cycle", "FieldValues.Jira key", "belongs to the synchronizer"),
    "unknown direction": Case("direction: both ", "direction: to_jira ", "is not one of both, to_issue or to_incident"),
    "direction against the link's": Case(
        SUMMARY,
        f"{SUMMARY}    direction: to_issue\n",
        "leaves new incidents without a Summary",
        "direction: to_issue\n",
    ),
    "read_only on both ways": Case(SUMMARY, f"{SUMMARY}    read_only: true\n", "carried one way", "read_only"),
    "default missing": Case(
        "    kind: users\n", "    kind: users\n    unmapped: default\n", "no default is given", "unmapped: default"
    ),
    "no whole number": Case("  at_most: 10 ", "  at_most: ten ", "a whole number is due here"),
    "neither true nor false": Case("create: true}", "create: sure}", "neither true nor false"),
    "unknown policy": Case(
        "  incident: close ", "  incident: remove ", "is not one of delete, close, unlink or ignore"
    ),
    "template without text": entry(f"{TEXTS}template}}", "the key 'template' is missing"),
    "template without fields": entry(f'{TEXTS}template, template: "see there"}}', "reads no field", severity="note"),
    "unknown filter": entry(f'{TEXTS}template, template: "{{{{ incident.Summary|uper }}}}"}}', "did you mean 'upper'?"),
    "endless template": entry(
        f'{TEXTS}template, template: "{{% for each in incident.Summary %}}x{{% endfor %}}"}}', "is not allowed"
    ),
    "allocating template": entry(
        f"{TEXTS}template, template: \"{{{{ 'x' * 100000000 ~ incident.Summary }}}}\"}}", "'*' can't stand here"
    ),
    "unknown field in a template": entry(
        f'{TEXTS}template, template: "{{{{ incident.Sumary }}}}"}}', "did you mean 'Summary'?"
    ),
    "comparison with one sign": Case(
        SUMMARY, f"{SUMMARY}    when: incident.Type = 'Defect'\n", "'=' can't stand here", "when: incident.Type = "
    ),
    "condition without quotes": Case(
        SUMMARY, f"{SUMMARY}    when: incident.Type == Defect\n", "the name 'Defect' is unknown", "== Defect\n"
    ),
    "set on both sides": entry(
        "  - {incident: FieldValues.Page, issue: customfield_10019, kind: set, value: x}", "both are given"
    ),
}
