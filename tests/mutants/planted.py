"""Faults that are planted into the program, one at a time: each must be caught by the suites that claim to see it.

What is here is known to hurt; a mutation tool finds the rest (`docs/mutants.md`). When the source moves on,
`test_planted.py` says which fault has to follow.
"""

from tests.mutants import deciding, journalling, observing

FAULTS = (*deciding.FAULTS, *journalling.FAULTS, *observing.FAULTS)
