"""Promises about the README for admins: its tables are complete, what it shows loads, what it explains is said."""

import re
from importlib import resources
from pathlib import Path

import pytest
from pydantic import BaseModel

from mappings import Mapping
from mappings.kinds import Carried
from mappings.model import FIELD_KINDS, Comments, Deletions, IncidentProject, IssueProject, Versions
from mappings.schema import json_schema
from tests.mappings.files import GOOD, problems

README = (resources.files("mappings") / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The part of the README below one heading, up to the next one."""
    return re.split(r"(?m)^#+ ", README.split(f"# {title}\n", 1)[1])[0]


def table(title: str) -> list[list[str]]:
    """The rows of the table below one heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def yaml_blocks() -> list[str]:
    return re.findall(r"(?s)```yaml\n(.*?)```", README)


class TestReadme:
    @pytest.mark.parametrize(
        ("title", "model"),
        [
            ("The file", Mapping),
            ("`incidents`", IncidentProject),
            ("`issues`", IssueProject),
            ("`comments`", Comments),
            ("`versions`", Versions),
            ("`deletions`", Deletions),
        ],
    )
    def test_a_table_lists_every_key_of_its_block_and_no_other(self, title: str, model: type[BaseModel]) -> None:
        listed = {row[0].strip("`"): row[1] for row in table(title)}
        assert listed.keys() == model.model_fields.keys()
        for name, field in model.model_fields.items():
            # The name has the file's to fall back on; what the rules ask for says when.
            assert (listed[name] == "yes") is (field.is_required() and name != "name")

    def test_the_table_of_fields_says_which_kind_has_which_key(self) -> None:
        listed = {row[0].strip("`"): row[1:3] for row in table("One entry of `fields`")}
        expected = {}
        for name in {name for model in FIELD_KINDS.values() for name in model.model_fields}:
            having = [kind for kind, model in FIELD_KINDS.items() if name in model.model_fields]
            everywhere = name in Carried.model_fields or name == "kind"
            needed = name == "kind" or FIELD_KINDS[having[0]].model_fields[name].is_required()
            expected[name] = [
                "all" if everywhere else ", ".join(f"`{kind}`" for kind in having),
                "yes" if needed else "",
            ]
        assert listed == expected

    def test_the_table_of_kinds_names_every_field(self) -> None:
        said = {kind.strip("`"): (incident, issue) for incident, issue, kind in table("The kinds")}
        schema = json_schema()["$defs"]
        assert said.keys() == FIELD_KINDS.keys()
        for kind, model in FIELD_KINDS.items():
            for side, cell in zip(("incident", "issue"), said[kind], strict=True):
                names = schema[model.__name__]["properties"][side]
                enum = names["enum"] if "enum" in names else names["anyOf"][0]["enum"]
                assert [name for name in re.findall("`(.*?)`", cell) if "<" not in name] == enum

    @pytest.mark.parametrize("block", yaml_blocks(), ids=lambda block: block.splitlines()[0])
    def test_what_it_shows_loads_but_for_the_one_with_mistakes(self, tmp_path: Path, block: str) -> None:
        text = GOOD + "".join(f"  {line}\n" for line in block.splitlines()) if block.startswith("- ") else block
        assert bool(problems(tmp_path, text)) is ("newset" in block)

    def test_the_mistakes_that_it_explains_are_told_in_these_words(self, tmp_path: Path) -> None:
        (block,) = [block for block in yaml_blocks() if "newset" in block]
        shown = re.findall(r"(?s)```text\n(.*?)```", section("When something is wrong"))
        assert [f"shop.yaml:{problem}" for problem in problems(tmp_path, block)] == shown[0].splitlines()

    def test_its_links_lead_somewhere(self) -> None:
        headings = {re.sub(r"[^a-z ]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in README.splitlines()}
        for target in re.findall(r"\]\(#(.*?)\)", README):
            assert target in headings
        for name in re.findall(r"`([a-z-]+\.yaml)`", README):
            assert name == "shop.yaml" or (resources.files("mappings") / "examples" / name).is_file()
