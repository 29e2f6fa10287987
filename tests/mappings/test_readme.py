"""Promises about the README for admins: its tables are complete, what it shows loads, what it explains is said."""

import re
from importlib import resources
from pathlib import Path

import pytest

from mappings.kinds import FIELD_KINDS
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
    def test_it_names_every_kind(self) -> None:
        assert [row[0].strip("`") for row in table("What can be said about a field")] == list(FIELD_KINDS)

    def test_it_names_every_example(self) -> None:
        shown = {row[0].strip("`") for row in table("From nothing to a working file")}
        assert shown == {file.name for file in (resources.files("mappings") / "examples").iterdir()}

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
