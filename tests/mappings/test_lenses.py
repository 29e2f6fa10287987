"""Promises about translating values: nothing is lost on the way back, and what already fits is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.fields import Shape
from mappings.lenses import (
    AddLens,
    ChoiceLens,
    CopyLens,
    IfEmptyLens,
    Lens,
    Omitted,
    Relation,
    SetLens,
    Untranslatable,
    members,
)
from mappings.scalars import ScalarLens, WordsLens, in_shape, words
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
DEFAULTS = st.tuples(
    RELATIONS, st.none() | st.sampled_from(INCIDENT_OPTIONS), st.none() | st.sampled_from(ISSUE_OPTIONS)
).map(lambda parts: Relation(parts[0].rows, default_incident=parts[1], default_issue=parts[2]))
TEXTS = st.one_of(st.none(), st.text())
LABELS = st.frozensets(st.text("ab,;c-_1", min_size=1, max_size=4), max_size=4)
SHAPES: tuple[Shape, ...] = ("text", "number", "date", "moment")
SCALARS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.dates().map(lambda day: day.isoformat()),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.text(max_size=5),
)


def scalars(shape: Shape) -> st.SearchStrategy[Value]:
    return st.none() | SCALARS.map(lambda text: in_shape(text, shape))


SCALAR_CASES = st.tuples(st.sampled_from(SHAPES), st.sampled_from(SHAPES)).flatmap(
    lambda pair: st.tuples(st.just(ScalarLens(*pair)), scalars(pair[0]), scalars(pair[1]))
)

CASES: st.SearchStrategy[tuple[Lens, Value, Value]] = st.one_of(
    st.tuples(st.just(CopyLens()), TEXTS, TEXTS),
    st.tuples(RELATIONS.map(ChoiceLens), choices(INCIDENT_OPTIONS), choices(ISSUE_OPTIONS)),
    st.tuples(RELATIONS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS)),
    st.tuples(DEFAULTS.map(ChoiceLens), choices(INCIDENT_OPTIONS), choices(ISSUE_OPTIONS)),
    st.tuples(DEFAULTS.map(SetLens), sets(INCIDENT_OPTIONS), sets(ISSUE_OPTIONS)),
    SCALAR_CASES,
    st.tuples(st.just(WordsLens()), st.none() | st.text("ab,; c-_1\n"), LABELS),
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


class TestDefaults:
    def test_the_default_stands_for_what_has_no_counterpart_and_only_for_that(self) -> None:
        lens = ChoiceLens(Relation((("a", "x"),), default_incident="b", default_issue="z"))
        assert (lens.get("a", None), lens.get("d", None)) == ("x", "z")
        assert (lens.put("x", None), lens.put("y", None)) == ("a", "b")

    def test_what_the_default_stands_for_is_not_overwritten_by_it(self) -> None:
        """An odd incident makes its issue z; z coming back must not turn the odd incident into something else."""
        lens = ChoiceLens(Relation((("a", "z"),), default_issue="z"))
        assert lens.put("z", "d") == "d"
        assert lens.put("z", None) == "a"

    def test_an_omitted_value_raises_what_nobody_has_to_look_at(self) -> None:
        lens = ChoiceLens(Relation((("a", "x"),), omit=True))
        with pytest.raises(Omitted):
            lens.get("d", "x")
        assert SetLens(Relation((("a", "x"),), omit=True)).stranded(frozenset("ad"), frozenset()) is None


class TestOneWay:
    """Lenses of fields that are only written: a second pass changes nothing."""

    @given(sets(ISSUE_OPTIONS), sets(ISSUE_OPTIONS))
    def test_elements_are_added_once_and_nothing_is_taken_away(self, wanted: Value, held: Value) -> None:
        after = AddLens().get(wanted, held)
        assert members(wanted) | members(held) == after
        assert AddLens().get(wanted, after) == after

    @given(st.none() | st.text(min_size=1), st.none() | st.text(min_size=1))
    def test_what_stands_there_is_never_overwritten_where_only_empty_fields_are_filled(
        self, value: Value, held: Value
    ) -> None:
        lens = IfEmptyLens(CopyLens())
        assert lens.get(value, held) == (held or value)
        assert lens.put(value, held) == (held or value)


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "shape", "held"),
        [
            ("3.0", "number", "3"),
            ("1e3", "number", "1000"),
            ("-0.50", "number", "-0.5"),
            ("-0", "number", "0"),
            ("three", "number", None),
            ("1e999999999", "number", None),
            ("2026-11-22T23:30:00-02:00", "date", "2026-11-23"),
            ("2026-11-22", "moment", "2026-11-22T00:00:00Z"),
            ("2026-11-22T14:03:05.999+01:00", "moment", "2026-11-22T13:03:05Z"),
            ("22.11.2026", "date", None),
            ("9999-12-31T23:59:59-10:00", "moment", None),
        ],
    )
    def test_each_shape_has_one_form(self, text: str, shape: Shape, held: str | None) -> None:
        assert in_shape(text, shape) == held

    def test_a_day_and_a_time_of_that_day_say_the_same(self) -> None:
        lens = ScalarLens("date", "moment")
        assert lens.get("2026-11-22", "2026-11-22T14:00:00Z") == "2026-11-22T14:00:00Z"
        assert lens.get("2026-11-23", "2026-11-22T14:00:00Z") == "2026-11-23T00:00:00Z"

    def test_a_number_that_a_person_wrote_his_own_way_is_left_alone(self) -> None:
        assert ScalarLens("text", "number").put("3", "3.0") == "3.0"

    def test_what_the_other_side_cannot_hold_is_said(self) -> None:
        with pytest.raises(Untranslatable, match=r"'soon' is not a date, which the other side wants"):
            ScalarLens("text", "date").get("soon", None)

    def test_words_are_separated_by_commas_and_hold_no_blanks(self) -> None:
        assert words("needs review, regression;  a\nb") == {"needs_review", "regression", "a", "b"}
        assert WordsLens().put(frozenset({"b", "a"}), None) == "a, b"
        assert WordsLens().put(frozenset({"b", "a"}), "b; a") == "b; a"
        with pytest.raises(Untranslatable, match="'a,b' can't stand in a list"):
            WordsLens().put(frozenset({"a,b"}), None)


class TestShapes:
    def test_a_set_is_no_choice_and_a_choice_is_no_set(self) -> None:
        with pytest.raises(TypeError, match="a single option was due"):
            ChoiceLens(relation("ax")).get(frozenset("a"), None)
        with pytest.raises(TypeError, match="a set was due"):
            SetLens(relation("ax")).put("x", frozenset())
