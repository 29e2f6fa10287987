"""How hard hypothesis searches: `quick` by default, `ci` where CI is set, `thorough` on request.

A profile is chosen with HYPOTHESIS_PROFILE. Deadlines are off: a busy machine is not a broken promise.
"""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "quick"))
