"""Every row that docs/mapping.md shows is carried both ways, or the one way that it has, over HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from ruamel.yaml import YAML

from mappings.mappable import FIELDS, KINDS, Mappable
from mappings.markup import plain_from_html
from mappings.values import rendered
from syncer.core.records import Present, Side
from syncer.cycle import bind_now
from tests.syncer.mapping_scenes import SCENES, Expected, Scene
from tests.syncer.mirror_stage import MirrorStage

RESOLUTION = "Resolution, with the status"
SERVERS: list[tuple[Literal["4.6", "6.x"], Literal["cloud", "datacenter"]]] = [("6.x", "cloud"), ("4.6", "datacenter")]
SUMMARY = {"incident": "Summary", "issue": "summary", "kind": "copy"}


def entry(row: Mappable) -> dict[str, Any]:
    (said,) = YAML(typ="safe", pure=True).load(row.entry)
    return dict(said)


def fields_of(said: Mapping[str, Any]) -> set[str]:
    return {said[side] for side in ("incident", "issue") if said.get(side)}


def together() -> Iterator[list[Mappable]]:
    """The rows in as few groups as it takes for no field to be mapped twice in one."""
    groups: list[tuple[set[str], list[Mappable]]] = []
    for row in (*FIELDS, *KINDS):
        names = fields_of(entry(row))
        # Condition and template are about the same incident as their group, so they read what others log there.
        logged = set(SCENES[row.name].logged) if row.name in SCENES else set()
        custom = {f"FieldValues.{name}" for name in SCENES[row.name].logged.get("FieldValues", ())} if logged else set()
        taken = names | (logged - {"FieldValues"}) | custom
        group = next((each for each in groups if not each[0] & taken), None)
        if group is None:
            group = (set(), [])
            groups.append(group)
        group[0].update(taken)
        group[1].append(row)
    return (rows for _, rows in groups)


GROUPS = list(together())


def test_every_row_has_a_scene() -> None:
    assert {row.name for row in (*FIELDS, *KINDS)} == {*SCENES, RESOLUTION}


@pytest.mark.parametrize(("profile", "deployment"), SERVERS, ids=["6.x-cloud", "4.6-datacenter"])
@pytest.mark.parametrize("rows", GROUPS, ids=[f"from {rows[0].name}" for rows in GROUPS])
def test_a_row_is_carried_as_it_says(
    tmp_path: Path,
    rows: Sequence[Mappable],
    profile: Literal["4.6", "6.x"],
    deployment: Literal["cloud", "datacenter"],
) -> None:
    rows = [row for row in rows if row.name in SCENES]
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as stage:
        remap(stage, rows)
        incident = stage.log(**logged([SCENES[row.name] for row in rows])).id
        stage.sync()
        issue = stage.twin(incident)
        for row in rows:
            insist(stage, row, Side.ISSUE, issue, SCENES[row.name].shown)
        for row in rows:
            edit(stage, issue, SCENES[row.name].edited)
        stage.sync()
        for row in rows:
            insist(stage, row, Side.INCIDENT, incident, SCENES[row.name].returned)
            insist(stage, row, Side.ISSUE, issue, SCENES[row.name].kept)
        assert stage.waiting() == []
        assert [stage.sync().writes, stage.sync(census=True).writes] == [0, 0]


@pytest.mark.parametrize(("profile", "deployment"), SERVERS, ids=["6.x-cloud", "4.6-datacenter"])
def test_a_resolution_goes_with_the_status_both_ways(
    tmp_path: Path, profile: Literal["4.6", "6.x"], deployment: Literal["cloud", "datacenter"]
) -> None:
    rows = [row for row in FIELDS if row.name in ("Status, by the workflow's transitions", RESOLUTION)]
    with MirrorStage(tmp_path, profile=profile, deployment=deployment) as stage:
        remap(stage, rows)
        closed = stage.log(Summary="Closed here", Type="Defect", Status="Closed", Resolution="Duplicate").id
        opened = stage.log(Summary="Closed there", Type="Defect", Status="New").id
        stage.sync()
        (row,) = (row for row in rows if row.name == RESOLUTION)
        insist(stage, row, Side.ISSUE, stage.twin(closed), "Duplicate")
        twin = stage.twin(opened)
        stage.sandbox.call(
            lambda: stage.sandbox.jira.transition(twin, "Done", by="annak", resolution="Cannot Reproduce")
        )
        stage.sync()
        insist(stage, row, Side.INCIDENT, opened, "Cannot Reproduce")
        assert stage.waiting() == []
        assert stage.sync(census=True).writes == 0


def remap(stage: MirrorStage, rows: Sequence[Mappable]) -> None:
    entries = [entry(row) for row in rows]
    if not any(each.get("issue") == "summary" for each in entries):
        entries.insert(0, SUMMARY)
    stage.remap(fields=entries, issues={"project": "TEST", "type": "Bug"}, deletions={}, versions={})


def logged(scenes: Sequence[Scene]) -> dict[str, Any]:
    """One incident with what all scenes log."""
    members: dict[str, Any] = {"Summary": "A row", "Type": "Defect", "FieldValues": {}}
    for scene in scenes:
        values = dict(scene.logged)
        members["FieldValues"].update(values.pop("FieldValues", {}))
        members.update(values)
    return members


def edit(stage: MirrorStage, issue_id: str, values: Mapping[str, Any]) -> None:
    """What a developer does."""
    values = dict(values)
    jira = stage.sandbox.jira
    status = values.pop("status", None)
    if "labels" in values:
        marks = [label for label in jira.issue(issue_id).ids("labels") if label.startswith("syncer-")]
        values["labels"] = [*marks, *values["labels"]]
    if values:
        stage.sandbox.call(lambda: jira.edit(issue_id, by="annak", **values))
    if status is not None:
        stage.sandbox.call(lambda: jira.transition(issue_id, status, by="annak"))


def insist(stage: MirrorStage, row: Mappable, side: Side, record_id: str, expected: Expected | None) -> None:
    if expected is None:
        return
    seen = show(stage, side, record_id, entry(row)[side.word])
    assert expected(seen) if callable(expected) else seen == expected, f"{row.name}: {side} shows {seen!r}"


def show(stage: MirrorStage, side: Side, record_id: str, name: str) -> str:
    """A field as people see it on its server."""
    ((_, seen),) = stage.link.ports[side].read([record_id])
    assert isinstance(seen, Present)
    value = seen.record.values[name]
    html = rendered(value)
    return plain_from_html(html) if html is not None else bind_now(stage.link).show(side, name, value)
