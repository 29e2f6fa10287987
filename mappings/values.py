"""What a field can hold, in a form that compares, hashes and prints the same wherever it came from.

| a field of shape | is held as |
|---|---|
| text | the string, `None` when empty |
| choice, user | the id of the option on its own side, `None` when nothing is chosen |
| choices (versions, components, labels) | a frozenset of ids, empty when nothing is chosen |

A member that a server did not send is no value at all: the field is then missing from the record's
values, which is neither empty nor a change.
"""

from collections.abc import Mapping
from typing import TypeAlias

Value: TypeAlias = str | frozenset[str] | None
Values: TypeAlias = Mapping[str, Value]
