"""Take back what one entry of the history did: `syncer undo NUMBER`.

| the entry | undone by |
|---|---|
| update | the former values, where nobody changed them since |
| delete | a new record like the deleted one (`syncer.bring_back`) |
| bury, unlink | the link again, on what both records hold now |
| delete comment | the comment again, as text |
| edit comment | its former text |
| hide result | the step-result link, on both sides: a removed one would take the other along once more |

Each row works both ways, so that the entry which an undo leaves can be undone in its turn. An undone value counts
as edited by a person: no baseline moves, and the next cycle carries it to the other side.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from mappings.values import Value
from state import Store, effects
from state.rows import CommentLink, HistoryEntry, Link
from syncer import journal
from syncer.bring_back import bring_back, take_away
from syncer.by_hand import link_of, parted, tie
from syncer.comments_back import edit_back, remove_again, write_again
from syncer.context import ProjectLink
from syncer.core.bind import Bound
from syncer.core.records import Record, Side, StepResult
from syncer.cycle import bind_now
from syncer.errors import Rejected
from syncer.handwork import Done, Refused, Wish, carry_out, read, read_if_there, values_of

INVERSE: Mapping[str, str] = {
    "update": "update",
    "delete": "create",
    "create": "delete",
    "bury": "link",
    "link": "bury",
    "delete comment": "add comment",
    "add comment": "delete comment",
    "edit comment": "edit comment",
    "hide result": "show result",
    "show result": "hide result",
}
"""What takes back what; `unlink` is a bury that a person asked for."""
UNDONE = tuple(f"undo {kind}" for kind in INVERSE)
"""Kinds of the entries that undos leave."""
TAKING = frozenset({"update", "delete", "bury", "unlink", "link", "delete comment", "edit comment", "hide result"})
"""Kinds that took something, of those that the synchronizer does by itself or that were asked for by hand."""

ALL = 1_000_000
