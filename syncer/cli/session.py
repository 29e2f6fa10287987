"""What every command starts from: settings, the project links that were asked for, the state DB.

Order matters: settings and mapping files are read before the state DB is opened, so that a mistake in them leaves
no trace.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

if TYPE_CHECKING:
    from config.model import Settings
    from mappings import Mapping
    from state import StateError, Store
    from syncer.context import ProjectLink
    from syncer.meter import Meter
    from syncer.wiring import Linker

ENV_FILE = Path(".env")

_PASSWORDS = re.compile(r"://[^:/@]*:(.*)@|[?&]password=([^&]*)")
"""Where the state DB's URL may have its password; read without taking the URL apart, which may be a wrong one."""


@dataclass(slots=True)
class Session:
    """The options that stand before the command. `env_file` is `None` where none was named."""

    env_file: Path | None = None
    debug: bool = False

    def settings(self) -> "Settings":
        """Raises `SettingsError`, and `ConfigurationError` for a file that was named and isn't there."""
        from config.settings import load_settings
        from syncer.errors import ConfigurationError

        if self.env_file is not None and not self.env_file.is_file():
            raise ConfigurationError(f"there is no file {self.env_file} to read settings from")
        return load_settings(env_file=self.env_file or ENV_FILE)

    def logging(self, settings: "Settings", *, quiet: bool) -> None:
        """Log as the settings say; `quiet` leaves only warnings and errors, for commands that end by themselves."""
        from syncer import logs

        level = settings.log.level
        if quiet and level in ("debug", "info"):
            level = "warning"
        logs.configure(settings.log.format, "debug" if self.debug else level, secrets(settings))

    @contextmanager
    def reading(self, only: str | None) -> "Iterator[Opened]":
        """The project links over a state DB that is only read. Raises what is wrong with any of it."""
        from state import Store

        settings = self.settings()
        mappings = chosen(settings, only)
        self.logging(settings, quiet=True)
        store = Store.open_readonly(settings.state.url)
        try:
            yield from _opened(settings, mappings, store)
        finally:
            store.close()

    @contextmanager
    def writing(
        self, only: str | None, *, quiet: bool, turn: "Turn | None" = None, meter: "Meter | None" = None
    ) -> "Iterator[Opened]":
        """The same over a state DB of which this process is the single writer; `meter` is told of what is done.

        Raises StateError while another process is, unless there is a `turn` to wait for."""
        from state import Store

        settings = self.settings()
        mappings = chosen(settings, only)
        self.logging(settings, quiet=quiet)
        store = Store.open(settings.state.url)
        wait, lost = (None, None) if turn is None else (turn.wait, turn.lost)
        try:
            with store.single_writer(lease_seconds=settings.state.lease_seconds, wait=wait, lost=lost):
                yield from _opened(settings, mappings, store, meter)
        finally:
            store.close()


class Turn(Protocol):
    """Told how one process stands among those that want to write."""

    def wait(self, refusal: "StateError") -> None:
        """Another process writes; the next try follows when this returns, and none when it raises."""
        ...

    def lost(self, by: str) -> None:
        """Another process has taken over; told once, in any thread."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything that a command over project links works with."""

    settings: "Settings"
    store: "Store"
    links: "Sequence[ProjectLink]"
    linker: "Linker"


def chosen(settings: "Settings", only: str | None) -> "Sequence[Mapping]":
    """The mappings of all project links, or of the one called `only`.

    Raises `MappingError`, and `ConfigurationError` for a name that there isn't."""
    from mappings import load_mappings
    from syncer.errors import ConfigurationError

    mappings = load_mappings(settings.mappings)
    if only is None:
        return mappings
    found = [mapping for mapping in mappings if mapping.name == only]
    if not found:
        names = [mapping.name for mapping in mappings]
        close = difflib.get_close_matches(only, names, 1)
        remedy = f"did you mean '{close[0]}'?" if close else f"there is {', '.join(names)}"
        raise ConfigurationError(f"there is no project link '{only}' in {settings.mappings}; {remedy}")
    return found


def secrets(settings: "Settings") -> list[str]:
    """Everything that no line may show; the state DB's password as in the URL and as it is, a private key by lines."""
    from syncer.private_key import PrivateKey

    key = settings.incidents.private_key
    held = (
        settings.incidents.password,
        settings.incidents.consumer_secret,
        settings.incidents.access_token,
        settings.incidents.token_secret,
        settings.jira.token,
        settings.jira.password,
        settings.http.token,
        settings.webhook.url,
    )
    in_url = [found for pair in _PASSWORDS.findall(settings.state.url) for found in pair if found]
    told = [secret.get_secret_value() for secret in held if secret is not None]
    lines = () if key is None else PrivateKey(key.get_secret_value()).secrets
    return [*told, *lines, *in_url, *map(unquote, in_url)]


def _opened(
    settings: "Settings", mappings: "Sequence[Mapping]", store: "Store", meter: "Meter | None" = None
) -> Iterator[Opened]:
    from syncer.wiring import Linker

    linker = Linker(settings, store, meter)
    try:
        yield Opened(settings, store, [linker.link(mapping) for mapping in mappings], linker)
    finally:
        linker.close()
