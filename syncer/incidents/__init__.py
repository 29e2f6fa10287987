"""The incident side: Enterprise Tester's REST API behind `syncer.ports.Port`."""

from syncer.incidents.client import IncidentClient
from syncer.incidents.project import IncidentProject

__all__ = ["IncidentClient", "IncidentProject"]
