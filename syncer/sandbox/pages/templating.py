"""The templates, with autoescape on, and what they need to say times and names."""

import re
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from syncer.sandbox.pages.rich import Html


def environment() -> Environment:
    """A name that a template misspells is an error, not an empty place."""
    made = Environment(
        loader=PackageLoader("syncer.sandbox.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = moment
    made.filters["slug"] = slug
    return made


def moment(when: datetime) -> Html:
    """A time for people, in UTC."""
    told = when.astimezone(UTC)
    shown = f"{told.day} {told:%b %Y, %H:%M:%S} UTC"
    return Html(f'<time datetime="{told:%Y-%m-%dT%H:%M:%SZ}">{shown}</time>')


def slug(name: str) -> str:
    """A name as part of an id."""
    return re.sub(r"\W+", "-", name).strip("-").lower()
