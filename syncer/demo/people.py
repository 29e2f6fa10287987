"""The people of the demo: each deed is something that a person does on one side, and what must come of it.

| deed | what it shows |
|---|---|
| summary here, priority there | different fields of one record both land |
| priority here and there | the mapping's policy `newest` |
| summary here and there | the policy `ask`: only that field waits |
| comments, an edited comment | one writer a comment, with the author's name |
| status here and there | transitions on the way to Jira, a table on the way back |
| a renamed version | versions are paired by id, not by name |
| a new incident, a new issue | the twin of each |
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from syncer.demo.stage import Stage
from syncer.sandbox import cast
from syncer.sandbox.tester.records import Incident

TESTER = "Enterprise Tester"
JIRA = "Jira"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands on the other side now, and whether that is what should."""

    arrived: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Deed:
    """`then` looks at the other side, after the sync."""

    who: str
    did: str
    then: Callable[[], Outcome]


def act(stage: Stage) -> list[Deed]:
    """Let everybody do their part; gives what they did, in order."""
    # They pick before those who take any incident.
    choosy = [*_statuses(stage), *_edited_comment(stage), *_newest(stage)]
    return [*_different_fields(stage), *_ask(stage), *choosy, *_comments(stage), *_version(stage), *_new(stage)]


def _different_fields(stage: Stage) -> list[Deed]:
    incident = stage.pick()
    issue_id = stage.issue_of(incident).id
    summary = f"Seen again: {incident.summary.strip()}"
    _in_tester(stage, incident, "joeb", Summary=summary)
    _in_jira(stage, issue_id, "annak", priority="Highest")
    return [
        Deed(
            _person("joeb", TESTER),
            f"changes the summary of #{incident.number}",
            lambda: _is(summary, str(stage.issue_of(incident).text("summary"))),
        ),
        Deed(
            _person("annak", JIRA),
            f"makes the same one, {stage.issue_of(incident).key}, Highest",
            lambda: _is("Critical", stage.priority_of(stage.incident(incident.id))),
        ),
    ]


def _newest(stage: Stage) -> list[Deed]:
    incident = stage.pick(lambda each: stage.priority_of(each) in ("High", "Medium"))
    _in_tester(stage, incident, "mariag", Priority="Critical")
    _leave_the_full_second()
    _in_jira(stage, stage.issue_of(incident).id, "yukit", priority="Low")
    return [
        Deed(
            f"{_person('mariag', TESTER)}, then {_person('yukit', JIRA)}",
            f"make #{incident.number} Critical, and its issue Low",
            lambda: _is("Low", stage.priority_of(stage.incident(incident.id)), " (the newest wins)"),
        )
    ]


def _ask(stage: Stage) -> list[Deed]:
    incident = stage.pick()
    _in_tester(stage, incident, "joeb", Summary="Joe's idea of a title")
    _in_jira(stage, stage.issue_of(incident).id, "olgap", summary="Olga's idea of a title")

    def then() -> Outcome:
        held = (stage.incident(incident.id).summary, stage.issue_of(incident).text("summary"))
        kept = held == ("Joe's idea of a title", "Olga's idea of a title")
        return Outcome(kept and stage.waits(incident, "Summary"), "both are kept; the summary waits for a person")

    who = f"{_person('joeb', TESTER)} and {_person('olgap', JIRA)}"
    return [Deed(who, f"both rewrite the summary of #{incident.number}", then)]


def _comments(stage: Stage) -> list[Deed]:
    incident = stage.pick()
    here, there = "I can reproduce this on Windows as well.", "Fixed on the branch, please have a look."
    stage.sandbox.call(lambda: stage.sandbox.tester.comment(incident.id, "mariag", body=here))
    issue_id = stage.issue_of(incident).id
    stage.sandbox.call(lambda: stage.sandbox.jira.comment(issue_id, by="annak", body=there))
    return [
        Deed(
            _person("mariag", TESTER),
            f"comments on #{incident.number}",
            lambda: _once(_issue_comments(stage, incident), here, _name("mariag")),
        ),
        Deed(
            _person("annak", JIRA),
            f"comments on {stage.issue_of(incident).key}",
            lambda: _once([each.body for each in stage.incident(incident.id).comments], there, _name("annak")),
        ),
    ]


