"""Promises about translating values: nothing is lost on the way back, and what already fits is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.lenses import ChoiceLens, CopyLens, Lens, Relation, SetLens, Untranslatable, members
from mappings.values import Value

INCIDENT_OPTIONS = ("a", "b", "c", "d")
ISSUE_OPTIONS = ("w", "x", "y", "z")


def relation(*rows: str) -> Relation:
    """A relation from rows like "ax": a on the incident side stands for x on the issue side."""
    return Relation(tuple((row[0], row[1]) for row in rows))


def choices(options: tuple[str, ...]) -> st.SearchStrategy[Value]:
    return st.one_of(st.none(), st.sampled_from(options))


def sets(options: tuple[str, ...]) -> st.SearchStrategy[Value]:
    return st.frozensets(st.sampled_from(options))


ROWS = st.tuples(st.sampled_from(INCIDENT_OPTIONS), st.sampled_from(ISSUE_OPTIONS))
ANY = st.lists(ROWS, unique=True, max_size=8)
RELATIONS = st.one_of(
    ANY,
    st.lists(ROWS, unique_by=lambda row: row[0], max_size=4),  # many incident options, one issue option
    st.lists(ROWS, unique_by=lambda row: row[1], max_size=4),  # one incident option, many issue options
    st.lists(ROWS, unique_by=(lambda row: row[0], lambda row: row[1]), max_size=4),
).map(lambda rows: Relation(tuple(rows)))
TEXTS = st.one_of(st.none(), st.text())

CASES: st.SearchStrategy[tuple[Lens, Value, Value]] = st.one_of(
    st.tuples(st.just(CopyLens()), TEXTS, TEXTS),
    st.tuples(RELATIONS.map(ChoiceLens), choices(INCIDENT_OPTIONS), choices(ISSUE_OPTIONS)),
    st.tuples(RELATIONS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS)),
)
"""A lens with what each side holds, fitting or not."""


def got(lens: Lens, incident: Value, issue: Value) -> Value:
    """What `get` gives; the issue's own value when the incident's can't be translated and nothing travels."""
    try:
        return lens.get(incident, issue)
    except Untranslatable:
        return issue


def was_put(lens: Lens, issue: Value, incident: Value) -> Value:
    try:
        return lens.put(issue, incident)
    except Untranslatable:
        return incident


def translatable(lens: Lens, incident: Value, issue: Value) -> bool:
    """Whether either value can be carried over at all."""
    try:
        lens.get(incident, issue)
        lens.put(issue, incident)
    except Untranslatable:
        return False
    return True


class TestLaws:
    @given(CASES)
    def test_what_was_carried_to_the_incident_needs_no_carrying_back(self, case: tuple[Lens, Value, Value]) -> None:
        lens, incident, issue = case
        if translatable(lens, incident, issue):
            assert lens.get(lens.put(issue, incident), issue) == issue

    @given(CASES)
    def test_what_was_carried_to_the_issue_needs_no_carrying_back(self, case: tuple[Lens, Value, Value]) -> None:
        lens, incident, issue = case
        if translatable(lens, incident, issue):
            assert lens.put(lens.get(incident, issue), incident) == incident

    @given(CASES)
    def test_a_second_pass_changes_nothing(self, case: tuple[Lens, Value, Value]) -> None:
        lens, incident, issue = case
        once, back = got(lens, incident, issue), was_put(lens, issue, incident)
        assert got(lens, incident, once) == once
        assert was_put(lens, issue, back) == back

    @given(CASES)
    def test_two_sides_that_fit_one_way_fit_the_other_way_too(self, case: tuple[Lens, Value, Value]) -> None:
        lens, incident, issue = case
        if translatable(lens, incident, issue):
            assert (lens.get(incident, issue) == issue) == (lens.put(issue, incident) == incident)


