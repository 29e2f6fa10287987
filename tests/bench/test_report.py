"""The tables say what was measured: per item, and against the replay and the plain script of the same run."""

from dataclasses import replace

import pytest

from bench.measuring import Measured
from bench.page import BEGIN, END, filled
from bench.report import as_row, races, ratio, routes, table

ROW = Measured("first-mirror", 200, 200, "0/0", 16, 6.0, 3.0, 100.0, {"issue POST /issue": 4, "issue GET /field": 1})


def test_the_ratio_is_against_the_replay_and_missing_without_one() -> None:
    assert ratio(replace(ROW, replay=4.0)) == 1.5
    assert ratio(ROW) is None


def test_requests_are_told_per_item() -> None:
    row = as_row(ROW.for_items(100))
    assert (row["per_record"], row["per_item"]["issue POST /issue"]) == (0.05, 0.04)


def test_rare_requests_share_a_line() -> None:
    lines = routes(as_row(ROW.for_items(200)))
    assert lines[2:] == ["| `issue POST /issue` | 4 | 0.02 |", "| 1 others | 1 | 0.01 |"]


def test_a_script_is_held_against_the_mirror_of_its_size_and_latency() -> None:
    script = replace(ROW, case="plain-script x1", wall=120.0)
    far = replace(script, latency="150/350")
    lines = races([as_row(each) for each in (ROW, script, far)])
    assert lines[2:] == ["| plain-script x1 | 200 | 0/0 | 20.0 |"]


def test_answers_that_differ_in_the_replay_are_told() -> None:
    assert "3 answers of the replay differ" in table([as_row(replace(ROW, otherwise=3))])[-1]


def test_the_page_gets_new_tables_and_keeps_its_words() -> None:
    page = filled(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n", [as_row(ROW)], "script/bench")
    assert page.startswith("Before.")
    assert page.endswith("After.\n")
    assert "old" not in page
    assert "`script/bench` made these tables" in page
    assert filled(page, [as_row(ROW)], "script/bench") == page


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="has no tables to fill"):
        filled("nothing", [as_row(ROW)], "script/bench")
