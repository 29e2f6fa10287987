"""A real browser for tests: Chromium without a window, driven by Playwright.

    @pytest.fixture(scope="module")
    def browser() -> Iterator[Browser]:
        with chromium() as browser:
            yield browser

    def test_something(browser: Browser) -> None:
        with page(browser, scheme="dark", width=360) as tab:
            tab.goto(address)

Where no Chromium is installed the tests are skipped and say what to install. With BROWSER_REQUIRED set, as on the
machine that decides whether a change is taken in, they fail instead.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

Scheme = Literal["light", "dark"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    # The tests run as root in containers, where Chromium's own sandbox can't be set up.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LARGEST_PICTURE = 200_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; skips the test where none is installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        _go_without("no Chromium is installed; on Debian: apt-get update && apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(
    browser: Browser, *, scheme: Scheme = "light", width: int = 1200, height: int = 800, scripts: bool = True
) -> Iterator[Page]:
    """A tab with cookies of its own. What the page complains about in its console fails the test at the end."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    # An answer of 4xx is noted there as well, and is what some tests are about.
    tab.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
    )
    try:
        yield tab
    finally:
        context.close()
    assert complaints == []


def scrolls_sideways(tab: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keep_picture(tab: Page, name: str) -> None:
    """Write what is in the window to docs/img/<name>.png, where SCREENSHOTS is set."""
    if not os.environ.get("SCREENSHOTS"):
        return
    place = Path(__file__).parents[1] / "docs" / "img" / f"{name}.png"
    place.parent.mkdir(exist_ok=True)
    tab.screenshot(path=place, animations="disabled")
    assert place.stat().st_size <= LARGEST_PICTURE, f"{place.name} is too large for the documentation"


def _go_without(reason: str) -> None:
    if os.environ.get("BROWSER_REQUIRED"):
        pytest.fail(reason)
    pytest.skip(reason)
