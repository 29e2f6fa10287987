"""A record that has no twin yet: what its new twin holds, what is asked before, and what is told where that fails."""

from pathlib import Path
from typing import Any

import pytest

from mappings.load import load_mapping
from mappings.model import Mapping as LinkMapping
from syncer.core.actions import AddComment
from syncer.core.bind import bind
from syncer.core.fields import initial_changes
from syncer.core.planner import plan_record
from syncer.core.reasons import Reason
from syncer.core.records import Catalogue, Comment, Present, Record, Side
from syncer.core.situation import Situation
from tests.syncer.core.builders import INSTALLATION, MAPPING, NOW, bound, incident, issue

CATALOGUES = {side: Catalogue(side, {}) for side in Side}
MADE = {Side.INCIDENT: incident, Side.ISSUE: issue}


def alone(record: Record) -> Situation:
    seen = Present(record)
    return Situation(None, seen, None) if record.side is Side.INCIDENT else Situation(None, None, seen)


@pytest.mark.parametrize("side", Side)
def test_the_comments_of_a_record_go_with_it(side: Side) -> None:
    said = Comment("7", "Joe Bloggs", "It drips", NOW)
    planned = plan_record(alone(MADE[side](said)), bound(), INSTALLATION)
    (added,) = [action for action in planned.actions if isinstance(action, AddComment)]
    assert (added.side, added.draft.mark.twin_id) == (side.other, "7")


def test_what_a_new_twin_holds_is_agreed_on_at_once() -> None:
    """Were it half of something, it would be agreed on only after a write to the other side, that never comes."""
    (change,), _ = initial_changes(incident(), bound())
    assert not change.half


@pytest.mark.parametrize("side", Side)
def test_to_a_condition_a_twin_that_is_not_there_yet_has_neither_key_nor_address(side: Side) -> None:
    twin, (mine, theirs) = side.other.word, ("Description", "description")
    copy: dict[str, Any] = {"kind": "copy", "incident": mine, "issue": theirs}
    fields = [*MAPPING["fields"], copy | {"when": f"{twin}.key == '' and {twin}.url == ''"}]
    ready = bind(LinkMapping.model_validate({**MAPPING, "fields": fields}), CATALOGUES, ())
    record = incident(Description="It drips") if side is Side.INCIDENT else issue(description="It drips")
    changes, _ = initial_changes(record, ready)
    assert [change.after for change in changes] == ["Pump fails", "It drips"]


@pytest.mark.parametrize("side", Side)
def test_a_condition_for_new_twins_that_fails_is_told_with_its_line(tmp_path: Path, side: Side) -> None:
    asked = "incident.FieldValues.Cycle" if side is Side.INCIDENT else "issue.customfield_1"
    when = f"  when: {asked} == 'x'"
    lines = ["incidents:", "  project: Shop", "  mark_field: Jira key", "issues:", "  project: SHOP", "  type: Bug"]
    lines.insert(3 if side is Side.INCIDENT else 6, when)
    file = tmp_path / "shop.yaml"
    file.write_text(
        "\n".join([*lines, "fields:", "  - {kind: copy, incident: Summary, issue: summary}"]), encoding="utf-8"
    )
    ready = bind(load_mapping(file), CATALOGUES, ())
    (waiting,) = plan_record(alone(MADE[side]()), ready, INSTALLATION).waiting
    assert (waiting.item, waiting.code) == ("record", Reason.EXPRESSION)
    assert waiting.reason.startswith(f"{file}:{lines.index(when) + 1}: ")
