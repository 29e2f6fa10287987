"""`syncer sandbox`: the two servers alone, until somebody ends them."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from syncer.cli.console import out, say
from syncer.demo.folder import server_settings
from syncer.errors import ConfigurationError
from syncer.sandbox import cast
from syncer.sandbox.server import Sandbox
from syncer.stopping import next_request, stop_requests


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """What was asked for on the command line."""

    port_incidents: int
    port_jira: int
    profile: Literal["4.6", "6.x"]
    deployment: Literal["cloud", "datacenter"]
    incidents: int
    seed: int


def sandbox(options: SandboxOptions) -> int:
    """Run both servers until SIGTERM or Ctrl-C. Raises `ConfigurationError` for a port in use."""
    servers = Sandbox(
        seed=options.seed,
        incidents=options.incidents,
        profile=options.profile,
        deployment=options.deployment,
        tester_port=options.port_incidents,
        jira_port=options.port_jira,
    )
    with stop_requests() as requests:
        try:
            servers.start()
        except OSError as error:
            raise ConfigurationError(error.strerror or str(error)) from error
        try:
            _introduce(servers, options)
            next_request(requests)
        finally:
            servers.stop()
    return 0


def _introduce(servers: Sandbox, options: SandboxOptions) -> None:
    console = out()
    people = ", ".join(person.login for person in cast.PEOPLE if person.login != cast.SERVICE)
    say(console, "Open in a browser, to look and to change things as a person would:")
    say(console, f"  Enterprise Tester {options.profile}   {servers.tester_page}", "bold")
    say(console, f"  Jira ({options.deployment})   {servers.jira_page}", "bold")
    say(console)
    say(console, f"The synchronizer's account is {cast.SERVICE}; people are {people}.")
    say(console, f"Everybody's password, and API token on Jira Cloud, is '{cast.PASSWORD}'.")
    say(console, f"Project '{cast.PROJECT_NAME}' in Enterprise Tester, {cast.PROJECT_KEY} in Jira.")
    say(console)
    say(console, "Settings for a .env file:")
    cloud = options.deployment == "cloud"
    for line in server_settings(servers.tester_url, servers.jira_url, cloud=cloud):
        say(console, f"  {line}")
    say(console)
    say(console, "What the servers were asked, and what goes wrong on request:")
    for url in (servers.tester_url, servers.jira_url):
        say(console, f"  curl {urljoin(url, '/_sandbox/traffic')}")
    example = '{"effect": "status", "status": 503, "times": 3}'
    say(console, f"  curl -X POST {urljoin(servers.jira_url, '/_sandbox/faults')} -d '{example}'")
    say(console)
    say(console, "Both run until Ctrl-C.")
