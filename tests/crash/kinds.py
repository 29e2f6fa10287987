"""The kind of state DB that the whole sweep runs on: SQLite files, or what CRASH_STATE_DB says."""

import os

import pytest

KINDS = ("sqlite", "postgresql")

KIND = os.environ.get("CRASH_STATE_DB", "sqlite")
if KIND not in KINDS:
    raise pytest.UsageError(f"CRASH_STATE_DB is '{KIND}'; use {' or '.join(KINDS)}")

ON = "" if KIND == "sqlite" else " on PostgreSQL"
"""How the names of suites end."""
