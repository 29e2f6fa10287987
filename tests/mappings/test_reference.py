"""Promises about docs/mapping.md: it says what the program does, and what it shows loads."""

import re
from pathlib import Path

import pytest

from mappings.kinds import FIELD_KINDS
from mappings.mappable import FIELDS, KINDS
from mappings.reference import BLOCKS, KIND_EXAMPLES, reference
from tests.mappings.files import GOOD, HEAD, problems

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
SUMMARY = "  - {incident: Summary, issue: summary, kind: copy}\n"


def test_the_page_is_what_the_program_would_write() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: python -m mappings.reference > docs/mapping.md"


@pytest.mark.parametrize("row", [*FIELDS, *KINDS], ids=lambda row: row.name)
def test_every_row_that_it_shows_loads(tmp_path: Path, row: object) -> None:
    entry = getattr(row, "entry")  # noqa: B009
    lines = "".join(f"  {line}\n" for line in entry.splitlines())
    fields = lines if "issue: summary," in entry else SUMMARY + lines
    assert problems(tmp_path, f"{HEAD}fields:\n{fields}") == []


@pytest.mark.parametrize("example", [block[3] for block in BLOCKS if block[3]], ids=lambda text: text.splitlines()[0])
def test_every_block_that_it_shows_loads(tmp_path: Path, example: str) -> None:
    name = example.partition(":")[0]
    head = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(f"{name}:"))
    status = "  - {incident: Status, issue: status, kind: status, values: [{incident: Closed, issue: Done}]}\n"
    assert problems(tmp_path, f"{head}fields:\n{SUMMARY}{status}{example}\n") == []


def test_every_kind_has_an_example_of_its_own() -> None:
    entries = {row.name: row.entry for row in (*FIELDS, *KINDS)}
    assert KIND_EXAMPLES.keys() == FIELD_KINDS.keys()
    for kind, name in KIND_EXAMPLES.items():
        assert f"kind: {kind}" in entries[name]


def test_the_expressions_that_it_shows_load(tmp_path: Path) -> None:
    (block,) = [block for block in re.findall(r"(?s)```yaml\n(.*?)```", reference()) if block.startswith("when:")]
    when, template = block.splitlines()
    entry = f"  - issue: environment\n    kind: template\n    {when}\n    {template}\n"
    assert problems(tmp_path, GOOD + entry) == []
