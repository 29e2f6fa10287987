"""A mistake that the YAML parser sees only where nothing makes sense any more is told where it was made."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.causes import cause
from tests.mappings.files import FIELDS, GOOD, HEAD, problems

UNCLOSED = "not valid YAML: a quote is opened here and not closed on this line"
GOES_ON = (
    "not valid YAML: the text goes on behind the quote that closes it; put the whole of it in quotes of the other kind"
)
ALIGNED = "not valid YAML: this doesn't line up with what stands above; check the indentation"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD + 'name: "Shop\n# Joe said "yes" to it\n', f"5:7: {UNCLOSED}"),
        (GOOD + "name: 'Shop\n# it's the shop\n", f"5:7: {UNCLOSED}"),
        (HEAD.replace("Web Shop", "'Web Shop") + FIELDS + "name: 'x'\n", f"1:22: {UNCLOSED}"),
        (GOOD + "name: 'a' and 'b'\n", f"5:10: {GOES_ON}"),
        (GOOD + 'name: "a"b\n', f"5:10: {GOES_ON}"),
        (GOOD + "name:shop\ndirection: both\n", "5:5: not valid YAML: put a blank behind the ':'"),
        (
            HEAD + "fields:\n  -{incident: Summary, issue: summary, kind: copy}\n",
            "4:3: not valid YAML: put a blank behind the '-'",
        ),
    ],
)
def test_the_cause_is_told_in_place_of_what_follows(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


@pytest.mark.parametrize(
    "above",
    [
        "name: 'a text\n  of two lines'\n",
        'name: "It\'s \\"quoted\\""   # isn\'t "it"\n',
        "name: 'It''s quoted'\n",
        "name: Won't Fix, isn't it\n",
        "# it's\n",
    ],
)
def test_a_quote_that_is_in_order_is_not_blamed_for_what_stands_below(tmp_path: Path, above: str) -> None:
    line = GOOD.count("\n") + above.count("\n") + 2
    assert problems(tmp_path, GOOD + above + "direction: both\n   conflict: ask\n")[0].startswith(f"{line}:")


@given(st.text(alphabet=" \n'\"#:-,{}[]ab\\"), st.integers(1, 20))
def test_a_cause_stands_within_the_text_and_never_below_the_complaint(text: str, line: int) -> None:
    found = cause(text, line)
    if found is not None:
        lines = text.split("\n")
        assert found[0] <= max(line, 1)
        assert 1 <= found[1] <= len(lines[found[0] - 1]) + 1


@pytest.mark.parametrize(
    ("key", "blocks"),
    [("mark_field: x", "'incidents:'"), ("only: x", "'incidents:' or 'issues:'"), ("at_most: 3", "'deletions:'")],
)
def test_a_key_that_slipped_out_of_its_block_is_told_where_it_belongs(tmp_path: Path, key: str, blocks: str) -> None:
    said = f"5:1: '{key.partition(':')[0]}' can't stand here; put it below {blocks}, and indent it"
    assert problems(tmp_path, f"{GOOD}{key}\n") == [said]


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u202e", "\u2060"])
def test_what_comes_along_unseen_when_text_is_copied_is_refused(tmp_path: Path, sign: str) -> None:
    (said,) = problems(tmp_path, GOOD.replace("SHOP", f"SH{sign}OP"))
    assert said == f"2:21: the invisible character U+{ord(sign):04X} stands here; remove it"


@pytest.mark.parametrize("text", ["Größe\u00a0: 5", "\u062e\u0627\u0646\u0647\u200c\u0647\u0627", "\u2192 ☃ 🏳\u200d🌈"])
def test_what_names_are_spelt_with_is_kept(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, GOOD.replace("Web Shop", f"'{text}'")) == []
