"""Who is calling.

| deployment  | accepted                                                        |
|-------------|-----------------------------------------------------------------|
| Cloud       | Basic, mail address and API token (here: the one password)      |
| Data Center | Basic, login and password; or Bearer `pat-<login>`              |
"""

import base64
import binascii

from starlette.responses import HTMLResponse, JSONResponse, Response

from syncer.sandbox.cast import PASSWORD
from syncer.sandbox.jira.records import User
from syncer.sandbox.jira.store import Store

PAT_PREFIX = "pat-"
_PAGE = (
    "<html><head><title>Unauthorized (401)</title></head>"
    "<body><h1>Unauthorized (401)</h1><p>Encountered a 401 - Unauthorized error.</p></body></html>"
)


def caller(store: Store, authorization: str | None) -> User | None:
    """The account behind an Authorization header; None if it opens nothing."""
    if authorization is None or store.behaviour.credentials_expired:
        return None
    scheme, _, credentials = authorization.partition(" ")
    user = None
    if scheme.lower() == "basic":
        user = _basic(store, credentials)
    elif scheme.lower() == "bearer" and not store.cloud and credentials.startswith(PAT_PREFIX):
        user = store.users.get(credentials.removeprefix(PAT_PREFIX))
    return user if user is not None and user.active else None


def refusal(store: Store) -> Response:
    """401 as the deployment words it: JSON from Cloud, an HTML page from Data Center."""
    if store.cloud:
        headers = {"WWW-Authenticate": "OAuth", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
        body = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
        return JSONResponse(body, 401, headers)
    return HTMLResponse(_PAGE, 401, {"WWW-Authenticate": 'Basic realm="protected-area"'})


def _basic(store: Store, credentials: str) -> User | None:
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if password != PASSWORD:
        return None
    if store.cloud:
        return next((one for one in store.users.values() if one.email.lower() == name.lower()), None)
    return store.users.get(name)
