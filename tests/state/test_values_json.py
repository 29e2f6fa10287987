"""The promise that what was agreed on comes back from the state DB exactly as it went in."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from state import Store
from state.rows import Baseline, FieldValues
from state.values_json import dump, dump_lines, load_lines, load_values
from tests.state.builders import new_link

# Half characters (lone surrogates) and NUL included: servers cut texts anywhere.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
VALUES = st.dictionaries(st.text(max_size=10), ANY_TEXT | st.none() | st.frozensets(st.text(), max_size=5), max_size=6)


def _survives_json(values: FieldValues) -> bool:
    """Two half characters that make a whole one can't reach us: every JSON reader joins them."""
    texts = [held for held in values.values() if isinstance(held, str)]
    return all(text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") == text for text in texts)


@given(VALUES.filter(_survives_json))
def test_values_come_back_as_they_went_in(values: FieldValues) -> None:
    assert load_values(dump(values)) == values


@given(VALUES.filter(_survives_json))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_baselines_come_back_from_the_db_as_they_went_in(store: Store, values: FieldValues) -> None:
    baseline = Baseline(values, "rev-1")
    n = store.count_links("shop")
    [link] = store.settle(None, [new_link(n, baselines={"incident": baseline})])
    assert store.baselines([link.id]) == {link.id: {"incident": baseline}}


def test_a_text_that_looks_like_a_set_stays_text() -> None:
    values: FieldValues = {"text": '["1","2"]', "set": frozenset({"1", "2"}), "null": "null", "none": None, "empty": ""}
    assert load_values(dump(values)) == values


@given(st.lists(st.text(), min_size=2, unique=True), st.randoms(use_true_random=False))
def test_equal_sets_are_written_alike(members: list[str], random: st.randoms) -> None:  # type: ignore[valid-type]  # hypothesis doesn't type it
    shuffled = sorted(members, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis doesn't type it
    assert dump({"labels": frozenset(members)}) == dump({"labels": frozenset(shuffled)})


@pytest.mark.parametrize("value", [object(), datetime(2026, 11, 20, 12), b"bytes"])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="can't be kept in the state DB: not text, .* or time with its zone"):
        dump({"at": value})


@given(st.lists(ANY_TEXT.filter(lambda line: _survives_json({"line": line}))))
def test_lines_come_back_as_they_went_in(lines: list[str]) -> None:
    assert load_lines(dump_lines(lines)) == tuple(lines)
