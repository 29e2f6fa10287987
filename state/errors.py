"""The one way in which the state DB fails, so that its users need not know SQL's many."""


class StateError(Exception):
    """The state DB can't be used, or refuses what was asked; nothing of that step was recorded.

    The message is one sentence for a person: what, why, and what to do next.
    """
