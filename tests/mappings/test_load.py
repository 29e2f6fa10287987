"""Promises to an admin with a mistake in a file: its place, what is wrong, what is allowed, all at once."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappings import MappingError, Problem, load_mapping, load_mappings
from mappings.model import ComponentsField, StatusField, TableField
from tests.mappings.files import FIELDS, GOOD, HEAD, load_text, problems

INCIDENT_FIELDS = (
    "Summary, Description, Type, Status, Priority, Resolution, AssignedTo, Components, AffectedVersions, FixedVersions "
    "or FieldValues.<custom field>"
)
ISSUE_FIELDS = (
    "summary, description, issuetype, status, priority, resolution, assignee, components, versions, fixVersions, "
    "labels or customfield_<number>"
)
KINDS = "copy, table, status, users, components or versions"
IN_TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestText:
    @pytest.mark.parametrize(
        "written", ["On", "No", "1.10", "2026-01-01", "0x1", "12:30:45", "1_000", "yes", "NaN", "=", "<<"]
    )
    def test_a_value_is_what_is_written(self, tmp_path: Path, written: str) -> None:
        row = f"{{incident: {written}, issue: {written}}}"
        entry = f"{{incident: Type, issue: issuetype, kind: table, values: [{row}]}}"
        field = load_text(tmp_path, one_field(entry)).field_for("Type")
        assert isinstance(field, TableField)
        assert (field.values[0].incident, field.values[0].issue) == (written, written)

    def test_a_key_is_what_is_written(self, tmp_path: Path) -> None:
        assert problems(tmp_path, GOOD + "1.10: x\nNo: y\n") == [
            "5:1: unknown key '1.10'; allowed here are name, direction, conflict, incidents, issues, fields, comments, "
            "versions and deletions",
            "6:1: unknown key 'No'; allowed here are name, direction, conflict, incidents, issues, fields, comments, "
            "versions and deletions",
        ]

    @pytest.mark.parametrize("nothing", ["", "~", "null"])
    def test_nothing_may_be_given_where_a_key_may_be_left_out(self, tmp_path: Path, nothing: str) -> None:
        text = GOOD.replace("project: SHOP", f"project: SHOP, only: {nothing}")
        assert load_text(tmp_path, text).issues.only is None

    def test_null_in_quotes_is_text(self, tmp_path: Path) -> None:
        assert load_text(tmp_path, GOOD.replace("Bug", "'null'")).issues.type == "null"

    @pytest.mark.parametrize(("written", "means"), [("true", True), ("True", True), ("yes", True), ("false", False)])
    def test_true_and_false_go_by_their_usual_names(self, tmp_path: Path, written: str, means: bool) -> None:
        row = f"  - {{incident: Components, issue: components, kind: components, create: {written}}}\n"
        field = load_text(tmp_path, GOOD + row).field_for("Components")
        assert isinstance(field, ComponentsField)
        assert field.create is means

    def test_a_long_condition_may_be_folded_over_several_lines(self, tmp_path: Path) -> None:
        incidents = "incidents:\n  project: Web Shop\n  mark_field: Jira key\n"
        condition = "  only: >-\n    Status = Open\n    AND Type = Defect\n"
        loaded = load_text(tmp_path, incidents + condition + HEAD.splitlines()[1] + "\n" + FIELDS)
        assert loaded.incidents.only == "Status = Open AND Type = Defect"

    def test_line_ends_of_windows_are_as_good_as_others(self, tmp_path: Path) -> None:
        assert load_text(tmp_path, GOOD.replace("\n", "\r\n")) == load_text(tmp_path, GOOD)

    def test_without_a_name_the_link_is_called_like_its_file(self, tmp_path: Path) -> None:
        assert load_text(tmp_path, GOOD, "web shop.yml").name == "web shop"
        assert load_text(tmp_path, GOOD + "name: other\n", "web shop.yml").name == "other"


class TestYaml:
    """What isn't YAML, or is YAML of a kind that would surprise: one sentence at the right place."""

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "1:1: the file is empty; start from one of the examples that come with the program"),
            ("# nothing yet\n", "1:1: the file is empty; start from one of the examples that come with the program"),
            ("just text", "1:1: keys with values are due here, and there is 'just text'"),
            ("- a\n- b\n", "1:1: keys with values are due here, and there is a list"),
            (GOOD + "comments:\n\tdirection: both\n", "6:1: not valid YAML: a tab stands here; indent with blanks"),
            (GOOD + "name:\tshop\n", "5:6: not valid YAML: a tab stands here; indent with blanks, and put one blank"),
            (GOOD + "name: a: b\n", "5:8: not valid YAML: a ':' can't stand here; put text with a ': ' in quotes"),
            (GOOD + "name: 'shop\n", "5:7: not valid YAML: a quote is opened here and never closed"),
            (GOOD + 'name: "a\\qb"\n', '5:10: not valid YAML: inside of "..." a backslash has to be doubled'),
            (
                GOOD + "name: @shop\n",
                "5:7: not valid YAML: text can't begin with this character; put the text in quotes",
            ),
            (GOOD + "name: [shop\n", "5:7: not valid YAML: a bracket is opened here and not closed"),
            (GOOD + "name\n", "5:1: not valid YAML: this line is neither 'key: value' nor '- entry'"),
            (GOOD + "- name\n", "5:1: not valid YAML: this doesn't line up with what stands above"),
            (GOOD + "name: &shop x\n", "5:7: '&shop' is an anchor; leave it out, or put text in quotes"),
            (GOOD + "name: !env SHOP\n", "5:7: '!env' is a tag; leave it out, or put text in quotes"),
            (GOOD + "name: !!python/name:os.system x\n", "5:7: 'tag:yaml.org,2002:python/name:os.system' is a tag"),
            (GOOD + "name: *shop\n", "5:7: '*shop' is an alias; write the value itself, or put text in quotes"),
            (GOOD + "<<: {name: x}\n", "5:1: unknown key '<<'; allowed here are name, direction"),
            (GOOD + "? [a, b]\n: c\n", "5:3: a key must be one word or a quoted text"),
            (GOOD + "---\nname: x\n", "5:1: a second document starts here; one file holds one project link"),
            (
                GOOD + "direction: to_issue\ndirection: both\n",
                "6:1: the key 'direction' is given a second time (the first",
            ),
            ("%YAML 1.3\n---\n" + GOOD, "1:1: not valid YAML; compare it with one of the examples"),
            ("a: " + "[" * 5000, "1:16: nested more than 12 levels deep; no mapping needs more than 5"),
            ("{a: " * 5000, "1:53: nested more than 12 levels deep; no mapping needs more than 5"),
        ],
        ids=lambda value: repr(value[-30:]) if isinstance(value, str) else None,
    )
    def test_what_would_surprise_is_refused(self, tmp_path: Path, text: str, problem: str) -> None:
        (said,) = problems(tmp_path, text)
        assert said.startswith(problem)

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (
                b"\xef\xbb\xbf" + GOOD.encode(),
                "1:1: the file begins with a byte order mark; save it as UTF-8 without one",
            ),
            (GOOD.encode("utf-16"), "1:1: the file begins with a byte order mark; save it as UTF-8 without one"),
            (GOOD.encode() + b"name: a\0b\n", "5:8: the invisible character NUL stands here; remove it"),
            (GOOD.encode() + b"name: a\x1bb\n", "5:8: the invisible character U+001B stands here; remove it"),
            (GOOD.encode() + "name: ü\ufeffb\n".encode(), "5:8: the invisible character U+FEFF stands here; remove it"),
            (
                GOOD.encode() + b"name: caf\xe9\n",
                "5:10: the byte 0xe9 is no text; a mapping file is text, saved as UTF-8",
            ),
            (b"\x89PNG\r\n\x1a\n", "1:1: the byte 0x89 is no text; a mapping file is text, saved as UTF-8"),
        ],
    )
    def test_what_is_no_text_is_refused(self, tmp_path: Path, content: bytes, problem: str) -> None:
        (said,) = problems(tmp_path, content)
        assert said.startswith(problem)

    def test_an_alias_leaves_no_second_complaint_behind(self, tmp_path: Path) -> None:
        text = GOOD.replace("project: SHOP", "project: *shop")
        assert problems(tmp_path, text) == ["2:19: '*shop' is an alias; write the value itself, or put text in quotes"]

    @IN_TMP
    @given(
        st.one_of(
            st.text(max_size=40), st.text(alphabet="ab:-[]{}\"'&*!%@#|>\n\t ?,\\<", max_size=60), st.binary(max_size=40)
        )
    )
    def test_whatever_a_file_holds_its_problems_are_told(self, tmp_path: Path, content: str | bytes) -> None:
        raw = content if isinstance(content, bytes) else content.encode(errors="replace")
        assert problems(tmp_path, raw) != []

    @IN_TMP
    @given(st.integers(0, len(GOOD)), st.integers(0, 20), st.text(alphabet="ab:-[]{}\"'&*!\n\t ?,", max_size=20))
    def test_a_damaged_file_loads_or_its_problems_are_told(
        self, tmp_path: Path, start: int, cut: int, put: str
    ) -> None:
        for problem in problems(tmp_path, GOOD[:start] + put + GOOD[start + cut :]):
            line, column, sentence = problem.split(":", 2)
            assert int(line) >= 1
            assert int(column) >= 1
            assert sentence.strip()


