"""The console in a real browser: every page and action, in light, dark and narrow, by mouse and by keyboard alone.

With SCREENSHOTS set, the pictures in docs/img/console-*.png are taken anew.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from syncer.core.records import Side
from syncer.sandbox.tester.records import Incident
from tests.browser import Scheme, chromium, keep_picture, page, scrolls_sideways
from tests.syncer.console.stage import LINK, TOKEN, ConsoleStage

BASE = f"/links/{LINK}"
SOON = 30_000
"""Milliseconds within which a decision has to be carried out, by a cycle that begins at once."""
PAGES = {
    "overview": "/",
    "records": f"{BASE}/records",
    "waiting": f"{BASE}/waiting",
    "held": f"{BASE}/held",
    "plan": f"{BASE}/plan",
    "mapping": f"{BASE}/mapping",
    "history": f"/history?link={LINK}",
    "cycles": f"{BASE}/cycles",
    "login": "/login",
    "nothing": "/nothing",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleStage]:
    """A daemon with a history, a conflict, values that wait, a held removal, and a project link that fails."""
    with ConsoleStage(tmp_path_factory.mktemp("console"), incidents=40, failing=True) as stage:
        stage.until(lambda: stage.links() >= 40)
        lamp = stage.mirrored(
            Summary="Lamp in the hall is too bright",
            Description="It blinds whoever comes in.\nSeen with both kinds of bulbs.",
            Comments=[{"Body": "The dimmer makes no difference."}],
        )
        stage.delete(stage.mirrored(Summary="Chair squeaks"), stage.mirrored(Summary="Desk wobbles"))
        stage.conflict(lamp, here="Lamp in the hall dazzles at night", there="Lamp in the entrance hall is too bright")
        yield stage


@pytest.fixture
def tab(browser: Browser, stage: ConsoleStage) -> Iterator[Page]:
    with page(browser) as tab:
        yield tab


def sign_in(tab: Page, stage: ConsoleStage, by: str = "Ada Lovelace") -> None:
    tab.goto(f"{stage.address}/login")
    tab.get_by_label("Your name").fill(by)
    tab.get_by_label("Token").fill(TOKEN)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_text(f"Signed in as {by}")).to_be_visible()


def in_conflict(stage: ConsoleStage, summary: str) -> Incident:
    incident = stage.mirrored(Summary=summary)
    stage.conflict(incident, here=f"{summary}, says the tester", there=f"{summary}, says the developer")
    return incident


def conflict_of(tab: Page, incident: Incident) -> str:
    """The label of the button that takes the issue's summary."""
    return f"Take the issue's Summary of #{incident.number}"


@pytest.mark.parametrize(
    ("name", "scheme", "width"), [("light", "light", 1200), ("dark", "dark", 1200), ("narrow", "light", 360)]
)
def test_each_page_fits_its_window_by_day_and_by_night(
    browser: Browser, stage: ConsoleStage, name: str, scheme: Scheme, width: int
) -> None:
    with page(browser, scheme=scheme, width=width) as tab:
        for what, path in PAGES.items():
            tab.goto(f"{stage.address}{path}")
            if what == "plan":
                expect(tab.get_by_text("As of")).to_be_visible(timeout=SOON)
            seen(tab, f"console-{what}-{name}")
            if what == "login":
                sign_in(tab, stage)
        for what, path in PAGES.items():
            if what in ("waiting", "held"):
                tab.goto(f"{stage.address}{path}")
                seen(tab, f"console-{what}-{name}")
        tab.goto(f"{stage.address}{BASE}/waiting")
        tab.locator(".conflict h3 a").first.click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text(" = TEST-")
        seen(tab, f"console-record-{name}")


def seen(tab: Page, picture: str) -> None:
    assert not scrolls_sideways(tab), f"{picture} is wider than its window"
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128
    assert light is ("dark" not in picture)
    keep_picture(tab, picture)


def test_a_person_settles_a_conflict_and_sees_it_arrive_on_the_other_servers_page(
    browser: Browser, stage: ConsoleStage, tab: Page
) -> None:
    incident = in_conflict(stage, "Door does not close")
    issue = stage.issue(incident)
    sign_in(tab, stage)
    tab.get_by_role("link", name=re.compile("conflicts?: choose a side")).first.click()
    with page(browser) as tester:
        tester.goto(f"{stage.mirror.sandbox.tester_url}/incident/{incident.id}")
        expect(tester.locator("h1")).to_contain_text("says the tester")
        tab.get_by_role("button", name=conflict_of(tab, incident)).click()
        expect(tab.get_by_role("status")).to_contain_text("Decided by Ada Lovelace")
        expect(tester.locator("h1")).to_contain_text("says the developer", timeout=SOON)
    tab.goto(f"{stage.address}/history?kind=settle+conflict&record={issue.key}")
    expect(tab.get_by_text("decided by Ada Lovelace")).to_be_visible()


def test_the_mappings_own_line_is_told_to_whoever_would_rather_edit_it(stage: ConsoleStage, tab: Page) -> None:
    tab.goto(f"{stage.address}{BASE}/waiting")
    conflict = tab.locator(".conflict").first
    conflict.get_by_text("Edit the mapping").click()
    line = conflict.locator("code").first.inner_text()
    file, _, number = line.rpartition(":")
    assert file == "mappings/full.yaml"
    assert "Summary" in stage.mapping.read_text(encoding="utf-8").splitlines()[int(number) - 1]


