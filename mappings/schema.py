"""The JSON Schema of mapping files, by which an editor completes keys, explains them and underlines mistakes.

`python -m mappings.schema > mappings/schema.json` writes the file again after the model has changed.
"""

import json
import sys
from typing import Any

from mappings.fields import CUSTOM_PREFIX, Side, known_names
from mappings.kinds import FIELD_KINDS
from mappings.model import Mapping

_PATTERNS: dict[Side, str] = {
    "incident": rf"^{CUSTOM_PREFIX[:-1]}\..*\S",
    "issue": "^customfield_[0-9]+$",
}


def json_schema() -> dict[str, Any]:
    """The schema, in the 2020-12 draft. It knows one part at a time, not the rules between them."""
    schema = Mapping.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Mapping file: one incident project and one issue project"
    schema["required"].remove("name")  # the loader takes the file's name
    for kind, model in FIELD_KINDS.items():
        part = schema["$defs"][model.__name__]
        part["required"] = ["kind", *part.get("required", ())]
        for side in ("incident", "issue"):
            part["properties"][side] |= _names(side, kind)
    return schema


def schema_text() -> str:
    """The schema as it stands in `schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _names(side: Side, kind: str) -> dict[str, Any]:
    names = list(known_names(side, (kind,)))
    own = [name for name in names if "<" not in name]
    if len(own) == len(names):
        return {"enum": own}
    custom = {"pattern": _PATTERNS[side]}
    return {"anyOf": [{"enum": own}, custom]} if own else custom


if __name__ == "__main__":
    sys.stdout.write(schema_text())
