"""What the people of the story add: when a problem shows, and what they write to each other about it."""
# ruff: noqa: RUF001 - letters of other scripts are the point of some remarks

CIRCUMSTANCES = (
    "",
    "",
    "in Firefox",
    "in Safari on a tablet",
    "for guests",
    "for business customers",
    "since the last update",
    "on the test server only",
    "on the second attempt",
    "when two people work at once",
    "in the dark theme",
    "for orders from abroad",
)

REMARKS = (
    "Seen again today, same steps.",
    "I cannot reproduce this on my machine. Which browser was it?",
    "It was the current Firefox, with an empty cache.",
    "The cause is found: the value is read before it is stored. A fix is on its way.",
    "Fixed in the main branch, will be in the next build.",
    "Tested with the new build. Works now, thank you!",
    "Not fixed for me. Please have another look at the second step.",
    "<p>Raised the priority, <b>three customers</b> have called about it.</p>",
    "<p>Two questions:</p><ol><li>Does it happen without a voucher?</li><li>Since which version?</li></ol>",
    "<p>Workaround: set <code>cache.enabled=false</code> and start again.</p>",
    'Similar to what <a href="https://shop.example.com/help/known">the list of known problems</a> describes.',
    "Happens in about one of ten attempts.\nIt is worse in the morning.\n\nMaybe the night run is still at work?",
    "Let us leave it for now; the page will be rewritten anyway.",
    "Das tritt auch bei unseren Händlern in Österreich auf – bitte nicht schließen.",
    "同じ現象を確認しました。ログを添付します。",
    "👍 confirmed, and 🐢 slow as well",
    "The value of x*y is wrong whenever x_max > 0; see {noformat} in the log and [this|that].",
    "As agreed in the meeting: we do the small fix first and the large one after the release.",
)
