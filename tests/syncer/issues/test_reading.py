"""Promises about what is seen of issues beyond those that both sides share."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from syncer.core.records import CommentDraft, Mark, Present, Unknown
from syncer.errors import Denied, Unavailable
from syncer.sandbox.faults import Fault
from tests.contract.bench import comments, draft, listed, mark, read
from tests.contract.issue_bench import IssueBench

COMMENT = CommentDraft("Jane Doe", "Seen again.", Mark("demo", "10234"))


def requests(bench: IssueBench) -> list[tuple[str, str]]:
    assert bench.server is not None
    return [(each.method, each.path.removeprefix("/rest/api/2/")) for each in bench.server.adapters_requests()]


def test_only_issues_in_the_mapping_s_scope_are_listed(bench: IssueBench) -> None:
    inside = bench.person_creates("Inside", labels=["scope"])
    outside = bench.person_creates("Outside")
    found = [line.id for page in bench.bound(only="labels = scope OR labels = none").listed(None) for line in page]
    assert inside in found
    assert outside not in found
    assert bench.server is not None
    assert all(line.key.startswith("TEST-") for line in listed(bench, None).values()), "no other project's issues"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_profile_s_time_zone_doesn_t_shift_a_listing(bench: IssueBench, zone: str) -> None:
    assert bench.server is not None
    model = bench.server.model
    clock = model.clock
    model.clock = lambda: clock() - timedelta(hours=3)
    old = bench.person_creates("Old")
    model.clock = clock
    new = bench.person_creates("New")
    bench.behave(time_zone=zone, epoch_literals=False)
    found = listed(bench, bench.now() - timedelta(minutes=1))
    assert new in found
    assert old not in found


def test_a_poll_that_finds_nothing_takes_two_requests(bench: IssueBench) -> None:
    """The server's clock, and the search; after a first one, which finds out what kind of Jira it is."""

    def poll() -> int:
        before = len(requests(bench))
        now = bench.port.clock()
        assert now is not None
        assert list(bench.port.listed(now)) == []
        return len(requests(bench)) - before

    poll()
    assert poll() == 2


@pytest.mark.parametrize("place", [0, 1])
def test_an_edit_while_pages_are_read_pulls_no_other_issue_out_of_sight(bench: IssueBench, place: int) -> None:
    there = {bench.person_creates(f"Issue {number}") for number in range(6)} | set(listed(bench, None))
    bench.cap_pages(2)
    pages = bench.port.listed(None)
    first = next(iter(pages))
    bench.person_edits(first[place].id, {"summary": "Edited meanwhile"})
    assert there <= {line.id for page in [first, *pages] for line in page}


def test_a_condition_that_is_no_jql_is_refused_in_jira_s_words(bench: IssueBench) -> None:
    with pytest.raises(Exception, match="400") as refusal:
        list(bench.bound(only="bogus = 1").listed(None))
    assert "bogus" in str(refusal.value)


def test_the_newest_edit_s_stamp_is_withheld_until_no_other_can_share_it(bench: IssueBench) -> None:
    record_id = bench.person_creates("Fresh")
    assert read(bench, record_id).stamp is None
    assert bench.server is not None
    model = bench.server.model
    clock = model.clock
    model.clock = lambda: clock() + timedelta(seconds=2)
    list(bench.port.listed(None if bench.cloud else bench.now()))
    bench.port._client.now()
    assert read(bench, record_id).stamp == listed(bench, None)[record_id].stamp


def test_a_hundred_and_twenty_comments_are_all_read(bench: IssueBench) -> None:
    record_id = bench.person_creates("Much discussed")
    assert bench.server is not None
    model = bench.server.model
    made = [model.comment(record_id, by="joeb", body=f"Remark {number}").id for number in range(120)]
    bench.cap_pages(50)
    assert [comment.id for comment in comments(read(bench, record_id))] == made


def test_many_issues_with_few_comments_take_few_requests(bench: IssueBench) -> None:
    made = [bench.person_creates(f"Record {number}") for number in range(30)]
    for record_id in made:
        bench.person_comments(record_id, "One remark")
    list(bench.port.read(made[:1]))
    before = len(requests(bench))
    seen = dict(bench.port.read(made))
    assert all(isinstance(each, Present) for each in seen.values())
    assert len(requests(bench)) - before == (1 if bench.cloud else len(made))


