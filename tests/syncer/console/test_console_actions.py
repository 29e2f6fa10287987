"""What people decide on the pages: it is carried to the other side at once, and the history says who it was."""

import re

import httpx
import pytest

from state.rows import BothSides
from syncer.sandbox.tester.records import Incident
from tests.syncer.console.stage import LINK, TOKEN, ConsoleStage
from tests.syncer.console.visitor import Visitor, text_of

BASE = f"/links/{LINK}"


def causes(stage: ConsoleStage, kind: str, incident: Incident) -> list[str]:
    return [entry.cause for entry in stage.history(kind) if entry.incident_id == incident.id]


@pytest.mark.parametrize("side", ["incident", "issue"])
def test_a_conflict_is_settled_and_the_chosen_value_arrives_on_the_other_side(
    stage: ConsoleStage, ada: Visitor, side: str
) -> None:
    incident = stage.mirrored(Summary="Both will change this")
    stage.conflict(incident, here="The tester's", there="The developer's")
    ada.get(f"{BASE}/waiting")
    said = text_of(ada.send("/waiting/settle", record=incident.id, choice=side))
    assert "Decided by Ada" in said
    wanted = "The tester's" if side == "incident" else "The developer's"
    stage.until(lambda: both(stage, incident) == {wanted})
    stage.until(lambda: not [row for row in stage.parked() if row.record_id == incident.id])
    assert causes(stage, "settle conflict", incident) == ["decided by Ada"]
    assert "settle conflict" in ada.get("/history?kind=settle+conflict")
    assert "decided by Ada" in ada.html


def both(stage: ConsoleStage, incident: Incident) -> set[str]:
    """What both sides hold as summary."""
    here = stage.mirror.sandbox.call(lambda: stage.mirror.sandbox.tester.incident(incident.id))
    return {str(here.summary), stage.issue(incident).text("summary")}


def shown_of(stage: ConsoleStage, incident: Incident) -> list[BothSides]:
    """What people are shown of its conflict."""
    found = stage.asked(lambda store: store.conflicts(LINK))
    return [each.both for each in found if each.parked.record_id == incident.id]


def test_the_same_can_be_decided_on_the_records_own_page(stage: ConsoleStage, ada: Visitor) -> None:
    incident = stage.mirrored(Summary="To be settled on its page")
    stage.conflict(incident, here="Mine", there="Yours")
    ada.get(f"{BASE}/records/incident-{incident.id}")
    said = text_of(ada.send("/waiting/settle", choice="issue"))
    assert "Decided by Ada" in said
    assert f"#{incident.number} =" in said, "it leads back to that page"
    stage.until(lambda: both(stage, incident) == {"Yours"})


def test_a_choice_between_values_that_are_no_longer_there_is_refused(stage: ConsoleStage, ada: Visitor) -> None:
    incident = stage.mirrored(Summary="To change under a form")
    stage.conflict(incident, here="Old", there="Other")
    page = ada.get(f"{BASE}/waiting")
    shown = shown_of(stage, incident)
    stage.mirror.sandbox.call(lambda: stage.mirror.sandbox.tester.edit(incident.id, "joeb", Summary="New"))

    stage.until(lambda: shown_of(stage, incident) != shown)
    ada.html = page
    with pytest.raises(AssertionError, match="look at the page again"):
        ada.send("/waiting/settle", record=incident.id, choice="incident")
    assert causes(stage, "settle conflict", incident) == []


def test_a_held_deletion_is_approved_and_carried_out(stage: ConsoleStage) -> None:
    incident = stage.mirrored(Summary="To be let go")
    stage.delete(incident)
    with Visitor(stage.address) as ada:
        ada.sign_in()
        said = text_of(ada.get(f"{BASE}/held"))
        assert f"#{incident.number} = " in said
        said = text_of(ada.send("/held/approve"))
        assert "Approved by Ada" in said
        stage.until(lambda: stage.twin(incident) is None and not stage.held())
        assert causes(stage, "approve", incident) == ["decided by Ada"]
        assert "Nothing is held" in ada.get(f"{BASE}/held")


def test_a_held_deletion_is_discarded_and_nothing_is_lost(stage: ConsoleStage) -> None:
    incident = stage.mirrored(Summary="To be kept")
    stage.delete(incident)
    with Visitor(stage.address) as ada:
        ada.sign_in()
        ada.get(f"{BASE}/held")
        (digest,) = set(re.findall('name="digest" value="([^"]+)"', ada.html))
        said = text_of(ada.send("/held/discard"))
        assert "Discarded by Ada" in said
        stage.until(lambda: not stage.held())
        assert causes(stage, "discard", incident) == ["decided by Ada"]
        kept = stage.mirror.sandbox.call(stage.mirror.sandbox.tester.incidents)
        assert incident.id in {each.id for each in kept}
        answer = ada.post(f"{BASE}/held/approve", form=ada.token_of_forms(), digest=digest)
        assert answer.status_code == 409, "what isn't held any more can't be approved"


def unmapped(stage: ConsoleStage) -> Incident:
    """An incident of which one field waits, as the mapping has nothing for what it holds."""
    incident = stage.mirrored(Summary="Somebody's", AssignedTo="testeronly")
    stage.until(lambda: [row for row in stage.parked() if row.record_id == incident.id])
    return incident


def test_what_waits_is_tried_again_at_once(stage: ConsoleStage) -> None:
    incident = unmapped(stage)
    with Visitor(stage.address) as ada:
        ada.sign_in()
        said = text_of(ada.get(f"{BASE}/waiting"))
        assert "AssignedTo" in said
        assert "needs a person" in said.lower()
        said = text_of(ada.send("/waiting/retry", record=incident.id))
        assert "tried again now, as Ada asked" in said
        assert causes(stage, "retry", incident) == ["decided by Ada"]
        assert "tried again now" not in ada.get(f"{BASE}/waiting"), "it is said once"
        said = text_of(ada.send("/waiting/retry", code="unmapped"))
        assert "tried again now" in said
        answer = ada.post(f"{BASE}/waiting/retry", form=ada.token_of_forms(), side="incident", record="x", item="y")
        assert answer.status_code == 409


def test_a_script_acts_with_the_token_alone(stage: ConsoleStage) -> None:
    incident = unmapped(stage)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    for by, told in (("the night job", "the night job"), ("", "a script")):
        form = {"side": "incident", "record": incident.id, "item": "AssignedTo", "by": by}
        answer = httpx.post(f"{stage.address}{BASE}/waiting/retry", data=form, headers=bearer)
        assert answer.status_code == 303
        assert causes(stage, "retry", incident)[0] == f"decided by {told}"
