"""Rows of tables: certain of names, guessed by words that mean the same nearly everywhere, or left open."""

from hypothesis import given
from hypothesis import strategies as st

from syncer.core.records import Option, Side
from syncer.drafting_pairs import Pairs, pairs


def options(*names: str, active: bool = True) -> tuple[Option, ...]:
    return tuple(Option(f"id of {name}", name, active) for name in names)


def rows(found: Pairs) -> list[str]:
    return [f"{row.incident} - {row.issue}{' ?' if row.guessed else ''}" for row in found.rows]


class TestOptions:
    def test_names_are_certain_words_are_guessed_and_the_rest_stays_open(self) -> None:
        found = pairs("type", options("defect", "TASK", "Risk"), options("Bug", "Task", "Epic"), {})
        assert rows(found) == ["defect - Bug ?", "TASK - Task"]
        assert found.open == {Side.INCIDENT: ("Risk",), Side.ISSUE: ("Epic",)}

    def test_a_priority_more_goes_to_the_nearest_one(self) -> None:
        jira = options("Highest", "High", "Medium", "Low", "Lowest")
        found = pairs("priority", options("Critical", "High", "Medium", "Low"), jira, {})
        assert rows(found) == ["Critical - Highest ?", "High - High", "Medium - Medium", "Low - Low", "Low - Lowest ?"]

    def test_an_option_with_a_namesake_is_the_first_of_all_that_stand_for_it(self) -> None:
        found = pairs("priority", options("Urgent", "Critical"), options("Critical"), {})
        assert rows(found) == ["Critical - Critical", "Urgent - Critical ?"]

    def test_of_namesakes_on_one_side_the_one_that_can_be_chosen_counts(self) -> None:
        twins = (Option("1", "Big", active=False), Option("2", "big"))
        assert rows(pairs("customfield_1", options("BIG"), twins, {})) == ["BIG - big"]

    def test_options_that_are_switched_off_are_neither_guessed_nor_asked_about(self) -> None:
        found = pairs("type", options("Defect", active=False), options("Bug"), {})
        assert (found.rows, found.open[Side.INCIDENT]) == ((), ())


class TestStatuses:
    SANDBOX = options("New", "Open", "In Progress", "Fixed", "Ready to Test", "Closed", "Rejected")

    def test_each_one_gets_a_row_and_the_first_one_makes_sense(self) -> None:
        found = pairs("status", self.SANDBOX, options("To Do", "In Progress", "In Review", "Done"), {})
        assert [row.split(" ?")[0] for row in rows(found)] == [
            "New - To Do", "Open - To Do", "In Progress - In Progress", "Fixed - In Review",
            "Ready to Test - In Review", "Closed - Done", "Rejected - Done",
        ]  # fmt: skip

    def test_a_classic_workflow_gets_its_own_words(self) -> None:
        classic = options("Open", "In Progress", "Reopened", "Resolved", "Closed")
        found = rows(pairs("status", self.SANDBOX, classic, {}))
        assert {"Open - Open", "Closed - Closed", "Fixed - Resolved ?", "Rejected - Closed ?"} <= set(found)
        assert found.index("Open - Open") < found.index("New - Open ?") < found.index("New - Reopened ?")

    def test_words_that_nobody_knows_go_by_the_category(self) -> None:
        ranks = {"id of Anfang": 0, "id of Arbeit": 1, "id of Ende": 2}
        found = pairs("status", options("New", "Hmm", "Closed"), options("Anfang", "Arbeit", "Ende"), ranks)
        assert rows(found) == ["New - Anfang ?", "Hmm - Arbeit ?", "Closed - Ende ?"]

    names = st.lists(st.sampled_from(["New", "Open", "Fixed", "Closed", "Odd", "Done", "to do", "In Review", "Ä"]))

    @given(names, names, st.lists(st.integers(0, 2), min_size=9, max_size=9))
    def test_whatever_they_are_called_each_has_a_row_and_no_row_stands_twice(
        self, mine: list[str], theirs: list[str], numbers: list[int]
    ) -> None:
        left, right = options(*dict.fromkeys(mine)), options(*dict.fromkeys(theirs))
        found = pairs("status", left, right, {each.id: rank for each, rank in zip(right, numbers, strict=False)})
        if left and right:
            assert {row.incident for row in found.rows} == {each.name for each in left}
            assert {row.issue for row in found.rows} == {each.name for each in right}
            assert not any(found.open.values())
        stood = [(row.incident, row.issue) for row in found.rows]
        assert len(set(stood)) == len(stood)
        same = {(a.name, b.name) for a in left for b in right if a.name.casefold() == b.name.casefold()}
        assert {(row.incident, row.issue) for row in found.rows if not row.guessed} == same
        for first, second in same:
            assert next(row.incident for row in found.rows if row.issue == second) == first
            assert next(row.issue for row in found.rows if row.incident == first) == second