def test_more_issues_than_a_bulk_holds_are_read_in_order(bench: IssueBench) -> None:
    assert bench.server is not None
    model = bench.server.model
    made = [model.create(by="joeb", summary=f"Record {number}").id for number in range(130)]
    assert [record_id for record_id, seen in bench.port.read(reversed(made)) if isinstance(seen, Present)] == made[::-1]


@pytest.mark.parametrize("cap", [None, 7])
def test_mirrored_comments_are_known_however_few_a_server_lists_at_once(bench: IssueBench, cap: int | None) -> None:
    bench.behave(page_cap=cap)
    record_id = bench.person_creates("Discussed")
    ours = [bench.port.add_comment(record_id, replace(COMMENT, mark=Mark("demo", str(n)))) for n in range(25)]
    [(_, observation)] = bench.bound().read([record_id])
    assert isinstance(observation, Present)
    assert comments(observation.record) == tuple(ours)


@pytest.mark.parametrize("served", [True, False])
def test_mirrored_comments_are_known_whether_or_not_a_list_shows_properties(bench: IssueBench, served: bool) -> None:
    bench.behave(comment_list_properties=served)
    record_id = bench.person_creates("Discussed")
    ours = [bench.port.add_comment(record_id, replace(COMMENT, mark=Mark("demo", str(n)))) for n in range(25)]
    theirs = bench.person_comments(record_id, "A person's own words")
    fresh = bench.bound()
    for _ in range(2):
        [(_, observation)] = fresh.read([record_id])
        assert isinstance(observation, Present)
        assert comments(observation.record)[:-1] == tuple(ours)
        assert (comments(observation.record)[-1].id, comments(observation.record)[-1].mark) == (theirs, None)


