"""Promises about what isn't YAML, or is YAML of a kind that would surprise: one sentence at the right place."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mappings.files import GOOD, problems

IN_TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the file is empty; start from one of the examples"),
        ("# nothing yet\n", "1:1: the file is empty; start from one of the examples"),
        ("just text", "1:1: keys with values are due here, and there is 'just text'"),
        ("- a\n- b\n", "1:1: keys with values are due here, and there is a list"),
        (
            GOOD + "comments:\n\tdirection: both\n",
            "6:1: not valid YAML: a tab stands here; indent with blanks",
        ),
        (
            GOOD + "name:\tshop\n",
            "5:6: not valid YAML: a tab stands here; indent with blanks, and put one blank",
        ),
        (
            GOOD + "name: a: b\n",
            "5:8: not valid YAML: a ':' can't stand here; put text with a ': ' in quotes",
        ),
        (GOOD + "name: 'shop\n", "5:7: not valid YAML: a quote is opened here and never closed"),
        (GOOD + 'name: "a\\qb"\n', '5:10: not valid YAML: inside of "..." a backslash has to be doubled'),
        (
            GOOD + "name: @shop\n",
            "5:7: not valid YAML: text can't begin with this character; put the text in quotes",
        ),
        (GOOD + "name: [shop\n", "5:7: not valid YAML: a bracket is opened here and not closed"),
        (GOOD + "name\n", "5:1: not valid YAML: this line is neither 'key: value' nor '- entry'"),
        (GOOD + "- name\n", "5:1: not valid YAML: this doesn't line up with what stands above"),
        (GOOD + "name: &shop x\n", "5:7: '&shop' is an anchor; leave it out, or put text in quotes"),
        (GOOD + "name: !env SHOP\n", "5:7: '!env' is a tag; leave it out, or put text in quotes"),
        (
            GOOD + "name: !!python/name:os.system x\n",
            "5:7: 'tag:yaml.org,2002:python/name:os.system' is a tag",
        ),
        (GOOD + "name: *shop\n", "5:7: '*shop' is an alias; write the value out, or put text in quotes"),
        (GOOD + "<<: {name: x}\n", "5:1: unknown key '<<'; allowed here are name, direction"),
        (GOOD + "? [a, b]\n: c\n", "5:3: a key must be one word or a quoted text"),
        (GOOD + "---\nname: x\n", "5:1: a second document starts here; one file holds one project link"),
        (
            GOOD + "direction: to_issue\ndirection: both\n",
            "6:1: the key 'direction' is given a second time (the first",
        ),
        ("%YAML 1.3\n---\n" + GOOD, "1:1: not valid YAML; compare it with one of the examples"),
        ("a: " + "[" * 5000, "1:16: nested more than 12 levels deep; no mapping needs that"),
        ("{a: " * 5000, "1:53: nested more than 12 levels deep; no mapping needs that"),
    ],
    ids=lambda value: repr(value[-30:]) if isinstance(value, str) else None,
)
def test_what_would_surprise_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (said,) = problems(tmp_path, text)
    assert said.startswith(problem)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"\xef\xbb\xbf" + GOOD.encode(),
            "1:1: the file begins with a byte order mark; save it as UTF-8 without one",
        ),
        (
            GOOD.encode("utf-16"),
            "1:1: the file begins with a byte order mark; save it as UTF-8 without one",
        ),
        (GOOD.encode() + b"name: a\0b\n", "5:8: the invisible character NUL stands here; remove it"),
        (GOOD.encode() + b"name: a\x1bb\n", "5:8: the invisible character U+001B stands here; remove it"),
        (
            GOOD.encode() + "name: ü\ufeffb\n".encode(),
            "5:8: the invisible character U+FEFF stands here; remove it",
        ),
        (
            GOOD.encode() + b"name: caf\xe9\n",
            "5:10: the byte 0xe9 is no text; a mapping file is text, saved as UTF-8",
        ),
        (b"\x89PNG\r\n\x1a\n", "1:1: the byte 0x89 is no text; a mapping file is text, saved as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (said,) = problems(tmp_path, content)
    assert said.startswith(problem)


def test_an_alias_leaves_no_second_complaint_behind(tmp_path: Path) -> None:
    text = GOOD.replace("project: SHOP", "project: *shop")
    assert problems(tmp_path, text) == ["2:19: '*shop' is an alias; write the value out, or put text in quotes"]


@IN_TMP
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="ab:-[]{}\"'&*!%@#|>\n\t ?,\\<", max_size=60),
        st.binary(max_size=40),
    )
)
def test_whatever_a_file_holds_its_problems_are_told(tmp_path: Path, content: str | bytes) -> None:
    raw = content if isinstance(content, bytes) else content.encode(errors="replace")
    assert problems(tmp_path, raw) != []


@IN_TMP
@given(st.integers(0, len(GOOD)), st.integers(0, 20), st.text(alphabet="ab:-[]{}\"'&*!\n\t ?,", max_size=20))
def test_a_damaged_file_loads_or_its_problems_are_told(tmp_path: Path, start: int, cut: int, put: str) -> None:
    for problem in problems(tmp_path, GOOD[:start] + put + GOOD[start + cut :]):
        line, column, sentence = problem.split(":", 2)
        assert int(line) >= 1
        assert int(column) >= 1
        assert sentence.strip()
