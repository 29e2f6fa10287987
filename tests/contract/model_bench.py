"""The models' bench: the sides of a simulation, held to the same promises as the adapters."""

from datetime import datetime, timedelta

from mappings.values import Values
from syncer.core.records import Side
from syncer.ports import Port
from tests.contract.bench import Fields
from tests.simulation.clock import Clock
from tests.simulation.faults import Faults
from tests.simulation.flavours import INCIDENTS, ISSUES
from tests.simulation.model_incidents import ModelIncidents
from tests.simulation.model_issues import ModelIssues
from tests.simulation.rows import Row
from tests.simulation.server import Server


class ModelBench:
    """See `tests.contract.bench.Bench`. What a person does is done to the server at once."""

    def __init__(self, side: Side) -> None:
        flavour = INCIDENTS if side is Side.INCIDENT else ISSUES
        self._clock = Clock()
        self._faults = Faults(self._clock)
        self.server = Server(flavour, self._clock, [])
        self.port = self._bound()
        self.fields = Fields(flavour.title, flavour.text, flavour.priority, "priority", flavour.versions, "version")
        self.person = "Joe Bloggs"
        self.absent_id = "99999999"
        self.creates_options = side is Side.ISSUE

    def now(self) -> datetime:
        return self.server.time.now()

    def intruder(self) -> Port:
        return self._bound(trusted=False)

    def person_creates(self, title: str) -> str:
        self._clock.tick(1)
        return self.server.create({self.fields.title: title}, "person").id

    def person_edits(self, record_id: str, changes: Values) -> None:
        self.server.edit(self._row(record_id), changes, "person")

    def person_comments(self, record_id: str, body: str) -> str:
        return self.server.comment(self._row(record_id), self.person, body, "person").id

    def rename_option(self, kind: str, option_id: str, name: str) -> None:
        self.server.rename_option(kind, option_id, name)

    def remove(self, record_id: str) -> None:
        self.server.become(self._row(record_id), "gone", "person")

    def lag(self, seconds: float) -> None:
        self.server.lag = timedelta(seconds=seconds)

    def hide(self, record_id: str) -> None:
        self.server.become(self._row(record_id), "hidden", "person")

    def garble(self, record_id: str) -> None:
        self.server.garbled.add(record_id)

    def garble_listings(self) -> None:
        self.server.listings_garbled = True

    def cap_pages(self, size: int) -> None:
        self.server.page_size = size

    def normalise(self) -> None:
        self.server.normalise = "lower"

    def drop_next_answer(self) -> None:
        self._faults.drop_next_answer = True

    def stop(self) -> None:
        self._faults.down = True

    def _bound(self, *, trusted: bool = True) -> Port:
        model = ModelIncidents if self.server.side is Side.INCIDENT else ModelIssues
        return model(self.server, self._faults, "demo", trusted=trusted)

    def _row(self, record_id: str) -> Row:
        return self.server.rows[record_id]
