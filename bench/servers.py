"""One sandbox server in a process of its own, filled by seed, told what to do through its standard input.

    python -m bench.servers SIDE INCIDENTS COMMENTS SEED PORT

Each line in is a JSON object with the name of a command in "do", each line out the JSON object that answers it. The
first line out is {"url": ...}, when the server answers. The process ends with its standard input.
"""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send

from bench.copies import Pair
from bench.copying import copy_records
from bench.recording import Recorder, Side, write_recording
from bench.routes import counted
from bench.worlds import World, frozen, jira_model, tester_model, thaw
from syncer.sandbox.cast import PROJECT_KEY, SERVICE
from syncer.sandbox.faults import Fault, Switchboard
from syncer.sandbox.jira import READS as JIRA_READS
from syncer.sandbox.jira import JiraModel, jira_app
from syncer.sandbox.latency import Latency
from syncer.sandbox.tester import READS as TESTER_READS
from syncer.sandbox.tester import TesterModel, tester_app
from syncer.serving import Serving, bind

Answer = dict[str, Any]


class BenchServer:
    """The server of one side. `reset` brings back the data of the start, or of the last `keep`."""

    def __init__(self, side: Side, world: World, port: int) -> None:
        self._model = tester_model(world) if side == "incident" else jira_model(world)
        self._start = frozen(self._model)
        app, reads = _application(self._model)
        self._switchboard = Switchboard(app, self._model.behaviour, reads=reads)
        self._recorder = Recorder(self._switchboard, side)
        listener = bind("127.0.0.1", port, f"The {side} server of the bench")
        path = self._model.application_path if isinstance(self._model, TesterModel) else ""
        self._model.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{path}"
        self._serving = Serving([(self._outermost, listener)])

    async def _outermost(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._recorder(scope, receive, send)

    def obey(self, lines: Iterable[str]) -> None:
        """Serve, and answer each command, until there are no more."""
        commands: dict[str, Callable[[Answer], Answer]] = {
            "latency": self._latency,
            "clock": self._clock,
            "record": self._record,
            "counts": self._counts,
            "dump": self._dump,
            "keep": self._keep,
            "reset": self._reset,
            "save": self._save,
            "load": self._load,
            "copy": self._copy,
            "edit": self._edit,
            "share out": self._share_out,
            "lose answers": self._lose_answers,
            "size": self._size,
        }
        self._serving.start()
        try:
            self._say({"url": self._model.base_url})
            for line in lines:
                order = json.loads(line)
                self._say(self._serving.call(partial(commands[order["do"]], order)))
        finally:
            self._serving.stop()

    def _say(self, answer: Answer) -> None:
        print(json.dumps(answer), flush=True)

    def _latency(self, order: Answer) -> Answer:
        self._switchboard.latency = Latency(reads=order["reads"], writes=order["writes"])
        return {}

    def _clock(self, order: Answer) -> Answer:
        behind = timedelta(seconds=order["behind"])
        self._model.clock = lambda: datetime.now(UTC) - behind
        return {}

    def _record(self, _order: Answer) -> Answer:
        self._recorder.asked.clear()
        return {}

    def _counts(self, _order: Answer) -> Answer:
        return {"counts": counted((each.method, each.path) for each in self._recorder.asked)}

    def _dump(self, order: Answer) -> Answer:
        write_recording(self._recorder.asked, Path(order["to"]))
        return {}

    def _keep(self, _order: Answer) -> Answer:
        self._start = frozen(self._model)
        return {}

    def _reset(self, _order: Answer) -> Answer:
        thaw(self._model, self._start)
        self._switchboard.behaviour = self._model.behaviour
        return {}

    def _save(self, order: Answer) -> Answer:
        Path(order["to"]).write_bytes(self._start)
        return {}

    def _load(self, order: Answer) -> Answer:
        self._start = Path(order["from"]).read_bytes()
        return self._reset(order)

    def _copy(self, order: Answer) -> Answer:
        """There are so many `links`, the others by copies of these `pairs`."""
        copy_records(self._model, [Pair(*names) for names in order["pairs"]], order["links"])
        return {}

    def _edit(self, order: Answer) -> Answer:
        """People change the summaries of the records with these `ids`."""
        for place, record_id in enumerate(order["ids"]):
            if isinstance(self._model, TesterModel):
                self._model.edit(record_id, "joeb", Summary=f"Seen again, number {place}")
            else:
                self._model.edit(record_id, by="annak", summary=f"Looked into, number {place}")
        return {}

    def _share_out(self, order: Answer) -> Answer:
        """Each of so many `links` gets as many incidents as any other, and their summaries name it."""
        if isinstance(self._model, TesterModel):
            links = order["links"]
            for place, incident in enumerate(self._model.incidents()):
                of = f"{incident.summary} of {links[place % len(links)]} only"
                self._model.put_in(replace(incident, summary=of))
        return {}

    def _lose_answers(self, order: Answer) -> Answer:
        """From now on all answers to matching writes are lost, although they are carried out; none where no `path`."""
        self._switchboard.clear()
        if order["path"]:
            self._switchboard.add_fault(Fault(effect="drop_after", method="POST", path=order["path"], times=None))
        return {}

    def _size(self, _order: Answer) -> Answer:
        """How many records and comments there are, and how many comments the product's account wrote."""
        model = self._model
        if isinstance(model, TesterModel):
            service = model.catalogue.user_named(SERVICE).id
            authors = [comment.created_by for incident in model.incidents() for comment in incident.comments]
            return {"records": len(model.incidents()), "comments": len(authors), "ours": authors.count(service)}
        authors = [comment.author for issue in model.issues.values() for comment in issue.comments.values()]
        issues = sum(issue.key.startswith(f"{PROJECT_KEY}-") for issue in model.issues.values())
        return {"records": issues, "comments": len(authors), "ours": authors.count(SERVICE)}


def _application(model: TesterModel | JiraModel) -> tuple[ASGIApp, tuple[str, ...]]:
    if isinstance(model, TesterModel):
        return tester_app(model), tuple(TESTER_READS)
    return jira_app(model), JIRA_READS


if __name__ == "__main__":
    side = cast(Side, sys.argv[1])
    incidents, comments, seed, port = map(int, sys.argv[2:])
    BenchServer(side, World(incidents, comments, seed), port).obey(sys.stdin)
