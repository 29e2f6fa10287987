"""Each validation error of pydantic as one sentence: what is wrong, what is allowed, what was meant."""

from collections.abc import Iterable, Iterator
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from mappings.kinds import FIELD_KINDS
from mappings.model import RULE
from mappings.model import Mapping as LinkMapping
from mappings.problems import Fault, Loc, did_you_mean, listed, nearest

_BLOCKS = {
    block: about.annotation.model_fields
    for block, about in LinkMapping.model_fields.items()
    if isinstance(about.annotation, type) and issubclass(about.annotation, BaseModel)
}
"""The blocks beside `fields`, with their keys."""


def explained(errors: list[ErrorDetails], broken: Iterable[Fault]) -> Iterator[Fault]:
    """The sentences for all errors and all broken rules of one file.

    A misspelt key is also a missing one: where one sentence says so, the other is left out."""
    meant = {loc for error in errors if error["type"] == "extra_forbidden" for loc in _meant(error)}
    yield from (fault for fault in broken if fault.loc not in meant)
    yield from _missing(errors, meant)
    for error in errors:
        loc = place(error["loc"])
        match error["type"]:
            case "missing" | "union_tag_not_found":
                continue
            case "too_short" if error["input"]:
                continue  # pydantic counts good entries only; these are all bad, and each one is told about
            case "extra_forbidden":
                yield Fault(loc, _unknown_key(error), at_key=True)
            case "union_tag_invalid":
                yield Fault((*loc, "kind"), _sentence(error))
            case kind if kind == RULE:
                yield error["ctx"]["fault"]
            case _:
                yield Fault(loc, _sentence(error))


def _missing(errors: list[ErrorDetails], meant: set[Loc]) -> Iterator[Fault]:
    """One sentence for each block in which keys are missing, less those that were meant by misspelt ones."""
    names: dict[Loc, list[str]] = {}
    for error in errors:
        loc = place(error["loc"])
        if error["type"] == "missing" and loc not in meant:
            names.setdefault(loc[:-1], []).append(str(loc[-1]))
        elif error["type"] == "union_tag_not_found":
            yield Fault(loc, f"the key 'kind' is missing here; it is one of {listed(FIELD_KINDS)}")
    for loc, absent in names.items():
        keys, are = ("keys", "are") if len(absent) > 1 else ("key", "is")
        quoted = listed((f"'{name}'" for name in absent), "and")
        yield Fault(loc, f"the {keys} {quoted} {are} missing here")


def place(loc: Loc) -> Loc:
    """The location as it is in the file: pydantic adds the kind of a field mapping behind its number."""
    tagged = loc[:1] == ("fields",) and len(loc) > 2 and loc[2] in FIELD_KINDS
    return (*loc[:2], *loc[3:]) if tagged else loc


def _meant(error: ErrorDetails) -> Iterator[Loc]:
    """Where the keys would stand that an unknown one may have been meant to be."""
    *above, key = error["loc"]
    yield place((*above, nearest(str(key), _keys(error["loc"])) or key))
    if not above:
        yield from ((block, key) for block, keys in _BLOCKS.items() if key in keys)


def _unknown_key(error: ErrorDetails) -> str:
    key, allowed = str(error["loc"][-1]), _keys(error["loc"])
    if ":" in key:
        return f"'{key}' is read as one word; put a blank behind the ':'"
    blocks = [f"'{block}:'" for block, keys in _BLOCKS.items() if key in keys]
    if len(error["loc"]) == 1 and blocks and not any(name.startswith(key) for name in allowed):
        return f"'{key}' can't stand here; put it below {listed(blocks)}, and indent it"
    return f"unknown key '{key}'; allowed here are {listed(allowed, 'and')}{did_you_mean(key, allowed)}"


def _sentence(error: ErrorDetails) -> str:
    given = _given(error["input"])
    match error["type"]:
        case "union_tag_invalid":
            kind, allowed = str(error["ctx"]["tag"]), list(FIELD_KINDS)
            return f"unknown kind '{kind}'; allowed are {listed(allowed)}{did_you_mean(kind, allowed)}"
        case "enum":
            # pydantic lists the members only in words: 'both', 'to_issue' or 'to_incident'
            allowed = error["ctx"]["expected"].split("'")[1::2]
            return f"{given} is not one of {listed(allowed)}{did_you_mean(given, allowed)}"
        case "bool_parsing" | "bool_type":
            return f"{given} is neither true nor false"
        case "string_type":
            return f"text is due here, and there is {given}"
        case "tuple_type":
            return f"a list is due here, each entry behind a '- ', and there is {given}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"keys with values are due here, and there is {given}"
        case "too_short":
            return "the list is empty; it needs at least one entry"
        case "string_pattern_mismatch" if error["loc"] == ("name",):
            return f"{given} can't name a project link: no slashes, no outer or double blanks; set another name"
        case "string_too_long":
            return f"{given} is too long; {error['ctx']['max_length']} characters are allowed"
        case "string_pattern_mismatch":
            return "the text is blank; write something, or leave the key out"
        case _:
            return _about_a_number(error) or error["msg"]


def _about_a_number(error: ErrorDetails) -> str | None:
    given = _given(error["input"])
    match error["type"]:
        case "int_parsing" | "int_parsing_size" | "int_type" | "int_from_float":
            return f"a whole number is due here, as 10, and there is {given}"
        case "float_parsing" | "float_type" | "finite_number":
            return f"a number alone is due here, as 10 or 2.5, and there is {given}"
        case "greater_than_equal":
            return f"{given} is too small; at least {error['ctx']['ge']:g} is due"
        case "less_than_equal":
            return f"{given} is too large; at most {error['ctx']['le']:g} is allowed"
        case _:
            return None


def _given(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return f"'{value}'"
        case list():
            return "a list"
        case _:
            return "a block of keys"


def _keys(loc: Loc) -> list[str]:
    """The keys that are allowed beside the one at `loc`, which still carries its kind."""
    model: type[BaseModel] = LinkMapping
    path = loc[:-1]
    if path[:1] == ("fields",):
        model, path = FIELD_KINDS[str(loc[2])], loc[3:-1]
    for part in path:
        if part in model.model_fields:
            model = _model_in(model.model_fields[str(part)].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
