"""A small Enterprise Tester for the sandbox: the parts of its REST API that concern incidents."""

from syncer.sandbox.tester.app import tester_app
from syncer.sandbox.tester.behaviour import TesterBehaviour
from syncer.sandbox.tester.model import TesterModel

__all__ = ["READS", "TesterBehaviour", "TesterModel", "tester_app"]

READS: tuple[str, ...] = ()
"""Paths where a POST only reads: this server has none."""