def _edited_comment(stage: Stage) -> list[Deed]:
    users = stage.sandbox.tester.catalogue.users
    incident = stage.pick(lambda each: any(users[c.created_by].enabled for c in each.comments[:1]))
    comment = incident.comments[0]
    author = users[comment.created_by]
    text = "Forget what I wrote here: it was the proxy."
    stage.sandbox.call(lambda: stage.sandbox.tester.edit_comment(incident.id, comment.id, author.login, body=text))
    return [
        Deed(
            _person(author.login, TESTER),
            f"edits an old comment of #{incident.number}",
            lambda: _once(_issue_comments(stage, incident), text, _name(author.login)),
        )
    ]


def _statuses(stage: Stage) -> list[Deed]:
    under_way = ("New", "Open", "In Progress")
    closed = stage.pick(lambda each: stage.status_of(each) in under_way)
    reviewed = stage.pick(lambda each: stage.status_of(each) in under_way)
    _in_tester(stage, closed, "annak", Status="Closed", Resolution="Fixed")
    issue_id = stage.issue_of(reviewed).id
    stage.sandbox.call(lambda: stage.sandbox.jira.transition(issue_id, "In Review", by="samw"))
    return [
        Deed(
            _person("annak", TESTER),
            f"closes #{closed.number}",
            lambda: _is("Done", stage.named(stage.issue_of(closed), "status")),
        ),
        Deed(
            _person("samw", JIRA),
            f"hands {stage.issue_of(reviewed).key} in for review",
            lambda: _is("Fixed", stage.status_of(stage.incident(reviewed.id))),
        ),
    ]


def _version(stage: Stage) -> list[Deed]:
    incident = stage.pick()
    old, new = "3.0 beta", "3.0 final"
    stage.sandbox.call(lambda: stage.sandbox.jira.rename_version(old, new))
    _in_tester(stage, incident, "yukit", FixedVersions=[old])

    def then() -> Outcome:
        issue, versions = stage.issue_of(incident), stage.sandbox.jira.versions
        return _is(new, ", ".join(versions[each].name for each in issue.ids("fixVersions")))

    who = f"{_person('olgap', JIRA)}, then {_person('yukit', TESTER)}"
    return [Deed(who, f"renames version {old} to {new}; #{incident.number} is fixed in {old}", then)]


def _new(stage: Stage) -> list[Deed]:
    sandbox = stage.sandbox
    incident = sandbox.call(
        lambda: sandbox.tester.create_incident(
            "joeb", Summary="The search finds deleted customers", Priority="High", Components=["Search"]
        )
    )
    issue = sandbox.call(
        lambda: sandbox.jira.create(by="annak", summary="Export of umlauts: Größe, Maß, Übung", priority="Low")
    )

    def issue_made() -> Outcome:
        if stage.issue_id(incident.id) is None:
            return Outcome(False, "no issue")
        made = stage.issue_of(incident)
        return Outcome(made.text("summary") == incident.summary, f"{made.key}, {stage.named(made, 'priority')}")

    def incident_made() -> Outcome:
        incident_id = stage.incident_id(issue.id)
        if incident_id is None:
            return Outcome(False, "no incident")
        made = stage.incident(incident_id)
        return Outcome(made.summary == issue.text("summary"), f"#{made.number}, {stage.priority_of(made)}")

    return [
        Deed(_person("joeb", TESTER), f"writes a new incident, #{incident.number}", issue_made),
        Deed(_person("annak", JIRA), f"writes a new issue, {issue.key}", incident_made),
    ]


def _in_tester(stage: Stage, incident: Incident, by: str, **members: Any) -> None:
    stage.sandbox.call(lambda: stage.sandbox.tester.edit(incident.id, by, **members))


def _in_jira(stage: Stage, issue_id: str, by: str, **fields: Any) -> None:
    stage.sandbox.call(lambda: stage.sandbox.jira.edit(issue_id, by=by, **fields))


def _issue_comments(stage: Stage, incident: Incident) -> list[str]:
    return [comment.body for comment in stage.issue_of(incident).comments.values()]


def _is(expected: str, held: str, note: str = "") -> Outcome:
    return Outcome(held == expected, f"{held or 'nothing'}{note}")


def _once(bodies: list[str], text: str, author: str) -> Outcome:
    """Whether exactly one of the comments is the text, below its author's name."""
    found = [body for body in bodies if text in body]
    return Outcome(len(found) == 1 and author in found[0], f"{author}: {text}" if found else "no such comment")


def _name(login: str) -> str:
    return next(person.display_name for person in cast.PEOPLE if person.login == login)


def _person(login: str, where: str) -> str:
    return f"{_name(login)} ({where})"


def _leave_the_full_second() -> None:
    """Enterprise Tester keeps whole seconds: in the first moment of one, neither side's edit would be the newer."""
    while datetime.now(UTC).microsecond < 2000:
        time.sleep(0.001)
