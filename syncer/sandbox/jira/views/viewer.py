"""Who looks: times are told in the caller's time zone, people by what their deployment calls them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from syncer.sandbox.jira.records import User
from syncer.sandbox.jira.store import Store

Json: TypeAlias = dict[str, Any]
SIZES = {"48x48": "large", "24x24": "small", "16x16": "xsmall", "32x32": "medium"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """The account whose eyes a response is made for."""

    store: Store
    user: User

    def url(self, path: str) -> str:
        """The address of a resource below /rest/api/2."""
        return f"{self.store.base_url}/rest/api/2/{path}"

    def time(self, moment: datetime) -> str:
        """Milliseconds and an offset without a colon, in the caller's profile time zone."""
        local = moment.astimezone(self.store.zone_of(self.user.login))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def avatars(self, kind: str) -> Json:
        return {size: f"{self.store.base_url}/secure/{kind}?size={name}" for size, name in SIZES.items()}

    def person(self, login: str) -> Json:
        """A user as every response shows one; no name or key on Cloud, no accountId on Data Center."""
        user = self.store.users[login]
        if self.store.cloud:
            named = {"accountId": user.account_id, "accountType": "atlassian"}
            me = self.url(f"user?accountId={quote(user.account_id, safe='')}")
        else:
            named = {"name": user.login, "key": user.key}
            me = self.url(f"user?username={quote(user.login, safe='')}")
        mail = {} if self.store.behaviour.emails_hidden else {"emailAddress": user.email}
        return {
            "self": me,
            **named,
            **mail,
            "avatarUrls": self.avatars("useravatar"),
            "displayName": user.display_name,
            "active": user.active,
            "timeZone": str(self.store.zone_of(login)),
        }