def one_field(entry: str) -> str:
    return f"{GOOD}  - {entry}\n"


class TestShape:
    """Keys, types and kinds: the place of the key or the value, what is allowed, what was probably meant."""

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (
                GOOD + "coments: {direction: both}\n",
                "5:1: unknown key 'coments'; allowed here are name, direction, conflict, incidents, issues, fields, "
                "comments, versions and deletions; did you mean 'comments'?",
            ),
            (
                GOOD.replace("mark_field", "markfield"),
                "1:32: unknown key 'markfield'; allowed here are project, only and mark_field; did "
                "you mean 'mark_field'?",
            ),
            (
                one_field(
                    "{incident: Priority, issue: priority, kind: table, values: [{incident: a, issue: b, c: d}]}"
                ),
                "5:89: unknown key 'c'; allowed here are incident and issue",
            ),
            (
                one_field("{incident: Components, issue: components, kind: components, values: []}"),
                "5:65: unknown key 'values'; allowed here are incident, issue, direction, conflict, kind, components "
                "and create",
            ),
            (HEAD, "1:1: the key 'fields' is missing here"),
            (GOOD.replace("project: SHOP, ", ""), "2:9: the key 'project' is missing here"),
            (one_field("{kind: table}"), "5:5: the keys 'incident', 'issue' and 'values' are missing here"),
            (
                one_field("{incident: Description, issue: description}"),
                f"5:5: the key 'kind' is missing here; it is one of {KINDS}",
            ),
            (
                one_field("{incident: Description, issue: description, kind: cpoy}"),
                f"5:55: unknown kind 'cpoy'; allowed are {KINDS}; did you mean 'copy'?",
            ),
            (
                GOOD + "direction: to_isue\n",
                "5:12: 'to_isue' is not one of both, to_issue or to_incident; did you mean 'to_issue'?",
            ),
            (GOOD + "conflict: me\n", "5:11: 'me' is not one of incident, issue, newest or ask"),
            (GOOD + "conflict:\n", "5:1: nothing is not one of incident, issue, newest or ask"),
            (GOOD + "versions: {create: maybe}\n", "5:20: 'maybe' is neither true nor false"),
            (GOOD + "comments: both\n", "5:11: keys with values are due here, and there is 'both'"),
            (GOOD + "comments:\n", "5:1: keys with values are due here, and there is nothing"),
            (one_field("Description"), "5:5: keys with values are due here, and there is 'Description'"),
            (
                GOOD + "versions: {values: {a: b}}\n",
                "5:20: a list is due here, each entry behind a '- ', and there is a block of keys",
            ),
            (GOOD.replace("project: SHOP", "project: [SHOP]"), "2:19: text is due here, and there is a list"),
            (GOOD.replace("project: SHOP", "project: "), "2:10: text is due here, and there is nothing"),
            (GOOD.replace("SHOP", "' '"), "2:19: the text is blank; write something, or leave the key out"),
            (HEAD + "fields: []\n", "3:9: the list is empty; it needs at least one entry"),
            (
                one_field("{incident: Priority, issue: priority, kind: table, values: []}"),
                "5:64: the list is empty; it needs at least one entry",
            ),
            (
                GOOD + "name: a/b\n",
                "5:7: 'a/b' can't name a project link: no slashes, no outer or double blanks; write another "
                "behind name:",
            ),
            (GOOD + f"name: {'x' * 65}\n", f"5:7: '{'x' * 65}' is too long; 64 characters are allowed"),
        ],
        ids=lambda value: repr(value[-40:]),
    )
    def test_a_mistake_is_shown_where_it_is(self, tmp_path: Path, text: str, problem: str) -> None:
        assert problems(tmp_path, text) == [problem]

    def test_a_misspelt_key_is_not_also_reported_as_missing(self, tmp_path: Path) -> None:
        (said,) = problems(tmp_path, GOOD.replace("incidents:", "incident:"))
        assert said.endswith("did you mean 'incidents'?")

    def test_a_list_whose_entries_are_all_wrong_is_not_called_empty(self, tmp_path: Path) -> None:
        (said,) = problems(tmp_path, GOOD.replace("copy", "cpoy"))
        assert said.startswith("4:47: unknown kind 'cpoy'")

    def test_a_file_name_that_can_name_no_link_asks_for_a_name(self, tmp_path: Path) -> None:
        (said,) = problems(tmp_path, GOOD, " shop.yaml")
        assert said.startswith("1:1: ' shop' can't name a project link")


