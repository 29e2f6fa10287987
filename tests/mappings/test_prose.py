"""Promises about texts on their way between the servers: what says the same is left alone, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.lenses import Untranslatable
from mappings.markup import is_cut, tidy
from mappings.prose import ProseLens
from mappings.values import Prose, Value
from syncer.sandbox.jira.wiki import normalised
from syncer.sandbox.jira.wiki_html import rendered
from tests.mappings.markup.writing import DOCUMENTS, JUNK, TEXTS

ET = "https://et.example.com/incident/1"
JIRA = "https://jira.example.com/browse/ABC-1"


def in_et(text: str) -> Prose:
    return Prose(text, page=ET)


def in_jira(wiki: str) -> Prose:
    """Wiki text as Jira Cloud holds it, and shows it."""
    held = normalised(wiki)
    return Prose(held, rendered(held), JIRA)


def sent_to_jira(value: Value) -> Value:
    """What Jira makes of what was written."""
    return in_jira(value) if isinstance(value, str) else value


INCIDENTS = {"plain": TEXTS, "html": st.one_of(DOCUMENTS, JUNK)}
ISSUES = {"wiki": TEXTS.map(in_jira), "plain": TEXTS, "line": TEXTS.map(lambda text: " ".join(text.split()))}
LENSES = st.builds(
    ProseLens,
    incident=st.sampled_from(["plain", "html"]),
    issue=st.sampled_from(["wiki", "wiki", "plain", "line"]),
    limit=st.sampled_from([None, 32_767, 255]),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[ProseLens, Value, Value]:
    """A lens with what each side holds: anything, nothing, or what came from the other side."""
    lens = draw(LENSES)
    incident: Value = draw(st.one_of(st.none(), INCIDENTS[lens.incident].map(in_et)))
    issue: Value = draw(st.one_of(st.none(), ISSUES[lens.issue]))
    if draw(st.booleans()):
        made = lens.get(incident, None)
        issue = sent_to_jira(made) if lens.issue == "wiki" else made
    return lens, incident, issue


class TestLaws:
    @given(cases())
    def test_what_was_carried_to_the_issue_needs_no_carrying_back(self, case: tuple[ProseLens, Value, Value]) -> None:
        lens, incident, issue = case
        assert lens.put(lens.get(incident, issue), incident) == incident

    @given(cases())
    def test_nor_does_what_jira_made_of_it(self, case: tuple[ProseLens, Value, Value]) -> None:
        lens, incident, _ = case
        if lens.issue == "wiki":
            held = sent_to_jira(lens.get(incident, None))
            assert lens.put(held, incident) == incident
            assert lens.get(incident, held) == held

    @given(cases())
    def test_what_was_carried_to_the_incident_needs_no_carrying_back(
        self, case: tuple[ProseLens, Value, Value]
    ) -> None:
        lens, incident, issue = case
        try:
            put = lens.put(issue, incident)
        except Untranslatable:
            return
        assert lens.get(put, issue) == issue

    @given(cases())
    def test_a_second_pass_changes_nothing(self, case: tuple[ProseLens, Value, Value]) -> None:
        lens, incident, issue = case
        once = lens.get(incident, issue)
        assert lens.get(incident, once) == once
        try:
            back = lens.put(issue, incident)
        except Untranslatable:
            return
        assert lens.put(issue, back) == back

    @given(cases())
    def test_two_sides_that_fit_one_way_fit_the_other_way_too(self, case: tuple[ProseLens, Value, Value]) -> None:
        lens, incident, issue = case
        try:
            fits = lens.put(issue, incident) == incident
        except Untranslatable:
            fits = False
        assert (lens.get(incident, issue) == issue) == fits

    @given(TEXTS)
    def test_plain_text_comes_back_as_it_was(self, text: str) -> None:
        lens = ProseLens("plain", "wiki", None)
        assert lens.put(sent_to_jira(lens.get(text, None)), None) == (tidy(text) or None)


class TestWhatSaysTheSame:
    def test_jiras_own_way_to_write_markup_is_no_edit(self) -> None:
        lens = ProseLens("html", "wiki")
        held = Prose("- one {x}", "<ul><li>one {x}</li></ul>", JIRA)
        assert lens.get("<ul>\n  <li>one {x}</li>\n</ul>", held) is held

    def test_an_editors_way_to_write_html_is_no_edit(self) -> None:
        lens = ProseLens("html", "wiki")
        assert lens.put(in_jira("*one* two"), "<p><strong>one</strong> two</p>") == "<p><strong>one</strong> two</p>"

    def test_html_that_shows_nothing_is_nothing(self) -> None:
        lens = ProseLens("html", "wiki")
        assert lens.get("<p>&nbsp;</p>", None) is None
        assert lens.put(None, "<p>&nbsp;</p>") == "<p>&nbsp;</p>"
        assert lens.get("<p>&nbsp;</p>", in_jira("x")) is None
        assert lens.put(None, "<p>x</p>") is None

    def test_without_jiras_html_the_markup_is_taken_as_text(self) -> None:
        assert ProseLens("plain", "wiki").put("*one*", None) == "*one*"
        assert ProseLens("html", "wiki").put("*one* & two", None) == "<p>*one* &amp; two</p>"

    def test_relative_links_of_jira_lead_to_jira(self) -> None:
        issue = Prose("x", '<p><a href="/secure/x">x</a></p>', JIRA)
        put = ProseLens("html", "wiki").put(issue, None)
        assert put == '<p><a href="https://jira.example.com/secure/x">x</a></p>'

    def test_a_set_is_no_text(self) -> None:
        with pytest.raises(TypeError, match="a text was due"):
            ProseLens("plain", "line").get(frozenset("a"), None)


class TestCutTexts:
    LONG = in_et("<p>" + "word " * 1000 + "</p>")

    def test_a_cut_text_is_marked_and_leads_to_the_whole(self) -> None:
        issue = ProseLens("html", "wiki", 2000).get(self.LONG, None)
        assert isinstance(issue, str)
        assert len(issue) <= 2000
        assert is_cut(issue)
        assert ET in issue

    def test_a_cut_text_is_never_written_back(self) -> None:
        lens = ProseLens("html", "wiki", 2000)
        issue = sent_to_jira(lens.get(self.LONG, None))
        assert lens.put(issue, self.LONG) == self.LONG
        assert isinstance(issue, str)
        for edited in (in_jira(f"New: {issue}"), in_jira(f"{issue}\n\nMore")):
            with pytest.raises(Untranslatable, match="was cut .*edit the incident's text, or take the notice"):
                lens.put(edited, self.LONG)

    def test_a_summary_is_one_line_with_a_short_mark(self) -> None:
        lens = ProseLens("plain", "line", 255)
        assert lens.get("two\nlines", None) == "two lines"
        issue = lens.get("word " * 100, None)
        assert isinstance(issue, str)
        assert len(issue) <= 255
        assert issue.endswith("… [cut]")
        with pytest.raises(Untranslatable):
            lens.put(issue, "something else")

    def test_a_text_whose_notice_was_taken_out_is_whole_again(self) -> None:
        assert ProseLens("html", "wiki", 2000).put(in_jira("all there is"), self.LONG) == "<p>all there is</p>"
