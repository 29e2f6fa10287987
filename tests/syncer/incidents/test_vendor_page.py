"""The answers on the vendor's page Incident, given by a server, are read by the adapter with all that they say.

The page lies beside the project, not in it; where it is absent these tests are skipped.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syncer.core.records import Present
from syncer.incidents import IncidentClient, IncidentProject
from tests.syncer.incidents.scripted import Asked, Reply, Scripted, scripted

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
TITLE = "Resource: Incident ("
FIELDS = (
    "Summary", "Description", "Type", "Status", "Priority", "Resolution", "AssignedTo", "Components",
    "AffectedVersions", "FixedVersions", "CreatedAt", "LastUpdatedAt", "CreatedBy", "LastUpdatedBy", "IncidentNumber",
    "ProjectName", "FieldValues.Cycle",
)  # fmt: skip


@pytest.fixture(scope="module")
def examples() -> list[dict[str, Any]]:
    """The JSON objects of the page in their order: what GET answers, then three requests with their answers."""
    pages = [text for file in sorted(SEEDS.glob("*.txt")) if (text := file.read_text()).startswith(TITLE)]
    if not pages:
        pytest.skip(f"the vendor's page {TITLE!r} is not at {SEEDS}")
    starts = re.finditer(r'^\{(?=\s*")', pages[0], re.MULTILINE)
    return [json.JSONDecoder().raw_decode(pages[0], start.start())[0] for start in starts]


@pytest.fixture
def server(examples: list[dict[str, Any]]) -> Iterator[Scripted]:
    """Answers GET with the page's first answer and PUT with its last one."""
    shown, after = examples[0], examples[6]

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/comments"):
            return Reply(body={"Items": after["Comments"], "Total": 1})
        if asked.path.startswith("incident/"):
            return Reply(body=after if asked.method == "PUT" else shown)
        return Reply(body={"Version": "4.7.0"} if asked.path == "systeminfo" else {"Items": [], "Total": 0})

    with scripted(script) as running:
        yield running


@pytest.fixture
def port(server: Scripted, examples: list[dict[str, Any]]) -> Iterator[IncidentProject]:
    made = IncidentProject(
        IncidentClient(server.url, ("syncer", "word"), pauses=()),
        project=examples[0]["ProjectId"],
        only=None,
        mark_field=None,
        installation="demo",
        fields=FIELDS,
    )
    yield made
    made.close()


def test_what_get_answers_is_read_with_all_that_it_says(port: IncidentProject, examples: list[dict[str, Any]]) -> None:
    told = examples[0]
    [(_, seen)] = port.read([told["Id"].upper()])
    assert isinstance(seen, Present)
    record = seen.record
    assert (record.id, record.url) == (told["Id"], told["Self"])
    assert record.updated_at == datetime(2012, 2, 2, 15, 5, 6, tzinfo=UTC)
    assert record.values["Summary"] == told["Summary"]
    assert record.values["Description"] == told["Description"]
    chosen = {name: f"{name}Id" for name in ("Type", "Status", "Priority", "Resolution", "AssignedTo")}
    assert {name: record.values[name] for name in chosen} == {name: told[member] for name, member in chosen.items()}
    assert record.values["FixedVersions"] == frozenset(told["FixedVersionIds"])
    assert record.values["AffectedVersions"] == frozenset(told["AffectedVersionIds"])
    assert record.values["Components"] == frozenset(told["ComponentIds"])
    assert record.values["CreatedBy"] == record.values["LastUpdatedBy"] == told["CreatedById"]
    assert record.values["ProjectName"] == told["ProjectName"]
    assert record.values["IncidentNumber"] == "0"
    assert "FieldValues.Cycle" not in record.values, "it was not expanded"


def test_the_comments_of_the_page_are_read(port: IncidentProject, examples: list[dict[str, Any]]) -> None:
    [(_, seen)] = port.read([examples[0]["Id"]])
    assert isinstance(seen, Present)
    [told] = examples[6]["Comments"]
    assert seen.record.comments is not None
    [comment] = seen.record.comments
    assert (comment.id, comment.body, comment.author) == (told["Id"], told["Body"], told["CreatedByUserName"])
    assert comment.created_at == datetime(2012, 2, 2, 15, 5, 6, tzinfo=UTC)


def test_what_put_answers_counts_and_not_what_was_sent(
    port: IncidentProject, server: Scripted, examples: list[dict[str, Any]]
) -> None:
    """The page's own answer shows another summary than its request: a server may normalise."""
    record = port.update(examples[0]["Id"], {"Summary": examples[5]["Summary"], "Description": "description"})
    assert record.values["Summary"] == examples[6]["Summary"]
    assert record.values["FieldValues.Cycle"] == "V2.1 Cycle 1"
    [put] = [asked for asked in server.asked if asked.method == "PUT"]
    assert put.body == {"Summary": examples[5]["Summary"], "Description": "description"}
    assert set(put.query["$expand"].split(",")) >= {"FieldValues", "Comments"}
    assert (put.headers["Accept"], put.headers["Content-Type"]) == ("application/json", "application/json")


def test_every_member_of_a_full_put_that_the_adapter_writes_has_the_name_of_the_page(
    port: IncidentProject, server: Scripted, examples: list[dict[str, Any]]
) -> None:
    asked = examples[5]
    names = {"AssignedTo": "AssignedToId", "Priority": "PriorityId", "Status": "StatusId", "Type": "TypeId"}
    port.update(asked["Id"], {name: asked[member] for name, member in names.items()})
    put = next(each for each in server.asked if each.method == "PUT")
    assert put.body == {member: asked[member] for member in names.values()}
