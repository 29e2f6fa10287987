"""Promises about the trial of expressions: what would end the daemon ends a child, and the culprit is named."""

import sys
from pathlib import Path

import pytest

from mappings.expressions import Kind
from mappings.trial import PROGRAM, try_all

HARMLESS: tuple[Kind, str] = ("template", "{{ incident.Summary }} is fine")
HOSTILE = """
import os, time

def hostile(kind, source):
    hoard.append(bytearray(2**20 * 20 * ("hoards" in source)))
    if "hangs" in source:
        time.sleep(60)
    if "spins" in source:
        while True:
            pass
    if "aborts" in source:
        os.abort()
    if "eats" in source:
        bytearray(10**9)
    if "leaves" in source:
        os._exit(0)
    if "modules" in source:
        return ",".join(sorted({"pydantic", "ruamel", "yaml", "mappings.model"} & set(sys.modules)))
    return None

hoard = []
answer(job["sources"], hostile)
"""
FAULTY_ENGINE = PROGRAM.replace('answer(job["sources"], attempt)', HOSTILE)
"""The child with an engine that does what a source says."""


def sources(*texts: str) -> list[tuple[Kind, str]]:
    return [("template", text) for text in texts]


def test_nothing_is_started_for_no_expressions() -> None:
    assert try_all([], program="no program at all") == []


def test_expressions_pass_whatever_made_up_values_mean_to_them() -> None:
    passing: list[tuple[Kind, str]] = [
        HARMLESS,
        ("template", "{{ incident.FieldValues['Found on']|int + issue.labels|length }}"),
        ("template", "{{ incident.Summary|lower ~ incident.Components|sort|join(' ') }}"),
        ("template", "{% if issue is defined %}{{ issue.key }}{% endif %}"),
        ("template", "{{ " + " ~ ".join(["incident.Description"] * 30) + " }}"),
        ("condition", "incident.Priority in ['High'] and 'a' in issue.labels"),
        ("condition", "issue.customfield_10010 > 3"),
    ]
    assert try_all(passing) == [None] * len(passing)


def test_a_faulty_expression_is_told_with_its_sentence() -> None:
    told = try_all([HARMLESS, ("condition", "incidnt.Summary"), HARMLESS])
    assert told[0] is told[2] is None
    assert "did you mean 'incident'" in str(told[1])


@pytest.mark.parametrize(
    ("culprit", "sentence"),
    [
        ("aborts", "it ends the process that tries it (SIGABRT)"),
        ("eats", "it ends the process that tries it (exit code 1)"),
        ("leaves", "it ends the process that tries it (exit code 0)"),
        ("spins", "it takes more than 2 s of computing"),
    ],
)
def test_the_expression_that_ends_the_child_is_named_and_no_other(culprit: str, sentence: str) -> None:
    told = try_all(sources("fine", culprit, "fine too"), program=FAULTY_ENGINE)
    assert told[0] is told[2] is None
    assert str(told[1]).startswith(sentence)


def test_each_of_several_culprits_is_named() -> None:
    told = try_all(sources("aborts", "fine", "aborts", "aborts"), program=FAULTY_ENGINE)
    assert [each is None for each in told] == [False, True, False, False]


def test_a_child_that_hangs_is_not_waited_for() -> None:
    told = try_all(sources("fine", "hangs", "fine"), program=FAULTY_ENGINE, wall=1)
    assert [each is None for each in told] == [True, False, True]
    assert "it takes more than 1 s" in str(told[1])


def test_no_expression_is_blamed_for_what_others_left_behind() -> None:
    """Each takes 20 MB for good, so the third doesn't fit in a child any more. Alone it does."""
    assert try_all(sources("hoards", "hoards", "hoards", "hoards"), program=FAULTY_ENGINE) == [None] * 4


def test_the_child_loads_no_more_than_it_needs() -> None:
    """A reload of mappings waits for it."""
    assert try_all(sources("modules"), program=FAULTY_ENGINE) == [""]


def test_neither_the_current_folder_nor_the_environment_reach_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert try_all([HARMLESS]) == [None]


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "print('hello')"])
def test_expressions_that_cant_be_tried_are_refused(program: str) -> None:
    assert all("can't be tried" in str(each) for each in try_all([HARMLESS, HARMLESS], program=program))


def test_expressions_are_refused_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    assert all("no process can be started" in str(each) for each in try_all([HARMLESS, HARMLESS]))
