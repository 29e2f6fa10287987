"""Promises about creating, changing, marking and deleting issues beyond those that both sides share."""

import pytest

from mappings.values import Value
from syncer.core.records import Draft, Mark, Unknown
from syncer.errors import Denied, InDoubt, Missing, Rejected
from syncer.issues.marks import ISSUE_PROPERTY, Labels
from syncer.sandbox.cast import PEOPLE
from syncer.sandbox.faults import Fault
from syncer.sandbox.jira.catalogue import BUG, RESOLUTIONS, TASK
from tests.contract.bench import draft, listed, mark, options, read, twin
from tests.contract.issue_bench import IssueBench, JiraServer


def posts(server: JiraServer | None, end: str) -> int:
    assert server is not None
    return sum(each.method == "POST" and each.path.endswith(end) for each in server.adapters_requests())


def labels(bench: IssueBench, record_id: str) -> set[str]:
    """The labels as they stand in Jira, our own mark included."""
    assert bench.server is not None
    return set(bench.server.model.issue(record_id).ids("labels"))


def test_an_issue_is_born_with_label_and_property_in_one_request(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Marked"))
    assert bench.server is not None
    issue = bench.server.model.issue(record.id)
    assert issue.properties == {ISSUE_PROPERTY: {"installation": "demo", "incident": mark().twin_id}}
    assert labels(bench, record.id) == {"syncer-demo-" + mark().twin_id.replace("-", "")}
    assert record.values["labels"] == frozenset(), "our own label is no value"
    assert posts(bench.server, "/issue") == 1
    assert len(issue.history) == 0, "nothing was added afterwards"


def test_every_kind_of_field_is_written_at_birth_and_read_back(bench: IssueBench) -> None:
    person = next(each.display_name for each in PEOPLE if each.login == "annak")
    user = next(each.id for each in bench.port.catalogue().of("user") if each.name == person)
    values: dict[str, Value] = {
        "summary": "All fields",
        "description": "Text",
        "issuetype": TASK.id,
        "priority": options(bench, "priority")[0],
        "assignee": user,
        "labels": frozenset({"one", "two"}),
        "components": frozenset(options(bench, "component")[:2]),
        "versions": frozenset(options(bench, "version")[:2]),
        "fixVersions": frozenset(options(bench, "version")[1:3]),
        "customfield_10011": "Cycle 7",
        "customfield_10013": "5",
    }
    late: dict[str, Value] = {"status": options(bench, "status")[2], "resolution": RESOLUTIONS[0].id}
    record = bench.port.create(Draft({**values, **late}, twin()))
    assert {name: record.values[name] for name in values} == values
    assert record.values["resolution"] is None, "the workflow sets status and resolution"
    cleared = bench.port.update(record.id, {"assignee": None, "customfield_10013": None})
    assert [cleared.values[name] for name in ("assignee", "customfield_10013")] == [None] * 2


def test_labels_of_people_and_of_other_installations_stay(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Labelled"))
    foreign = Labels("other").of(Mark("other", mark(2).twin_id))
    bench.person_edits(record.id, {"labels": frozenset({*labels(bench, record.id), foreign, "keep", "drop"})})
    ours = labels(bench, record.id) - {foreign, "keep", "drop"}
    after = bench.port.update(record.id, {"labels": frozenset({foreign, "keep", "new"})})
    assert after.values["labels"] == frozenset({foreign, "keep", "new"})
    assert labels(bench, record.id) == {foreign, "keep", "new", *ours}
    bench.port.update(record.id, {"labels": frozenset()})
    assert labels(bench, record.id) == ours


def test_a_change_that_changes_nothing_sends_nothing(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Same"))
    assert bench.server is not None
    before = len(bench.server.model.issue(record.id).history)
    bench.port.update(record.id, {"labels": frozenset(), "status": record.values["status"], "resolution": None})
    assert len(bench.server.model.issue(record.id).history) == before
    assert {each.method for each in bench.server.adapters_requests() if "PUT" in each.method} == set()


def test_a_resolution_alone_that_no_screen_takes_is_refused(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Unresolved"))
    with pytest.raises(Rejected, match="resolution"):
        bench.port.update(record.id, {"resolution": RESOLUTIONS[0].id, "summary": "Touched"})
    assert read(bench, record.id).values["summary"] == "Unresolved"


def test_a_field_that_is_on_no_screen_is_named(bench: IssueBench) -> None:
    with pytest.raises(Rejected, match=r"customfield_99999.*screen"):
        bench.port.create(Draft({"summary": "Off", "customfield_99999": "x"}, twin()))


def test_fields_that_the_issue_type_demands_are_named(bench: IssueBench) -> None:
    with pytest.raises(Rejected, match="demands: Summary"):
        bench.port.create(Draft({"description": "No title"}, twin()))


@pytest.mark.parametrize("issue_type", [None, "Bogus"])
def test_without_a_known_type_nothing_is_created_and_the_types_are_named(
    bench: IssueBench, issue_type: str | None
) -> None:
    before = set(listed(bench, None))
    with pytest.raises(Rejected, match="Bug, Task, Improvement"):
        bench.bound(issue_type=issue_type).create(draft(bench, "Typeless"))
    assert set(listed(bench, None)) == before


def test_a_type_from_a_mapped_field_comes_before_the_mapping_s_own(bench: IssueBench) -> None:
    made = bench.bound(issue_type=None).create(Draft({"summary": "Typed", "issuetype": BUG.id}, twin()))
    assert made.values["issuetype"] == BUG.id


def test_an_issue_that_was_created_and_can_not_be_read_back_is_in_doubt_and_not_created_twice(
    bench: IssueBench,
) -> None:
    before = set(listed(bench, None))
    since = bench.now()
    bench.fault(Fault(effect="status", method="GET", path=r"/issue/\d+$", times=None))
    with pytest.raises(InDoubt, match="was created"):
        bench.port.create(draft(bench, "Out of sight"))
    assert bench.server is not None
    bench.server.change(bench.server.switchboard.clear)
    assert posts(bench.server, "/issue") == 1
    found = bench.port.find(mark(), since)
    assert found is not None
    assert set(listed(bench, None)) - before == {found.id}


def test_a_status_that_there_is_not_leaves_the_other_fields_untouched(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Untouched"))
    with pytest.raises(Rejected, match="no status 999"):
        bench.port.update(record.id, {"summary": "Touched", "status": "999"})
    assert read(bench, record.id).values["summary"] == "Untouched"


@pytest.mark.parametrize("effect", ["drop_before", "drop_after", "status"])
def test_a_create_without_an_answer_is_sent_once(bench: IssueBench, effect: str) -> None:
    bench.fault(Fault(effect=effect, method="POST", path="/issue$", times=None))  # type: ignore[arg-type]  # a parameter of the test
    with pytest.raises(InDoubt):
        bench.port.create(draft(bench, "Once"))
    assert bench.server is not None
    assert sum(each.path.endswith("/issue") for each in bench.server.switchboard.requests) == 1


def test_of_an_issue_that_moved_away_meanwhile_nothing_counts_as_written_and_it_is_not_deleted(
    bench: IssueBench,
) -> None:
    record = bench.port.create(draft(bench, "Moving"))
    assert bench.server is not None
    model = bench.server.model
    bench.server.change(lambda: model.move(record.id, "OTHER", by="joeb"))
    for write in (lambda: bench.port.update(record.id, {"summary": "Touched"}), lambda: bench.port.delete(record.id)):
        with pytest.raises(Rejected, match="moved to project OTHER as OTHER-"):
            write()
    [(_, observation)] = bench.port.read([record.id])
    assert isinstance(observation, Unknown)
    assert "moved to project OTHER as OTHER-" in observation.reason


def test_an_issue_with_sub_tasks_is_not_deleted(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Parent"))
    bench.person_creates("Child", issuetype={"name": "Sub-task"}, parent={"id": record.id})
    with pytest.raises(Rejected, match="subtask"):
        bench.port.delete(record.id)
    assert read(bench, record.id).id == record.id


def test_a_remote_link_leads_to_the_incident_and_stays_one_when_written_again(bench: IssueBench) -> None:
    record_id = bench.person_creates("Adopted")
    for title in ("Old", "New"):
        bench.port.write_mark(read(bench, record_id), twin(key=f"DEMO-{title}"))
    assert bench.server is not None
    [link] = bench.server.model.issue(record_id).remote_links.values()
    assert link.global_id == f"syncer:demo:incident:{mark().twin_id}"
    assert link.object["url"] == "https://other.example/DEMO-New"
    assert (link.application, link.relationship) == ({"name": "Enterprise Tester"}, "mirrors")


def test_a_mark_that_names_another_twin_leaves_no_link_to_the_first(bench: IssueBench) -> None:
    record_id = bench.person_creates("Adopted")
    bench.port.write_mark(read(bench, record_id), twin(1))
    bench.port.write_mark(read(bench, record_id), twin(2))
    assert bench.server is not None
    links = bench.server.model.issue(record_id).remote_links.values()
    assert [link.global_id for link in links] == [f"syncer:demo:incident:{mark(2).twin_id}"]


def test_a_mark_can_not_be_written_where_nothing_is(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Deleted meanwhile"))
    bench.port.delete(record.id)
    with pytest.raises(Missing):
        bench.port.write_mark(record, twin())


@pytest.mark.parametrize("kind", ["version", "component"])
def test_an_option_that_is_there_under_another_spelling_is_given_back(bench: IssueBench, kind: str) -> None:
    there = bench.port.catalogue().of(kind)[0]
    assert bench.port.create_option(kind, there.name.upper()) == there  # type: ignore[arg-type]  # a parameter of the test
    made = bench.port.create_option(kind, "Brand new")  # type: ignore[arg-type]  # a parameter of the test
    assert made in bench.port.catalogue().of(kind)


def test_a_name_that_jira_does_not_take_is_refused(bench: IssueBench) -> None:
    with pytest.raises(Rejected):
        bench.port.create_option("version", "x" * 300)


def test_credentials_that_expire_deny_a_write(bench: IssueBench) -> None:
    record = bench.port.create(draft(bench, "Before"))
    bench.behave(credentials_expired=True)
    with pytest.raises(Denied):
        bench.port.update(record.id, {"summary": "After"})
