"""Settings that are complete and nothing more, for Jira Cloud and for Data Center."""

from config.settings import Settings, effective

CLOUD = {
    "SYNCER_INCIDENTS__URL": "https://tester.example.com/EnterpriseTester/",
    "SYNCER_INCIDENTS__USER": "syncer",
    "SYNCER_INCIDENTS__PASSWORD": "tester secret",
    "SYNCER_JIRA__URL": "https://example.atlassian.net",
    "SYNCER_JIRA__USER": "syncer@example.com",
    "SYNCER_JIRA__TOKEN": "jira secret",
}
DATA_CENTER = CLOUD | {"SYNCER_JIRA__URL": "https://jira.example.com/jira"}


def origin(settings: Settings, variable: str) -> str:
    """Where the value of `variable` came from."""
    return {name: where for name, _, where in effective(settings)}[variable]
