"""Enterprise Tester in a browser: whatever a tester may do there can be done, under their own name."""

import pytest

from syncer.sandbox.server import Sandbox
from syncer.sandbox.tester.errors import Missing
from syncer.sandbox.tester.records import Incident
from tests.syncer.sandbox.pages.visitor import Visitor

ROOT = "/EnterpriseTester"


def path_of(incident: Incident) -> str:
    return f"{ROOT}/incident/{incident.id}"


@pytest.fixture
def incident(sandbox: Sandbox) -> Incident:
    return sandbox.call(
        lambda: sandbox.tester.create_incident(
            "samw",
            Summary="Lamp is too bright",
            Description="<p>It <b>blinds</b>.</p>",
            FixedVersions=["2.0"],
            FieldValues={"Cycle": "Cycle 1", "Found on": "2026-11-20T00:00:00Z", "Story points": 2.5},
        )
    )


def now(sandbox: Sandbox, incident: Incident) -> Incident:
    return sandbox.call(lambda: sandbox.tester.incident(incident.id))


def test_saving_an_untouched_form_changes_nothing(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    for each in [incident, *sandbox.call(sandbox.tester.incidents)]:
        assert tester.send(path_of(each), "/edit").status_code == 200
        assert now(sandbox, each) == each


def test_every_kind_of_field_can_be_edited(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    catalogue = sandbox.tester.catalogue
    closed, version = catalogue.pick_named("IncidentStatus", "Closed"), catalogue.pick_named("Version", "2.1")
    typed: dict[str, str | list[str]] = {
        "Summary": "Lamp is bright",
        "Description": "Line one\r\nLine two",
        "StatusId": closed.id,
        "AssignedToId": catalogue.user_named("yukit").id,
        "FixedVersionIds": [version.id],
        "field:Cycle": "",
        "field:Severity": "Major",
        "field:Found on": "2026-11-22",
        "field:Story points": "3",
        "field:Platforms": ["iOS", "Linux"],
        "field:Region": "Asia / Japan",
        "field:Reproducible": "false",
    }
    answer = tester.send(path_of(incident), "/edit", **typed)
    assert answer.status_code == 200, answer.text
    after = now(sandbox, incident)
    assert (after.summary, after.description) == ("Lamp is bright", "Line one\nLine two")
    assert (after.status, after.fixed_versions) == (closed.id, (version.id,))
    assert catalogue.login(after.assigned_to) == "yukit"
    assert after.field_values == {
        "Severity": "Major",
        "Found on": "2026-11-22",
        "Story points": 3,
        "Platforms": ("Linux", "iOS"),
        "Region": ("Asia", "Japan"),
        "Reproducible": False,
    }
    assert "Status: New → Closed" in answer.text


def test_an_edit_writes_only_what_was_moved(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    shown = tester.read(path_of(incident))
    sandbox.call(lambda: sandbox.tester.edit(incident.id, "olgap", Summary="Lamp dazzles", Priority="Low"))
    high = sandbox.tester.catalogue.pick_named("Priority", "Critical").id
    assert "Lamp is too bright" in shown
    fields = [("Summary", "Lamp is too bright"), ("was:Summary", "Lamp is too bright")]
    tester.post(
        f"{path_of(incident)}/edit", [*fields, ("PriorityId", high), ("was:PriorityId", incident.priority or "")]
    )
    after = now(sandbox, incident)
    assert (after.summary, after.priority) == ("Lamp dazzles", high)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("Summary", "  ", "Summary must not be empty."),
        ("field:Story points", "many", "Story points must be a number"),
        ("field:Time spent", "long", "Time spent must be a span of time such as 2h 30m"),
    ],
)
def test_what_is_refused_is_told_beside_the_form_and_keeps_what_was_typed(
    sandbox: Sandbox, tester: Visitor, incident: Incident, field: str, typed: str, sentence: str
) -> None:
    answer = tester.send(path_of(incident), "/edit", **{field: typed, "field:Cycle": "Cycle 2"})
    assert answer.status_code == 422
    form = answer.text.partition('/edit"')[2].partition("</form>")[0]
    assert sentence in form
    assert 'value="Cycle 2"' in form
    assert now(sandbox, incident) == incident


def test_comments_are_added_edited_and_deleted_by_whom_the_visitor_is(
    sandbox: Sandbox, tester: Visitor, incident: Incident
) -> None:
    path = path_of(incident)
    tester.send(path, "/person", person="mariag")
    assert "Me too" in tester.send(path, "/comment", body="Me too").text
    (comment,) = now(sandbox, incident).comments
    assert sandbox.tester.catalogue.login(comment.created_by) == "mariag"

    tester.send(path, "/person", person="yukit")
    page = tester.send(path, "/edit-comment", body="Me not").text
    assert "María González" in page
    assert "edited by Yuki Tanaka" in page
    tester.send(path, "/delete-comment")
    assert now(sandbox, incident).comments == ()


def test_an_empty_comment_is_refused(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    answer = tester.send(path_of(incident), "/comment", body=" ")
    assert (answer.status_code, "A comment must have a Body." in answer.text) == (422, True)
    assert now(sandbox, incident).comments == ()


def test_a_step_is_linked_and_unlinked(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    runs = sandbox.tester.runs
    step_id = next(iter(runs.steps))
    page = tester.send(path_of(incident), "/link-step", step=step_id).text
    assert runs.steps_with(incident.id) == [step_id]
    assert f'href="{ROOT}/_pages/stepresult/{step_id}"' in page
    assert "Lamp is too bright" in tester.read(f"{ROOT}/_pages/stepresult/{step_id}")
    tester.send(path_of(incident), "/unlink-step")
    assert runs.steps_with(incident.id) == []


def test_the_mark_leads_to_the_issue_and_can_be_removed(sandbox: Sandbox, tester: Visitor, incident: Incident) -> None:
    mark = {"Jira key": "TEST-1 [syncer:demo:20100]"}
    sandbox.call(lambda: sandbox.tester.edit(incident.id, "syncer", FieldValues=mark))
    for path in (path_of(incident), f"{ROOT}/"):
        assert f'href="{sandbox.jira_url}/browse/TEST-1"' in tester.read(path)
    tester.send(path_of(incident), "/unmark")
    assert "Jira key" not in now(sandbox, incident).field_values


def test_an_incident_is_created_and_deleted(sandbox: Sandbox, tester: Visitor) -> None:
    made = tester.send(f"{ROOT}/_pages/create", "/create", Summary="Shade is torn", Description="On the left.")
    incident = next(one for one in sandbox.call(sandbox.tester.incidents) if one.summary == "Shade is torn")
    assert made.url.path == path_of(incident)
    assert sandbox.tester.catalogue.login(incident.created_by) == "joeb"
    after = tester.send(path_of(incident), "/delete")
    assert f"#{incident.number} is deleted." in after.text
    with pytest.raises(Missing):
        sandbox.call(lambda: sandbox.tester.incident(incident.id))
    assert tester.get(path_of(incident)).status_code == 404


def test_a_new_incident_without_a_summary_is_refused(sandbox: Sandbox, tester: Visitor) -> None:
    before = len(sandbox.call(sandbox.tester.incidents))
    answer = tester.send(f"{ROOT}/_pages/create", "/create", Description="Something")
    assert (answer.status_code, "You must specify a Summary." in answer.text) == (422, True)
    assert "Something" in answer.text
    assert len(sandbox.call(sandbox.tester.incidents)) == before


@pytest.mark.parametrize("switch", ["read_only", "delete_forbidden"])
def test_who_may_not_delete_can_not(sandbox: Sandbox, tester: Visitor, incident: Incident, switch: str) -> None:
    setattr(sandbox.tester.behaviour, switch, True)
    answer = tester.send(path_of(incident), "/delete")
    assert "You do not have permission" in answer.text
    assert now(sandbox, incident) == incident


def test_the_address_that_programs_hand_out_leads_a_browser_to_the_page(
    sandbox: Sandbox, tester: Visitor, incident: Incident
) -> None:
    assert tester.get(f"{ROOT}/api/incident/{incident.id.upper()}").url.path == path_of(incident)
    step_id = next(iter(sandbox.tester.runs.steps))
    assert tester.get(f"{ROOT}/api/stepresult/{step_id}").url.path == f"{ROOT}/_pages/stepresult/{step_id}"
    assert tester.get("/").url.path == f"{ROOT}/"
    assert tester.get(f"/enterprisetester/INCIDENT/{incident.id}").status_code == 200
