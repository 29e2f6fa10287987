"""What is told says what to do next, and nothing that it quotes does anything in somebody's chat."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Mount, Route

from config.settings import load_settings
from syncer.activity import Activity
from syncer.console.routes import routes
from syncer.telling.events import Event, Group, What
from syncer.telling.telling import State, Step
from syncer.telling.wording import body, harmless, page, sentence
from syncer.web.front import Front
from tests.config.samples import CLOUD

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = [
    "@channel", "<!here>", "<@U123>", "<https://evil.example|click>", "[click](https://evil.example)",
    "https://evil.example", "HTTP://evil.example", "www.evil.example", "mailto:a@evil.example", "&lt;!here&gt;",
    "&#64;channel", "*bold*", "_slanted_", "~struck~", "`code`", "```", "![](//evil.example/x.png)", "a\n# heading",
    "\x1b[31mred", "\u202egnp", "in\u200bvisible", "half \ud800 a character", "nul \x00",
]  # fmt: skip
ACTIVE = re.compile(
    r"[@<>\[\]*`~&|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff]|\w://|www\.|mailto:", re.I
)


def step(what: What, *words: str, state: State = "new", gone: int = 0, left: int | None = None) -> Step:
    group = Group(what, "shop")
    events = tuple(Event(group, str(number), NOON, each, NOON) for number, each in enumerate(words))
    return Step(group, state, events, gone, len(words) if left is None else left, NOON, (), ())


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("what", What)
def test_hostile_words_are_shown_as_text_and_do_nothing(what: What, words: str) -> None:
    text = body(step(what, words), None)["text"]
    assert not ACTIVE.search(text), text
    assert not re.search(r"(?<!\w)_|_(?!\w)", text), text


@given(st.lists(st.sampled_from([*HOSTILE, "x", " ", ":", "//", ".", "w", "ww", "_"])).map("".join) | st.text())
def test_no_mixture_of_words_does_anything_either(words: str) -> None:
    assert not ACTIVE.search(harmless(words))


def test_ordinary_words_stay_as_they_are() -> None:
    said = "#7, customfield_10011: no counterpart for 'Größe (1.10)'; set SYNCER_JIRA__TOKEN, 'syncer check' says more!"
    assert harmless(said) == said


def test_the_message_has_all_that_programs_ask_for() -> None:
    assert body(step(What.CONFLICT, "#7, Summary: both changed it"), "https://syncer.example") == {
        "text": "1 conflict in shop: #7, Summary: both changed it. https://syncer.example/links/shop/waiting",
        "event": "conflict",
        "state": "new",
        "project_link": "shop",
        "severity": "warning",
        "count": 1,
        "since": "2026-11-20T12:00:00Z",
        "url": "https://syncer.example/links/shop/waiting",
    }


def test_a_hundred_of_a_kind_are_one_message_with_the_first_few() -> None:
    said = sentence(step(What.PARKED, *(f"#{number}, Status: unmapped." for number in range(100))))
    assert said.startswith("100 items wait for a person in shop: #0, Status: unmapped; #1, Status: unmapped; #2,")
    assert "; and 97 more. Mend the record" in said


def test_long_words_are_cut() -> None:
    assert len(sentence(step(What.PARKED, "x" * 100_000))) < 500


def test_new_ones_are_told_apart_from_those_that_were_told() -> None:
    assert sentence(step(What.CONFLICT, "#7: a", left=4)).startswith("1 new conflict (4 in all) in shop: #7: a.")


@pytest.mark.parametrize("what", [what for what in What if what is not What.TAKEN_OVER])
def test_what_is_over_is_said_so_and_is_no_warning(what: What) -> None:
    told = body(step(what, state="over", gone=3, left=0), None)
    assert (told["state"], told["severity"], told["count"]) == ("over", "info", 0)
    assert told["text"]


def test_what_is_partly_over_says_how_much_is_left() -> None:
    assert sentence(step(What.PARKED, state="over", gone=3, left=97)) == "Over in shop (parked): 3; 97 left."


def test_a_reminder_says_since_when() -> None:
    assert sentence(step(What.CONFLICT, "#7: a", state="still")).startswith(
        "Still so, since 2026-11-20 12:00 UTC. 1 con"
    )


def test_the_example_on_the_page_is_what_is_sent() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    two = step(What.CONFLICT, "#7, Summary: both sides changed it", "#9, Priority: both sides changed it", left=5)
    assert json.loads(example) == body(two, "https://syncer.example.com")
    assert all(f"| `{what}` |" in page for what in What)


@pytest.mark.parametrize("name", ["shop", "a shop@<!here>"])
def test_every_link_leads_to_a_page_of_the_console(name: str) -> None:
    (console,) = routes(Front(load_settings(CLOUD, None), Activity()))
    assert isinstance(console, Mount)
    pages = [route for route in console.routes if isinstance(route, Route)]

    def leads(path: str) -> bool:
        asked = {"type": "http", "method": "GET", "path": unquote(path), "headers": []}
        return any(route.matches(asked)[0] is Match.FULL for route in pages)

    assert not leads("/links/shop/none")
    assert [what for what in What if not leads(page(Group(what, name)))] == []
