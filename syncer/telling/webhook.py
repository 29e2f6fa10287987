"""The receiver's address: one POST of a small JSON message, and what came of it in words.

The address is a secret: whoever knows it can write into the channel. No sentence of ours holds any part of it.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, Self

import httpx

from syncer.errors import SyncerError
from syncer.logs import MASK, printable

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
"""For each step of a request."""

LISTEN_SECONDS = 5.0
MOST = 4096
SHOWN = 200
"""So many characters of an answer are shown to somebody who tries it, of so many bytes that are read of it."""


class NotTold(SyncerError):
    """The receiver didn't take the message; it is to be told again later."""


class Webhook:
    """One receiver. Follows no redirect: the message is for the address in the settings, and for nobody else."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, message: Mapping[str, Any], *, listen: bool = False) -> str:
        """Send a message; gives the status of the answer, and with `listen` how it begins, as in `200 ok`.

        Raises `NotTold` for anything but a 2xx answer."""
        content = json.dumps(message).encode("ascii")
        headers = {"Content-Type": "application/json", "User-Agent": "syncer"}
        try:
            with self._client.stream("POST", self._url, content=content, headers=headers) as response:
                # The status decides: a body that never ends is none of our business.
                answer = f"{response.status_code} {self._beginning(response) if listen else ''}".strip()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            # The error's own words may quote the address.
            raise NotTold(f"the webhook's receiver didn't take the message: {_kind(error)}") from None
        if response.is_redirect:
            raise NotTold(f"the webhook's receiver answered {answer}, a redirect, which isn't followed")
        if not response.is_success:
            raise NotTold(f"the webhook's receiver answered {answer}")
        return answer

    def _beginning(self, response: httpx.Response) -> str:
        """Without what it repeats of our address; a long one without its end too: half a key may stand there."""
        read, deadline = b"", time.monotonic() + LISTEN_SECONDS
        try:
            for chunk in response.iter_bytes():
                read += chunk
                if len(read) >= MOST or time.monotonic() > deadline:
                    break
        except httpx.HTTPError:
            pass  # what has come is all there is
        said = read[:MOST].decode("utf-8", "replace")
        secrets = self._secrets()
        for secret in secrets:
            said = said.replace(secret, MASK)
        if len(read) >= MOST:
            said = said[: -len(secrets[0])]
        return " ".join(printable(said[:SHOWN]).split())

    def _secrets(self) -> list[str]:
        """Longest first, the whole address among them; parts too short to be a key may be shown."""
        url = httpx.URL(self._url)
        parts = {self._url, *url.path.split("/"), *url.params.values(), url.password, url.query.decode("ascii")}
        return sorted((part for part in parts if len(part) > 3), key=len, reverse=True)


def _kind(error: Exception) -> str:
    match error:
        case httpx.ConnectTimeout() | httpx.ConnectError():
            return "it can't be reached"
        case httpx.TimeoutException():
            return "it took too long"
        case httpx.RemoteProtocolError():
            return "what came back isn't HTTP, or was cut off"
        case _:
            return type(error).__name__
