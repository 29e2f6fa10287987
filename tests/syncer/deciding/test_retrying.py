"""What people have tried again at once, on two real servers."""

from contextlib import AbstractContextManager
from datetime import timedelta

from syncer import deciding
from syncer.core.records import Side
from tests.syncer.deciding.deeds import edit, is_quiet, titles, told
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_removals import linked


class TestRetrying:
    def refused(self, stage: MirrorStage, times: int) -> tuple[str, str]:
        """An issue's title that Enterprise Tester refused so many times, and would take now."""
        ids = linked(stage)
        stage.sync()
        edit(stage, ids, theirs="Refused")
        with self.refusing(stage, ids):
            for _ in range(times):
                stage.later(days=1)
                stage.sync()
        return ids

    def refusing(self, stage: MirrorStage, ids: tuple[str, str]) -> AbstractContextManager[None]:
        said, path = '{"Message": "not now"}', rf"/incident/{ids[0]}$"
        return stage.fault(Side.INCIDENT, effect="status", status=400, method="PUT", path=path, body=said, times=None)

    def test_what_waits_is_tried_by_the_next_cycle_and_then_after_the_shortest_delay(
        self, any_stage: MirrorStage
    ) -> None:
        stage, ids = any_stage, self.refused(any_stage, 4)
        with self.refusing(stage, ids):
            self.a_day_passes(stage)
            stage.sync()
        stage.sync()
        assert titles(stage, ids) == ("Pump fails", "Refused"), "no poll may find it by itself"
        (row,) = stage.store.parked(stage.link.name)
        with self.refusing(stage, ids):
            assert deciding.retry(stage.store, [row], "Anna", stage.link.now()) == 1
            stage.sync()
        (again,) = stage.store.parked(stage.link.name)
        assert (again.tries, again.since) == (1, row.since)
        assert again.next_try_at <= stage.link.now() + stage.link.pace.delay(1)
        stage.sync()
        assert titles(stage, ids) == ("Pump fails", "Refused")
        deciding.retry(stage.store, [again], "Anna", stage.link.now())
        stage.sync()
        assert (titles(stage, ids), stage.waiting()) == (("Refused", "Refused"), [])
        assert is_quiet(stage)

    def a_day_passes(self, stage: MirrorStage) -> None:
        """In Jira, where somebody works on another issue."""
        clock = stage.sandbox.jira.clock
        stage.sandbox.jira.clock = lambda: clock() + timedelta(days=1)
        stage.sandbox.jira.create(by="annak", summary="Another issue")

    def test_the_history_says_who_asked_for_what(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, self.refused(any_stage, 1)
        deciding.retry(stage.store, stage.store.parked(stage.link.name), "Anna", stage.link.now())
        entry = told(stage, "retry")
        assert (entry.sentence, entry.cause) == ("try again at once: Summary", "decided by Anna")
        assert entry.incident_id == ids[0]

    def test_what_waits_is_found_by_either_key_or_id_and_by_item(self, any_stage: MirrorStage) -> None:
        stage, ids = any_stage, self.refused(any_stage, 1)
        (link,) = stage.store.find_links(stage.link.name, text=ids[0])
        for record in (*ids, link.incident_key, link.issue_key.lower()):
            (row,) = deciding.find_waiting(stage.store, [stage.link.name], record, "summary")
            assert row.item == "Summary"
        assert deciding.find_waiting(stage.store, [stage.link.name], ids[0], "Priority") == []
        assert deciding.find_waiting(stage.store, [stage.link.name], "NOPE-1") == []
        assert len(deciding.find_waiting(stage.store, [stage.link.name])) == 1
