"""A state DB on PostgreSQL, in a process of its own, for the measures in which several workers share it.

    python -m bench.shared_state

The server is the one that the tests start. Each line in is a JSON object with the name of a command in "do", each line
out the JSON object that answers it; the first line out is {"url": ...}. The process ends with its standard input.
"""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from tests import postgres

Answer = dict[str, Any]
CYCLES = """\
SELECT COUNT(*), EXTRACT(EPOCH FROM MAX(finished_at) - MIN(started_at)),
    EXTRACT(EPOCH FROM AVG(finished_at - started_at))
FROM cycles WHERE outcome = 'done' AND project_link = ANY(%s) AND started_at >= %s
"""


class SharedState:
    """Its orders. Project links are named in each of them, in "links"."""

    def __init__(self, url: str) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain, autocommit=True)
        self._since = datetime.min.replace(tzinfo=UTC)

    def obey(self, lines: Iterable[str]) -> None:
        """Answer each command, until there are no more."""
        commands: dict[str, Callable[[list[str]], Answer]] = {
            "rest": self._rest,
            "begin": self._begin,
            "cycles": self._cycles,
        }
        for line in lines:
            order = json.loads(line)
            print(json.dumps(commands[order["do"]](order["links"])), flush=True)
        self._connection.close()

    def _rest(self, links: list[str]) -> Answer:
        """Leave these links alone from now on, as after refused credentials."""
        wish = "UPDATE turns SET rest_until = now() + '1 day' WHERE project_link = ANY(%s)"
        self._connection.execute(wish, [links])
        return {}

    def _begin(self, links: list[str]) -> Answer:
        """They are due now, all at once, as if nobody had ever looked at them. Cycles are counted from now on."""
        self._since = datetime.now(UTC)
        wish = "UPDATE turns SET rest_until = NULL, began_at = NULL, census_at = NULL WHERE project_link = ANY(%s)"
        self._connection.execute(wish, [links])
        return {}

    def _cycles(self, links: list[str]) -> Answer:
        """How many good cycles they had, and seconds: from the first begin to the last end, and of an average one."""
        count, seconds, each = self._connection.execute(CYCLES, [links, self._since]).fetchone() or (0, None, None)
        return {"count": count, "seconds": float(seconds or 0), "each": float(each or 0)}


def main() -> None:
    """Serve until the end of standard input."""
    with postgres.server().database(migrated=True) as url:
        print(json.dumps({"url": url}), flush=True)
        SharedState(url).obey(sys.stdin)


if __name__ == "__main__":
    main()
