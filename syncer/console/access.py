"""Whether a request may act, and in whose name.

| what comes with the post | what happens |
|---|---|
| no token is configured | 403: the console only shows |
| `Authorization: Bearer` with the token | accepted: no browser sends it by itself |
| the same with another token | 401, and after some of them 429 for a while |
| a session, and a form of that session, from our own page | accepted |
| a session, and the form isn't, or another site sent it | 403 |
| neither | 401: sign in first |
"""

import math
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from config.model import Http
from syncer.console.attempts import Attempts
from syncer.console.identity import Keys, Session, clean_name

COOKIE = "syncer_session"
FORM = "form"
"""The hidden field that tells a form of ours."""
SESSION_SECONDS = 12 * 3600
OFF = "Acting is switched off, as no token is configured: set SYNCER_HTTP__TOKEN and start the daemon again."
SCRIPT = "a script"


class Refusal(Exception):
    """A request that is answered with that status and that sentence. `again_in`: seconds after which to come back."""

    def __init__(self, status: int, sentence: str, *, again_in: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.again_in = again_in


class Access:
    """The one place that knows the token."""

    def __init__(self, http: Http) -> None:
        self._keys = Keys(http.token.get_secret_value()) if http.token is not None else None
        self._url = urlsplit(http.url) if http.url is not None else None
        self._attempts = Attempts(time.monotonic)

    @property
    def possible(self) -> bool:
        """Whether anybody can act at all."""
        return self._keys is not None

    def session(self, request: Request) -> Session | None:
        """Who is signed in, if anybody is."""
        cookie = request.cookies.get(COOKIE)
        return None if self._keys is None or cookie is None else self._keys.open(cookie, time.time())

    def form(self, session: Session | None) -> str:
        """What the session's forms carry; empty without one."""
        return "" if self._keys is None or session is None else self._keys.form(session)

    def sign_in(self, request: Request, told: Mapping[str, str]) -> Session:
        """A new session for the token and a name. Raises `Refusal`."""
        keys = self._possible()
        self._ours(request)
        by = clean_name(told.get("by", ""))
        self._try(request, keys, told.get("token", ""), status=403)
        if not by:
            raise Refusal(422, "Give your name, too: it stands in the history beside what you decide.")
        return Session(by, int(time.time()) + SESSION_SECONDS, secrets.token_hex(16))

    def keep(self, answer: Response, session: Session) -> None:
        """Let the browser keep the session."""
        secure = self._url is not None and self._url.scheme == "https"
        answer.set_cookie(
            COOKIE,
            self._possible().seal(session),
            max_age=SESSION_SECONDS,
            path="/",
            secure=secure,
            httponly=True,
            samesite="strict",
        )

    def actor(self, request: Request, told: Mapping[str, str]) -> str:
        """In whose name a post acts. Raises `Refusal`."""
        keys = self._possible()
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._try(request, keys, bearer.strip(), status=401)
            return clean_name(told.get("by", "")) or SCRIPT
        session = self.session(request)
        if session is None:
            raise Refusal(401, "Sign in first: acting needs the token of SYNCER_HTTP__TOKEN.")
        self._ours(request)
        if not keys.fits(session, told.get(FORM, "")):
            raise Refusal(403, "This form belongs to a session that has ended. Load its page again, and then decide.")
        return session.by

    def _possible(self) -> Keys:
        if self._keys is None:
            raise Refusal(403, OFF)
        return self._keys

    def _try(self, request: Request, keys: Keys, token: str, *, status: int) -> None:
        address = request.client.host if request.client is not None else ""
        pause = self._attempts.pause(address)
        if pause > 0:
            seconds = math.ceil(pause)
            raise Refusal(429, f"Too many wrong tokens from here: try again in {seconds} s.", again_in=seconds)
        if not keys.knows(token):
            self._attempts.failed(address)
            raise Refusal(status, "That isn't the token. It is what SYNCER_HTTP__TOKEN holds.")
        self._attempts.succeeded(address)

    def _ours(self, request: Request) -> None:
        """Browsers say which site a form is from, and no page can make them lie."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        # Over plain HTTP, other than on this machine, browsers tell the origin alone.
        ours = self._is_own(origin, request) if site is None else site == "same-origin"
        if not ours:
            raise Refusal(403, "This came from a page of another site, and nothing was done.")

    def _is_own(self, origin: str | None, request: Request) -> bool:
        if origin is None:
            return False
        told = urlsplit(origin)
        # The scheme isn't compared: where another program does TLS in front of us, we are asked in plain HTTP.
        hosts = {request.headers.get("host", "").lower()} | ({self._url.netloc.lower()} if self._url else set())
        return told.scheme in ("http", "https") and told.netloc.lower() in hosts
