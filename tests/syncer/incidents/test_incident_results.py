"""Step-result links: none is missed, and none is taken for another."""

import pytest

from syncer.core.records import StepResult
from syncer.errors import Denied, InDoubt, SideError, Unavailable
from syncer.sandbox.faults import Fault
from tests.contract.incident_bench import IncidentBench, logged_step
from tests.syncer.incidents.scripted import Asked, Reply, Script, scripted
from tests.syncer.incidents.stage import bare_project, forget, model, old_and_new, requests

STEP = "0f61b42d-87f9-40b8-89ee-1bc12a6b5dba"
INCIDENT = "b849f98e-62b2-460c-97ef-49e6c478a3f9"
ELSE = "11111111-1111-4111-8111-111111111111"


def step(bench: IncidentBench, description: str = "Open the report", run: str = "Smoke test") -> StepResult:
    assert bench.server is not None
    return logged_step(bench.server, description, run)


def found(bench: IncidentBench) -> set[tuple[str, str]]:
    """The pairs of all step-result links that the adapter finds."""
    listed = [(link.id, link.incident_id) for link in bench.port.step_results()]
    assert len(listed) == len(set(listed)), "each link is given once"
    return set(listed)


@old_and_new
class TestResults:
    """Step-result links on a server that behaves."""

    def test_every_link_is_found_however_small_the_pages(self, bench: IncidentBench) -> None:
        incidents = [bench.person_creates(f"Record {number}") for number in range(5)]
        steps = [step(bench, run=f"Run {number}") for number in range(7)]
        pairs = {(each.id, incident) for each in steps[::2] for incident in incidents}
        for pair in pairs:
            model(bench).link_step(*pair)
        bench.cap_pages(2)
        assert found(bench) == pairs

    def test_only_step_results_that_have_incidents_are_asked_for_them(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Found by a test")
        linked, _ = step(bench), step(bench)
        bench.port.show_result(record_id, linked)
        forget(bench)
        assert found(bench) == {(linked.id, record_id)}
        assert [path for _, path in requests(bench)] == ["projects", "scriptruns", f"stepresult/{linked.id}/incidents"]

    def test_a_link_is_shown_with_run_and_step_on_one_short_line(self, bench: IncidentBench) -> None:
        record_id = bench.person_creates("Found by a test")
        plain = step(bench, "<p>Open the\n report</p>", "Smoke  test")
        long, bare = step(bench, "very " * 100), step(bench, "", "")
        for each in (plain, long, bare):
            bench.port.show_result(record_id, each)
        links = {link.id: link for link in bench.port.step_results()}
        assert links[plain.id].title == "Smoke test: Open the report"
        assert len(links[long.id].title) == 200
        assert links[bare.id].title == f"Step result {bare.id[:8]}"
        assert links[plain.id].url == f"{bench.url}/api/stepresult/{plain.id}"

    def test_a_link_stands_is_gone_or_can_not_be_told(self, bench: IncidentBench) -> None:
        record_id, linked = bench.person_creates("Found by a test"), step(bench)
        assert bench.port.reads_result(linked.id, record_id) is False
        assert bench.port.show_result(record_id, linked) == linked.id
        assert bench.port.reads_result(linked.id.upper(), record_id.upper()) is True
        bench.hide(record_id)
        assert bench.port.reads_result(linked.id, record_id) is None
        bench.fault(Fault(effect="status", status=500, path="/stepresult/", times=None))
        assert bench.port.reads_result(linked.id, record_id) is None

    def test_exactly_the_vendors_calls_are_made_for_one_link(self, bench: IncidentBench) -> None:
        record_id, linked = bench.person_creates("Found by a test"), step(bench)
        forget(bench)
        bench.port.show_result(record_id, linked)
        bench.port.reads_result(linked.id, record_id)
        bench.port.hide_result(record_id, linked.id)
        assert requests(bench) == [
            ("POST", f"stepresult/{linked.id}/incidents"),
            ("GET", f"stepresult/{linked.id}/incident/{record_id}"),
            ("DELETE", f"stepresult/{linked.id}/incident/{record_id}"),
        ]
        assert model(bench).runs.incidents_of(linked.id) == []
        assert model(bench).incident(record_id).summary == "Found by a test"

    def test_a_link_that_may_not_be_removed_or_made_is_told(self, bench: IncidentBench) -> None:
        record_id, linked, other = bench.person_creates("Found by a test"), step(bench), step(bench)
        bench.port.show_result(record_id, linked)
        bench.behave(read_only=True)
        with pytest.raises(Denied):
            bench.port.hide_result(record_id, linked.id)
        with pytest.raises(Denied):
            bench.port.show_result(record_id, other)
        assert found(bench) == {(linked.id, record_id)}

    def test_a_lost_answer_to_a_link_is_in_doubt_and_doing_it_again_settles_it(self, bench: IncidentBench) -> None:
        record_id, linked = bench.person_creates("Found by a test"), step(bench)
        bench.drop_next_answer()
        with pytest.raises(InDoubt):
            bench.port.show_result(record_id, linked)
        bench.port.show_result(record_id, linked)
        assert found(bench) == {(linked.id, record_id)}
        with pytest.raises(InDoubt):
            bench.port.hide_result(record_id, linked.id)
        bench.port.hide_result(record_id, linked.id)
        assert found(bench) == set()

    @pytest.mark.parametrize("status", [403, 404, 500])
    @pytest.mark.parametrize("path", ["/scriptruns$", "/stepresult/.*/incidents$"])
    def test_a_list_that_fails_raises_and_is_never_short(self, bench: IncidentBench, path: str, status: int) -> None:
        record_id, linked, other = bench.person_creates("Found by a test"), step(bench), step(bench)
        for each in (linked, other):
            bench.port.show_result(record_id, each)
        bench.cap_pages(1)
        bench.fault(Fault(effect="status", status=status, method="GET", path=path, skip=1, times=None))
        with pytest.raises(SideError):
            found(bench)

    @pytest.mark.parametrize("cut", ["short", "empty"])
    def test_pages_that_are_cut_leave_no_link_out(self, bench: IncidentBench, cut: str) -> None:
        incidents = [bench.person_creates(f"Record {number}") for number in range(6)]
        pairs = {(step(bench).id, incident) for incident in incidents}
        for pair in pairs:
            model(bench).link_step(*pair)
        bench.cap_pages(3)
        bench.behave(cut_pages=cut)
        if cut == "short":
            assert found(bench) == pairs
            return
        with pytest.raises(Unavailable):
            found(bench)

    def test_no_incident_can_be_hidden_so_that_it_looks_deleted(self, bench: IncidentBench) -> None:
        assert bench.port.hides_single_records() is False


def one_step(link: object, **members: object) -> Script:
    """A server with one step result, of which one link is listed."""
    run = {"Id": "run", "Name": "Smoke test", "StepResults": [{"Id": STEP.upper(), **members}]}

    def script(asked: Asked) -> Reply:
        listed = run if asked.path == "scriptruns" else link
        return Reply(body={"Items": [listed], "Total": 1})

    return script


def listed_by(script: Script) -> list[StepResult]:
    with scripted(script) as server:
        port = bare_project(server.url)
        try:
            return list(port.step_results())
        finally:
            port.close()


class TestOddities:
    """What the vendor's pages contradict or leave open."""

    @pytest.mark.parametrize(
        "pair",
        [(STEP, INCIDENT), (INCIDENT, STEP), (INCIDENT.upper(), STEP.upper())],
        ids=["as asked", "swapped", "upper"],
    )
    def test_a_link_is_with_the_step_result_it_was_asked_for_whatever_order_the_ids_come_in(
        self, pair: tuple[str, str]
    ) -> None:
        [link] = listed_by(one_step({"StepResultId": pair[0], "IncidentId": pair[1]}, HasIncidents=True))
        assert (link.id, link.incident_id) == (STEP, INCIDENT)

    def test_a_swapped_answer_changes_nothing_of_what_one_link_is(self) -> None:
        swapped = {"StepResultId": INCIDENT, "IncidentId": STEP}
        with scripted(lambda _: Reply(201, swapped)) as server:
            port = bare_project(server.url)
            assert port.show_result(INCIDENT, StepResult(STEP, INCIDENT, "Smoke test", server.url)) == STEP
            assert port.reads_result(STEP, INCIDENT) is True
            port.close()
            assert [asked.path for asked in server.asked] == [
                f"stepresult/{STEP}/incidents",
                f"stepresult/{STEP}/incident/{INCIDENT}",
            ]
            assert server.asked[0].body == {"IncidentId": INCIDENT}

    def test_a_step_result_that_does_not_say_whether_it_has_incidents_is_asked(self) -> None:
        assert [link.id for link in listed_by(one_step({"StepResultId": STEP, "IncidentId": INCIDENT}))] == [STEP]

    @pytest.mark.parametrize("pair", [(ELSE, INCIDENT), (STEP, STEP)])
    def test_a_link_that_is_not_with_the_step_result_is_refused(self, pair: tuple[str, str]) -> None:
        with pytest.raises(Unavailable, match="not with step result"):
            listed_by(one_step({"StepResultId": pair[0], "IncidentId": pair[1]}))

    def test_a_link_without_its_ids_is_refused(self) -> None:
        with pytest.raises(Unavailable, match="no list"):
            listed_by(one_step({"StepResultId": STEP}))

    @pytest.mark.parametrize("none", [None, []])
    def test_a_run_without_steps_has_no_links(self, none: object) -> None:
        runs = Reply(body={"Items": [{"Id": "run", "StepResults": none}], "Total": 1})
        assert listed_by(lambda _: runs) == []

    @pytest.mark.parametrize("run", [{}, {"StepResults": {}}, {"StepResults": "none"}, {"StepResults": [{"Id": ""}]}])
    def test_a_run_that_does_not_show_its_steps_is_not_taken_for_one_without(self, run: dict[str, object]) -> None:
        with pytest.raises(Unavailable, match="without its step results"):
            listed_by(lambda _: Reply(body={"Items": [{"Id": "run", **run}], "Total": 1}))
