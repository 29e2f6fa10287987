"""The lens for texts: plain text or HTML in the incident, wiki markup, plain text or a single line in the issue.

Two texts fit when either says what the other one would become. So a text stays as its author wrote it as long as it
says the same: Jira Cloud's own way to write markup, and an editor's way to write HTML, are no edits.

What an issue's text says is read from the HTML that Jira renders it to, where Jira told it (`mappings.values.Prose`);
otherwise from the text as it stands.
"""

from dataclasses import dataclass
from typing import Literal

from mappings.lenses import Untranslatable
from mappings.markup import (
    clean_html,
    cut,
    html_from_plain,
    is_cut,
    one_line,
    plain_from_html,
    tidy,
    wiki_from_html,
    wiki_from_plain,
)
from mappings.values import Value, page_of, rendered

_CUT = (
    "the issue's text was cut when it came from the incident, so it isn't written back; "
    "edit the incident's text, or take the notice of the cut out of the issue once its text is whole"
)
_TOO_LONG = "the issue's text is too long to be carried over; shorten it, or edit the incident's text"


@dataclass(frozen=True, slots=True)
class ProseLens:
    """What each side holds texts as, and the length that the issue's field takes, if that is known.

    Blanks at the ends of lines, repeated empty lines and characters that can't be stored don't travel (see
    `mappings.markup.tidy`). Nothing, an empty text and HTML that shows nothing are the same.
    """

    incident: Literal["plain", "html"]
    issue: Literal["wiki", "plain", "line"]
    limit: int | None = None

    def get(self, incident: Value, issue: Value) -> Value:
        made, whole = self._wanted(incident)
        return issue if self._says(issue, (made, whole)) else made or None

    def put(self, issue: Value, incident: Value) -> Value:
        if self._says(issue, self._wanted(incident)):
            return incident
        if is_cut(_text(issue)):
            raise Untranslatable(_CUT)
        text = self._html(issue) if self.incident == "html" else self._plain(issue)
        if is_cut(text):
            raise Untranslatable(_TOO_LONG)
        return text or None

    def _wanted(self, incident: Value) -> tuple[str, str]:
        """The issue's text for the incident's, as far as it fits into the field, and as a whole."""
        whole = self._whole(incident)
        return whole if self.limit is None else cut(whole, self.limit, page_of(incident)), whole

    def _says(self, issue: Value, wanted: tuple[str, str]) -> bool:
        return _text(issue) in wanted or self._read(issue) in wanted

    def _whole(self, incident: Value) -> str:
        text, page = _text(incident), page_of(incident)
        if self.issue == "wiki":
            return wiki_from_html(text, page) if self.incident == "html" else wiki_from_plain(text)
        return self._flat(plain_from_html(text, page) if self.incident == "html" else text)

    def _read(self, issue: Value) -> str:
        """What the issue's text says, as this lens would write it."""
        if self.issue != "wiki":
            return self._flat(_text(issue))
        if self.incident == "html":
            return wiki_from_html(self._html(issue))
        return wiki_from_plain(self._plain(issue))

    def _flat(self, text: str) -> str:
        return one_line(text) if self.issue == "line" else tidy(text)

    def _html(self, issue: Value) -> str:
        shown = self._shown(issue)
        return html_from_plain(_text(issue)) if shown is None else clean_html(shown, page_of(issue))

    def _plain(self, issue: Value) -> str:
        shown = self._shown(issue)
        return tidy(_text(issue)) if shown is None else plain_from_html(shown, page_of(issue))

    def _shown(self, issue: Value) -> str | None:
        return rendered(issue) if self.issue == "wiki" else None


def _text(value: Value) -> str:
    if isinstance(value, frozenset):
        raise TypeError(f"a text was due, not the set {sorted(value)!r}")
    return value if value is not None else ""
