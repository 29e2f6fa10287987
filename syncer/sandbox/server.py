"""The sandbox: Enterprise Tester and Jira as two small servers of this process, with data to look at.

    with Sandbox(seed=1) as sandbox:
        httpx.get(f"{sandbox.tester_url}/api/incidents", auth=("syncer", "sandbox"))

Both show their records to browsers, too: at `tester_page` and `jira_page`. Everything lives in memory and ends with
the process.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self, TypeVar

from syncer.sandbox.faults import Switchboard
from syncer.sandbox.jira import READS as JIRA_READS
from syncer.sandbox.jira import JiraModel, jira_app
from syncer.sandbox.pages import jira_front, tester_front
from syncer.sandbox.story import tell
from syncer.sandbox.tester import READS as TESTER_READS
from syncer.sandbox.tester import TesterModel, tester_app
from syncer.serving import Serving, bind, dated

T = TypeVar("T")


class Sandbox:
    """Both servers, started and stopped together; a context manager.

    `incidents` is how many incidents Enterprise Tester holds at the start (0: an empty project). A port
    of 0 means any free one; after `stop` and `start` both servers come back on the same ports with the
    data they had. `start` raises OSError for a port in use.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        incidents: int = 200,
        profile: Literal["4.6", "6.x"] = "6.x",
        deployment: Literal["cloud", "datacenter"] = "cloud",
        tester_port: int = 0,
        jira_port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.tester = TesterModel(profile=profile, seed=seed)
        self.jira = JiraModel(deployment=deployment, seed=seed)
        self.tester_switchboard = Switchboard(tester_app(self.tester), self.tester.behaviour, reads=TESTER_READS)
        self.jira_switchboard = Switchboard(jira_app(self.jira), self.jira.behaviour, reads=JIRA_READS)
        self.tester_url = ""
        self.jira_url = ""
        self._host = host
        self._ports = (tester_port, jira_port)
        self._serving: Serving | None = None
        tell(self.tester, incidents=incidents, seed=seed)

    def start(self) -> None:
        """Serve both; `tester_url` and `jira_url` are set from here on."""
        tester = bind(self._host, self._ports[0], "The Enterprise Tester server of the sandbox")
        try:
            jira = bind(self._host, self._ports[1], "The Jira server of the sandbox")
        except OSError:
            tester.close()
            raise
        self._ports = (tester.getsockname()[1], jira.getsockname()[1])
        self.tester_url = f"http://{self._host}:{self._ports[0]}{self.tester.application_path}"
        self.jira_url = f"http://{self._host}:{self._ports[1]}"
        self.tester.base_url, self.jira.base_url = self.tester_url, self.jira_url
        tester_site = tester_front(self.tester, self.tester_switchboard, lambda: self.jira_url)
        jira_site = jira_front(self.jira, self.jira_switchboard)
        # Whoever replaces a server's clock replaces what its answers tell, too.
        tester_dated = dated(tester_site, self.tester.now)
        jira_dated = dated(jira_site, self.jira.now)
        self._serving = Serving([(tester_dated, tester), (jira_dated, jira)], parser="httptools")
        self._serving.start()

    def stop(self) -> None:
        """Close both servers; the models keep their data."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None

    @property
    def tester_page(self) -> str:
        """Where people find the incidents."""
        return f"{self.tester_url}/"

    @property
    def jira_page(self) -> str:
        """Where people find the issues."""
        return f"{self.jira_url}/"

    def call(self, function: Callable[[], T]) -> T:
        """Run `function`, which may touch the models, between two requests; returns its result."""
        return function() if self._serving is None else self._serving.call(function)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
