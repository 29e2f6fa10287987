"""The issue side: Jira Cloud and Jira Data Center behind `syncer.ports.Port`."""

from syncer.issues.client import AccessToken, JiraClient, Login
from syncer.issues.project import IssueProject

__all__ = ["AccessToken", "IssueProject", "JiraClient", "Login"]
