"""What is wrong with a mapping file, said so that an admin can repair it without asking anybody."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Loc: TypeAlias = tuple[str | int, ...]
"""Where something stands in a file's content, as ("fields", 0, "kind")."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: where, what, and, for things given twice, where the first one stands.

    The sentence is about the value at `loc`, or, with `at_key`, about its key.
    """

    loc: Loc
    sentence: str
    first: Loc | None = None
    at_key: bool = False


class MappingError(Exception):
    """Mapping files that can't be used; `problems` has at least one entry, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a person lists them: "a, b or c"."""
    *head, tail = words
    return f"{', '.join(head)} {last} {tail}" if head else tail


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that `word` was probably meant to be, case aside; `None` when nothing is near."""
    by_fold = {candidate.casefold(): candidate for candidate in allowed}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold[near[0]] if near else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """The end of a sentence about an unknown word; empty when nothing is near."""
    near = nearest(word, allowed)
    return f"; did you mean '{near}'?" if near else ""
