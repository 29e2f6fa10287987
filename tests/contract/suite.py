"""The promises of `syncer/ports.py`, stated once and run against every adapter and every server.

`PortContract` needs nothing but answers, so it also runs from recorded exchanges. `FaultContract` loses
answers and stops the server, which no recording can hold; it runs against a live server only.

A test module gives a `bench` fixture (see `bench.py`) and inherits the classes:

    class TestIncidentPort(PortContract): ...
    class TestIncidentFaults(FaultContract): ...

`BatchContract`, `RemovingContract` and `ResultContract` are inherited likewise; the last needs a `step_result` too.
"""

from tests.contract.bench import Bench, Fields
from tests.contract.creating import BatchContract, CreatingContract
from tests.contract.faulty import FaultContract
from tests.contract.reading import CatalogueContract, ReadingContract
from tests.contract.removing import RemovingContract, ResultContract
from tests.contract.writing import CommentContract, WritingContract

__all__ = ["BatchContract", "Bench", "FaultContract", "Fields", "PortContract", "RemovingContract", "ResultContract"]


class PortContract(ReadingContract, CatalogueContract, WritingContract, CreatingContract, CommentContract):
    """Every promise that can be held against recorded answers too."""