class TestChoices:
    def test_the_first_row_counts_where_nothing_fits_yet(self) -> None:
        lens = ChoiceLens(relation("ax", "ay", "bx"))
        assert lens.get("a", "z") == "x"
        assert lens.get("a", None) == "x"
        assert lens.put("x", None) == "a"

    def test_what_fits_already_is_left_alone(self) -> None:
        lens = ChoiceLens(relation("ax", "ay", "bx"))
        assert lens.get("a", "y") == "y"
        assert lens.put("x", "b") == "b"

    def test_nothing_chosen_clears_the_other_side(self) -> None:
        assert ChoiceLens(relation("ax")).get(None, "x") is None
        assert ChoiceLens(relation("ax")).put(None, "a") is None

    @pytest.mark.parametrize(
        ("way", "sentence"),
        [
            ("get", "'Blocker' has no counterpart on the issue side; add a row"),
            ("put", "'Trivial' has no counterpart on the incident side; add a row"),
        ],
    )
    def test_an_option_without_a_counterpart_is_named_with_what_would_help(self, way: str, sentence: str) -> None:
        names = {"b": "Blocker", "t": "Trivial"}
        lens = ChoiceLens(Relation((("a", "x"),), names, "add a row"))
        with pytest.raises(Untranslatable) as raised:
            lens.get("b", "x") if way == "get" else lens.put("t", "a")
        assert str(raised.value) == sentence

    def test_an_option_without_a_name_is_called_by_its_id(self) -> None:
        with pytest.raises(Untranslatable, match=r"'4711' has no counterpart .*; add it to the mapping"):
            ChoiceLens(relation("ax")).get("4711", None)


class TestSets:
    @given(RELATIONS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS))
    def test_elements_without_a_counterpart_stay_where_they_are(
        self, lens: SetLens, incident: Value, issue: Value
    ) -> None:
        rel = lens.relation
        foreign = {option for option in members(issue) if not rel.incidents_of(option)}
        own = {option for option in members(incident) if not rel.issues_of(option)}
        assert foreign <= members(lens.get(incident, issue))
        assert own <= members(lens.put(issue, incident))

    @given(RELATIONS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS))
    def test_all_that_can_travel_arrives_and_nothing_else_stays(
        self, lens: SetLens, incident: Value, issue: Value
    ) -> None:
        rel, after = lens.relation, members(lens.get(incident, issue))
        for option in members(incident):
            assert not rel.issues_of(option) or after & set(rel.issues_of(option))
        for option in after:
            assert not rel.incidents_of(option) or members(incident) & set(rel.incidents_of(option))

    @given(RELATIONS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS))
    def test_what_is_there_and_fits_is_neither_removed_nor_doubled(
        self, lens: SetLens, incident: Value, issue: Value
    ) -> None:
        rel, after = lens.relation, members(lens.get(incident, issue))
        fitting = {option for option in members(issue) if members(incident) & set(rel.incidents_of(option))}
        assert fitting <= after
        for option in after - members(issue):
            asking = [i for i in members(incident) if option in rel.issues_of(i)]
            assert any(not fitting & set(rel.issues_of(i)) for i in asking)

    def test_several_options_that_stand_for_one_stay_together(self) -> None:
        lens = SetLens(relation("ax", "bx"))
        assert lens.get(frozenset("ab"), frozenset()) == frozenset("x")
        assert lens.put(frozenset("x"), frozenset("ab")) == frozenset("ab")
        assert lens.put(frozenset(), frozenset("ab")) == frozenset()

    def test_nothing_observed_as_chosen_is_the_empty_set(self) -> None:
        assert SetLens(relation("ax")).get(None, None) == frozenset()

    def test_stranded_elements_of_both_sides_are_named(self) -> None:
        lens = SetLens(Relation((("a", "x"),), {"n": "3.1 nightly", "f": "4.0"}, "create it there"))
        assert lens.stranded(frozenset("a"), frozenset("x")) is None
        assert lens.stranded(frozenset("an"), frozenset("xf")) == (
            "'3.1 nightly' has no counterpart on the issue side; create it there; "
            "'4.0' has no counterpart on the incident side; create it there"
        )


class TestShapes:
    def test_a_set_is_no_choice_and_a_choice_is_no_set(self) -> None:
        with pytest.raises(TypeError, match="a single option was due"):
            ChoiceLens(relation("ax")).get(frozenset("a"), None)
        with pytest.raises(TypeError, match="a set was due"):
            SetLens(relation("ax")).put("x", frozenset())
