"""A draft as a mapping file: YAML that loads, with comments that teach, and questions ready to be uncommented. Pure.

A comment that begins with "# ?" asks something; an entry below it answers it, without its "# ".
"""

from collections.abc import Iterator

from mappings.policies import Direction
from syncer.core.records import Side
from syncer.drafting_fitting import SERVERS, some
from syncer.drafting_pairs import Pair
from syncer.drafting_values import Draft, Entry, Fill, Lacking, Question
from syncer.suggesting import quoted

GUESSED = "   # guessed: check"
WIDTH = 118
"""Longer comments are broken."""

_TEACHES = {
    "Summary": "A text, the same on both sides.",
    "Description": "Becomes wiki markup in Jira. Where Enterprise Tester holds HTML, add incident_text: html.",
    "Type": "A choice: which option stands for which. Where several rows fit, the first one counts.",
    "Status": "An issue is moved by the transitions of its workflow; transition_fields is what these may ask for.",
    "Resolution": "Jira takes a resolution when an issue is closed: it is carried from then on.",
    "Components": "Found by name; others get rows under components.",
    "AffectedVersions": "Which versions are the same is said once, in the block versions below.",
}


def file_text(draft: Draft, name: str | None) -> str:
    """The whole file. `name` is the project link's where the file's own name doesn't give it."""
    lines = [*_head(draft, name), *_projects(draft), *_fields(draft), *_after(draft)]
    # Two empty lines in a row are one too many.
    return "".join(f"{line}\n" for line, before in zip(lines, ["", *lines], strict=False) if line or before)


def _head(draft: Draft, name: str | None) -> Iterator[str]:
    yield "# yaml-language-server: $schema=schema.json"
    yield "#"
    yield from _comment(
        "Written from what both servers offer. Rows that end in 'guessed: check' rest on the meaning of words, not on "
        "names. A comment that begins with a question mark asks something: choose a line below it and take its '# ' "
        "away, or leave it. Then: syncer mapping lint --live, and syncer plan.",
        "",
    )
    yield ""
    if draft.foreign_link is not None:
        yield from _comment(
            f"? Enterprise Tester's own Jira link '{draft.foreign_link}' is active on this project. Switch it off "
            "before the first sync: two programs would overwrite each other.",
            "",
        )
        yield ""
    if name is not None:
        yield "# Links are remembered under this name: keep it."
        yield f"name: {quoted(name)}"
        yield ""
    if draft.mark_field is None and draft.direction is Direction.TO_ISSUE:
        yield "# To carry changes both ways, incidents need a mark_field: see below."
    yield f"direction: {draft.direction}   # both, to_issue or to_incident; a field may narrow it"
    yield "conflict: ask   # who wins when both sides changed a field: incident, issue, newest; or ask a person"
    yield ""


def _projects(draft: Draft) -> Iterator[str]:
    yield "incidents:"
    yield f"  project: {quoted(draft.project)}"
    if draft.mark_field is not None:
        yield f"  mark_field: {quoted(draft.mark_field)}   # the synchronizer alone writes here: the issue's key"
    else:
        boxes = f" These are there, if one of them isn't used: {some(draft.boxes)}." if draft.boxes else ""
        yield from _comment(
            "? No custom field looks like one for the mark, so incidents only become issues. In Enterprise Tester add "
            "a custom field for incidents, of the type text box, name it here, and let direction be both." + boxes,
            "  ",
        )
        yield "  # mark_field: Jira key"
    yield "  # only: Status != Rejected             # a condition in TQL; other incidents get no issue"
    yield "  # when: incident.Priority != 'Low'     # the same, asked of each incident by the synchronizer itself"
    yield ""
    yield "issues:"
    yield f"  project: {quoted(draft.key)}"
    if draft.new_type is not None:
        yield f"  type: {quoted(draft.new_type)}{GUESSED}; it is the type of new issues"
    yield "  # only: labels = from-testing          # a condition in JQL; other issues get no incident"
    yield ""


def _fields(draft: Draft) -> Iterator[str]:
    yield "fields:"
    custom = False
    for entry in draft.entries:
        if not custom and (custom := "." in entry.incident):
            yield "  # Custom fields: by their names in Enterprise Tester, by their numbers in Jira."
        if entry.incident != "Resolution" or entry.when:
            yield from _comment(_TEACHES.get(entry.incident, ""), "  ")
        yield from _people(draft) if entry.incident == "AssignedTo" else ()
        lines = list(_entry(entry, draft))
        yield from lines
        if len(lines) > 1 or not custom:
            yield ""
    yield ""
    for question in draft.questions:
        yield from _question(question)
    yield ""


def _people(draft: Draft) -> Iterator[str]:
    """Counts only: names of people have no place in a file that many read."""
    active, found = draft.people
    said = f"People are found by e-mail address, then by name: {found} of the {active} active ones are."
    if found < active:
        said += (
            " Who are missing? syncer mapping coverage. Each can get a row under users; omit leaves the assignee alone."
        )
    yield from _comment(said, "  ")


