"""The incidents of the story that are there to trip a mirror: odd letters, odd signs, extreme lengths."""
# ruff: noqa: RUF001 - letters of other scripts are the point of this file

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncer.sandbox import cast
from syncer.sandbox.story_texts import long_log, long_page

SUMMARY_LIMIT = 255


@dataclass(frozen=True, slots=True)
class Special:
    """One odd incident; `said` overrides what the story would have chosen, in the words of a person."""

    summary: str
    description: str | Callable[[random.Random], str] | None
    said: Mapping[str, Any] = field(default_factory=dict)


def _longest_summary() -> str:
    text = "When the basket holds an article that is no longer sold, "
    while len(text) < SUMMARY_LIMIT:
        text += "and the customer goes back one page, and comes forward again, "
    return f"{text[: SUMMARY_LIMIT - 4].rstrip(' ,'):.<{SUMMARY_LIMIT}}"


SPECIALS = (
    Special(
        "Größe „XL“ fehlt in der Übersicht für Übermäßiges",
        "<p>In der Übersicht stehen <b>S, M, L</b> – aber nicht <b>XL</b>.</p>"
        "<ul><li>Größentabelle öffnen</li><li>bis „weiß“ blättern</li></ul><p>Grüße, Änne Müßig</p>",
        {"AssignedTo": "annak", "Components": ["Search"]},
    ),
    Special(
        "検索結果が「新しい順」に並ばない",
        "手順：\n1. 「ランプ」で検索する\n2. 並び順を「新しい順」にする\n\n"
        "期待：新しい商品が先頭\n実際：価格順のまま（全角：ＡＢＣ１２３）",
        {"AssignedTo": "yukit", "Components": ["Search"]},
    ),
    Special(
        "Review with 🛒 or 👩‍🚀 breaks the export",
        "<p>A review such as <i>“great 🏳️‍🌈 lamp, would buy again 💡💡”</i> ends the export.</p>"
        "<p>𝔉ancy letters outside the first plane do the same: 𠮷野家.</p>",
        {"AssignedTo": None, "Components": ["Import/Export"]},
    ),
    Special(
        "Cafe\u0301 Zoe\u0308 and Café Zoë are two suppliers",
        "The first is written with combining accents (e\u0301, e\u0308), the second with single letters.\n"
        "Also seen: Å (A\u030a) and \u1100\u1161\u11a8.",
        {"Components": ["User accounts"]},
    ),
    Special(
        "Отчёт за квартал пуст, если в имени есть буква «ё»",
        "<p>Имя: <b>Пётр Алёшин</b>. Отчёт открывается, но строк нет.</p>",
        {"AssignedTo": "olgap", "Components": ["Reports"]},
    ),
    Special(
        "Signs like {code}, *stars* and [name|address] are swallowed",
        "Typed into the note of an order:\n\n{code}\nif (a_b * c_d > 0) { return [x|y]; }\n{code}\n\n"
        "* first\n** second\n# third\nh1. not a heading\n||not||a table||\n-not struck- _not slanted_ +not under+ "
        "^up^ ~down~ {{mono}} !picture.png! ---- \\\\ back\\slash bq. no quote\n{quote}never closed",
        {"Components": ["Checkout"]},
    ),
    Special(
        'Text with <b>, & and "quotes" is shown as markup: if (a < b && c > d)',
        "<p>Entered: <code>&lt;b&gt;bold?&lt;/b&gt; &amp;amp; &lt;script&gt;alert(1)&lt;/script&gt;</code></p>"
        "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2, and a fixed&nbsp;blank</p>",
        {"Components": ["User accounts"]},
    ),
    Special(
        "Search for 50 % or C:\\temp\\*.csv finds nothing", "Tried: 50 %, 50\\%, C:\\temp\\*.csv, it's, a;b\t(tab)"
    ),
    Special(
        _longest_summary(),
        "<p>The summary says it all.</p>",
        {"AffectedVersions": list(cast.VERSIONS), "FixedVersions": []},
    ),
    Special("Night run log fills the disk", long_log, {"Components": ["Import/Export"]}),
    Special("Orders get stuck one after the other", long_page, {"Components": ["Checkout"]}),
    Special(
        "x",
        None,
        {"AssignedTo": None, "AffectedVersions": [], "FixedVersions": [], "Components": []},
    ),
    Special(
        "Nightly build cannot be installed over the last release",
        "<p>Set-up ends with <code>0x80070643</code>.<br>Blanks at the end   <br>of a line are kept.</p>",
        {
            "AssignedTo": "testeronly",
            "AffectedVersions": [cast.TESTER_ONLY_VERSION],
            "Components": list(cast.COMPONENTS),
        },
    ),
    Special(
        "Backup of last year cannot be read",
        "Handed over by Lena, who has left.\r\nWritten on Windows,\r\nwith its line ends.",
        {"AssignedTo": "leftus", "Status": "Closed", "Resolution": "Cannot Reproduce"},
    ),
)
