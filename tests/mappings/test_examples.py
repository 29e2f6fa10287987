"""Promises about what admins start from: examples that fit the sandbox, and a schema that is true."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from ruamel.yaml import YAML

from mappings import Mapping, load_mapping, load_mappings
from mappings.deletions import Deletions
from mappings.kinds import (
    FIELD_KINDS,
    ComponentsField,
    CopyField,
    FieldMapping,
    Row,
    StatusField,
    TableField,
    UsersField,
)
from mappings.policies import DeletionPolicy, Direction
from mappings.schema import json_schema, schema_text
from syncer.sandbox import cast
from syncer.sandbox.jira import catalogue as jira
from syncer.sandbox.jira.fields import FIELD_BY_ID
from syncer.sandbox.tester.catalogue import Catalogue
from tests.mappings.files import GOOD, HEAD, load_text, problems

NAMES = ("minimal", "full", "one-way", "many-to-one", "cloud", "datacenter")

PEOPLE = {name for one in cast.PEOPLE for name in (one.login, one.email, one.display_name)}
JIRA_PEOPLE = {name for one in cast.PEOPLE if one.jira for name in (one.email, one.display_name, one.login)}
INCIDENT_OPTIONS = {
    "Type": set(cast.INCIDENT_TYPES),
    "Status": set(cast.INCIDENT_STATUSES),
    "Priority": set(cast.PRIORITIES),
    "AssignedTo": PEOPLE,
}
ISSUE_OPTIONS = {
    "issuetype": {one.name for one in jira.TYPES},
    "status": {one.name for one in jira.STATUSES},
    "priority": {one.name for one in jira.PRIORITIES},
    "assignee": JIRA_PEOPLE,
}


def text_of(name: str) -> str:
    return (resources.files("mappings") / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.fixture
def examples() -> Iterator[dict[str, Mapping]]:
    """All examples, from where the installed package has them."""
    with resources.as_file(resources.files("mappings") / "examples") as folder:
        yield {Path(name).stem: load_mapping(folder / f"{name}.yaml") for name in NAMES}


def one(mapping: Mapping, incident_field: str) -> FieldMapping:
    (found,) = [field for field in mapping.fields if field.incident == incident_field]
    return found


def rows(field: BaseModel) -> tuple[Row, ...]:
    match field:
        case TableField() | StatusField():
            return field.values
        case UsersField():
            return field.users
        case _:
            return ()


class TestExamples:
    def test_all_examples_load_together(self) -> None:
        with resources.as_file(resources.files("mappings") / "examples") as folder:
            assert sorted(file.stem for file in folder.iterdir()) == sorted(NAMES)
            loaded = [mapping.name for mapping in load_mappings(folder)]
            assert loaded == ["cloud", "datacenter", "test-project", "many-to-one", "minimal", "one-way"]

    @pytest.mark.parametrize("name", NAMES)
    def test_an_example_names_projects_and_fields_that_the_sandbox_has(
        self, examples: dict[str, Mapping], name: str
    ) -> None:
        example, custom_fields = examples[name], Catalogue().fields
        assert (example.incidents.project, example.issues.project) == (cast.PROJECT_NAME, cast.PROJECT_KEY)
        assert example.issues.type in {None, *ISSUE_OPTIONS["issuetype"]}
        assert example.incidents.mark_field in {None, *custom_fields}
        assert example.read_fields("issue") <= FIELD_BY_ID.keys()
        for name in example.read_fields("incident"):
            if name.startswith("FieldValues."):
                assert name.removeprefix("FieldValues.") in custom_fields

    @pytest.mark.parametrize("name", NAMES)
    def test_an_example_names_options_that_the_sandbox_has(self, examples: dict[str, Mapping], name: str) -> None:
        for field in examples[name].fields:
            for row in rows(field):
                assert row.incident in INCIDENT_OPTIONS[field.on("incident")]
                assert row.issue in ISSUE_OPTIONS[field.on("issue")]

    @pytest.mark.parametrize("name", NAMES)
    def test_an_example_leaves_no_option_of_an_incident_without_a_row(
        self, examples: dict[str, Mapping], name: str
    ) -> None:
        for field in examples[name].fields:
            if isinstance(field, TableField | StatusField) and field.default.issue is None:
                assert {row.incident for row in field.values} == INCIDENT_OPTIONS[field.incident]

    def test_the_full_example_shows_every_kind_and_every_block(self, examples: dict[str, Mapping]) -> None:
        full = examples["full"]
        assert {field.kind for field in full.fields} == set(FIELD_KINDS)
        # The demo runs this one, and its settings say when.
        assert full.model_fields_set == set(Mapping.model_fields) - {"schedule"}
        assert any("schedule" in each.model_fields_set for each in examples.values())
        status = one(full, "Status")
        assert isinstance(status, StatusField)
        assert status.transition_fields["resolution"] in {one.name for one in jira.RESOLUTIONS}
        components = one(full, "Components")
        assert isinstance(components, ComponentsField)
        assert components.create is full.versions.create is True
        assert full.deletions.model_fields_set == Deletions.model_fields.keys() - {"close_incident_as"}
        assert full.deletions.close_issue_as in ISSUE_OPTIONS["status"]

    def test_every_key_about_deletions_is_explained_in_the_full_example(self) -> None:
        block = text_of("full").partition("\ndeletions:\n")[2].splitlines()
        for key in Deletions.model_fields:
            (line,) = [line for line in block if line.strip(" #").startswith(f"{key}:")]
            assert re.search(r": \w+ +# .{20}", line), line

    @pytest.mark.parametrize("name", NAMES)
    def test_no_example_deletes_a_record(self, examples: dict[str, Mapping], name: str) -> None:
        for gone in ("incident", "issue"):
            assert examples[name].deletions.policy(gone) is not DeletionPolicy.DELETE

    def test_the_minimal_example_is_two_texts_both_ways(self, examples: dict[str, Mapping]) -> None:
        assert all(isinstance(field, CopyField) for field in examples["minimal"].fields)
        assert len(examples["minimal"].fields) == 2
        assert examples["minimal"].direction is Direction.BOTH

    def test_the_one_way_example_never_changes_an_incident(self, examples: dict[str, Mapping]) -> None:
        one_way = examples["one-way"]
        directions = [*map(one_way.direction_of, one_way.fields), one_way.comments.direction]
        assert not any(direction.carries("incident") for direction in directions)


def as_an_editor_reads(text: str) -> Any:
    """YAML with numbers and truth values, as a language server holds it against the schema."""
    return YAML(typ="safe", pure=True).load(text)


class TestSchema:
    VALIDATOR = Draft202012Validator(json_schema())

    def test_the_schema_that_is_shipped_is_that_of_the_model(self) -> None:
        shipped = (resources.files("mappings") / "schema.json").read_text(encoding="utf-8")
        assert shipped == schema_text(), "write it again: python -m mappings.schema > mappings/schema.json"

    def test_the_schema_is_one(self) -> None:
        Draft202012Validator.check_schema(json_schema())

    @pytest.mark.parametrize("name", NAMES)
    def test_an_example_tells_editors_where_its_schema_lies(self, name: str) -> None:
        prefix, _, place = text_of(name).splitlines()[0].partition("$schema=")
        assert prefix == "# yaml-language-server: "
        with resources.as_file(resources.files("mappings") / "examples") as folder:
            assert json.loads((folder / place).read_text(encoding="utf-8")) == json_schema()

    @pytest.mark.parametrize("name", NAMES)
    def test_an_editor_underlines_nothing_in_an_example(self, name: str) -> None:
        self.VALIDATOR.validate(as_an_editor_reads(text_of(name)))

    def test_an_editor_underlines_no_text_that_looks_like_a_number(self, tmp_path: Path) -> None:
        text = GOOD + "name: 2026\nversions: {values: [{incident: 1.10, issue: true}]}\n"
        self.VALIDATOR.validate(as_an_editor_reads(text))
        assert load_text(tmp_path, text).versions.values == (Row(incident="1.10", issue="true"),)

    @pytest.mark.parametrize(
        "mistake",
        [
            GOOD + "coments: {}\n",
            GOOD + "direction: one\n",
            HEAD + "fields: []\n",
            GOOD.replace("copy", "cpoy"),
            GOOD.replace(", kind: copy", ""),
            GOOD.replace("Summary", "Sumary"),
            GOOD.replace("summary", "sumary"),
            GOOD.replace("Summary", "Priority"),
            GOOD.replace("summary", "customfield_x"),
            GOOD.replace("Summary", "FieldValues."),
            GOOD.replace("project: SHOP, ", ""),
            GOOD + "versions: {values: [{incident: a}]}\n",
            GOOD + "deletions: {incident: remove}\n",
            GOOD + "deletions: {comments: delete}\n",
            GOOD + "deletions: {at_most: ten}\n",
            GOOD + "deletions: {at_most_percent: 101}\n",
            GOOD + "deletions: {exempt: -1}\n",
        ],
        ids=lambda text: repr(text[-50:]),
    )
    def test_an_editor_underlines_what_would_not_load(self, tmp_path: Path, mistake: str) -> None:
        assert list(self.VALIDATOR.iter_errors(as_an_editor_reads(mistake))) != []
        assert problems(tmp_path, mistake) != []

    def test_an_editor_explains_every_key(self) -> None:
        schema = json_schema()
        for part in [schema, *schema["$defs"].values()]:
            for name, about in part.get("properties", {}).items():
                target = about.get("$ref", "").rpartition("/")[2]
                assert about.get("description") or schema["$defs"][target]["description"], name
