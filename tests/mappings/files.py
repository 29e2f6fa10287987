"""Mapping files for tests: written, loaded, and their problems as "line:column: sentence"."""

from pathlib import Path

from mappings import Mapping, MappingError, load_mapping

HEAD = """\
incidents: {project: Web Shop, mark_field: Jira key}
issues: {project: SHOP, type: Bug}
"""
FIELDS = """\
fields:
  - {incident: Summary, issue: summary, kind: copy}
"""
GOOD = HEAD + FIELDS
"""Four lines that load; what a test adds behind them begins on line 5."""


def load_text(folder: Path, text: str | bytes, name: str = "shop.yaml") -> Mapping:
    """The mapping in a file with this content. Raises `MappingError`."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_mapping(file)


def problems(folder: Path, text: str | bytes, name: str = "shop.yaml") -> list[str]:
    """What is wrong with a file of this content, without the file's name; empty when nothing is."""
    try:
        load_text(folder, text, name)
    except MappingError as error:
        return [line.removeprefix(f"{folder / name}:") for line in str(error).splitlines()]
    return []


def one_field(entry: str) -> str:
    """`GOOD` with one more field, which begins at 5:5."""
    return f"{GOOD}  - {entry}\n"


def with_status(direction: str = "both") -> str:
    """A file in which the status is mapped; what a test adds behind it begins on line 6."""
    row = "values: [{incident: Closed, issue: Done}]"
    return one_field(f"{{incident: Status, issue: status, kind: status, direction: {direction}, {row}}}")
