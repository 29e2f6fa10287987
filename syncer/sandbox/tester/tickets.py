"""The tracker as the server's own synchronizer sees it: a few tickets that it can turn into incidents.

A mirror leaves this machinery alone; it is here so that what it does can be looked at.
"""

from dataclasses import dataclass

from syncer.sandbox import cast
from syncer.sandbox.tester.errors import Missing


@dataclass(slots=True)
class Ticket:
    """One ticket; `incident_id` is None while it is not linked."""

    id: str
    key: str
    summary: str
    incident_id: str | None = None


class Tickets:
    """The tickets by id, and the background tasks that linked them."""

    def __init__(self) -> None:
        summaries = ("Invoice shows the wrong currency", "Search hangs on an empty term", "Export drops the last row")
        self.all = {
            str(number): Ticket(str(number), f"{cast.PROJECT_KEY}-{number}", summary)
            for number, summary in enumerate(summaries, start=9001)
        }
        self._tasks: dict[str, str] = {}

    def ticket(self, ticket_id: str) -> Ticket:
        """The ticket with this id. Raises Missing."""
        if ticket_id not in self.all:
            raise Missing(f"There is no ticket with the id {ticket_id}.")
        return self.all[ticket_id]

    def link(self, ticket_id: str, incident_id: str, task_id: str) -> None:
        """Note the finished background task that made an incident from a ticket."""
        self.ticket(ticket_id).incident_id = incident_id
        self._tasks[task_id] = incident_id

    def flush(self, task_id: str) -> str:
        """The incident which a finished task made; the task is known no longer. Raises Missing."""
        if task_id not in self._tasks:
            raise Missing(f"There is no background task with the id {task_id}.")
        return self._tasks.pop(task_id)
