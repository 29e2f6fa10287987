"""What docs/compatibility.md says is held is held: its tests and modules are there, and no line of the vendor's pages
is left out."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.contract.test_jira_traffic import WRONG_ANSWERS, WRONG_REQUESTS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/compatibility.md"
TEXT = PAGE.read_text(encoding="utf-8")
SEEDS = ROOT.parent / "shared" / "seeds"

NAMED = sorted(set(re.findall(r"`(test_\w+)`", TEXT)))
MODULES = sorted(set(re.findall(r"`((?:incidents|issues|sandbox)/[\w/]+\.py)`", TEXT)))
COMMON = frozenset({"Key", "Value", "Description"})


def section(title: str) -> str:
    """The part of the page below a heading of the second order."""
    return TEXT.split(f"\n## {title}")[1].split("\n## ")[0]


def seed(title: str) -> str:
    found = [text for file in sorted(SEEDS.glob("*.txt")) if (text := file.read_text()).startswith(title)]
    if not found:
        pytest.skip(f"the vendor's page {title!r} is not at {SEEDS}")
    return found[0]


def test_every_test_that_the_page_names_is_there() -> None:
    files = (ROOT / "tests").rglob("*.py")
    there = {name for file in files for name in re.findall(r"def (test_\w+)\(", file.read_text(encoding="utf-8"))}
    assert [name for name in NAMED if name not in there] == []
    assert len(NAMED) >= 50


def test_every_module_that_the_page_names_is_there() -> None:
    assert [module for module in MODULES if not (ROOT / "syncer" / module).exists()] == []


def test_the_page_leads_nowhere_in_vain() -> None:
    for file, anchor in re.findall(r"\]\(([\w./-]+)(?:#([\w-]+))?\)", TEXT):
        assert (PAGE.parent / file).exists(), file
        headings = re.findall(r"^#+ (.+)$", (PAGE.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, anchor


@pytest.mark.parametrize("title", ["The page Incident, line by line", "The page Step Result Incident, line by line"])
def test_every_line_says_where_it_is_done_or_why_not_and_what_holds_it(title: str) -> None:
    lines = [line for line in section(title).splitlines() if line.startswith("|") and not line.startswith("|---")]
    for line in (line for line in lines if not line.startswith("| it says")):
        _, done, held = (cell.strip() for cell in line.strip("| ").split(" | "))
        assert re.search(r"`[\w/]+\.py`|not used, because |told in \[", done), line
        assert re.search(r"`test_\w+`", held), line


@pytest.mark.parametrize(
    ("title", "start"),
    [
        ("The page Incident, line by line", "Resource: Incident ("),
        ("The page Step Result Incident, line by line", "Resource: Step Result Incident"),
    ],
)
def test_no_member_code_permission_or_expansion_of_the_vendors_page_is_left_out(title: str, start: str) -> None:
    page, ours = seed(start), section(title)
    members = set(re.findall(r'"(\w+)":', page)) - COMMON
    rels = set(re.findall(r'"Rel": "(\w+)"', page)) if "Step Result" not in start else set()
    expansions = set(re.findall(r"^  • (\w+)$", page, re.MULTILINE)) - {"No"}
    custom = {"Cycle"}  # the name of somebody's own field
    absent = [name for name in sorted((members | rels | expansions) - custom) if f"`{name}`" not in ours]
    assert absent == []
    for permission in set(re.findall(r"TestManagement/\w+", page)):
        assert permission in ours
    codes = set(re.findall(r"\b(\d{3}) - ", page))
    assert codes == {"200", "403", "404"}
    for code, method in product(codes, ("DELETE", "GET") if "Step Result" in start else ("DELETE", "GET", "PUT")):
        assert re.search(rf"^\| {method}: {code}\b", ours, re.MULTILINE), f"{method} {code}"


def test_the_number_of_planted_faults_is_what_the_page_says() -> None:
    assert f"{len(WRONG_REQUESTS) + len(WRONG_ANSWERS)} planted faults" in TEXT
