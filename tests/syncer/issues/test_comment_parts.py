"""Promises about mirrored comments that are too long for one comment of Jira: several stay one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest

from syncer.core.records import Comment, CommentDraft, Mark, Present
from syncer.errors import InDoubt, Missing, Rejected
from syncer.issues.marks import COMMENT_PROPERTY, comment_property
from syncer.issues.parts import part_of
from syncer.sandbox.faults import Fault
from syncer.sandbox.jira.records import Comment as Held
from tests.contract.bench import comments
from tests.contract.issue_bench import IssueBench
from tests.syncer.issues.hands import asked, model

Lost = Literal["drop_before", "drop_after"]
Writing = Literal["POST", "PUT", "DELETE"]
MARK = Mark("demo", "4711")
LIMIT = 32_767
SMALL = 330
"""A limit that makes the tests quick; those that are about the limit itself have the real one."""


def text(size: int, word: str = "word") -> str:
    """Paragraphs of about that many characters."""
    lines = [f"Paragraph {number} says {word} and nothing else." for number in range(size // 30)]
    return "\n\n".join(lines)[:size].strip()


SHORT = CommentDraft("Jane Doe", "Short.", MARK)
LONG = replace(SHORT, body=text(600))
LONGER = replace(SHORT, body=text(900, "more"))
MIDDLE = replace(SHORT, body=text(400, "less"))


def held(bench: IssueBench, record_id: str) -> Sequence[Held]:
    """The comments as they stand in Jira."""
    return list(model(bench).issue(record_id).comments.values())


def seen(bench: IssueBench, record_id: str, *, anew: bool = False) -> tuple[Comment, ...]:
    """What is read by the adapter, or by one that has just been started."""
    port = bench.bound() if anew else bench.port
    [(_, observation)] = port.read([record_id])
    assert isinstance(observation, Present)
    return comments(observation.record)


def requests(bench: IssueBench) -> int:
    assert bench.server is not None
    return len(bench.server.adapters_requests())


def numbers(bench: IssueBench, record_id: str) -> list[tuple[int, int]]:
    parts = [part_of(each.properties.get(COMMENT_PROPERTY)) for each in held(bench, record_id)]
    return [(part.number, part.of) for part in parts if part is not None]


@pytest.fixture
def record_id(bench: IssueBench, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("syncer.issues.parts.TEXT", SMALL)
    return bench.person_creates("Discussed")


def test_a_long_comment_stands_in_several_and_is_read_as_one(bench: IssueBench) -> None:
    record_id, draft = bench.person_creates("Discussed"), replace(SHORT, body=text(80_000))
    bench.person_comments(record_id, "Before")
    made = bench.port.add_comment(record_id, draft)
    bench.person_comments(record_id, "After")
    assert numbers(bench, record_id) == [(1, 3), (2, 3), (3, 3)]
    assert all(len(each.body) <= LIMIT for each in held(bench, record_id))
    assert all(each.body.startswith("*Jane Doe* wrote in Enterprise Tester:") for each in held(bench, record_id)[1:4])
    for anew in (False, True):
        before, ours, after = seen(bench, record_id, anew=anew)
        assert ours == made
        assert (ours.author, ours.body, ours.mark) == ("Jane Doe", draft.body, MARK)
        assert (before.body, after.body) == ("Before", "After")
    assert made.id == held(bench, record_id)[1].id


def test_a_comment_that_just_fits_stands_alone_and_costs_one_request(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    room = LIMIT - len("*Jane Doe* wrote in Enterprise Tester:\n\n")
    list(bench.port.read([record_id]))
    before = requests(bench)
    made = bench.port.add_comment(record_id, replace(SHORT, body="x" * room))
    assert requests(bench) - before == 1
    assert [each.properties[COMMENT_PROPERTY] for each in held(bench, record_id)] == [comment_property(MARK)]
    bench.port.edit_comment(record_id, made.id, replace(SHORT, body="x" * (room + 1)))
    assert len(held(bench, record_id)) == 2
    assert seen(bench, record_id)[0].body == "x" * (room + 1)


def test_emojis_count_twice(bench: IssueBench) -> None:
    record_id = bench.person_creates("Discussed")
    body = "\N{SMILING FACE WITH OPEN MOUTH}" * 20_000
    made = bench.port.add_comment(record_id, replace(SHORT, body=body))
    assert len(held(bench, record_id)) == 2
    assert made.body == seen(bench, record_id, anew=True)[0].body == body


@pytest.mark.parametrize(("first", "second", "left"), [
    (LONG, LONGER, 4), (LONGER, LONG, 3), (LONG, replace(LONG, body=text(600, "else")), 3), (LONG, SHORT, 1),
    (SHORT, LONG, 3),
])  # fmt: skip
@pytest.mark.parametrize("anew", [True, False])
def test_an_edit_keeps_the_comment_in_as_many_parts_as_it_takes(
    bench: IssueBench, record_id: str, first: CommentDraft, second: CommentDraft, left: int, anew: bool
) -> None:
    made = bench.port.add_comment(record_id, first)
    port = bench.bound() if anew else bench.port
    edited = port.edit_comment(record_id, made.id, second)
    assert (edited.id, edited.body) == (made.id, second.body)
    assert numbers(bench, record_id) == [(number, left) for number in range(1, left + 1)]
    for again in (False, True):
        assert [(each.id, each.body, each.mark) for each in seen(bench, record_id, anew=again)] == [
            (made.id, second.body, MARK)
        ]


@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize("effect", ["drop_before", "drop_after"])
@pytest.mark.parametrize("anew", [True, False])
def test_an_answer_lost_between_two_parts_leads_to_one_whole_comment(
    bench: IssueBench, record_id: str, skip: int, effect: Lost, anew: bool
) -> None:
    bench.fault(Fault(effect=effect, method="POST", path="/comment$", skip=skip))
    with pytest.raises(InDoubt):
        bench.port.add_comment(record_id, LONG)
    whole = len(held(bench, record_id)) == 3
    assert len(seen(bench, record_id)) == whole, "half a text isn't what was said"
    port = bench.bound() if anew else bench.port
    made = port.add_comment(record_id, LONG)
    assert made.body == LONG.body
    assert "PUT" not in {method for method, _ in asked(bench)}, "what stands there already is left alone"
    assert [each.body for each in seen(bench, record_id, anew=True)] == [LONG.body]
    assert numbers(bench, record_id) == [(1, 3), (2, 3), (3, 3)], "none is written twice"


@pytest.mark.parametrize("again", [SHORT, MIDDLE, LONGER])
def test_parts_of_a_lost_attempt_are_used_for_what_the_text_is_by_then(
    bench: IssueBench, record_id: str, again: CommentDraft
) -> None:
    bench.fault(Fault(effect="drop_before", method="POST", path="/comment$", skip=2))
    with pytest.raises(InDoubt):
        bench.port.add_comment(record_id, LONG)
    first = held(bench, record_id)[0].id
    assert seen(bench, record_id) == ()
    made = bench.port.add_comment(record_id, again)
    assert (made.id, made.body) == (first, again.body)
    assert [each.body for each in seen(bench, record_id, anew=True)] == [again.body]
    expected = {SHORT.body: 1, MIDDLE.body: 2, LONGER.body: 4}[again.body]
    assert sorted(numbers(bench, record_id)) == [(number, expected) for number in range(1, expected + 1)]


@pytest.mark.parametrize(("first", "second"), [(SHORT, LONGER), (LONGER, MIDDLE), (LONG, SHORT)])
@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_an_edit_whose_answer_is_lost_never_makes_the_comment_vanish(
    bench: IssueBench, record_id: str, first: CommentDraft, second: CommentDraft, skip: int, method: Writing
) -> None:
    made = bench.port.add_comment(record_id, first)
    bench.fault(Fault(effect="drop_after", method=method, path=r"/comment(/\d+)?$", skip=skip))
    try:
        bench.port.edit_comment(record_id, made.id, second)
    except InDoubt:
        for anew in (True, False):
            assert [each.id for each in seen(bench, record_id, anew=anew)] == [made.id]
        bench.port.edit_comment(record_id, made.id, second)
    [whole] = seen(bench, record_id, anew=True)
    assert (whole.id, whole.body) == (made.id, second.body)
    assert len(held(bench, record_id)) == max(number for _, number in numbers(bench, record_id))


@pytest.mark.parametrize("anew", [True, False])
def test_all_parts_are_deleted(bench: IssueBench, record_id: str, anew: bool) -> None:
    bench.person_comments(record_id, "A person's")
    made = bench.port.add_comment(record_id, LONG)
    port = bench.bound() if anew else bench.port
    port.delete_comment(record_id, made.id, SHORT)
    port.delete_comment(record_id, made.id, SHORT)
    assert [each.body for each in held(bench, record_id)] == ["A person's"]


@pytest.mark.parametrize("skip", [0, 1, 2])
def test_a_deletion_whose_answer_is_lost_can_be_done_again(bench: IssueBench, record_id: str, skip: int) -> None:
    made = bench.port.add_comment(record_id, LONG)
    bench.fault(Fault(effect="drop_before", method="DELETE", path=r"/comment/\d+$", skip=skip))
    with pytest.raises(InDoubt):
        bench.port.delete_comment(record_id, made.id, SHORT)
    assert [each.id for each in seen(bench, record_id, anew=True)] == [made.id], "what isn't gone is still there"
    bench.bound().delete_comment(record_id, made.id, SHORT)
    assert held(bench, record_id) == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_a_comment_that_lost_a_part_nothing_is_read_until_its_original_is_edited(
    bench: IssueBench, record_id: str, place: int
) -> None:
    made = bench.port.add_comment(record_id, LONG)
    gone = held(bench, record_id)[place].id
    bench.person_sends("DELETE", f"issue/{record_id}/comment/{gone}")
    for anew in (False, True):
        assert seen(bench, record_id, anew=anew) == ()
    if place == 0:
        with pytest.raises(Missing):
            bench.port.edit_comment(record_id, made.id, MIDDLE)
    else:
        assert bench.port.edit_comment(record_id, made.id, MIDDLE).body == MIDDLE.body
        assert [each.body for each in seen(bench, record_id, anew=True)] == [MIDDLE.body]


def test_a_part_that_somebody_restricted_keeps_the_whole_from_being_read_and_the_restriction_stays(
    bench: IssueBench, record_id: str
) -> None:
    made = bench.port.add_comment(record_id, LONG)
    restricted, body = held(bench, record_id)[1].id, {"visibility": {"type": "role", "value": "Developers"}}
    bench.person_sends("PUT", f"issue/{record_id}/comment/{restricted}", {"body": "hidden", **body})
    assert seen(bench, record_id, anew=True) == ()
    bench.port.edit_comment(record_id, made.id, LONGER)
    restrictions = [bool(each.visibility) for each in held(bench, record_id)]
    assert restrictions == [False, True, False, True], "what is added must not tell what is hidden"


def test_a_refused_part_leaves_no_half_comment_behind(bench: IssueBench, record_id: str) -> None:
    bench.fault(Fault(effect="status", status=400, method="POST", path="/comment$", skip=2, body="{}",
                      headers={"Content-Type": "application/json"}))  # fmt: skip
    with pytest.raises(Rejected):
        bench.port.add_comment(record_id, LONG)
    assert held(bench, record_id) == []


def test_a_jira_that_goes_away_between_two_parts_leaves_the_comment_in_doubt(bench: IssueBench, record_id: str) -> None:
    bench.fault(Fault(effect="status", status=429, method="POST", path="/comment$", skip=1, times=None))
    with pytest.raises(InDoubt):
        bench.port.add_comment(record_id, LONG)


def test_many_long_comments_by_the_same_person_don_t_mix(bench: IssueBench, record_id: str) -> None:
    drafts = [replace(LONG, body=text(400, f"no. {n}"), mark=Mark("demo", str(n))) for n in range(3)]
    made = [bench.port.add_comment(record_id, each) for each in drafts]
    assert seen(bench, record_id, anew=True) == tuple(made)
    assert [each.body for each in made] == [each.body for each in drafts]
