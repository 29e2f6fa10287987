"""Style sheet, script and picture: read once, and kept by browsers until they change."""

import hashlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from syncer.console.access import Refusal

KINDS = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
_FILES = {name: files("syncer.console").joinpath("static", name).read_bytes() for name in KINDS}
VERSION = hashlib.sha256(b"".join(_FILES.values())).hexdigest()[:8]
"""Part of their addresses: a new version has new ones."""


def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES:
        raise Refusal(404, "There is no such file.")
    return Response(_FILES[name], media_type=KINDS[name], headers={"Cache-Control": "private, max-age=86400"})
