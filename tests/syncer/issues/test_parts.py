"""Laws of the parts of a comment: what their properties say, and what of them is whole."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.records import Mark
from syncer.issues.marks import comment_property
from syncer.issues.parts import Part, gathered, part_of, part_property

MARK = Mark("demo", "4711")


@pytest.mark.parametrize(
    "numbers",
    [{}, {"part": 1}, {"part": "1", "parts": 2}, {"part": 3, "parts": 2}, {"part": 0, "parts": 2},
     {"part": True, "parts": True}, {"part": 1.0, "parts": 2.0}],
)  # fmt: skip
def test_a_property_without_sound_numbers_is_that_of_a_comment_alone(numbers: dict[str, object]) -> None:
    assert part_of({**comment_property(MARK), **numbers}) == Part(MARK)


@given(st.integers(1, 50), st.data())
def test_what_a_property_says_of_a_part_is_read_back(of: int, data: st.DataObject) -> None:
    part = Part(MARK, data.draw(st.integers(1, of)), of)
    assert part_of(part_property(part)) == part


PARTS = st.builds(
    lambda twin, number, more: Part(Mark("demo", twin), number, number + more),
    st.sampled_from("ab"),
    st.integers(1, 3),
    st.integers(0, 2),
)


@given(st.lists(st.none() | PARTS, max_size=9))
def test_whatever_parts_there_are_each_comment_is_whole_and_none_is_told_twice(parts: list[Part | None]) -> None:
    rows = [({"id": str(number)}, part) for number, part in enumerate(parts)]
    told = dict(rows_of(rows))
    found = list(gathered(rows))
    assert [each[0]["id"] for each, _ in found] == sorted(each[0]["id"] for each, _ in found), "in their order"
    people = [row["id"] for row, part in rows if part is None]
    assert [each[0]["id"] for each, part in found if part is None] == people
    for each, part in found:
        if part is not None:
            assert [told[row["id"]].number for row in each] == list(range(1, part.of + 1))
            assert {told[row["id"]].mark for row in each} == {part.mark}


def rows_of(rows: Sequence[tuple[dict[str, str], Part | None]]) -> list[tuple[str, Part]]:
    return [(row["id"], part) for row, part in rows if part is not None]
