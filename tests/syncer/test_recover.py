"""After a lost answer: what was carried out is found, and what never arrived is done after all."""

from pathlib import Path

import pytest

from syncer.core.records import Side
from tests.syncer.mirror_stage import MirrorStage


@pytest.mark.parametrize("side", Side)
def test_an_update_that_never_arrived_is_written_after_all_and_not_turned_back(tmp_path: Path, side: Side) -> None:
    with MirrorStage(tmp_path) as stage:
        tester, jira = stage.sandbox.tester, stage.sandbox.jira
        incident = stage.log(Summary="Pump fails", Description="It drips")
        stage.sync()
        issue_id = stage.twin(incident.id)
        if side is Side.ISSUE:
            tester.edit(incident.id, Description="It drips a lot")
        else:
            jira.edit(issue_id, by="annak", description="It drips a lot")
        path = r"/issue/" if side is Side.ISSUE else r"/incident/"
        with stage.fault(side, effect="drop_before", method="PUT", path=path):
            assert stage.sync().in_doubt == 1
        stage.sync()
        assert tester.incident(incident.id).description == "It drips a lot"
        assert jira.issue(issue_id).fields["description"] == "It drips a lot"
        assert stage.sync(census=True).writes == 0
