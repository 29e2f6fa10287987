"""The examples of the vendor's pages, sent to the sandbox, are answered with what the pages show.

The pages lie beside the project, not in it; where they are absent these tests are skipped.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.syncer.sandbox.tester_stage import VENDOR, Played, Stage

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture
def tester(stage: Stage) -> Played:
    return stage.play("4.6")


def page(title: str) -> str:
    found = [file.read_text() for file in sorted(SEEDS.glob("*.txt")) if file.read_text().startswith(title)]
    if not found:
        pytest.skip(f"the vendor's page {title!r} is not at {SEEDS}")
    return found[0]


@pytest.fixture
def examples(tester: Played) -> list[dict[str, Any]]:
    """The JSON objects of the Incident page in their order, with the URLs of this server."""
    text = page("Resource: Incident (").replace("http://localhost", tester.model.base_url)
    starts = re.finditer(r'^\{(?=\s*")', text, re.MULTILINE)
    return [json.JSONDecoder().raw_decode(text, start.start())[0] for start in starts]


def test_the_page_has_the_examples_that_these_tests_send(examples: list[dict[str, Any]]) -> None:
    requests = [index for index, example in enumerate(examples) if "Self" not in example]
    assert len(examples) == 7
    assert requests == [1, 3, 5]


def test_get_answers_as_the_page(tester: Played, examples: list[dict[str, Any]]) -> None:
    seen = tester.read(f"/api/incident/{VENDOR}")
    assert list(seen) == list(examples[0])
    assert {name for name in seen if seen[name] != examples[0][name]} == {"Description"}  # in words of our own


@pytest.mark.parametrize("number", [1, 3])
def test_put_answers_with_the_members_of_the_page(tester: Played, examples: list[dict[str, Any]], number: int) -> None:
    request, shown = examples[number], examples[number + 1]
    seen = tester.put(VENDOR, **request).json()
    assert list(seen) == list(shown)
    # The page shows the assignee, the description and the times of another save.
    contradicted = {"AssignedTo", "AssignedToId", "Description", "LastUpdatedAt", "LastUpdatedBy", "LastUpdatedById"}
    if "Name" not in request:  # it shows the name of the save before
        contradicted.add("Summary")
    assert {name for name in shown if seen[name] != shown[name]} <= contradicted


def test_a_full_put_answers_with_the_members_of_the_page(tester: Played, examples: list[dict[str, Any]]) -> None:
    request, shown = examples[5], examples[6]
    seen = tester.call("PUT", f"/api/incident/{VENDOR}", params={"$expand": "FieldValues"}, json=request).json()
    assert list(seen) == list(shown)
    assert list(seen["Comments"][0]) == list(shown["Comments"][0])
    # The page shows another summary, an attachment, and the times of another save.
    contradicted = {"Summary", "HasAttachments", "LastUpdatedAt", "LastUpdatedBy", "LastUpdatedById", "Comments"}
    assert {name for name in shown if seen[name] != shown[name]} <= contradicted
    differing = {name for name, value in shown["Comments"][0].items() if seen["Comments"][0][name] != value}
    assert differing == {"Body"}  # in words of our own
    assert seen["Comments"][1]["Body"] == request["Comments"][0]["Body"]


def test_delete_answers_200_with_the_content_type_of_the_page(tester: Played) -> None:
    assert "application/json; charset=utf-8" in page("Resource: Incident (")
    answer = tester.call("DELETE", f"/api/incident/{VENDOR}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")


def test_the_link_of_the_step_result_page_has_its_members_and_the_requests_order(tester: Played) -> None:
    text = page("Resource: Step Result Incident")
    step, incident = re.findall(r"\{(?:stepResultId|id)\}([0-9A-F-]{36})", text)[:2]
    seen = tester.read(f"/api/stepresult/{step}/incident/{incident}")
    assert list(seen) == ["StepResultId", "IncidentId", "Expands", "Self", "Links"]
    assert set(re.findall(r'"(\w+)":', text)) == {*seen, *seen["Links"][0]}
    assert (seen["StepResultId"], seen["IncidentId"]) == (step.lower(), incident.lower())
    assert seen["Links"] == [{"Href": f"{tester.model.base_url}/api/incident/{incident.lower()}", "Rel": "Incident"}]
    assert tester.call("DELETE", f"/api/stepresult/{step}/incident/{incident}").status_code == 200
