"""Who acts: the token of the settings, the session that it buys, and the sign that a form is one of ours. Pure.

token ──► session key ──► cookie: name, end and a random id, signed     (a changed token ends all sessions)
      └─► form key ─────► hidden field of each form: that id, signed    (a form of another session is refused)
"""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Session:
    """A person who has given the token. `by` is the name that stands in the history, `ends` seconds since 1970."""

    by: str
    ends: int
    id: str


class Keys:
    """All that is derived from one token."""

    def __init__(self, token: str) -> None:
        self._token = _digest(token)
        secret = token.encode("utf-8", "surrogatepass")
        self._session = hmac.digest(secret, b"session of the console", "sha256")
        self._form = hmac.digest(secret, b"form of the console", "sha256")

    def knows(self, told: str) -> bool:
        """Whether that is the token; takes as long for a wrong one, however much of it is right."""
        return hmac.compare_digest(self._token, _digest(told))

    def seal(self, session: Session) -> str:
        """The session as a cookie's value."""
        body = base64.urlsafe_b64encode(json.dumps(asdict(session)).encode("ascii")).decode("ascii").rstrip("=")
        return f"{body}.{_sign(self._session, body)}"

    def open(self, cookie: str, now: float) -> Session | None:
        """The session in a cookie; None where it isn't ours, was changed, or has ended."""
        body, _, signature = cookie.partition(".")
        if not _same(signature, _sign(self._session, body)):
            return None
        session = Session(**json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        return session if now < session.ends else None

    def form(self, session: Session) -> str:
        """What each form of the session carries."""
        return _sign(self._form, session.id)

    def fits(self, session: Session, told: str) -> bool:
        """Whether a form is one of the session's own."""
        return _same(told, self.form(session))


def clean_name(told: str) -> str:
    """A name for the history: one line, printable, not too long; empty where nothing is left."""
    return " ".join("".join(each if each.isprintable() else " " for each in told).split())[:LONGEST_NAME].strip()


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def _same(told: str, ours: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "surrogatepass"), ours.encode("ascii"))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
