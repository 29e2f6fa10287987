"""A person with a browser that has no scripts: pages, forms, and the cookie between them."""

import re
from html import unescape
from typing import Self

import httpx

from tests.syncer.console.stage import TOKEN


class Visitor:
    """Redirects are followed. `html` is the last page."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.Client(base_url=address, headers={"Accept": "text/html"}, timeout=60)
        self.html = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str, status: int = 200) -> str:
        """The page, which must have that status."""
        answer = self.client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code} {text_of(answer.text)[-300:]}"
        self.html = answer.text
        return self.html

    def sign_in(self, by: str = "Ada", token: str = TOKEN) -> httpx.Response:
        return self.post("/login", by=by, token=token)

    def post(self, path: str, **form: str) -> httpx.Response:
        """As one of our own pages posts; the answer is not followed."""
        return self.client.post(path, data=form, headers={"Origin": self.address, "Sec-Fetch-Site": "same-origin"})

    def send(self, action: str, **more: str) -> str:
        """Send the form of the last page that leads there and holds `more`; gives the page that follows."""
        for found in re.finditer(r'<form method="post" action="([^"]*)">(.*?)</form>', self.html, re.DOTALL):
            if found[1].endswith(action):
                held = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[2]))
                fields = {name: unescape(value) for name, value in held.items()} | more
                if all(held.get(name) in (None, value) for name, value in more.items()):
                    answer = self.post(unescape(found[1]), **fields)
                    assert answer.status_code == 303, text_of(answer.text)[-300:]
                    return self.get(answer.headers["location"])
        raise AssertionError(f"the page has no form for {action} with {more}")

    def token_of_forms(self) -> str:
        """What the forms of this session carry."""
        found = re.search(r'name="form" value="([0-9a-f]+)"', self.get("/"))
        assert found is not None
        return found[1]


def text_of(html: str) -> str:
    """What people read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
