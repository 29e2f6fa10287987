"""What can go wrong, named by the reaction that it asks for.

SyncerError                 a sentence for a person; the CLI prints it and exits with 1
├── ConfigurationError      settings or mapping: a person edits a file
└── SideError               a server said or did something; carries the side
    ├── Unavailable         not reached or not able now: the next cycle tries again
    │   └── HeldBack        its limit on requests lets nothing through for longer than one request may wait
    ├── Denied              credentials or permission: a person grants it, the side stands still
    ├── Rejected            this content is refused: the item is parked until content or mapping change
    ├── Missing             404: nothing there, or nothing that we may see
    └── InDoubt             sent, outcome unknown: look before anything is sent again
"""

from syncer.core.records import Side


class SyncerError(Exception):
    """A sentence for a person, saying what is wrong and what to do next."""


class ConfigurationError(SyncerError):
    """Settings or a mapping file ask for something that isn't there."""


class SideError(SyncerError):
    """Base of what one of the two servers can answer. `status` is the HTTP status, `None` without an answer."""

    def __init__(self, side: Side, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.side = side
        self.status = status


class Unavailable(SideError):
    """Nothing was done: no connection, 5xx, 429, an error page. Safe to try again."""


class HeldBack(Unavailable):
    """Nothing was sent, or what was sent was turned away by a limit on requests: no failure of any record, and no try.

    `seconds` is how long the limit holds from now on. `everything`: other records would fare no better."""

    def __init__(
        self, side: Side, message: str, *, status: int | None = 429, seconds: float = 0.0, everything: bool = True
    ) -> None:
        super().__init__(side, message, status=status)
        self.seconds = seconds
        self.everything = everything


class Denied(SideError):
    """401, or 403 that speaks of permission."""


class Rejected(SideError):
    """The server understood and refuses this content: validation, a missing transition, a limit."""


class Missing(SideError):
    """404. Never read as deleted: see the design's rule 3."""


class InDoubt(SideError):
    """The request left and no answer came back; it may have been carried out."""