def _entry(entry: Entry, draft: Draft) -> Iterator[str]:
    yield from _comment(entry.note, "  ")
    way = entry.direction or draft.direction
    if entry.kind == "components":
        yield from _block(entry)
        yield from _creating(draft.components, "components", way, "    ")
    elif entry.kind == "users":
        yield from _block(entry)
        yield "    # users:"
        yield "    #   - {incident: a login, issue: an e-mail address}"
        yield "    # unmapped: omit"
    elif entry.pairs is None:
        yield f"  {_one_line(entry)}"
    else:
        yield from _block(entry)
        yield "    values:"
        yield from (f"      {_row(row)}" for row in entry.pairs.rows)
        yield from _open(entry, way)
        if entry.kind == "status" and draft.resolution is not None and way.carries("issue"):
            yield "    transition_fields:"
            yield f"      resolution: {quoted(draft.resolution)}   # for a transition whose screen demands one"


def _block(entry: Entry) -> Iterator[str]:
    yield f"  - incident: {quoted(entry.incident)}"
    yield f"    issue: {entry.issue}"
    yield f"    kind: {entry.kind}"
    if entry.direction is not None:
        yield f"    direction: {entry.direction}"
    if entry.when:
        yield f"    when: {quoted(entry.when)}"


def _row(row: Pair) -> str:
    return f"- {{incident: {quoted(row.incident)}, issue: {quoted(row.issue)}}}" + (GUESSED if row.guessed else "")


def _open(entry: Entry, way: Direction) -> Iterator[str]:
    """The options for which nothing stands, where records that have them would wait."""
    if entry.pairs is None:
        return
    for side in (side for side in Side if way.carries(side.other.word)):
        first, *rest = entry.offered[side.other] or ("",)
        for name in entry.pairs.open[side]:
            yield from _comment(f"? Nothing stands for '{name}' of {SERVERS[side]}.", "      ")
            row = Pair(name, first) if side is Side.INCIDENT else Pair(first, name)
            yield f"      # {_row(row)}" + (f"   # or {_said(some(rest))}" if rest else "")


def _creating(lacking: Lacking, what: str, way: Direction, indent: str) -> Iterator[str]:
    """Versions or components that one side lacks: those of Jira can be created, others need a person."""
    missing = lacking.missing
    if missing[Side.INCIDENT] and way.carries("issue"):
        ask = "" if lacking.create else "? "
        yield from _comment(f"{ask}Jira lacks {some(missing[Side.INCIDENT])}: create makes them there.", indent)
    yield f"{indent}create: {'true' if lacking.create and way.carries('issue') else 'false'}"
    if lacking.alike:
        yield f"{indent}# ? These may be the same:"
        yield f"{indent}# {'values' if what == 'versions' else what}:"
        yield from (f"{indent}#   {_row(Pair(row.incident, row.issue))}" for row in lacking.alike)
    if missing[Side.ISSUE] and way.carries("incident"):
        said = f"? Enterprise Tester lacks {some(missing[Side.ISSUE])}: make them there by hand."
        yield from _comment(said, indent)


def _one_line(entry: Entry | Fill) -> str:
    """An entry in one line."""
    if isinstance(entry, Fill):
        value = "..." if entry.value is None else quoted(entry.value)
        return f"- {{{entry.side}: {quoted(entry.name)}, kind: set, value: {value}, if_empty: true}}"
    html = ", incident_text: html" if entry.html else ""
    way = f", direction: {entry.direction}" if entry.direction is not None else ""
    return f"- {{incident: {quoted(entry.incident)}, issue: {entry.issue}, kind: {entry.kind}{html}{way}}}"


def _question(question: Question) -> Iterator[str]:
    yield from _comment(f"? {question.sentence}", "  ")
    for entry, remark in question.entries:
        yield f"  # {_one_line(entry)}" + (f"   # {_said(remark)}" if remark else "")
    if question.entries:
        yield ""


def _after(draft: Draft) -> Iterator[str]:
    yield "# Versions of the same name are the same version, and stay so when one of them is renamed."
    yield "versions:"
    yield from _creating(draft.versions, "versions", draft.direction, "  ")
    yield ""
    yield from _DEFAULTS


_DEFAULTS = """\
# What else can be said, as it is when nothing is said (docs/mapping.md has every key):
# comments:
#   direction: both        # or to_issue, to_incident
#   incident_text: plain   # or html, where Enterprise Tester holds comments as HTML
# deletions:
#   incident: unlink       # an incident was deleted: delete, close, unlink or ignore its issue
#   issue: unlink          # an issue was deleted: delete, close, unlink or ignore its incident
#   comments: notice       # a comment was deleted: its mirrored one goes, or becomes a notice; or keep
#   at_most: 10            # so many removals in 24 hours; more wait for a person
#   at_most_percent: 10    # so many percent of all links at once ...
#   exempt: 3              # ... but so few at a time always pass the percentage""".splitlines()


def _comment(text: str, indent: str) -> Iterator[str]:
    """A comment of as many lines as it takes; none for no text."""
    line = ""
    for word in _said(text).split():
        if line and len(indent) + len(line) + len(word) + 3 > WIDTH:
            yield f"{indent}# {line}"
            line = "  " + word if text.startswith("?") else word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield f"{indent}# {line}"


def _said(text: str) -> str:
    """A text that can stand in a comment: names may hold line ends, and signs that YAML refuses."""
    return "".join(each if each.isprintable() else "�" for each in " ".join(text.split()))
