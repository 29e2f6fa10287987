"""The lens for texts: plain text or HTML in Enterprise Tester, wiki markup, plain text or a single line in Jira.

What one side holds is compared by what it says, not by how it is written: a server may write a text its own way, and
that is no reason to write it again. Jira's markup is read from what Jira itself renders it to (`Prose.html`); where
that isn't known, it is taken as it stands.

A text that Jira has no room for is cut, and a cut text is never carried back: what was cut off would be lost.
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

_CUT = "the text in Jira is only a part of the incident's, which is too long for it; edit the incident's text instead"


@dataclass(frozen=True, slots=True)
class ProseLens:
    """`limit` is the longest text that the issue's field takes, in UTF-16 units; `None` where there is none."""

    incident: Literal["plain", "html"]
    issue: Literal["wiki", "plain", "line"]
    limit: int | None = None

    def get(self, incident: Value, issue: Value) -> Value:
        if isinstance(issue, str) and self._says_the_same(incident, issue):
            return issue
        return self._written(incident) if isinstance(incident, str) else None

    def put(self, issue: Value, incident: Value) -> Value:
        if isinstance(incident, str) and self._says_the_same(incident, issue):
            return incident
        if not isinstance(issue, str):
            return None
        if is_cut(issue) or is_cut(plain_from_html(rendered(issue) or "")):
            raise Untranslatable(_CUT)
        return self._read(issue) or None

    def _written(self, incident: str) -> str | None:
        """The issue's text for an incident's."""
        match self.issue:
            case "wiki":
                text = wiki_from_html(incident) if self.incident == "html" else wiki_from_plain(incident)
            case "plain":
                text = tidy(self._plain(incident))
            case "line":
                text = one_line(self._plain(incident))
        if self.limit is not None:
            text = cut(text, self.limit, page_of(incident))
        return text or None

    def _read(self, issue: str) -> str:
        """The incident's text for an issue's."""
        html = rendered(issue) if self.issue == "wiki" else None
        if self.incident == "plain":
            return issue if html is None else plain_from_html(html)
        return html_from_plain(issue) if html is None else clean_html(html, _site(issue))

    def _plain(self, incident: str) -> str:
        return plain_from_html(incident) if self.incident == "html" else incident

    def _says_the_same(self, incident: Value, issue: Value) -> bool:
        if not isinstance(incident, str):
            return not isinstance(issue, str) or not self._read(issue)
        written = self._written(incident)
        if not isinstance(issue, str):
            return written is None
        if written == issue:
            return True
        read = self._read(issue)
        if self.incident == "plain":
            said = one_line(incident) if self.issue == "line" else tidy(incident)
            return said == tidy(read)
        return wiki_from_html(incident) == wiki_from_html(read)


def _site(issue: str) -> str | None:
    """Where Jira's relative links lead: the address of the issue's page up to its path within Jira."""
    page = page_of(issue)
    return None if page is None else page.partition("/browse/")[0]
