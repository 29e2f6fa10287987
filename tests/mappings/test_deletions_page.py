"""Promises about docs/deletions.md, the page for admins: what it shows and advises loads, and it leaves no key out."""

import re
from pathlib import Path

from mappings.deletions import Deletions
from mappings.fields import Side
from mappings.policies import DeletionPolicy
from tests.mappings.files import GOOD, load_text, with_status

PAGE = (Path(__file__).parents[2] / "docs" / "deletions.md").read_text(encoding="utf-8")
SIDES: tuple[Side, Side] = ("incident", "issue")


def test_what_it_shows_loads_and_deletes_no_record(tmp_path: Path) -> None:
    (block,) = re.findall(r"(?s)```yaml\n(.*?)```", PAGE)
    shown = load_text(tmp_path, with_status() + block).deletions
    assert DeletionPolicy.DELETE not in {shown.policy(gone) for gone in SIDES}
    default = Deletions()
    guard = ("at_most", "at_most_percent", "exempt", "comments")
    assert [getattr(shown, key) for key in guard] == [getattr(default, key) for key in guard]


def test_it_names_every_key_and_explains_every_policy() -> None:
    named = set(re.findall(r"[a-z_]+", PAGE))
    assert named >= Deletions.model_fields.keys()
    for policy in DeletionPolicy:
        assert f"\n| `{policy}` |" in PAGE


def test_what_it_advises_to_stop_deletions_loads_in_every_direction(tmp_path: Path) -> None:
    advice = "{incident: ignore, issue: ignore, comments: keep, at_most: 0}"
    for part in advice.strip("{}").split(", "):
        assert f"`{part}`" in PAGE
    for direction in ("both", "to_issue", "to_incident"):
        text = f"{GOOD}deletions: {advice}\ndirection: {direction}\n"
        stopped = load_text(tmp_path, text).deletions
        assert [stopped.policy(gone) for gone in SIDES] == [DeletionPolicy.IGNORE] * 2
