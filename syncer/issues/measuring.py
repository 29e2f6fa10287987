"""Measures every request to Jira, where all of them pass: in the session's adapter, below the library's own calls."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from syncer.core.records import Side
from syncer.issues.routes import route
from syncer.meter import NO_ANSWER, Meter


class MeasuringAdapter(HTTPAdapter):
    """Tells `meter` of each request, from its first byte to the last one of its answer. Repeats nothing."""

    def __init__(self, meter: Meter, pool_maxsize: int) -> None:
        super().__init__(pool_maxsize=pool_maxsize, max_retries=0)
        self._meter = meter

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        began, status = time.monotonic(), NO_ANSWER
        try:
            response = super().send(request, stream, timeout, verify, cert, proxies)
            # The body is part of the answer; requests would read it a moment later.
            response.content  # noqa: B018
            status = str(response.status_code)
            return response
        finally:
            took = time.monotonic() - began
            path = urlsplit(request.url or "").path
            self._meter.exchanged(Side.ISSUE.word, request.method or "", route(path), status, took)
