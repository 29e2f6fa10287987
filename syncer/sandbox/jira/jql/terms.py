"""The fields that JQL knows: what an issue holds there, and which ids a written value stands for.

A value that stands for nothing is an error and not an empty result: JQL refuses what it does not know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from syncer.sandbox.jira.catalogue import CATEGORIES, PRIORITIES, RESOLUTIONS, STATUS_BY_ID, STATUSES, TYPES
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.store import Store

Read = Callable[[Issue], tuple[str, ...]]
Resolve = Callable[[Store, str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Term:
    """`read` gives what the issue holds, `resolve` the ids that a value means, none if it is unknown."""

    name: str
    read: Read
    resolve: Resolve

    def ids(self, store: Store, text: str) -> frozenset[str]:
        """The ids that a written value stands for. Raises JiraError 400 if there are none."""
        found = frozenset(self.resolve(store, text))
        if not found:
            raise JiraError(400, _unknown(self.name, text))
        return found


def term(name: str) -> Term | None:
    """The term of a field name, upper or lower case; None for fields of other sorts and for unknown ones."""
    return _TERMS.get(name.lower())


def unknown_field(name: str) -> JiraError:
    return JiraError(400, f"Field '{name}' does not exist or you do not have permission to view it.")


def _unknown(field: str, text: str) -> str:
    if field in ("key", "id", "issue", "issuekey"):
        return f"An issue with key '{text}' does not exist for field '{field}'."
    return f"The value '{text}' does not exist for the field '{field}'."


def _one(field: str) -> Read:
    return lambda issue: (issue.text(field),) if issue.text(field) else ()


def _several(field: str) -> Read:
    return lambda issue: issue.ids(field)


def _listed(pairs: Iterable[tuple[str, str]]) -> Resolve:
    known = tuple(pairs)
    return lambda _store, text: [one for one, name in known if _names(text, one, name)]


def _names(text: str, record_id: str, name: str) -> bool:
    return text == record_id or text.casefold() == name.casefold()


def _category(_store: Store, text: str) -> Iterable[str]:
    wanted = text.casefold()
    return [str(one.id) for one in CATEGORIES if wanted in (str(one.id), one.key, one.name.casefold())]


def _issue(store: Store, text: str) -> Iterable[str]:
    issue = store.locate(text)
    return [issue.id] if issue is not None and store.shows(issue) else []


def _project(store: Store, text: str) -> Iterable[str]:
    projects = store.visible_projects()
    return [one.id for one in projects if _names(text, one.id, one.key) or _names(text, one.id, one.name)]


def _person(store: Store, text: str) -> Iterable[str]:
    user = store.user(text)
    return [user.login] if user is not None else []


def _version(store: Store, text: str) -> Iterable[str]:
    return [one.id for one in store.versions.values() if _names(text, one.id, one.name)]


def _component(store: Store, text: str) -> Iterable[str]:
    return [one.id for one in store.components.values() if _names(text, one.id, one.name)]


def _status_category(issue: Issue) -> tuple[str, ...]:
    return (str(STATUS_BY_ID[issue.text("status")].category.id),)


def _labels(issue: Issue) -> tuple[str, ...]:
    return tuple(label.casefold() for label in issue.ids("labels"))


def _key_terms() -> Iterable[Term]:
    for name in ("key", "id", "issue", "issuekey"):
        yield Term(name, lambda issue: (issue.id,), _issue)


_TERMS = {
    one.name.lower(): one
    for one in (
        *_key_terms(),
        Term("project", _one("project"), _project),
        Term("status", _one("status"), _listed((one.id, one.name) for one in STATUSES)),
        Term("statusCategory", _status_category, _category),
        Term("issuetype", _one("issuetype"), _listed((one.id, one.name) for one in TYPES)),
        Term("type", _one("issuetype"), _listed((one.id, one.name) for one in TYPES)),
        Term("priority", _one("priority"), _listed((one.id, one.name) for one in PRIORITIES)),
        Term("resolution", _one("resolution"), _listed((one.id, one.name) for one in RESOLUTIONS)),
        Term("assignee", _one("assignee"), _person),
        Term("reporter", _one("reporter"), _person),
        Term("labels", _labels, lambda _store, text: [text.casefold()]),
        Term("component", _several("components"), _component),
        Term("fixVersion", _several("fixVersions"), _version),
        Term("affectedVersion", _several("versions"), _version),
    )
}
