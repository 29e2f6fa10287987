"""What a user would write instead of installing anything: the `jira` library with its defaults, and `requests`.

    python -m bench.plain_script TESTER_URL JIRA_URL THREADS

For each incident: look for an issue that has it, create one, add the comments and a link back, note the key on the
incident. Nothing is remembered, resumed or compared; a second run only looks for each incident.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from jira import JIRA

LOGIN = ("syncer", "sandbox")
MAIL_AND_TOKEN = ("syncer@example.com", "sandbox")
PAGE = 100


class Script:
    """Copies incidents of one project to one Jira project."""

    def __init__(self, tester_url: str, jira_url: str) -> None:
        self._tester_url = tester_url
        self._tester = requests.Session()
        self._tester.auth = LOGIN
        self._jira = JIRA(jira_url, basic_auth=MAIL_AND_TOKEN)

    def incidents(self) -> Iterator[dict[str, Any]]:
        """All incidents with their comments, page by page."""
        start = 0
        while True:
            asked: dict[str, str | int] = {"tql": "Project = 'Test Project'", "$top": PAGE, "$skip": start}
            answer = self._tester.get(f"{self._tester_url}/api/incidents", params={**asked, "$expand": "Comments"})
            answer.raise_for_status()
            items = answer.json()["Items"]
            yield from items
            start += PAGE
            if len(items) < PAGE:
                return

    def copy(self, incident: dict[str, Any]) -> None:
        """Make the issue of one incident, if there is none yet."""
        label = f"incident-{incident['Id']}"
        if self._jira.search_issues(f'project = TEST AND labels = "{label}"'):
            return
        issue = self._jira.create_issue(
            project={"key": "TEST"},
            issuetype={"name": "Bug"},
            summary=incident["Summary"],
            description=incident["Description"],
            labels=[label],
        )
        for comment in incident["Comments"]:
            self._jira.add_comment(issue, comment["Body"])
        url = f"{self._tester_url}/api/incident/{incident['Id']}"
        self._jira.add_simple_link(issue.key, {"url": url, "title": f"Incident {incident['Id']}"})
        body = {"FieldValues": {"Jira key": issue.key}}
        self._tester.put(url, json=body).raise_for_status()


def main(tester_url: str, jira_url: str, threads: int) -> None:
    """Copy everything, in so many threads."""
    script = Script(tester_url, jira_url)
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(script.copy, incident) for incident in script.incidents()]:
            done.result()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