class TestRules:
    """What has to hold between the parts of a file."""

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (
                one_field("{incident: Desciption, issue: description, kind: copy}"),
                f"5:16: unknown incident field 'Desciption'; allowed are {INCIDENT_FIELDS}; did you mean "
                "'Description'?",
            ),
            (
                one_field("{incident: description, issue: description, kind: copy}"),
                f"5:16: unknown incident field 'description'; allowed are {INCIDENT_FIELDS}; did you mean "
                "'Description'?",
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
                "5:33: Priority is a choice and can't be mapped to description; it fits issuetype, priority or "
                "resolution",
            ),
            (
                one_field("{incident: Components, issue: labels, kind: components}"),
                "5:35: Components is a set of choices and can't be mapped to labels; it fits components",
            ),
            (
                one_field("{incident: Priority, issue: priority, kind: copy}"),
                "5:49: 'copy' doesn't carry Priority, which is a choice; use kind: table",
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
                one_field(
                    "{incident: AssignedTo, issue: assignee, kind: users, users: [&row {incident: a, issue: b}]}"
                ),
                "5:66: '&row' is an anchor; leave it out, or put text in quotes",
            ),
            (
                GOOD.replace("Summary", "Description"),
                "4:36: Summary and summary have to be mapped to each other",
            ),
            (
                GOOD.replace("Summary", "Description").replace("summary", "description"),
                "4:3: Summary isn't mapped, and new records need one; add {incident: Summary, issue: "
                "summary, kind: copy}",
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
                "1:12: the direction 'both' creates incidents, and mark_field is needed to recognise them: the name "
                "of a custom field, of type text box; or use direction: to_issue",
            ),
            (
                GOOD.replace("Jira key", "FieldValues.Jira key"),
                "1:44: write the custom field's name alone: Jira key",
            ),
            (
                one_field("{incident: FieldValues.Jira key, issue: customfield_1, kind: copy}"),
                "5:16: the mark_field belongs to the synchronizer; map another custom field (the first one is "
                "on line 1)",
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
            (
                GOOD + "deletions: {issue: delete}\ndirection: to_issue\n",
                "5:20: the link's direction 'to_issue' never touches the incident; use unlink or ignore",
            ),
        ],
        ids=lambda value: repr(value[-40:]),
    )
    def test_a_broken_rule_is_shown_where_it_is(self, tmp_path: Path, text: str, problem: str) -> None:
        assert problems(tmp_path, text) == [problem]

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("resoluton", f"unknown issue field 'resoluton'; allowed are {ISSUE_FIELDS}; did you mean 'resolution'?"),
            ("status", "a transition sets the status by itself; name the fields that it asks for, as resolution"),
        ],
    )
    def test_a_transition_can_ask_only_for_fields_of_an_issue(self, tmp_path: Path, name: str, problem: str) -> None:
        table = "values: [{incident: a, issue: b}], transition_fields: {%s: Done}"
        entry = f"{{incident: Status, issue: status, kind: status, {table}}}"
        assert problems(tmp_path, one_field(entry % name)) == [f"5:108: {problem}"]
        mapping = load_text(tmp_path, one_field(entry % "resolution"))
        assert isinstance(field := mapping.field_for("Status"), StatusField)
        assert field.transition_fields == {"resolution": "Done"}

    def test_issues_need_no_type_where_the_type_is_mapped(self, tmp_path: Path) -> None:
        row = "{incident: Type, issue: issuetype, kind: table, values: [{incident: Defect, issue: Bug}]"
        text = GOOD.replace(", type: Bug", "")
        assert problems(tmp_path, f"{text}  - {row}}}\n") == []
        assert len(problems(tmp_path, f"{text}  - {row}, direction: to_incident}}\n")) == 1

    def test_what_is_needed_to_create_records_is_asked_for_only_where_records_are_created(self, tmp_path: Path) -> None:
        assert problems(tmp_path, GOOD.replace(", mark_field: Jira key", "") + "direction: to_issue\n") == []
        assert problems(tmp_path, GOOD.replace(", type: Bug", "") + "direction: to_incident\n") == []

    def test_a_misspelt_field_raises_no_question_that_depends_on_it(self, tmp_path: Path) -> None:
        row = "{incident: Type, issue: isuetype, kind: table, values: [{incident: Defect, issue: Bug}]}"
        (said,) = problems(tmp_path, GOOD.replace(", type: Bug", "") + f"  - {row}\n")
        assert said.startswith("5:26: unknown issue field 'isuetype'")

    def test_a_row_that_is_given_three_times_is_the_first_one_repeated(self, tmp_path: Path) -> None:
        said = problems(tmp_path, GOOD + "versions:\n  values:\n" + "    - {incident: a, issue: b}\n" * 3)
        assert [line.rpartition("(")[2] for line in said] == ["the first one is on line 7)"] * 2

    def test_a_mistyped_direction_raises_no_question_that_depends_on_it(self, tmp_path: Path) -> None:
        (said,) = problems(tmp_path, GOOD.replace(", mark_field: Jira key", "") + "direction: one\n")
        assert said.startswith("5:12: 'one' is not one of")


