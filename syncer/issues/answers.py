"""What Jira's answers mean: the one place where an answer or a broken connection becomes an error of ours.

| what came | reading | writing |
|---|---|---|
| no connection | Unavailable | Unavailable |
| connection lost, read timeout, cut or unreadable body | Unavailable | InDoubt |
| 401, or any answer to a login that failed | Denied | Denied |
| 403 in JSON | Denied | Denied |
| 404 in JSON | Missing | Missing |
| 400, 409, 413, 422, the other 4xx in JSON | Rejected | Rejected |
| 429 | HeldBack, by `sending.py` | HeldBack |
| 5xx | Unavailable | InDoubt |
| a redirect | Unavailable | Unavailable |
| a page with status 2xx | Unavailable | InDoubt |
| a page with status 404 | Unavailable | Unavailable |
| a page with another 4xx | Unavailable | Rejected |

A page (HTML) does not come from Jira but from a proxy or a firewall in front of it. One that refuses a write may
well object to the text in it, so that item is parked; if the wall is there for everybody, the reads say so.

Messages hold what the server says about the content, never headers: those carry cookies and credentials.
"""

import ssl
from collections.abc import Iterator
from typing import Any

from requests import Response
from requests.exceptions import (
    ConnectTimeout,
    InvalidHeader,
    InvalidURL,
    MissingSchema,
    ReadTimeout,
    RequestException,
    SSLError,
)
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from syncer.core.records import Side
from syncer.errors import Denied, HeldBack, InDoubt, Missing, Rejected, SideError, Unavailable

LOGIN_REASON = "X-Seraph-LoginReason"
DENIED_REASON = "X-Authentication-Denied-Reason"
LONGEST_MESSAGE = 1000


class Unwelcome(Exception):
    """Carries an answer that is no success from the session's hook to where it is known what was asked."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Passing(Unavailable):
    """Of the kind that is often over a moment later: worth asking again at once, if it was a question."""


class CutShort(Passing):
    """The answer broke off: perhaps the server stumbles over this very record."""


class LoginRefused(Denied):
    """The account itself is refused, not one record or one act: nothing else will work either."""


def hold_up(response: Response, *_: Any, **__: Any) -> None:
    """The session's hook. Every answer passes here, those to the library's own calls included, and before the
    library makes of it an exception whose text holds the headers. Raises `Unwelcome`."""
    if not response.ok or response.is_redirect or _login_failed(response) or _is_page(response):
        response.content  # noqa: B018 (read now, so that the connection goes back to the pool)
        raise Unwelcome(response)


def refusal(response: Response, *, writing: bool) -> SideError:
    """The error that an unwelcome answer stands for."""
    status = response.status_code
    said = f"Jira answered {status}: {spoken(response)}"
    if status == 401 or _login_failed(response) or DENIED_REASON in response.headers:
        return LoginRefused(Side.ISSUE, _login_advice(response), status=status)
    if response.is_redirect:
        return _unavailable("Jira's address redirects elsewhere; put the final address into the settings", status)
    if _is_page(response) and status < 500:
        return _page(status, writing)
    if status >= 500:
        kind = InDoubt if writing else Passing
        return kind(Side.ISSUE, said, status=status)
    kinds: dict[int, type[SideError]] = {403: Denied, 404: Missing}
    return kinds.get(status, Rejected)(Side.ISSUE, said, status=status)


def breakdown(problem: RequestException, *, writing: bool) -> SideError:
    """The error that a broken connection or an unreadable body stands for."""
    if _unsent(problem):
        return Passing(Side.ISSUE, f"Jira can't be reached ({type(problem).__name__}); {_connection_advice(problem)}")
    if writing:
        return InDoubt(Side.ISSUE, f"the request left and no answer came back ({type(problem).__name__})")
    if isinstance(problem, ReadTimeout):
        # Not `Passing`: a server that took so long is not helped by being asked the same again.
        return _unavailable("Jira took too long to answer", None)
    return CutShort(Side.ISSUE, f"Jira's answer was cut off ({type(problem).__name__})")


def concerns_everything(problem: SideError) -> bool:
    """Whether other records would fare no better: no connection, a refused account, too many requests."""
    if isinstance(problem, HeldBack):
        return problem.everything
    return isinstance(problem, LoginRefused) or (problem.status is None and not isinstance(problem, CutShort))


def spoken(response: Response) -> str:
    """What the server says about the request, on one line; the status' own words where it says nothing."""
    if _is_page(response):
        return f"{response.reason or 'no reason'}, as a page and not as data"
    try:
        body = response.json()
    except ValueError:
        body = None
    return "; ".join(dict.fromkeys(_sentences(body))) or response.reason or "no reason given"


