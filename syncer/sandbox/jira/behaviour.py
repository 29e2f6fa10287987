"""What may be switched on a running Jira sandbox: what differs between sites, and what is only assumed.

A mirror must be right whichever way these stand, so its tests turn them.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from syncer.sandbox.jira.limit_values import Limits

Deployment = Literal["cloud", "datacenter"]
Normalisation = Literal["wiki", "none", "trim", "lower"]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"time_zone must be the name of a time zone such as 'Europe/Berlin', not {name!r}.")
    return name


@dataclass(slots=True)
class JiraBehaviour:
    """The switches of one server; plain fields, free to be set at any moment."""

    search_lag_seconds: Annotated[float, Field(ge=0)] = 0.0
    """Search shows issues as they were that long ago; reads by id are always current."""

    normalise: Normalisation = "wiki"
    """What happens to rich text when it is stored. `lower` is no real server's habit but a cruel test."""

    comment_list_properties: bool = False
    """Assumed off: an issue's comments answer `expand=properties`, documented for POST /comment/list only."""

    comment_moves_updated: bool = True
    """Assumed on: adding, editing or deleting a comment moves the issue's `updated`."""

    remote_link_moves_updated: bool = False
    """Assumed off: writing a remote link moves the issue's `updated`."""

    property_moves_updated: bool = False
    """Assumed off: writing an entity property of the issue or of its comments moves the issue's `updated`."""

    epoch_literals: bool = True
    """JQL understands times in epoch milliseconds. Assumed off on Data Center."""

    emails_hidden: bool = False
    """People keep their mail addresses to themselves, as their profile allows them on Cloud."""

    page_cap: Annotated[int, Field(ge=1)] | None = None
    """No page holds more than this, whatever `maxResults` asks for."""

    credentials_expired: bool = False
    """Every token and password is refused with 401."""

    hidden_issues: set[str] = field(default_factory=set)
    """Ids of issues that nobody may see any more: 404 by id, absent from search."""

    hidden_project: str | None = None
    """Key of a project that nobody may browse any more."""

    security_levels: list[str] = field(default_factory=list)
    """Names of the levels with which a single issue can be kept from people, in every project."""

    security_levels_withheld: bool = False
    """The levels are told to nobody, as to people without the permission to set them."""

    read_only: bool = False
    """Whoever writes lacks the permission: 403."""

    delete_forbidden: bool = False
    """Whoever deletes an issue does."""

    link_issues_forbidden: bool = False
    """Whoever reads or writes a link does, as where issue linking is switched off."""

    index_rebuilding: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of each project's issues that search lacks; reads by id find them."""

    cut_pages: bool = False
    """Search ends with its first page, whatever is left: Cloud says `isLast`, and Data Center's later pages
    are empty below a `total` that stays true."""

    repeated_token: bool = False
    """On Cloud, each page of a search after the first leads to itself again."""

    clone_copies_properties: bool = False
    """Assumed off: a clone has the entity properties of its original."""

    clone_copies_remote_links: bool = True
    """Assumed on: a clone has the remote links of its original, as a person may choose."""

    limits: Limits | None = None
    """How many requests are served; None: all of them. Another value begins with full buckets."""

    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Berlin"
    """Time zone in the profile of the synchronizer's own account; everybody else lives in UTC."""

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """The usual behaviour of a deployment: only Cloud converts wiki text when it stores it."""
        cloud = deployment == "cloud"
        return cls(normalise="wiki" if cloud else "none", epoch_literals=cloud)
