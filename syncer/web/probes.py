"""What machines ask the daemon: is it alive, is it ready, how does it do. Plain text, one sentence a line.

| path | answers | 503 means |
|---|---|---|
| /livez | from the process alone | it hangs: start it anew |
| /readyz | from the state DB too | something is amiss, and the line says what; a new start mends nothing |
| /metrics | Prometheus' text format | - |

None of it needs a token, and it may be asked for under any name: a probe knows a container by its address.
"""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from syncer.health import Verdict
from syncer.logs import printable
from syncer.metrics_now import MetricsNow
from syncer.web.front import Probed


def probes(probed: Probed) -> list[Route]:
    """The routes. Their functions may wait for the state DB, so each request has a thread of its own."""
    vitals = probed.vitals
    probed.metrics.registry.register(MetricsNow(probed))

    def livez(_request: Request) -> Response:
        return _told(vitals.alive())

    def readyz(_request: Request) -> Response:
        return _told(vitals.ready())

    def metrics(_request: Request) -> Response:
        return Response(generate_latest(probed.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]


def _told(verdict: Verdict) -> Response:
    lines = "".join(f"{printable(' '.join(line.split()))}\n" for line in verdict.lines)
    return PlainTextResponse(lines, 200 if verdict.good else 503)
