"""Both pages in a real browser, side by side: what is changed on one is seen on the other, by everybody.

With SCREENSHOTS set, the pictures in docs/img/sandbox-*.png are taken anew.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from syncer.sandbox.tester.records import Incident
from tests.browser import Scheme, chromium, keep_picture, page, scrolls_sideways
from tests.syncer.mirror_stage import MirrorStage

ROOT = Path(__file__).parents[4]
NAMELESS = """
Array.from(document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    .filter((one) => one.labels.length === 0).map((one) => one.name)
"""

SOON = 15_000
"""Milliseconds within which a change that was synced has to be on an open page; pages look every two seconds."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MirrorStage]:
    with MirrorStage(tmp_path, issues=True) as stage:
        yield stage


@pytest.fixture
def incident(stage: MirrorStage) -> Incident:
    """A mirrored incident."""
    logged = stage.log(Summary="Lamp is too bright", Description="<p>It <b>blinds</b>.</p>", Priority="High")
    stage.sync()
    return logged


def pages_of(stage: MirrorStage, incident: Incident) -> tuple[str, str]:
    """The addresses of an incident's page and of its issue's."""
    issue = stage.sandbox.jira.issue(stage.twin(incident.id))
    return f"{stage.sandbox.tester_url}/incident/{incident.id}", f"{stage.sandbox.jira_url}/browse/{issue.key}"


def edit(tab: Page, label: str, text: str) -> None:
    tab.locator("summary", has_text=re.compile("^Edit$")).click()
    tab.locator("#edit").get_by_label(label, exact=True).fill(text)
    tab.get_by_role("button", name="Save", exact=True).click()


def test_a_change_arrives_on_the_other_page_without_a_reload(
    browser: Browser, stage: MirrorStage, incident: Incident
) -> None:
    here, there = pages_of(stage, incident)
    with page(browser) as tester, page(browser) as jira:
        tester.goto(here)
        jira.goto(there)
        jira.get_by_label("Say something as Anna Krüger").fill("I was just about to say")

        edit(tester, "Summary", "Lamp dazzles")
        stage.sync()
        expect(jira.locator("h1")).to_contain_text("Lamp dazzles", timeout=SOON)
        expect(jira.locator("#title")).to_have_class("fresh")
        expect(jira.get_by_role("status")).to_contain_text("Title")
        expect(jira).to_have_title(re.compile("Lamp dazzles"))

        # What somebody was typing meanwhile is still there, and goes the other way.
        jira.get_by_role("button", name="Add the comment").click()
        stage.sync()
        expect(tester.locator("#comments")).to_contain_text("I was just about to say", timeout=SOON)
        expect(tester.locator("#comments")).to_contain_text("Anna Krüger wrote in Jira")


def test_a_form_that_is_open_is_left_alone(browser: Browser, stage: MirrorStage, incident: Incident) -> None:
    here, _ = pages_of(stage, incident)
    with page(browser) as tester:
        tester.goto(here)
        tester.locator("summary", has_text=re.compile("^Edit$")).click()
        tester.locator("#edit").get_by_label("Cycle").fill("Cycle 9")
        stage.sandbox.call(lambda: stage.sandbox.tester.edit(incident.id, "olgap", Summary="Lamp is fine"))
        expect(tester.locator("h1")).to_contain_text("Lamp is fine", timeout=SOON)
        expect(tester.locator("#edit").get_by_label("Cycle")).to_have_value("Cycle 9")
        tester.get_by_role("button", name="Save", exact=True).click()
        # The form still held the old summary, which nobody had touched.
        expect(tester.locator("h1")).to_contain_text("Lamp is fine")
        expect(tester.locator("#facts")).to_contain_text("Cycle 9")


def test_the_list_follows_and_a_record_that_is_deleted_says_so(
    browser: Browser, stage: MirrorStage, incident: Incident
) -> None:
    _, there = pages_of(stage, incident)
    sandbox = stage.sandbox
    with page(browser) as listing, page(browser) as record:
        listing.goto(sandbox.jira_page)
        record.goto(there)
        key = sandbox.call(lambda: sandbox.jira.create(by="samw", summary="A new lamp").key)
        first = listing.locator(".records li").first
        expect(first).to_contain_text("A new lamp", timeout=SOON)
        expect(first.locator(".title")).to_have_class(re.compile("fresh"))
        sandbox.call(lambda: sandbox.jira.delete(key))
        expect(listing.locator(".records")).not_to_contain_text("A new lamp", timeout=SOON)
        sandbox.call(lambda: sandbox.jira.delete(stage.twin(incident.id)))
        expect(record.get_by_role("alert")).to_contain_text("Issue does not exist", timeout=SOON)


def test_a_twin_is_one_click_away_in_both_directions(browser: Browser, stage: MirrorStage, incident: Incident) -> None:
    here, there = pages_of(stage, incident)
    with page(browser) as tab:
        tab.goto(here)
        tab.locator("#links a").first.click()
        expect(tab).to_have_url(there)
        expect(tab).to_have_title(re.compile("Jira sandbox"))
        tab.locator("#links a").first.click()
        expect(tab).to_have_url(here)


@pytest.mark.parametrize("side", ["here", "there"])
def test_who_removes_the_link_on_one_page_sees_it_gone_on_the_other(
    browser: Browser, stage: MirrorStage, incident: Incident, side: str
) -> None:
    here, there = pages_of(stage, incident)
    with page(browser) as one, page(browser) as other:
        one.goto(here if side == "here" else there)
        other.goto(there if side == "here" else here)
        one.get_by_role("button", name="Remove").first.click()
        # What is missing is believed when it has been missed twice.
        stage.sync(census=True)
        stage.later(minutes=10)
        stage.sync(census=True)
        for tab in (one, other):
            expect(tab.locator("#links")).to_contain_text("No twin", timeout=SOON)


def test_everything_works_without_scripts(browser: Browser, stage: MirrorStage, incident: Incident) -> None:
    here, there = pages_of(stage, incident)
    with page(browser, scripts=False) as tab:
        tab.goto(here)
        tab.get_by_label("You are").select_option("mariag")
        tab.get_by_role("button", name="Switch").click()
        edit(tab, "Summary", "Lamp flickers")
        expect(tab.locator(".last")).to_contain_text("María González")
        stage.sync()
        tab.goto(there)
        expect(tab.locator("h1")).to_contain_text("Lamp flickers")
        tab.get_by_role("button", name="Add the comment").click()
        expect(tab.get_by_role("alert")).to_contain_text("Comment body can not be empty!")


def test_a_keyboard_alone_is_enough(browser: Browser, stage: MirrorStage, incident: Incident) -> None:
    with page(browser) as tab:
        tab.goto(stage.sandbox.tester_page)
        tab.keyboard.press("Tab")
        expect(tab.locator(":focus")).to_have_text("Skip to the content")
        tab.keyboard.press("Enter")
        press_tab_to(tab, tab.locator("#q"))
        tab.keyboard.type("bright")
        tab.keyboard.press("Enter")
        expect(tab.locator(".count")).to_contain_text("1 of ")
        press_tab_to(tab, tab.locator(".records .title").first)
        tab.keyboard.press("Enter")
        press_tab_to(tab, tab.locator("#edit-open"))
        tab.keyboard.press("Enter")
        press_tab_to(tab, tab.locator("#edit-summary"))
        tab.keyboard.press("ControlOrMeta+A")
        tab.keyboard.type("Lamp is dim")
        tab.keyboard.press("Enter")
        expect(tab.locator("h1")).to_contain_text("Lamp is dim")
        press_tab_to(tab, tab.locator("#body"))
        tab.keyboard.type("Now it is.")
        press_tab_to(tab, tab.get_by_role("button", name="Add the comment"))
        tab.keyboard.press("Enter")
        expect(tab.locator("#comments")).to_contain_text("Now it is.")


def test_every_input_has_a_label_and_every_id_is_used_once(
    browser: Browser, stage: MirrorStage, incident: Incident
) -> None:
    addresses = [*pages_of(stage, incident), stage.sandbox.tester_page, stage.sandbox.jira_page]
    addresses += [f"{home}_pages/create" for home in addresses[2:]]
    with page(browser) as tab:
        for address in addresses:
            tab.goto(address)
            assert tab.evaluate(NAMELESS) == []
            ids = tab.evaluate("Array.from(document.querySelectorAll('[id]'), one => one.id)")
            assert len(ids) == len(set(ids))


def test_nothing_scrolls_sideways_on_a_small_screen(browser: Browser, stage: MirrorStage, incident: Incident) -> None:
    wide = "x" * 3000
    table = f"<table><tr>{'<td>a cell</td>' * 40}</tr></table><pre>{wide}</pre>"
    sandbox = stage.sandbox
    sandbox.call(lambda: sandbox.tester.edit(incident.id, Summary=wide[:250], Description=table))
    sandbox.call(lambda: sandbox.tester.comment(incident.id, body=wide))
    sandbox.call(lambda: sandbox.jira.edit("TEST-4", by="joeb", summary=wide[:250], labels=[wide[:250]]))
    addresses = [*pages_of(stage, incident), sandbox.tester_page, sandbox.jira_page]
    addresses += [f"{sandbox.jira_url}/browse/TEST-4", *(f"{home}_pages/create" for home in addresses[2:4])]
    with page(browser, width=360) as tab:
        for address in addresses:
            tab.goto(address)
            tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert not scrolls_sideways(tab), address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_both_pages(browser: Browser, tmp_path: Path, scheme: Scheme) -> None:
    with MirrorStage(tmp_path, incidents=30, issues=True) as stage:
        runs = stage.sandbox.tester.runs
        shown = next(one for one in stage.sandbox.tester.incidents()[::-1] if runs.steps_with(one.id) and one.comments)
        stage.sync()
        here, there = pages_of(stage, shown)
        addresses = {
            "tester-list": stage.sandbox.tester_page,
            "tester-record": here,
            "jira-list": stage.sandbox.jira_page,
            "jira-record": there,
        }
        with page(browser, scheme=scheme) as tab:
            for name, address in addresses.items():
                tab.goto(address)
                ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
                assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 384) is (scheme == "dark")
                keep_picture(tab, f"sandbox-{name}-{scheme}")


def test_a_newcomer_edits_one_page_of_the_demo_and_sees_the_other_follow(browser: Browser, tmp_path: Path) -> None:
    words = ["demo", "--keep", "--incidents", "20", "--dir", str(tmp_path / "demo")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SYNCER_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "syncer", *words],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    watchdog = threading.Timer(100, process.kill)
    watchdog.start()
    try:
        home, other = printed_pages(process)
        with page(browser) as tester, page(browser) as jira:
            tester.goto(home)
            tester.locator(".records li", has=tester.locator(".twin a")).first.locator(".title").click()
            jira.goto(tester.locator("#links a").first.get_attribute("href") or "")
            assert jira.url.startswith(other)
            edit(jira, "Summary", "Changed by a newcomer")
            expect(tester.locator("h1")).to_contain_text("Changed by a newcomer", timeout=2 * SOON)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def printed_pages(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """The two addresses below the heading that asks to open them."""
    assert process.stdout is not None
    found: list[str] = []
    asked = False
    for line in process.stdout:
        asked = asked or "side by side" in line
        found += re.findall(r"http://\S+/", line) if asked else []
        if "run until Ctrl-C" in line:
            break
    home, other = found
    return home, other


def press_tab_to(tab: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")
