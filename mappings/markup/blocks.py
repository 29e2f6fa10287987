"""What a text says, whatever it is written in: the pieces that HTML, wiki markup and plain text have in common."""

from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

MARKS = ("bold", "italic", "underline", "strike", "sub", "sup")
"""How text can be set off, outermost first. Code is set off alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of a line that is set off alike; `href` is where it leads."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str | None = None

    def saying(self, text: str) -> "Run":
        """Another text, set off as this one."""
        return Run(text, self.marks, self.href)


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str = ""
    marks: frozenset[str] = frozenset()


Inline: TypeAlias = Run | Image
Line: TypeAlias = tuple[Inline, ...]
Lines: TypeAlias = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: Lines


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. An item holds paragraphs, preformatted text and lists."""

    ordered: bool
    items: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True)
class Preformatted:
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation of paragraphs, lists and preformatted text, which is what Jira can quote."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Cell:
    lines: Lines
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block: TypeAlias = Paragraph | Heading | Listing | Preformatted | Quote | Table | Rule


def text_of(line: Line) -> str:
    """The words of a line alone."""
    return "".join(each.text if isinstance(each, Run) else each.alt for each in line)


def between(left: Inline | None, right: Inline | None) -> frozenset[str]:
    """The marks that go on from one piece of a line to the next, given that outer ones end where they differ."""
    if left is None or right is None:
        return frozenset()
    alike = takewhile(lambda mark: (mark in left.marks) == (mark in right.marks), MARKS)
    return frozenset(mark for mark in alike if mark in left.marks)
