"""OAuth 1.0a: each request to Enterprise Tester is signed, and no password leaves this machine.

What is signed is the method, the address and the query, with a time and a word that is used once. Bodies are JSON
and by the standard no part of it. How a query is written decides whether both sides come to the same signature, and
there are several ways to write a blank: so the query is sent in OAuth's own encoding, the one that is signed.

Assumed: the server takes RSA-SHA1 or HMAC-SHA1, and refuses a time too far from its own with 401. The vendor's pages
name neither; that a consumer is registered with a public key speaks for RSA-SHA1. So the settings say which it is.
A clock that differs is no reason to stand still: the server's own is in that answer, and the request is signed once
more by it. A 401 has changed nothing, so this goes for requests that write, too.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_RSA_SHA1, Client

from syncer.incidents.answers import server_time
from syncer.private_key import PrivateKey

CLOCKS_AGREE = 30.0
"""Seconds that the clocks may differ by without a time being the likely reason of a 401."""


@dataclass(frozen=True, slots=True)
class SharedSecrets:
    """What HMAC-SHA1 signs with: the consumer's secret and the access token's. The server knows both."""

    consumer: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.consumer, self.token)


@dataclass(frozen=True, slots=True)
class OAuthLogin:
    """The consumer that an administrator registered, and the access token that `user` gave it.

    Signed by a private key (RSA-SHA1), of which the server knows the public one, or by secrets (HMAC-SHA1)."""

    user: str
    consumer_key: str
    token: str = field(repr=False)
    signs_with: SharedSecrets | PrivateKey

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line may show: each as it is, and as a header carries it."""
        held = (self.token, *self.signs_with.secrets)
        return (*held, *(quote(secret, safe="-._~") for secret in held))


class Signing(httpx.Auth):
    """Signs the requests of an httpx client; may be shared by threads. `clock` is in seconds since 1970."""

    def __init__(self, login: OAuthLogin, clock: Callable[[], float] = time.time) -> None:
        self._login = login
        self._method = _method(login.signs_with)
        self._clock = clock
        self._ahead = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = _in_oauth_encoding(request.url)
        used = self._sign(request)
        response = yield request
        told = server_time(response.headers.get("Date"))
        if response.status_code != httpx.codes.UNAUTHORIZED or told is None:
            return
        if abs(told.timestamp() - used) > CLOCKS_AGREE:
            self._ahead = told.timestamp() - self._clock()
            self._sign(request)
            yield request

    def _sign(self, request: httpx.Request) -> int:
        """Sign by the server's time as far as it is known; returns the time."""
        now, login = int(self._clock() + self._ahead), self._login
        signer = Client(
            login.consumer_key,
            resource_owner_key=login.token,
            timestamp=str(now),
            **self._method,
        )
        method: Any = request.method  # a text, while the library's types name each method
        _, headers, _ = signer.sign(str(request.url), http_method=method)
        request.headers["Authorization"] = headers["Authorization"]
        return now


def _method(signs_with: SharedSecrets | PrivateKey) -> dict[str, Any]:
    """How the library is told to sign. By RSA-SHA1 the token's secret is no part of it (RFC 5849, 3.4.3)."""
    if isinstance(signs_with, PrivateKey):
        return {"signature_method": SIGNATURE_RSA_SHA1, "rsa_key": signs_with.load()}
    return {
        "signature_method": SIGNATURE_HMAC_SHA1,
        "client_secret": signs_with.consumer,
        "resource_owner_secret": signs_with.token,
    }


def _in_oauth_encoding(url: httpx.URL) -> httpx.URL:
    """The same address, with every octet of the query escaped but letters, digits and `-._~` (RFC 5849, 3.6)."""
    if not url.query:
        return url
    pairs = parse_qsl(url.query.decode("ascii"), keep_blank_values=True)
    return url.copy_with(query=urlencode(pairs, quote_via=quote, safe="-._~").encode("ascii"))
