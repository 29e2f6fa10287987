"""Whether a form was posted by one of our own pages: browsers say so, and no other site can make them lie."""

from urllib.parse import urlsplit

from starlette.requests import Request

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def from_our_page(request: Request, hosts: frozenset[str]) -> bool:
    """True if the posted form came from this very host and port, which must be one of `hosts` or this machine.

    Without the second part a foreign name that resolves to this machine would be as good as ours."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if site != "same-origin" or request.headers.get("origin") != own:
        return False
    try:
        return urlsplit(own).hostname in LOCAL | hosts
    except ValueError:
        return False
