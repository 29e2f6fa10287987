"""One fault to be planted: its text must be found in the source exactly once, and the result must compile."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Edit: TypeAlias = tuple[str, str]
"""What stands in the source, and what is put in its place."""


class Rotten(Exception):
    """The source isn't what the fault was written for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake that somebody could make. `harm` is what users would suffer; each of `suites` should fail."""

    name: str
    file: str
    harm: str
    suites: tuple[str, ...]
    edits: tuple[Edit, ...]

    def applied(self, root: Path) -> str:
        """The file's text with the fault in it. Raises `Rotten`."""
        text = (root / self.file).read_text(encoding="utf-8")
        for old, new in self.edits:
            found = text.count(old)
            if found != 1:
                raise Rotten(f"{self.name}: found {found} times in {self.file}, must be once: {old!r}")
            text = text.replace(old, new)
        try:
            compile(text, self.file, "exec")
        except SyntaxError as error:
            raise Rotten(f"{self.name}: {self.file} doesn't compile with it: {error}") from error
        return text
