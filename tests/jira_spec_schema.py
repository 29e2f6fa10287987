"""OpenAPI's dialect of JSON Schema as the real one, for `tests.jira_spec`."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from jsonschema import FormatChecker

Direction = Literal["request", "response"]
REF = "#/components/schemas/"
FORMATS = FormatChecker(formats=())
_NOT_SCHEMA = (
    "readOnly",
    "writeOnly",
    "xml",
    "example",
    "discriminator",
    "deprecated",
    "nullable",
    "default",
)
_HIGHEST_32 = 2**31


@FORMATS.checks("date-time")
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or _parses(datetime.fromisoformat, value)


@FORMATS.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or _parses(date.fromisoformat, value)


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -_HIGHEST_32 <= value < _HIGHEST_32


def _parses(parser: Any, value: str) -> bool:
    try:
        parser(value)
    except ValueError:
        return False
    return True


def converted_schema(schema: Any, direction: Direction) -> Any:
    """OpenAPI 3.0's dialect as JSON Schema; what answers hold beyond the document is forgiven."""
    if isinstance(schema, list):
        return [converted_schema(one, direction) for one in schema]
    if not isinstance(schema, dict):
        return schema
    converted = {
        name: {one: converted_schema(inner, direction) for one, inner in value.items()}
        if name == "properties"
        else converted_schema(value, direction)
        for name, value in schema.items()
        if name not in _NOT_SCHEMA
    }
    if direction == "response" and converted.get("additionalProperties") is False:
        del converted["additionalProperties"]
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        converted["type"] = [schema["type"], "null"]
    return converted


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from references(one)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(REF)
        for value in schema.values():
            yield from references(value)
