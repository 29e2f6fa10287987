"""`syncer mapping show` says in a table what is in effect, with no server at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from syncer.cli.entry import run

MAPPING = """\
name: shop
conflict: newest
incidents: {project: Web Shop, mark_field: Jira key, when: "incident.Priority == 'High'"}
issues: {project: SHOP, type: Bug, only: labels = testing}
fields:
  - {incident: Summary, issue: summary, kind: copy, conflict: ask}
  - {incident: Description, issue: description, kind: copy, incident_text: html}
  - incident: Priority
    issue: priority
    kind: table
    direction: to_issue
    read_only: true
    default: {issue: Medium}
    values: [{incident: High, issue: Urgent}, {incident: Low, issue: Low}]
  - {incident: Status, issue: status, kind: status, direction: to_incident, unmapped: omit,
     values: [{incident: Open, issue: To Do}], transition_fields: {resolution: Done}}
  - {incident: Components, issue: components, kind: components, create: true, only_add: true}
  - {kind: template, issue: environment, template: "Found by {{ incident.CreatedBy }}", if_empty: true}
  - {kind: set, incident: FieldValues.Source, value: Jira, when: "issue.issuetype == 'Bug'"}
comments: {direction: to_issue}
versions: {create: true}
deletions: {incident: unlink, issue: ignore, comments: keep}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["mapping", "show", *words]) == 0
    return capsys.readouterr().out


def cells(out: str) -> list[list[str]]:
    """The rows of the table, without its empty cells."""
    lines = out.splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines if "shop.yaml:" in line]


def test_each_field_is_a_row_with_its_way_its_rule_its_policy_and_its_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cells(shown(capsys, "shop.yaml")) == [
        ["Summary", "<->", "summary", "copy", "ask", "shop.yaml:6"],
        ["Description", "<->", "description", "copy, HTML in Enterprise Tester", "newest", "shop.yaml:7"],
        ["Priority", "->", "priority", "table, 2 rows, else issue 'Medium', read only", "-", "shop.yaml:8"],
        [
            "Status",
            "<-",
            "status",
            "status, 1 row, unmapped: omit, transitions: resolution = Done",
            "-",
            "shop.yaml:15",
        ],
        [
            "Components",
            "<->",
            "components",
            "components, creates what Jira lacks, only adds",
            "merged",
            "shop.yaml:17",
        ],
        ["->", "environment", "from template 'Found by {{ incident.CreatedBy }}', if empty", "-", "shop.yaml:18"],
        ["FieldValues.Source", "<-", "set to 'Jira', when issue.issuetype == 'Bug'", "-", "shop.yaml:19"],
    ]


def test_the_lines_round_the_table_tell_what_concerns_the_whole_link(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shown(capsys, str(file))
    assert out.startswith("shop: Web Shop <-> SHOP, conflict: newest")
    last = out.splitlines()[-1]
    assert "incidents only with incident.Priority == 'High'" in last
    assert "issues only with labels = testing" in last
    assert "comments ->" in last
    assert "versions: by name, created where Jira lacks them" in last
    assert "deleted incident: unlink, issue: ignore, comment: keep" in last


def test_the_links_direction_narrows_what_is_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name: shop\ndirection: to_issue\n" + "\n".join(MAPPING.splitlines()[1:7])
    file.write_text(text, encoding="utf-8")
    assert [row[1] for row in cells(shown(capsys, "shop.yaml"))] == ["->", "->"]


def test_programs_get_the_same_as_data(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[dict[str, Any]] = json.loads(shown(capsys, "shop.yaml", "--json"))
    assert [link["project_link"] for link in told] == ["shop"]
    assert told[0]["deletions"] == {"incident": "unlink", "issue": "ignore", "comments": "keep"}
    assert told[0]["fields"][2] == {
        "incident": "Priority",
        "direction": "to_issue",
        "issue": "priority",
        "kind": "table",
        "essentials": ["2 rows", "else issue 'Medium'", "read only"],
        "conflict": None,
        "line": "shop.yaml:8",
    }


def test_a_folder_shows_every_link(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent / "two.yaml").write_text(MAPPING.replace("name: shop", "name: two"), encoding="utf-8")
    out = shown(capsys, ".")
    assert "shop: Web Shop" in out
    assert "two: Web Shop" in out


def test_without_a_path_the_settings_say_where_the_files_are(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["mapping", "show"]) == 1
    assert "SYNCER_" in capsys.readouterr().err
    servers = {"INCIDENTS__URL": "http://et.invalid", "INCIDENTS__USER": "u", "INCIDENTS__PASSWORD": "p"}
    servers |= {"JIRA__URL": "http://jira.invalid", "JIRA__USER": "u", "JIRA__TOKEN": "t"}
    more = {"INSTALLATION": "lab", "MAPPINGS": str(file.parent), "STATE__URL": f"sqlite:///{file.parent}/s.db"}
    for name, value in {**servers, **more}.items():
        monkeypatch.setenv(f"SYNCER_{name}", value)
    assert "shop: Web Shop <-> SHOP" in shown(capsys)


def test_what_is_wrong_with_a_file_is_said_with_its_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(MAPPING.replace("kind: table", "kind: tabel"), encoding="utf-8")
    assert run(["mapping", "show", "shop.yaml"]) == 1
    said = capsys.readouterr()
    assert "shop.yaml:10:" in said.err
    assert "did you mean 'table'" in said.err
    assert not said.out
