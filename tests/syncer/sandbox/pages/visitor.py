"""A person with a browser that has no scripts: reads pages, fills in the forms that stand there, and sends them."""

from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlsplit

import httpx

Fields = list[tuple[str, str]]


class Visitor:
    """`home` is the address of a list. All paths are whole ones, as they stand in links."""

    def __init__(self, home: str) -> None:
        self.home = home
        parts = urlsplit(home)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._client = httpx.Client(base_url=self.origin, headers={"Accept": "text/html,*/*"}, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def read(self, path: str) -> str:
        """A page that has to be there."""
        answer = self._client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, action: str, **typed: str | list[str]) -> httpx.Response:
        """Fill in the form of the page at `path` whose action ends like this, and send it."""
        forms = _Forms(self.read(path))
        (url, fields) = next((url, fields) for url, fields in forms.found if url.endswith(action))
        kept = [(name, value) for name, value in fields if name not in typed]
        given = [
            (name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])
        ]
        return self.post(url, [*kept, *given])

    def post(self, url: str, fields: Fields, **headers: str) -> httpx.Response:
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return self._client.post(url, data=data, headers={"Origin": self.origin, **headers})


class _Forms(HTMLParser):
    """The forms of a page, each with its address and the fields that a browser would send unchanged."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self._select = ""
        self._area: str | None = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((held["action"], []))
        elif tag == "input" and (held.get("type") != "checkbox" or "checked" in held):
            self._add(held["name"], held.get("value", ""))
        elif tag == "select":
            self._select = held["name"]
        elif tag == "option" and "selected" in held:
            self._add(self._select, held["value"])
        elif tag == "textarea":
            self._area, self._text = held["name"], ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # A browser drops the line end right after the tag, and sends the others as it does on the network.
            self._add(self._area, self._text.removeprefix("\n").replace("\n", "\r\n"))
            self._area = None

    def _add(self, name: str, value: str) -> None:
        self.found[-1][1].append((name, value))
