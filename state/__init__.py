"""The state DB: what the syncer remembers between cycles, and all that makes it safe to be killed at any moment.

`Store` opens it; `rows` are the values that come out, `effects` those that go in; `StateError` is all that it raises.
"""

from state import effects, rows
from state.errors import StateError
from state.store import Store

__all__ = ["StateError", "Store", "effects", "rows"]
