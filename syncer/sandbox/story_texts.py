"""How the people of the story describe a problem: in HTML or plain, short or long, tidy or not."""

import html
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from syncer.sandbox.story_words import Problem

LONG = 30_000
"""About how long a very long description is; trackers commonly end at 32,767 characters."""

Describe = Callable[[Problem, random.Random], str | None]


def _tidy(problem: Problem, _rng: random.Random) -> str:
    steps = "".join(f"<li>{html.escape(step)}</li>" for step in problem.steps)
    return (
        f"<p>Found in <b>{html.escape(problem.place)}</b>.</p><ol>{steps}</ol>"
        f"<p><b>Expected:</b> {html.escape(problem.expected)}.<br />"
        f"<b>Actual:</b> {html.escape(problem.actual)}.</p>"
    )


def _links(problem: Problem, rng: random.Random) -> str:
    number = rng.randint(1000, 9999)
    return (
        f'<p>Reported by a customer in <a href="https://shop.example.com/cases/{number}">case {number}</a>.</p>'
        f"<p>{html.escape(problem.actual)}, although {html.escape(problem.expected.lower())}. "
        f"The switch <code>feature.{rng.choice(('basket', 'index', 'invoice'))}.v2</code> was <i>on</i>.</p>"
    )


def _table(problem: Problem, rng: random.Random) -> str:
    rows = "".join(
        f"<tr><td>{browser}</td><td>{rng.randint(1, 10)} of 10</td></tr>"
        for browser in ("Firefox", "Chrome", "Safari &amp; relatives")
    )
    return (
        f"<p>{html.escape(problem.actual)}. How often:</p><table><tbody>"
        f"<tr><th>Browser</th><th>Failed</th></tr>{rows}</tbody></table><p>{html.escape(problem.expected)}.</p>"
    )


def _code_block(problem: Problem, rng: random.Random) -> str:
    total = rng.randint(10, 99)
    return (
        f"<p>{html.escape(problem.summary)}. The request that goes wrong:</p>"
        f"<pre>POST /api/basket HTTP/1.1\n\n{{\n  &quot;rows&quot;: {total},\n"
        f"\t&quot;total&quot;: &quot;{total}.90&quot;\n}}</pre><p>{html.escape(problem.actual)}.</p>"
    )


def _nested(problem: Problem, _rng: random.Random) -> str:
    steps = "".join(f"<li>{html.escape(step)}</li>" for step in problem.steps)
    return (
        f"<ul><li>Where<ul><li>{html.escape(problem.place)}</li><li>both servers</li></ul></li>"
        f"<li>How<ol>{steps}</ol></li><li>{html.escape(problem.actual)} "
        "<b>and</b> <i>nobody is told</i></li></ul>"
    )


def _plain(problem: Problem, _rng: random.Random) -> str:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(problem.steps, start=1))
    return f"{problem.place}\n\n{steps}\n\nExpected: {problem.expected}\nActual: {problem.actual}"


def _one_line(problem: Problem, _rng: random.Random) -> str:
    return f"{problem.actual}."


def _nothing(_problem: Problem, _rng: random.Random) -> None:
    return None


def stack_trace(problem: Problem, rng: random.Random) -> str:
    """A stack trace pasted as it was."""
    module = problem.component.split("/")[0].replace(" ", "")
    frames = "\n".join(
        f"   at Shop.{module}.{name}(Basket basket, Int32 row) in D:\\build\\{name}.cs:line {rng.randint(20, 900)}"
        for name in rng.sample(("Load", "Save", "Refresh", "Count", "Render", "Validate"), 4)
    )
    error = f"System.InvalidOperationException: Sequence contains no elements <row {rng.randint(2, 60)}>"
    return f"{problem.actual}\n\n{error}\n{frames}\n--- End of stack trace ---"


def log_excerpt(rng: random.Random, lines: int = 12) -> str:
    """Some lines of a server's log, pasted as they were."""
    moment = datetime(2024, 3, 1, 4, 0, 0) + timedelta(seconds=rng.randint(0, 80_000))
    said = (
        "WARN  [pool-3] basket_id={id} retry=2 cache_miss ***",
        "INFO  [main] <order id='{id}'> stored & queued",
        "ERROR [http-8] no row for [sku|{id}] in {{stock}}",
        "DEBUG [index] -- flushed {id} documents --",
    )
    written = []
    for _ in range(lines):
        moment += timedelta(milliseconds=rng.randint(1, 4000))
        text = rng.choice(said).format(id=rng.randint(10_000, 99_999))
        written.append(f"{moment:%Y-%m-%d %H:%M:%S},{rng.randint(0, 999):03} {text}")
    return "\n".join(written)


def long_log(rng: random.Random) -> str:
    """A plain text of about `LONG` characters."""
    text = "The whole log of that night, sorry for the length:\n\n" + log_excerpt(rng, LONG // 45)
    return text[: text.rindex("\n", 0, LONG)]


def long_page(rng: random.Random) -> str:
    """An HTML text of about `LONG` characters."""
    parts = ["<p>Minutes of the test session, <b>unabridged</b>.</p>"]
    length = len(parts[0])
    while length < LONG - 400:
        trace = html.escape(log_excerpt(rng, 2))
        part = f"<p>Attempt {len(parts)}: order {rng.randint(10_000, 99_999)} got stuck.</p><pre>{trace}</pre>"
        parts.append(part)
        length += len(part)
    return "".join(parts)


DESCRIPTIONS: tuple[Describe, ...] = (
    _tidy,
    _links,
    _table,
    _code_block,
    _nested,
    _plain,
    _one_line,
    stack_trace,
    lambda problem, rng: f"{problem.actual}\n\n{log_excerpt(rng)}",
    _nothing,
)
"""Every way to describe a problem; the story uses them in turn."""
