"""Over random histories: nothing is ever removed or overwritten that we did not make or agree on.

People and foreign programs leave labels, remote links and comments on both sides; records come and go. After each
cycle all that they left still stands, each record that vanished was deleted by a person here or on the other side,
and each value that was overwritten was the one that both sides had agreed on, or lost a conflict.
"""

import random
from pathlib import Path

import pytest

from mappings.values import Value
from tests.syncer.mirror_stage import MirrorStage
from tests.syncer.test_mirror import BOTH

STEPS = 24
FREELY = {"incident": "delete", "issue": "delete", "at_most": 1000, "at_most_percent": 100, "exempt": 1000}


class History:
    """A random run, and what must survive it."""

    def __init__(self, stage: MirrorStage, seed: int) -> None:
        self.stage = stage
        self.dice = random.Random(seed)
        self.jira, self.tester = stage.sandbox.jira, stage.sandbox.tester
        self.labels: dict[str, set[str]] = {}
        self.links: dict[str, set[str]] = {}
        self.comments: dict[tuple[str, str], str] = {}
        self.deleted: set[str] = set()
        self.agreed: set[tuple[str, Value]] = set()
        self.unsynced: set[str] = set()
        self.told = 0
        self.count = 0
        self.remember()

    def step(self) -> None:
        self.count += 1
        acts = [
            self.log,
            self.log,
            self.write,
            self.edit,
            self.comment,
            self.comment,
            self.label,
            self.link,
            self.delete,
        ]
        self.dice.choice(acts)()
        if self.dice.random() < 0.5:
            self.sync(census=self.dice.random() < 0.5)
            self.stage.later(minutes=self.dice.choice([1, 10]))

    def sync(self, *, census: bool) -> None:
        """A cycle; each description that it overwrote had been agreed on, or lost against an edit of its twin."""
        self.stage.sync(census=census)
        entries = [e for e in self.stage.store.history(limit=100_000, kinds=["update"]) if e.outcome == "settled"]
        for entry in entries[: len(entries) - self.told]:
            record_id, twin_id = entry.incident_id, entry.issue_id
            if entry.side == "issue":
                record_id, twin_id = twin_id, record_id
            for name, before in (entry.before or {}).items():
                agreed = before is None or (record_id, before) in self.agreed
                if name.lower() == "description":
                    assert agreed or {record_id, twin_id} <= self.unsynced, f"{before!r} of {record_id} was lost"
        self.told = len(entries)
        self.unsynced.clear()
        self.remember()

    def remember(self) -> None:
        """What both sides of each link have agreed on by now."""
        links = self.stage.store.links(self.stage.link.name)
        for number, sides in self.stage.store.baselines([row.id for row in links]).items():
            row = next(each for each in links if each.id == number)
            for side, record_id in (("incident", row.incident_id), ("issue", row.issue_id)):
                held = {name.lower(): value for name, value in sides[side].values.items()} if side in sides else {}
                self.agreed.add((record_id, held.get("description")))

    def log(self) -> None:
        self.stage.log(Summary=f"Incident {self.count}")

    def write(self) -> None:
        self.jira.create(by="annak", summary=f"Issue {self.count}", labels=["theirs"])

    def edit(self) -> None:
        incident_id, issue_id = self.an_incident(), self.an_issue()
        linked = self.stage.store.link_of(self.stage.link.name, incident_id=incident_id)
        sides = self.dice.choice(["incident", "issue", "both"])
        if sides != "issue":
            self.tester.edit(incident_id, Description=f"Told {self.count}")
            self.unsynced.add(incident_id)
        if sides == "both" and linked is not None and linked.issue_id in self.jira.issues:
            issue_id = linked.issue_id
        if sides != "incident":
            self.jira.edit(issue_id, by="annak", description=f"Written {self.count}")
            self.unsynced.add(issue_id)

    def comment(self) -> None:
        body = f"Comment {self.count}"
        if self.dice.random() < 0.5:
            where = self.an_incident()
            self.comments[where, self.tester.comment(where, body=body)] = body
        else:
            where = self.an_issue()
            self.comments[where, self.jira.comment(where, by="mariag", body=body).id] = body

    def label(self) -> None:
        issue = self.jira.issue(self.an_issue())
        name = f"label-{self.count}"
        self.jira.edit(issue.id, by="annak", labels=[*issue.ids("labels"), name])
        self.labels.setdefault(issue.id, set()).add(name)

    def link(self) -> None:
        issue_id, name = self.an_issue(), f"elsewhere:{self.count}"
        self.jira.add_remote_link(issue_id, name, url="http://example.com/x", title="Theirs")
        self.links.setdefault(issue_id, set()).add(name)

    def delete(self) -> None:
        if self.dice.random() < 0.3:
            victim = self.an_incident()
            self.tester.delete(victim)
            self.deleted.add(victim)
        elif self.dice.random() < 0.4:
            victim = self.an_issue()
            self.jira.delete(victim)
            self.deleted.add(victim)

    def an_incident(self) -> str:
        return self.dice.choice(sorted(i.id for i in self.tester.incidents()))

    def an_issue(self) -> str:
        return self.dice.choice(sorted(i.id for i in self.jira.issues.values() if i.key.startswith("TEST-")))

    def check(self, ever: dict[str, str]) -> None:
        incidents = {incident.id: incident for incident in self.tester.incidents()}
        issues = self.jira.issues
        for record_id, twin_id in ever.items():
            if record_id not in incidents and record_id not in issues:
                assert record_id in self.deleted or twin_id in self.deleted, f"nobody deleted {record_id}"
        for issue_id, names in self.labels.items():
            assert issue_id not in issues or names <= set(issues[issue_id].ids("labels"))
        for issue_id, names in self.links.items():
            held = {each.global_id for each in issues[issue_id].remote_links.values()} if issue_id in issues else names
            assert names <= held
        for (record_id, comment_id), body in self.comments.items():
            if record_id in incidents:
                assert body in {c.id: c.body for c in incidents[record_id].comments}[comment_id]
            elif record_id in issues:
                assert issues[record_id].comments[comment_id].body == body


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_removed_or_overwritten_that_we_did_not_make_or_agree_on(tmp_path: Path, seed: int) -> None:
    profile, deployment = BOTH[seed % len(BOTH)]
    with MirrorStage(tmp_path, issues=True, profile=profile, deployment=deployment) as stage:
        stage.remap(deletions=FREELY)
        stage.log(Summary="The first")
        stage.sync()
        history, ever = History(stage, seed), dict[str, str]()
        for _ in range(STEPS):
            history.step()
            for row in stage.store.links(stage.link.name):
                ever |= {row.incident_id: row.issue_id, row.issue_id: row.incident_id}
            history.check(ever)
        for _ in range(3):
            history.sync(census=True)
            stage.later(minutes=10)
        history.check(ever)
        assert history.told > 0
        foreign = [i for i in stage.sandbox.jira.issues.values() if i.key.startswith("OTHER-")]
        assert len(foreign) == 3
        assert all(not issue.remote_links for issue in foreign)
        assert stage.sync(census=True).writes == 0