def test_by_keyboard_alone_one_gets_to_the_content_and_decides(stage: ConsoleStage, tab: Page) -> None:
    incident = in_conflict(stage, "Window stays open")
    tab.goto(f"{stage.address}/login")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.type("Grace")
    tab.keyboard.press("Tab")
    tab.keyboard.type(TOKEN)
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Signed in as Grace")).to_be_visible()
    press_until(tab, r"^test-project$")
    press_until(tab, r"^Waiting$")
    press_until(tab, f"^{re.escape(conflict_of(tab, incident))}$")
    expect(tab.get_by_role("status")).to_contain_text("Decided by Grace")
    stage.until(lambda: stage.issue(incident).text("summary").endswith("says the developer"))


def press_until(tab: Page, name: str) -> None:
    """Go on to what is called so, which must show that it has the focus, and press it."""
    for _ in range(200):
        tab.keyboard.press("Tab")
        called = tab.evaluate("(e => e.getAttribute('aria-label') || e.textContent.trim())(document.activeElement)")
        if re.search(name, called):
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            with tab.expect_navigation():
                tab.keyboard.press("Enter")
            return
    raise AssertionError(f"nothing that is called {name} can be reached by keyboard")


def test_the_overview_follows_without_a_reload_and_keeps_the_focus(stage: ConsoleStage, tab: Page) -> None:
    tab.goto(stage.address)
    links = tab.locator(".card", has_text=LINK).locator(".numbers div", has_text="Links").locator("a")
    before = int(links.inner_text())
    links.focus()
    tab.evaluate("window.here = true")
    stage.mirrored(Summary="One more while somebody watches")
    expect(links).to_have_text(str(before + 1), timeout=SOON)
    expect(links).to_be_focused()
    assert tab.evaluate("window.here") is True


def test_a_running_cycle_shows_how_far_it_is(stage: ConsoleStage, tab: Page) -> None:
    tab.goto(stage.address)
    card = tab.locator(".card", has_text=LINK)
    with stage.mirror.fault(Side.ISSUE, effect="delay", method="POST", path="/remotelink$", seconds=2, times=None):
        for number in range(12):
            stage.mirror.log(Summary=f"One of many, number {number}")
        expect(card.locator("progress[max]")).to_be_visible(timeout=SOON)
        expect(card.locator(".state.running")).to_have_text("Running")
        expect(card.locator(".progress label")).to_have_text(re.compile(r"^Cycle: .+, \d+ of \d+$"))


def test_without_scripts_a_person_can_do_the_same(browser: Browser, stage: ConsoleStage) -> None:
    incident = in_conflict(stage, "Bell rings twice")
    with page(browser, scripts=False) as tab:
        sign_in(tab, stage)
        tab.goto(f"{stage.address}{BASE}/waiting")
        tab.get_by_role("button", name=conflict_of(tab, incident)).click()
        expect(tab.get_by_role("status")).to_contain_text("Decided by Ada Lovelace")
        tab.goto(f"{stage.address}{BASE}/plan")
        stage.until(lambda: "As of" in tab.goto(f"{stage.address}{BASE}/plan").text())  # type: ignore[union-attr]
    stage.until(lambda: stage.issue(incident).text("summary").endswith("says the developer"))


def test_something_that_waits_is_tried_again(stage: ConsoleStage, tab: Page) -> None:
    sign_in(tab, stage)
    tab.goto(f"{stage.address}{BASE}/waiting")
    tab.get_by_role("button", name=re.compile("^Try AssignedTo of .* again now")).first.click()
    expect(tab.get_by_role("status")).to_contain_text("tried again now, as Ada Lovelace asked")


def test_a_person_approves_held_deletions_and_discards_others(stage: ConsoleStage, tab: Page) -> None:
    """Last, as the daemon is started again meanwhile; who is signed in stays so."""
    sign_in(tab, stage)
    links = stage.links()
    tab.goto(f"{stage.address}{BASE}/held")
    expect(tab.get_by_role("heading", name="2 removals")).to_be_visible()
    tab.get_by_role("button", name="Approve").click()
    expect(tab.get_by_role("status")).to_contain_text("Approved by Ada Lovelace: 2 removals")
    stage.until(lambda: not stage.held() and stage.links() == links - 2)
    tab.reload()
    expect(tab.get_by_text("Nothing is held.")).to_be_visible()

    kept = stage.mirrored(Summary="Shelf is crooked")
    stage.delete(kept)
    tab.goto(f"{stage.address}{BASE}/held")
    expect(tab.get_by_text("Signed in as Ada Lovelace")).to_be_visible()
    tab.get_by_role("button", name="Discard").click()
    expect(tab.get_by_role("status")).to_contain_text("Discarded by Ada Lovelace: 1 removal")
    stage.until(lambda: not stage.held())
    tab.goto(f"{stage.mirror.sandbox.tester_url}/incident/{kept.id}")
    expect(tab.locator("h1")).to_contain_text("Shelf is crooked")


def test_signing_out(stage: ConsoleStage, tab: Page) -> None:
    sign_in(tab, stage)
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in")).to_be_visible()
