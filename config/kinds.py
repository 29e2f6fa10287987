"""The kinds of value that a setting can have, each with a refusal that says what is allowed.

No refusal repeats the value: an address is a place where people leave passwords.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

MOST_PORT = 65535

_SERVER_URL = re.compile(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(/\S*)?", re.IGNORECASE)


def _server_url(value: str) -> str:
    """`value` without its last slash, if it is the address of a server and nothing more."""
    if "@" in value:
        raise ValueError("must not contain a login or password; they have settings of their own")
    if "?" in value or "#" in value:
        raise ValueError("must end with its path; take away the ? or # and what follows")
    if not _SERVER_URL.fullmatch(value):
        raise ValueError("must be an http or https address, such as https://host.example.com:8443/path")
    return value.rstrip("/")


def _webhook_url(value: SecretStr) -> SecretStr:
    """May hold a query, as the key to a channel often stands in it."""
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https address, such as https://chat.example.com/hooks/...")
    return value


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(
            "must be sqlite:///relative/file, sqlite:////absolute/file or "
            "postgresql+psycopg://user:password@host/database"
        )
    return value


def _installation(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,32}", value):
        raise ValueError("must be 1 to 32 characters out of a-z, 0-9 and -")
    return value


def _listen_address(value: str) -> str:
    if value.strip().lower() == "off":
        return ""
    host, colon, port = value.strip().rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or not 0 <= int(port) <= MOST_PORT:
        raise ValueError("must be host:port, such as 127.0.0.1:8484 or [::1]:8484, or off for no port")
    return f"{host}:{int(port)}"


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


ServerUrl = Annotated[str, AfterValidator(_server_url)]
Installation = Annotated[str, AfterValidator(_installation)]
WebhookUrl = Annotated[SecretStr, AfterValidator(_webhook_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
ListenAddress = Annotated[str, AfterValidator(_listen_address)]
"""`host:port`; empty for no port at all."""
LogFormat = Annotated[Literal["auto", "console", "json"], BeforeValidator(_lower)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
Timeout = Annotated[float, Field(gt=0, le=600)]
Delay = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Overlap = Annotated[int, Field(ge=0)]
Connections = Annotated[int, Field(ge=1, le=64)]
