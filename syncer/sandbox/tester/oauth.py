"""OAuth 1.0a as the sandbox's Enterprise Tester checks it, by RFC 5849 alone: nothing is shared with those who sign.

| what                      | is                                                     |
|---------------------------|--------------------------------------------------------|
| consumer, and its secret  | `CONSUMER`, `CONSUMER_SECRET`                          |
| its public key            | `consumer_public_key` of the behaviour, at first none  |
| access token of a person  | `token_of(login)`, with the secret `token_secret_of`   |

A consumer with a public key signs by RSA-SHA1, one without by HMAC-SHA1. What is wrong is named as the problem
reporting of OAuth names it, such as `token_expired`.

Assumed: these two methods; a time of up to five minutes from the server's own; each nonce once within that time.
"""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from starlette.requests import Request

from syncer.sandbox.tester.behaviour import TesterBehaviour
from syncer.sandbox.tester.errors import Unauthorised

CONSUMER = "sandbox consumer"
CONSUMER_SECRET = "consumer's secret & more"
MOST_SKEW = timedelta(minutes=5)
_PARAMETER = re.compile(r'\s*([A-Za-z0-9_]+)="([^"]*)"\s*')
_NEEDED = ("oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce")


def token_of(login: str) -> str:
    """A person's access token."""
    return f"token of {login}"


def token_secret_of(login: str) -> str:
    """The secret that belongs to a person's access token."""
    return f"{login}'s secret+~%"


@dataclass(frozen=True, slots=True)
class _Used:
    """A nonce is good once for a time, a consumer and a token."""

    nonce: str
    consumer: str
    token: str


class Signatures:
    """Checks signatures, and remembers the nonces of the last minutes."""

    def __init__(self) -> None:
        self._used: dict[_Used, int] = {}

    def login(self, request: Request, now: datetime, behaviour: TesterBehaviour) -> str:
        """The login of whoever signed the request. Raises Unauthorised, with the problem's name in the message."""
        public_key = behaviour.consumer_public_key
        method = "RSA-SHA1" if public_key else "HMAC-SHA1"
        told = _told(request.headers.get("authorization", ""))
        missing = [name for name in (*_NEEDED, "oauth_signature") if not told.get(name)]
        if missing:
            raise _problem("parameter_absent", ", ".join(missing))
        if told["oauth_signature_method"] != method or told.get("oauth_version", "1.0") != "1.0":
            raise _problem("signature_method_rejected", f"only {method} and version 1.0 are taken")
        if told["oauth_consumer_key"] != CONSUMER:
            raise _problem("consumer_key_unknown")
        login = told["oauth_token"].removeprefix("token of ")
        if told["oauth_token"] != token_of(login):
            raise _problem("token_rejected")
        signed, signature = base_string(request, told).encode(), told["oauth_signature"]
        if not (_by_key(public_key, signed, signature) if public_key else _by_secrets(login, signed, signature)):
            raise _problem("signature_invalid")
        self._note(told, now)
        if behaviour.tokens_expired:
            raise _problem("token_expired")
        return login

    def _note(self, told: Mapping[str, str], now: datetime) -> None:
        """After the signature, so that nobody else can use up a nonce."""
        seconds, most = told["oauth_timestamp"], int(MOST_SKEW.total_seconds())
        if not seconds.isdecimal() or abs(int(seconds) - now.timestamp()) > most:
            raise _problem("timestamp_refused", f"the server's time is {int(now.timestamp())}")
        oldest = now.timestamp() - most
        self._used = {used: at for used, at in self._used.items() if at >= oldest}
        used = _Used(told["oauth_nonce"], told["oauth_consumer_key"], told["oauth_token"])
        if used in self._used:
            raise _problem("nonce_used")
        self._used[used] = int(seconds)


def _by_secrets(login: str, signed: bytes, signature: str) -> bool:
    """HMAC-SHA1 (RFC 5849, 3.4.2)."""
    key = f"{_escaped(CONSUMER_SECRET)}&{_escaped(token_secret_of(login))}"
    return hmac.compare_digest(b64encode(hmac.digest(key.encode(), signed, "sha1")), signature.encode())


def _by_key(public_key: str, signed: bytes, signature: str) -> bool:
    """RSA-SHA1 (RFC 5849, 3.4.3)."""
    try:
        key = load_pem_public_key(public_key.encode())
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey):
        raise _problem("consumer_key_refused", "what is registered for the consumer is no RSA public key")
    try:
        key.verify(b64decode(signature, validate=True), signed, PKCS1v15(), SHA1())
    except (ValueError, InvalidSignature):
        return False
    return True


def base_string(request: Request, told: Mapping[str, str]) -> str:
    """Method, address and parameters in the one form that both sides make of them (RFC 5849, 3.4.1)."""
    scheme, host = request.scope["scheme"], request.headers.get("host", "").lower()
    default = {"http": ":80", "https": ":443"}[scheme]
    path = request.scope["raw_path"].split(b"?")[0].decode("ascii")
    address = f"{scheme}://{host.removesuffix(default)}{path}"
    query = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
    own = [(name, value) for name, value in told.items() if name not in ("oauth_signature", "realm")]
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in (*query, *own))
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((request.method.upper(), _escaped(address), _escaped(parameters)))


def _told(header: str) -> dict[str, str]:
    """The parameters of an Authorization header."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    found = (_PARAMETER.fullmatch(part) for part in rest.split(","))
    return {match[1]: unquote(match[2]) for match in found if match is not None}


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")


def _problem(name: str, told: str = "") -> Unauthorised:
    return Unauthorised(f"oauth_problem={name}{f': {told}' if told else ''}")
