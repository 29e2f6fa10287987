"""What an answer of Enterprise Tester asks for: pure, so that the rules can be read and tested in one place.

| answer                            | to a read                          | to a write                  |
|-----------------------------------|------------------------------------|-----------------------------|
| 2xx with a JSON object            | the answer                         | the answer                  |
| 2xx with anything else            | Unavailable: a page of some proxy  | InDoubt: it was carried out |
| 401                               | Denied                             | Denied                      |
| 403 that speaks of permission     | Denied                             | Denied                      |
| 403 otherwise                     | Rejected                           | Rejected                    |
| 404                               | Missing                            | Missing                     |
| 408, 425, 429, 503, a redirect    | Unavailable                        | Unavailable                 |
| any other 4xx                     | Rejected                           | Rejected                    |
| any other 5xx                     | Unavailable                        | InDoubt                     |

One code, 403, stands for missing permission and for failed validation (vendor's page Incident, PUT); only the
text of `Message` tells them apart. Assumed: 401 means bad credentials, and 408, 425, 429 and 503 that nothing
was done; the vendor's pages name none of them.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from syncer.core.records import Side
from syncer.errors import Denied, InDoubt, Missing, Rejected, SideError, Unavailable

Json = Mapping[str, Any]

SHOWN_CHARACTERS = 300
READ_CHARACTERS = 20_000
_SPEAKS_OF_PERMISSION = re.compile(r"permission|authori[sz]|not allowed|access.{1,10}denied|licen[cs]e", re.I)
_WHAT_TO_CHECK = {
    False: "check the user name and the password",
    True: "if the access token has ended or was withdrawn, have the synchronizer authorised again in Enterprise Tester "
    "and set the new access token, for HMAC-SHA1 with its secret; else check the consumer's key, and its secret or the "
    "private key",
}
_NOTHING_DONE = frozenset({408, 425, 429, 503})
_UNSEEN = re.compile(r"<(script|style)\b[^>]{0,200}>.{0,4000}?</\1>|<[^>]{0,400}>", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its JSON object (empty for an empty body), and the server's clock when it was given."""

    status: int
    body: Json
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, as far as it may be shown: `PUT /api/incident/...`, without query and body."""

    method: str
    path: str

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.method} /api/{self.path}"


def json_object(text: str) -> Json | None:
    """The JSON object of a body, an empty one for an empty body, `None` for anything else."""
    try:
        body = json.loads(text) if text.strip() else {}
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def refusal(
    request: Request, status: int, message: str, location: str | None = None, *, signed: bool = False
) -> SideError:
    """The error that any answer asks for but a good one; its sentence holds the server's own message.

    `signed`: the request was signed by OAuth 1.0a."""
    said = f"Enterprise Tester answered {request} with {status} {_phrase(status)}: {message}"
    if status < 300:
        said = f"Enterprise Tester answered {request} with something that is no JSON object: {message}"
        return (InDoubt if request.writes else Unavailable)(Side.INCIDENT, said, status=status)
    if status < 400:
        advice = f"it redirects to {_bare(location)}; set the server's address to where it really is"
        return Unavailable(Side.INCIDENT, f"{said}, {advice}", status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        return Denied(Side.INCIDENT, f"{said}; {_WHAT_TO_CHECK[signed]}", status=status)
    if status == HTTPStatus.FORBIDDEN and _SPEAKS_OF_PERMISSION.search(message):
        return Denied(Side.INCIDENT, said, status=status)
    if status == HTTPStatus.NOT_FOUND:
        return Missing(Side.INCIDENT, said, status=status)
    if status in _NOTHING_DONE or (status >= 500 and not request.writes):
        return Unavailable(Side.INCIDENT, said, status=status)
    if status >= 500:
        return InDoubt(Side.INCIDENT, f"{said}; it may have been carried out", status=status)
    return Rejected(Side.INCIDENT, said, status=status)


def message_of(text: str, veiled: Callable[[str], str]) -> str:
    """The `Message` of an error body, or what a person would read on an error page; `SHOWN_CHARACTERS` at most of what
    is left of it `veiled`: of a secret that is cut first a part would stay."""
    try:
        body = json.loads(text)
    except ValueError:
        return _cut(veiled(one_line(text, READ_CHARACTERS))) or "an empty page"
    message = body.get("Message") if isinstance(body, dict) else None
    return _cut(veiled(one_line(message, READ_CHARACTERS))) if isinstance(message, str) else "no message"


def _cut(line: str, most: int = SHOWN_CHARACTERS) -> str:
    return line if len(line) <= most else f"{line[: most - 1]}…"


def one_line(text: str, most: int) -> str:
    """What a person would read of a text or of HTML, on one line of at most `most` characters."""
    return _cut(" ".join(html.unescape(_UNSEEN.sub(" ", text[:READ_CHARACTERS])).split()), most)


def server_time(date: str | None) -> datetime | None:
    """The server's clock by its `Date` header; `None` when it sends none or nonsense."""
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(unknown)"


def _bare(location: str | None) -> str:
    """Where a redirect leads, without a query and without credentials."""
    return re.sub(r"//[^/@]*@", "//", (location or "nowhere").split("?")[0])[:SHOWN_CHARACTERS]