class TestAllAtOnce:
    def test_mistakes_of_all_sorts_are_told_together_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        text = """\
conflict: newset
incidents: {projct: Web Shop}
issues: {project: &key SHOP, type: Bug}
fields:
  - {incident: Sumary, issue: summary, kind: copy}
  - {incident: Priority, issue: priority, kind: table}
  - {incident: Priority, issue: resolution, kind: cpoy}
versions: {create: maybe}
versions: {create: true}
"""
        assert [problem.split(": ", 1)[0] for problem in problems(tmp_path, text)] == [
            "1:11", "2:12", "2:13", "3:19", "5:16", "6:5", "7:16", "7:51", "8:20", "9:1",
        ]  # fmt: skip


class TestFilesAndFolders:
    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        missing = tmp_path / "shop.yaml"
        for load in (load_mapping, load_mappings):
            with pytest.raises(MappingError) as raised:
                load(missing)
            assert raised.value.problems == (Problem(str(missing), 1, 1, "there is no such file; check the path"),)
            assert str(raised.value) == f"{missing}:1:1: there is no such file; check the path"

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(MappingError, match=":1:1: this is a folder, and one mapping file is wanted"):
            load_mapping(tmp_path)

    def test_a_file_is_as_good_as_a_folder_with_one_file(self, tmp_path: Path) -> None:
        mapping = load_text(tmp_path, GOOD)
        assert load_mappings(tmp_path) == load_mappings(tmp_path / "shop.yaml") == (mapping,)

    def test_a_folder_gives_all_its_mapping_files_in_the_order_of_their_names(self, tmp_path: Path) -> None:
        for name in ("b.yml", "a.yaml", "c.YAML"):
            load_text(tmp_path, GOOD, name)
        for other in ("notes.txt", ".hidden.yaml", "schema.json"):
            (tmp_path / other).write_text("no mapping")
        (tmp_path / "old.yaml").mkdir()
        assert [mapping.name for mapping in load_mappings(tmp_path)] == ["a", "b", "c"]

    def test_an_empty_folder_is_a_mistake(self, tmp_path: Path) -> None:
        with pytest.raises(MappingError) as raised:
            load_mappings(tmp_path)
        assert str(raised.value) == (
            f"{tmp_path}:1:1: no mapping file (*.yaml or *.yml) lies in this folder; copy one of the examples into it"
        )

    def test_the_problems_of_all_files_are_told_together(self, tmp_path: Path) -> None:
        for name in ("b.yaml", "a.yaml"):
            (tmp_path / name).write_text(GOOD + "conflict: me\n")
        with pytest.raises(MappingError) as raised:
            load_mappings(tmp_path)
        assert [problem.file for problem in raised.value.problems] == [
            str(tmp_path / "a.yaml"),
            str(tmp_path / "b.yaml"),
        ]

    def test_two_links_of_one_name_are_a_mistake_of_the_second_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(GOOD + "name: shop\n")
        (tmp_path / "b.yaml").write_text(GOOD + "name: shop\n")
        (tmp_path / "shop.yaml").write_text(GOOD)
        with pytest.raises(MappingError) as raised:
            load_mappings(tmp_path)
        sentence = f"the name 'shop' is taken by {tmp_path / 'a.yaml'}; give one of the two another name"
        assert str(raised.value).splitlines() == [
            f"{tmp_path / 'b.yaml'}:5:7: {sentence}",
            f"{tmp_path / 'shop.yaml'}:1:1: {sentence}",
        ]
