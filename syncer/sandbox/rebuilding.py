"""Which records a search index lacks while it is being rebuilt.

The choice depends on the ids alone: each listing lacks the same records until a record comes or goes, and a
test that needs one of them can ask for it by `lost`.
"""

import hashlib
import math
from collections.abc import Iterable


def lost(ids: Iterable[str], share: float) -> frozenset[str]:
    """The ids that the index lacks: `share` (0 to 1) of them, rounded up, so that at least one is lost."""
    if not share:
        return frozenset()
    known = sorted(set(ids), key=lambda one: hashlib.sha256(one.encode()).digest())
    return frozenset(known[: math.ceil(share * len(known))])
