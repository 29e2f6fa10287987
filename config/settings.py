"""Settings for the rest of the program: load them, or learn in one line per problem why that can't be."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from config.model import DELIMITER, PREFIX, Http, Log, Origin, Schedule, Settings, State, Webhook
from config.servers import Incidents, Jira
from config.variables import SECRETS, VARIABLES, Given, gather

__all__ = [
    "Http",
    "Incidents",
    "Jira",
    "Log",
    "Schedule",
    "Settings",
    "SettingsError",
    "State",
    "Webhook",
    "effective",
    "load_settings",
]

MASK = "********"


class SettingsError(Exception):
    """What is wrong with the settings: `problems` are sentences for an operator, none with a secret in it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_settings(env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """The settings that `env` (default: the environment), `env_file` and the secrets folder give together.

    A missing `env_file` gives nothing. Raises `SettingsError` with everything that is wrong at once.
    """
    gathered = gather(os.environ if env is None else env, env_file)
    settings, problems = _build(gathered.given)
    problems = [*gathered.problems, *problems]
    if settings is None or problems:
        raise SettingsError(problems)
    settings._origins.update({variable: given.origin for variable, given in gathered.given.items()})
    return settings


def effective(settings: Settings) -> list[tuple[str, str, Origin]]:
    """Every variable, its value as text with secrets masked, and where it came from; in the model's order."""
    return [
        (variable, _shown(variable, _value(settings, variable)), settings._origins.get(variable, "default"))
        for variable in VARIABLES
    ]


def _build(given: Mapping[str, Given]) -> tuple[Settings | None, list[str]]:
    source = EnvSettingsSource(Settings)
    source.env_vars = {variable.lower(): value.text for variable, value in given.items()}
    # A group that nothing was given for must still be there, or its missing members couldn't be named.
    values: dict[str, Any] = {"incidents": {}, "jira": {}} | source()
    try:
        return Settings(**values), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    unread = {variable for variable, value in given.items() if not value.text}
    return None, [_problem(detail, given) for detail in details if _variable(detail) not in unread]


def _variable(detail: ErrorDetails) -> str:
    return PREFIX + DELIMITER.join(str(part) for part in detail["loc"]).upper()


def _problem(detail: ErrorDetails, given: Mapping[str, Given]) -> str:
    variable = _variable(detail)
    if detail["type"] == "missing":
        return f"{variable} is missing. {VARIABLES[variable].description}"
    if detail["type"] == "value_error":
        return f"{variable}: {detail['ctx']['error']}."
    message = detail["msg"][0].lower() + detail["msg"][1:]
    value = f" is {given[variable].text!r}" if variable in given and variable not in SECRETS else ""
    return f"{variable}{value}: {message}. {VARIABLES[variable].description}"


def _value(settings: Settings, variable: str) -> object:
    value: object = settings
    for name in variable.removeprefix(PREFIX).lower().split(DELIMITER):
        value = getattr(value, name)
    return value


def _shown(variable: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return MASK
    return _without_login(str(value)) if variable in SECRETS else str(value)


def _without_login(url: str) -> str:
    """`url` for everybody's eyes. Generous, since a password may contain anything: up to the last @."""
    head, at, tail = url.rpartition("@")
    shown = f"{head.partition('://')[0]}://{MASK}@{tail}" if at else url
    address, query, _ = shown.partition("?")
    return f"{address}?{MASK}" if query else address
