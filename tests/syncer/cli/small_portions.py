"""`syncer`, for which a few records are a great many: what it shares out is small enough for a test."""

from tests.syncer.forked import command


def command_of_small_portions(*words: str) -> None:
    """A command in a process of its own, in which nobody else needs the real sizes."""
    from syncer import sharing_out

    sharing_out.MANY, sharing_out.PORTION = 12, 4
    command(*words)
