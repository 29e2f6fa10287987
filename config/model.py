"""Every setting, with its default, its bounds and the sentence that explains it.

The descriptions are the operator's reference: `example.env` and the error messages carry them. A field with
`repr=False` may hold a secret. It is masked wherever settings are shown, and it may come from a file that a
variable ending in `_FILE` names.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.kinds import DatabaseUrl, Installation, ListenAddress, LogFormat, LogLevel, ServerUrl, WebhookUrl
from config.servers import Group, Incidents, Jira

PREFIX = "SYNCER_"
DELIMITER = "__"

Origin = Literal["default", "environment", ".env", "file", "secret"]


class State(Group):
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


class Schedule(Group):
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


class Log(Group):
    """What is written to standard error, and how."""

    format: LogFormat = Field(
        default="auto",
        description="console for people, json for collectors; auto is console on a terminal, else json.",
    )
    level: LogLevel = Field(default="info", description="The least severe message that is still written.")


class Http(Group):
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


class Webhook(Group):
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
