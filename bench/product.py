"""The product as its users run it: `syncer sync` and `syncer run`, with settings from the environment."""

import sqlite3
import sys
from contextlib import closing
from datetime import datetime

from bench.process import Took, run
from bench.stage import ROOT, Stage

USER = "syncer"
MAIL = "syncer@example.com"
PASSWORD = "sandbox"
LOGINS = {"incident": USER, "issue": MAIL}


class Product:
    """One installation: its state DB and its mappings lie in the folder of the stage."""

    def __init__(self, stage: Stage, connections: int) -> None:
        self.folder = stage.folder
        self.state = stage.folder / "state.db"
        self.mappings = stage.folder / "mappings"
        self.mappings.mkdir(exist_ok=True)
        (self.mappings / "full.yaml").write_bytes((ROOT / "mappings" / "examples" / "full.yaml").read_bytes())
        self.environment = {
            "SYNCER_INSTALLATION": "bench",
            "SYNCER_HTTP__LISTEN": "off",
            "SYNCER_LOG__FORMAT": "json",
            "SYNCER_INCIDENTS__URL": stage.servers["incident"].url,
            "SYNCER_INCIDENTS__USER": USER,
            "SYNCER_INCIDENTS__PASSWORD": PASSWORD,
            "SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS": "0",
            "SYNCER_INCIDENTS__CONNECTIONS": str(connections),
            "SYNCER_JIRA__URL": stage.servers["issue"].url,
            "SYNCER_JIRA__USER": MAIL,
            "SYNCER_JIRA__TOKEN": PASSWORD,
            "SYNCER_JIRA__SETTLE_AFTER_SECONDS": "0",
            "SYNCER_JIRA__CONNECTIONS": str(connections),
            "SYNCER_STATE__URL": f"sqlite:///{self.state}",
            "SYNCER_MAPPINGS": str(self.mappings),
        }

    def sync(self, *words: str, may_fail: bool = False) -> Took:
        """One cycle of each project link. Raises RuntimeError if one fails that may not."""
        return run(
            [sys.executable, "-m", "syncer", "sync", "--json", *words],
            self.folder,
            self.environment,
            may_fail=may_fail,
        )

    def cycles(self, last: int) -> list[float]:
        """How many seconds each of the last cycles took, the newest last, by the state DB."""
        finished = "SELECT started_at, finished_at FROM cycles WHERE finished_at IS NOT NULL ORDER BY id"
        rows = self._ask(finished)[-last:]
        return [(_moment(ended) - _moment(begun)).total_seconds() for begun, ended in rows]

    def finished_cycles(self) -> dict[str, int]:
        """How many cycles of each project link are over since the state DB was made."""
        finished = "SELECT project_link, COUNT(*) FROM cycles WHERE finished_at IS NOT NULL GROUP BY project_link"
        return {link: int(count) for link, count in self._ask(finished)}

    def links(self) -> list[tuple[str, ...]]:
        """The ids of the incident and of the issue of each link, the oldest link first."""
        return self._ask("SELECT incident_id, issue_id FROM links ORDER BY id")

    def let_an_hour_pass(self) -> None:
        """By the state DB, since the last census: the next one rereads as many links as it would then."""
        with closing(sqlite3.connect(self.state)) as connection, connection:
            connection.execute(
                "UPDATE project_links SET reviewed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 hour')"
            )

    def held(self, table: str) -> int:
        """How many rows a table of the state DB has."""
        return int(self._ask(f"SELECT COUNT(*) FROM {table}")[0][0])

    def _ask(self, sql: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(f"file:{self.state}?mode=ro", uri=True)) as connection:
            return list(connection.execute(sql))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