def test_comments_once_known_as_ours_are_not_asked_about_again(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    bench.port.add_comment(record_id, COMMENT)
    fresh = bench.bound()
    list(fresh.read([record_id]))
    before = requests(bench)
    list(fresh.read([record_id]))
    asked = Counter(requests(bench)) - Counter(before)
    assert sum(asked.values()) == 1


def test_a_person_who_copies_our_heading_is_still_a_person(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    text = "*Jane Doe* wrote in Enterprise Tester:\n\nNot really."
    bench.person_comments(record_id, text)
    [comment] = comments(read(bench, record_id))
    assert (comment.author, comment.body, comment.mark) == (bench.person, text, None)


def test_our_comment_is_ours_even_where_somebody_edited_its_heading_away(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    made = bench.port.add_comment(record_id, COMMENT)
    bench.person_sends("PUT", f"issue/{record_id}/comment/{made.id}", {"body": "Seen again."})
    [comment] = comments(read(bench, record_id))
    assert (comment.mark, comment.body) == (COMMENT.mark, "Seen again.")


@pytest.mark.parametrize(
    "visibility", [{"type": "role", "value": "Developers"}, {"type": "group", "value": "jira-users"}]
)
def test_a_restricted_comment_is_never_seen(bench: IssueBench, visibility: dict[str, str]) -> None:
    record_id = bench.person_creates("Discussed")
    bench.person_comments(record_id, "Secret", visibility=visibility)
    shown = bench.person_comments(record_id, "Public")
    assert [comment.id for comment in comments(read(bench, record_id))] == [shown]


def test_an_edit_of_our_comment_doesn_t_lift_a_restriction(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    made = bench.port.add_comment(record_id, COMMENT)
    restricted = {"type": "role", "value": "Developers"}
    bench.person_sends("PUT", f"issue/{record_id}/comment/{made.id}", {"body": "x", "visibility": restricted})
    bench.port.edit_comment(record_id, made.id, COMMENT)
    assert bench.server is not None
    put = [each.body for each in bench.server.adapters_requests() if each.method == "PUT"][-1]
    assert put["visibility"]["value"] == "Developers"


def test_a_clone_that_copies_our_label_is_not_found_by_the_mark(bench: IssueBench) -> None:
    since = bench.now()
    record = bench.port.create(draft(bench, "Original"))
    assert bench.server is not None
    label = bench.server.model.issue(record.id).ids("labels")[0]
    bench.person_creates("CLONE - Original", labels=[label])
    found = bench.port.find(mark(), since)
    assert found is not None
    assert found.id == record.id
    bench.remove(record.id)
    assert bench.port.find(mark(), since) is None


def test_an_issue_from_before_is_not_found_by_the_mark(bench: IssueBench) -> None:
    bench.port.create(draft(bench, "Earlier"))
    assert bench.port.find(mark(), bench.now() + timedelta(minutes=5)) is not None, "minutes are counted generously"
    assert bench.server is not None
    model = bench.server.model
    clock = model.clock
    model.clock = lambda: clock() + timedelta(hours=1)
    assert bench.port.find(mark(), bench.now()) is None


def test_a_find_over_a_lagging_index_survives_what_is_deleted_meanwhile(bench: IssueBench) -> None:
    since = bench.now()
    record = bench.port.create(draft(bench, "Ghost"))
    list(bench.port.listed(None))
    bench.fault(Fault(effect="status", status=404, body="{}", method="GET", path=f"/issue/{record.id}$",
                      headers={"Content-Type": "application/json"}))  # fmt: skip
    assert bench.port.find(mark(), since) is None


@pytest.mark.parametrize("cap", [None, 30])
def test_edits_are_told_apart_over_a_long_history(bench: IssueBench, cap: int | None) -> None:
    bench.behave(page_cap=cap)
    assert bench.server is not None
    model = bench.server.model
    clock = model.clock
    model.clock = lambda: clock() - timedelta(hours=2)
    record = bench.port.create(draft(bench, "Busy"))
    bench.person_edits(record.id, {"description": "Long ago"})
    for number in range(230):
        model.edit(record.id, by="syncer", summary=f"Ours {number}")
    model.clock = lambda: clock() - timedelta(minutes=5)
    bench.person_edits(record.id, {"priority": "2"})
    model.clock = clock
    since = bench.now()
    model.edit(record.id, by="syncer", summary="Ours at last")
    assert bench.port.edited_by_others(record.id, since, since) == {"priority"}, "clocks may be minutes apart"
    bench.person_edits(record.id, {"customfield_10011": "Cycle 7", "fixVersions": frozenset({"10200"})})
    model.transition(record.id, "In Progress", by="joeb")
    edited = bench.port.edited_by_others(record.id, since, since)
    assert edited == {"customfield_10011", "fixVersions", "status", "priority"}
    assert "description" in bench.port.edited_by_others(record.id, since - timedelta(hours=3), since)


def test_one_adapter_serves_sixteen_threads(bench: IssueBench) -> None:
    made = [bench.person_creates(f"Record {number}") for number in range(32)]
    with ThreadPoolExecutor(16) as pool:
        updated = list(pool.map(lambda each: bench.port.update(each, {"summary": f"New {each}"}), made))
    assert [record.values["summary"] for record in updated] == [f"New {each}" for each in made]


def test_an_issue_over_which_the_server_breaks_off_is_unknown_and_the_others_are_read(bench: IssueBench) -> None:
    made = [bench.person_creates(f"Record {number}") for number in range(3)]
    bench.fault(Fault(effect="drop_before", path=rf"/issue/({made[1]}|bulkfetch)$", times=None))
    seen = dict(bench.port.read(made))
    assert [isinstance(seen[each], Present) for each in made] == [True, False, True]


def test_one_unreadable_issue_alone_is_no_failure_of_the_whole_side(bench: IssueBench) -> None:
    record_id = bench.person_creates("Broken")
    bench.garble(record_id)
    [(_, observation)] = bench.port.read([record_id])
    assert isinstance(observation, Unknown)


def test_a_jira_that_fails_as_a_whole_fails_the_read(bench: IssueBench) -> None:
    made = [bench.person_creates(f"Record {number}") for number in range(3)]
    list(bench.port.read(made))
    bench.fault(Fault(effect="status", status=503, times=None))
    with pytest.raises(Unavailable):
        list(bench.port.read(made))


def test_credentials_that_expire_fail_the_read(bench: IssueBench) -> None:
    made = [bench.person_creates(f"Record {number}") for number in range(3)]
    bench.behave(credentials_expired=True)
    with pytest.raises(Denied):
        list(bench.port.read(made))
