"""Promises about loading: values are what is written, and all mistakes of all files are told at once."""

from pathlib import Path

import pytest

from mappings import MappingError, Problem, load_mapping, load_mappings
from mappings.kinds import ComponentsField, TableField
from tests.mappings.files import FIELDS, GOOD, HEAD, load_text, one_field, problems


class TestText:
    @pytest.mark.parametrize(
        "written", ["On", "No", "1.10", "2026-01-01", "0x1", "12:30:45", "1_000", "yes", "NaN", "=", "<<"]
    )
    def test_a_value_is_what_is_written(self, tmp_path: Path, written: str) -> None:
        row = f"{{incident: {written}, issue: {written}}}"
        entry = f"{{incident: Type, issue: issuetype, kind: table, values: [{row}]}}"
        field = load_text(tmp_path, one_field(entry)).fields[-1]
        assert isinstance(field, TableField)
        assert (field.values[0].incident, field.values[0].issue) == (written, written)

    def test_a_key_is_what_is_written(self, tmp_path: Path) -> None:
        assert problems(tmp_path, GOOD + "1.10: x\nNo: y\n") == [
            "5:1: unknown key '1.10'; allowed here are name, direction, conflict, incidents, issues, fields, comments, "
            "versions, deletions and schedule",
            "6:1: unknown key 'No'; allowed here are name, direction, conflict, incidents, issues, fields, comments, "
            "versions, deletions and schedule",
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
        field = load_text(tmp_path, GOOD + row).fields[-1]
        assert isinstance(field, ComponentsField)
        assert field.create is means

    def test_a_long_condition_may_be_folded_over_several_lines(self, tmp_path: Path) -> None:
        incidents = "incidents:\n  project: Web Shop\n  mark_field: Jira key\n"
        condition = "  only: >-\n    Status = Open\n    AND Type = Defect\n"
        loaded = load_text(tmp_path, incidents + condition + HEAD.splitlines()[1] + "\n" + FIELDS)
        assert loaded.incidents.only == "Status = Open AND Type = Defect"

    def test_line_ends_of_windows_are_as_good_as_others(self, tmp_path: Path) -> None:
        loaded = [load_text(tmp_path, text) for text in (GOOD.replace("\n", "\r\n"), GOOD)]
        assert loaded[0].model_dump() == loaded[1].model_dump()

    def test_without_a_name_the_link_is_called_like_its_file(self, tmp_path: Path) -> None:
        assert load_text(tmp_path, GOOD, "web shop.yml").name == "web shop"
        assert load_text(tmp_path, GOOD + "name: other\n", "web shop.yml").name == "other"


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
