"""From mapping files to mappings, or to all that is wrong with them, each with its place.

    file -> text -> plain values with places -> model -> Mapping
                          |                       |
                          +------- problems ------+-> MappingError

Whatever is wrong is told at once, as long as the file can be taken apart at all.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from mappings.explain import explained
from mappings.expressions import Kind
from mappings.model import Mapping
from mappings.nodes import Document, read_document
from mappings.problems import Fault, Loc, MappingError, Problem
from mappings.rules import faults
from mappings.trial import try_all

SUFFIXES = frozenset({".yaml", ".yml"})

_passed: set[tuple[Kind, str]] = set()
"""What stood its trial in this process. A daemon loads the same files again and again, and a trial needs a process."""


def load_mapping(path: Path) -> Mapping:
    """The mapping in one file. Raises `MappingError`."""
    mapping, document = _load(path)
    problems = _trial({mapping.name: (mapping, document)})
    if problems:
        raise MappingError(problems)
    return mapping


def load_mappings(path: Path) -> tuple[Mapping, ...]:
    """The mappings in one file, or in all *.yaml and *.yml files of a folder, by file name.

    Names that begin with a dot are passed over. Raises `MappingError` with the problems of all files."""
    if not path.is_dir():
        return (load_mapping(path),)
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and _counts(file))
    if not files:
        sentence = "no mapping file (*.yaml or *.yml) lies in this folder; copy one of the examples into it"
        raise MappingError([Problem(str(path), 1, 1, sentence)])
    loaded: dict[str, tuple[Mapping, Document]] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            mapping, document = _load(file)
        except MappingError as error:
            problems += error.problems
            continue
        if mapping.name in loaded:
            first = loaded[mapping.name][1].file
            sentence = f"the name '{mapping.name}' is taken by {first}; give one of the two another name"
            problems.append(document.problem(document.value_at(("name",)), sentence))
        loaded.setdefault(mapping.name, (mapping, document))
    problems = problems or _trial(loaded)
    if problems:
        raise MappingError(problems)
    return tuple(mapping for mapping, _ in loaded.values())


def _trial(loaded: dict[str, tuple[Mapping, Document]]) -> list[Problem]:
    """What templates and conditions do that their text doesn't show, found out where it harms nobody."""
    places: list[tuple[Document, Loc]] = []
    sources: list[tuple[Kind, str]] = []
    for mapping, document in loaded.values():
        for loc, text in mapping.expressions.items():
            source: tuple[Kind, str] = ("template" if loc[-1] == "template" else "condition", text)
            if source not in _passed:
                places.append((document, loc))
                sources.append(source)
    outcomes = try_all(sources)
    _passed.update(source for source, sentence in zip(sources, outcomes, strict=True) if sentence is None)
    return sorted(
        document.problem(document.value_at(loc), sentence)
        for (document, loc), sentence in zip(places, outcomes, strict=True)
        if sentence is not None
    )


def _counts(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _load(path: Path) -> tuple[Mapping, Document]:
    document = read_document(path)
    content = document.data
    if isinstance(content, dict) and content.get("name") is None:
        content = {**content, "name": path.stem}
    found: list[Fault] = []
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        # The model looks at its rules only once all parts are well typed; an admin wants to know all at once.
        found = list(explained(error.errors(), faults(content) if isinstance(content, dict) else ()))
    problems = sorted({*document.problems, *_problems(document, found)})
    if problems:
        raise MappingError(problems)
    return mapping.found_in(document), document


def _problems(document: Document, found: Iterable[Fault]) -> Iterator[Problem]:
    for fault in found:
        if any(fault.loc[: len(loc)] == loc for loc in document.spoilt):
            continue
        spot = document.key_at(fault.loc) if fault.at_key else document.value_at(fault.loc)
        sentence = fault.sentence
        if fault.first is not None:
            sentence += f" (the first one is on line {document.value_at(fault.first)[0]})"
        yield document.problem(spot, sentence)
