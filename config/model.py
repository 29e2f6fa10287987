"""Every setting, with its default, its bounds and the sentence that explains it.

The descriptions are the operator's reference: `example.env` and the error messages carry them. A field with
`repr=False` may hold a secret. It is masked wherever settings are shown, and it may come from a file that a
variable ending in `_FILE` names.
"""

from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.kinds import (
    Connections,
    DatabaseUrl,
    Delay,
    Installation,
    ListenAddress,
    LogFormat,
    LogLevel,
    Overlap,
    ServerUrl,
    Timeout,
    WebhookUrl,
)

PREFIX = "SYNCER_"
DELIMITER = "__"

Origin = Literal["default", "environment", ".env", "file", "secret"]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Incidents(_Group):
    """How Enterprise Tester is reached."""

    url: ServerUrl = Field(
        description="Address of Enterprise Tester with its application path, as people open it in a browser."
    )
    user: str = Field(description="Login of the account that the synchronizer works as.")
    password: SecretStr = Field(repr=False, description="Password of that account.")
    timeout_seconds: Timeout = Field(default=30.0, description="How long one request may take.")
    settle_after_seconds: Delay = Field(
        default=120.0,
        description="How long a create whose answer was lost may still surface before it is sent again.",
    )
    overlap_seconds: Overlap = Field(
        default=300,
        description="How far each poll reaches back behind the last one, against late listings.",
    )
    connections: Connections = Field(default=8, description="Requests to Enterprise Tester at the same time, at most.")


class Jira(_Group):
    """How Jira is reached: Cloud by e-mail and token; Data Center by token, or by login and password."""

    url: ServerUrl = Field(description="Address of Jira, as people open it in a browser.")
    user: str | None = Field(
        default=None,
        description="Cloud: the account's e-mail. Data Center: its login; none beside an access token.",
    )
    token: SecretStr | None = Field(
        default=None, repr=False, description="Cloud: an API token. Data Center: a personal access token."
    )
    password: SecretStr | None = Field(
        default=None,
        repr=False,
        validate_default=True,
        description="Data Center only: the password, where there is no token.",
    )
    token_expires: date | None = Field(
        default=None, description="The day on which the token ends, as 2027-01-31: two weeks before, people are told."
    )
    timeout_seconds: Timeout = Field(default=30.0, description="How long one request may take.")
    settle_after_seconds: Delay = Field(
        default=120.0,
        description="How long a create whose answer was lost may still surface before it is sent again.",
    )
    overlap_seconds: Overlap = Field(
        default=600,
        description="How far each poll reaches back behind the last one, against a search index that lags.",
    )
    connections: Connections = Field(default=8, description="Requests to Jira at the same time, at most.")

    @field_validator("password")
    @classmethod
    def _one_way_to_log_in(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """On the last of the credentials, so that it speaks up even when other settings are wrong as well."""
        token, user = info.data.get("token"), info.data.get("user")
        cloud = (urlsplit(info.data.get("url", "")).hostname or "").endswith(".atlassian.net")
        if (token is None) == (password is None):
            raise ValueError("set exactly one of SYNCER_JIRA__TOKEN and SYNCER_JIRA__PASSWORD")
        if cloud and password is not None:
            raise ValueError("Jira Cloud takes no password; set SYNCER_JIRA__TOKEN to an API token instead")
        if user is None and cloud:
            raise ValueError("Jira Cloud wants SYNCER_JIRA__USER too: the e-mail of the account that owns the token")
        if user is None and password is not None:
            raise ValueError("a password wants SYNCER_JIRA__USER too: the login that it belongs to")
        return password


class State(_Group):
    """Where the synchronizer keeps what both sides last agreed on."""

    url: DatabaseUrl = Field(
        default="sqlite:////var/lib/syncer/syncer.db",
        repr=False,
        description="State DB: an SQLite file, or postgresql+psycopg://user:password@host/database.",
    )
    lease_seconds: int = Field(
        default=30,
        ge=2,
        le=3600,
        description="After so long without a sign of life, another instance takes the place of the one that writes.",
    )


class Schedule(_Group):
    """When the synchronizer looks."""

    every_seconds: int = Field(default=60, ge=1, description="From the start of one cycle to the start of the next.")
    census_every_seconds: int = Field(
        default=3600,
        ge=60,
        description="Between two complete listings, from which alone a deletion may be suspected.",
    )
    retry_after_seconds: int = Field(
        default=60,
        ge=1,
        description="First delay before something parked is tried again; it doubles each time.",
    )
    retry_at_most_seconds: int = Field(
        default=3600, ge=1, description="Longest delay before something parked is tried again."
    )
    confirm_after_seconds: int = Field(
        default=300, ge=0, description="How long something must stay missing before it counts as deleted."
    )

    @field_validator("retry_at_most_seconds")
    @classmethod
    def _not_below_the_first(cls, longest: int, info: ValidationInfo) -> int:
        first = info.data.get("retry_after_seconds", longest)
        if longest < first:
            raise ValueError(f"must not be less than SYNCER_SCHEDULE__RETRY_AFTER_SECONDS, which is {first}")
        return longest


class Log(_Group):
    """What is written to standard error, and how."""

    format: LogFormat = Field(
        default="auto",
        description="console for people, json for collectors; auto is console on a terminal, else json.",
    )
    level: LogLevel = Field(default="info", description="The least severe message that is still written.")


class Http(_Group):
    """The port for the console, the probes and the metrics."""

    listen: ListenAddress = Field(
        default="127.0.0.1:8484",
        description="Where console, probes and metrics are served, as host:port; off for none of them.",
    )
    token: SecretStr | None = Field(
        default=None,
        repr=False,
        min_length=16,
        description="Who acts in the console must know it, 16 characters or more; without one it only shows.",
    )
    url: ServerUrl | None = Field(
        default=None,
        description="Address under which people open the console, where that isn't the one it listens on.",
    )
    heartbeat: Path | None = Field(
        default=None,
        description="A file that is touched while the daemon makes progress, for those who allow no port.",
    )


class Webhook(_Group):
    """Who is told of what needs a person."""

    url: WebhookUrl | None = Field(
        default=None, repr=False, description="Address that gets a small JSON message for each event; none without."
    )
    silent_intervals: int = Field(
        default=5,
        ge=2,
        description="A project link without a good cycle for so many intervals counts as silent.",
    )
    remind_after_seconds: int = Field(
        default=86400, ge=3600, description="What still needs a person after so long is told again."
    )


class Settings(BaseSettings):
    """Everything the synchronizer is told from outside; frozen. `config.settings.load_settings` makes one.

    Built by hand, as in a test, it takes what it is given and reads neither environment nor files.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    installation: Installation = Field(
        default="default",
        description="Names this installation in its marks; two installations on one project need two names.",
    )
    incidents: Incidents
    jira: Jira
    state: State = State()
    schedule: Schedule = Schedule()
    log: Log = Log()
    http: Http = Http()
    webhook: Webhook = Webhook()
    mappings: Path = Field(
        default=Path("/etc/syncer/mappings"),
        description="A mapping file, or a folder of them: one per project link.",
    )
    secrets_dir: Path = Field(
        default=Path("/run/secrets"),
        description="Folder of files that are each named after a variable and hold its value.",
    )

    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,
        **named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
