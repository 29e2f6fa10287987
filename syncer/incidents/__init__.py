"""The incident side: Enterprise Tester's REST API behind `syncer.ports.Port`."""

from syncer.incidents.client import Credentials, IncidentClient
from syncer.incidents.project import IncidentProject
from syncer.incidents.signing import OAuthLogin, SharedSecrets

__all__ = ["Credentials", "IncidentClient", "IncidentProject", "OAuthLogin", "SharedSecrets"]