def _sentences(body: Any) -> Iterator[str]:
    """Jira's error collection: `errorMessages`, `errors` by field; some answers have `message` instead."""
    if not isinstance(body, dict):
        return
    for member in ("errorMessages", "errorMessage", "message"):
        told = body.get(member)
        yield from (str(each) for each in (told if isinstance(told, list) else [told]) if each)
    errors = body.get("errors")
    if isinstance(errors, dict):
        yield from (f"{field}: {text}" for field, text in errors.items())


def _page(status: int, writing: bool) -> SideError:
    said = f"a page came in place of Jira's data ({status}), so from a proxy or a firewall in front of it"
    if writing and status < 300:
        return InDoubt(Side.ISSUE, said, status=status)
    if writing and status != 404:
        return Rejected(Side.ISSUE, f"{said}; it may object to this content", status=status)
    return _unavailable(f"{said}; if it stays, check Jira's address in the settings", status)


def _unavailable(said: str, status: int | None) -> Unavailable:
    return Unavailable(Side.ISSUE, said, status=status)


def _is_page(response: Response) -> bool:
    """Jira itself answers in JSON or with nothing at all, a 204 under any content type."""
    return "json" not in response.headers.get("Content-Type", "").lower() and bool(response.content)


def _login_failed(response: Response) -> bool:
    """With a wrong token some resources answer as to a stranger, with 200 or 404; only this header tells.

    Assumed: the header says AUTHENTICATED_FAILED or AUTHENTICATION_DENIED then, on Cloud as on Data Center."""
    reason = response.headers.get(LOGIN_REASON, "").upper()
    return "AUTHENTICATED_FAILED" in reason or "AUTHENTICATION_DENIED" in reason


def _login_advice(response: Response) -> str:
    hint = response.headers.get(DENIED_REASON, "")
    if "CAPTCHA" in hint.upper():
        return "Jira asks this account to solve a CAPTCHA; log in once with a browser as this account, then try again"
    told = f" ({hint})" if hint else ""
    return f"Jira refuses the credentials{told}; check login and token, which may have expired"


def _unsent(problem: RequestException) -> bool:
    """True if nothing of the request can have reached Jira."""
    if isinstance(problem, ConnectTimeout | InvalidURL | InvalidHeader | MissingSchema):
        return True
    cause = getattr(problem.args[0], "reason", problem.args[0]) if problem.args else None
    if isinstance(problem, SSLError):
        # An encrypted connection can also break after the request was sent; a refused certificate comes before.
        return any(isinstance(each, ssl.SSLCertVerificationError) for each in _causes(cause))
    return isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError)


def _connection_advice(problem: RequestException) -> str:
    if isinstance(problem, SSLError):
        return "its certificate isn't trusted here; give the certificate of your authority in the settings"
    return "check address, name resolution and proxy if this stays"


def _causes(problem: object) -> Iterator[BaseException]:
    """The exception and those it wraps, as arguments or as causes."""
    waiting = [problem]
    for _ in range(10):
        if not waiting or not isinstance(here := waiting.pop(), BaseException):
            return
        yield here
        waiting += [each for each in (*here.args, here.__cause__, here.__context__) if isinstance(each, BaseException)]
