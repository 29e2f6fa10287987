"""The files of a demo: settings, one mapping, and the place of the state DB; and how settings name a sandbox."""

import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from syncer.errors import ConfigurationError
from syncer.sandbox import cast

EVERY_SECONDS = 2
CONSOLE_TOKEN = "sandbox-sandbox-sandbox"
CENSUS_EVERY_SECONDS = 60
SETTLE_SECONDS = 2

_SETTINGS = """\
# The settings of this demo. `syncer settings` explains what is in force; config/example.env has all there is.

SYNCER_INSTALLATION=demo

{servers}

# A server that answers too late may still have done what it was asked. Real ones get longer to show it.
SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS={settle}
SYNCER_JIRA__SETTLE_AFTER_SECONDS={settle}

# Real installations look once a minute.
SYNCER_SCHEDULE__EVERY_SECONDS={every}

# What is deleted or unlinked has to be missed twice. Real ones look for it once an hour, and again after five minutes.
SYNCER_SCHEDULE__CENSUS_EVERY_SECONDS={census}
SYNCER_SCHEDULE__CONFIRM_AFTER_SECONDS={every}

# Any free port; without a token the console would only show.
SYNCER_HTTP__LISTEN=127.0.0.1:0
SYNCER_HTTP__TOKEN={token}

SYNCER_STATE__URL='sqlite:///{state}'
SYNCER_MAPPINGS='{mappings}'
"""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a demo keeps its files."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "settings.env"

    @property
    def mapping(self) -> Path:
        return self.root / "mappings" / "test-project.yaml"

    @property
    def state(self) -> Path:
        return self.root / "state.db"

    def write(self, servers: list[str]) -> None:
        """Write settings and mapping; `servers` are the lines that say how both servers are reached."""
        text = _SETTINGS.format(
            servers="\n".join(servers),
            settle=SETTLE_SECONDS,
            every=EVERY_SECONDS,
            token=CONSOLE_TOKEN,
            census=CENSUS_EVERY_SECONDS,
            state=self.state,
            mappings=self.mapping.parent,
        )
        self.settings.write_text(text, encoding="utf-8")
        self.mapping.parent.mkdir(exist_ok=True)
        self.mapping.write_text(_mapping(), encoding="utf-8")


def make_folder(wanted: Path | None) -> Folder:
    """A new folder, temporary where none is wanted. Raises `ConfigurationError` for one that can't be used: what an
    earlier demo remembers would not fit the servers of this one."""
    if wanted is None:
        return Folder(Path(tempfile.mkdtemp(prefix="syncer-demo-")))
    root = wanted.absolute()
    if "'" in str(root):
        raise ConfigurationError(f"{root} has a quotation mark in its name; name a folder without one")
    try:
        root.mkdir(parents=True, exist_ok=True)
        used = any(root.iterdir())
    except OSError as error:
        raise ConfigurationError(f"the folder {root} can't be made: {error.strerror}") from error
    if used:
        raise ConfigurationError(f"the folder {root} isn't empty; name a new one")
    return Folder(root)


def server_settings(tester_url: str, jira_url: str, *, cloud: bool) -> list[str]:
    """The lines of a settings file that reach the two servers of a sandbox."""
    person = next(person for person in cast.PEOPLE if person.login == cast.SERVICE)
    jira_login = [f"SYNCER_JIRA__USER={person.login}", f"SYNCER_JIRA__PASSWORD={cast.PASSWORD}"]
    if cloud:
        jira_login = [f"SYNCER_JIRA__USER={person.email}", f"SYNCER_JIRA__TOKEN={cast.PASSWORD}"]
    return [
        f"SYNCER_INCIDENTS__URL={tester_url}",
        f"SYNCER_INCIDENTS__USER={person.login}",
        f"SYNCER_INCIDENTS__PASSWORD={cast.PASSWORD}",
        f"SYNCER_JIRA__URL={jira_url}",
        *jira_login,
    ]


def _mapping() -> str:
    """The full example, with the schema for editors where it lies here."""
    shipped = files("mappings")
    text = (shipped / "examples" / "full.yaml").read_text(encoding="utf-8")
    return text.replace("$schema=../schema.json", f"$schema={shipped / 'schema.json'}", 1)
