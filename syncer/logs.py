"""What is logged and how: lines for people or JSON for collectors, always on standard error.

    structlog ──► level ──► time ──► secrets masked, control characters replaced ──► console or JSON ──► stderr

Only our own words are logged. Libraries stay silent, because they quote requests and answers: what is worth knowing
of a failure is in the sentence of its error.
"""

import logging
import re
import sys
from collections.abc import Collection, MutableMapping
from typing import Any, Literal, TextIO, cast

import structlog

MASK = "********"

Format = Literal["auto", "console", "json"]
Level = Literal["debug", "info", "warning", "error"]

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _StandardError:
    """Standard error as it is at the moment of writing: a progress bar puts itself in its place."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(form: Format, level: Level, secrets: Collection[str] = ()) -> None:
    """Log from here on in that form. None of `secrets` appears in any line, wherever it comes from."""
    logging.getLogger().addHandler(logging.NullHandler())
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if console:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, sort_keys=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _Cleaner(secrets),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=False,
    )


class _Cleaner:
    """Takes out of every text of a line what nobody may see, and what would drive a terminal."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def __call__(self, _logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: self._clean(value) if isinstance(value, str) else value for name, value in line.items()}

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return printable(text)


def printable(text: str) -> str:
    """The text with U+FFFD for control characters: a record's title must not be able to drive a terminal."""
    return _CONTROLS.sub("\ufffd", text)
