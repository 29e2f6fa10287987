"""A Jira to play with: Cloud or Data Center, REST API version 2, all in memory.

`JiraModel` is the site, `jira_app` puts it on the network, `READS` names the paths where a POST only reads.
What it imitates is what a mirror depends on, the unpleasant parts above all: text that comes back changed,
search that lags, pages without totals, 404 for what may not be seen, statuses that can't simply be set.
"""

from syncer.sandbox.jira.app import READS, jira_app
from syncer.sandbox.jira.behaviour import JiraBehaviour
from syncer.sandbox.jira.model import JiraModel

__all__ = ["READS", "JiraBehaviour", "JiraModel", "jira_app"]
