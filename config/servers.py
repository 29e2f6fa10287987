"""The settings of both servers: where they are, and how the synchronizer logs in. Their descriptions are the operator's
reference, as those in `model`."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from config.keys import PrivateKeyText
from config.kinds import Connections, Delay, Overlap, ServerUrl, Timeout


class Group(BaseModel):
    """Settings that belong together, frozen; an unknown one is refused without repeating its value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


OAUTH = ("consumer_key", "private_key", "consumer_secret", "access_token", "token_secret")
BY_KEY = ("consumer_key", "private_key", "access_token")
BY_SECRETS = ("consumer_key", "consumer_secret", "access_token", "token_secret")


class Incidents(Group):
    """How Enterprise Tester is reached: by password, or by OAuth 1.0a: all of `BY_KEY`, or all of `BY_SECRETS`."""

    url: ServerUrl = Field(
        description="Address of Enterprise Tester with its application path, as people open it in a browser."
    )
    user: str = Field(description="Login of the account that the synchronizer works as.")
    consumer_key: str | None = Field(
        default=None, description="OAuth 1.0a: key of the consumer that an administrator registered for us."
    )
    private_key: PrivateKeyText | None = Field(
        default=None,
        repr=False,
        description="OAuth 1.0a by RSA-SHA1: the private key, as PEM text, to the consumer's public key.",
    )
    consumer_secret: SecretStr | None = Field(
        default=None, repr=False, description="OAuth 1.0a by HMAC-SHA1: that consumer's secret."
    )
    access_token: SecretStr | None = Field(
        default=None, repr=False, description="OAuth 1.0a: the access token that the account gave that consumer."
    )
    token_secret: SecretStr | None = Field(
        default=None, repr=False, description="OAuth 1.0a by HMAC-SHA1: the access token's secret."
    )
    password: SecretStr | None = Field(
        default=None,
        repr=False,
        validate_default=True,
        description="Password of that account, where OAuth 1.0a isn't used.",
    )
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

    @field_validator("password")
    @classmethod
    def _one_way_to_log_in(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """On the last of the credentials, so that it speaks up even when other settings are wrong as well."""
        # What is not even there was given, and refused by a check of its own.
        given = [name for name in OAUTH if info.data.get(name, "refused") is not None]
        if given and password is not None:
            raise ValueError(f"log in either by password or by OAuth 1.0a: take away the password, or {_told(given)}")
        if given:
            _check_oauth(given)
        elif password is None:
            raise ValueError(
                f"set the password, or for OAuth 1.0a all of {_told(BY_KEY)} (RSA-SHA1), or all of {_told(BY_SECRETS)} "
                "(HMAC-SHA1)"
            )
        return password


def _check_oauth(given: Sequence[str]) -> None:
    """Raises ValueError unless requests can be signed in exactly one way."""
    secrets = [name for name in given if name not in BY_KEY]
    if "private_key" in given and secrets:
        raise ValueError(
            f"OAuth 1.0a signs either by a private key or by secrets: take away the key, or {_told(secrets)}"
        )
    lacking = {way: _told([name for name in way if name not in given]) for way in (BY_KEY, BY_SECRETS)}
    if "private_key" not in given and not secrets:
        raise ValueError(f"OAuth 1.0a wants {lacking[BY_KEY]} (RSA-SHA1) or {lacking[BY_SECRETS]} (HMAC-SHA1) too")
    way = BY_SECRETS if secrets else BY_KEY
    if lacking[way]:
        raise ValueError(f"OAuth 1.0a wants {lacking[way]} too")


def _told(names: Sequence[str]) -> str:
    return ", ".join(f"SYNCER_INCIDENTS__{name.upper()}" for name in names)


class Jira(Group):
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
