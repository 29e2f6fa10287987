"""`syncer settle`, `discard` and `retry`, as typed by a person while the daemon runs."""

import json
from typing import Any

import pytest

from state import Store
from syncer.sandbox.tester.records import Incident
from tests.syncer.cli.terminal import LINK, Said, Terminal
from tests.syncer.cli.test_explain import edit_both, explained, issue_key
from tests.syncer.cli.test_removals import hold_one


@pytest.fixture
def mirrored(terminal: Terminal) -> Incident:
    """An incident with an issue, among others."""
    incident = terminal.log("Pump fails")
    assert terminal("sync").code == 0
    return incident


@pytest.fixture
def disputed(terminal: Terminal, mirrored: Incident) -> Incident:
    """An incident whose title was changed on both sides."""
    edit_both(terminal, mirrored)
    assert terminal("sync").code == 0
    return mirrored


def beside_the_daemon(terminal: Terminal, *words: str) -> Said:
    store = Store.open(f"sqlite:///{terminal.state}")
    with store.single_writer():
        said = terminal(*words)
    store.close()
    return said


def conflicts(terminal: Terminal, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(terminal("settle", *words, "--json").out))


class TestSettle:
    def test_a_conflict_is_shown_decided_told_and_carried_out(self, terminal: Terminal, disputed: Incident) -> None:
        key = issue_key(terminal, disputed)
        (line,) = (line for line in terminal("settle").out.splitlines() if key in line)
        assert [word in line for word in ("Summary", "Mine", "Theirs", f"#{disputed.number}")] == [True] * 4
        said = beside_the_daemon(terminal, "settle", key, "summary", "issue", "--by", "Anna")
        assert (said.code, said.complaints) == (0, [])
        assert "issue: Theirs" in said.out
        assert "incident: Mine" in said.out
        assert (
            f"decided by Anna: take the issue's Summary, not the incident's, of #{disputed.number} = {key}" in said.out
        )
        assert "issue, by Anna" in terminal("settle", key).out
        assert "take the issue's Summary" in terminal("history", key).out
        assert terminal("sync").code == 0
        assert terminal.stage.sandbox.tester.incident(disputed.id).summary == "Theirs"
        assert terminal("settle").out.strip() == "Nothing is in conflict."

    def test_what_was_decided_is_explained(self, terminal: Terminal, disputed: Incident) -> None:
        key = issue_key(terminal, disputed)
        terminal("settle", key, "Summary", "issue", "--by", "Anna")
        told = explained(terminal, key)
        summary = next(field for field in told["fields"] if field["incident"] == "Summary")
        assert summary["code"] == "planned"
        said = "decided by Anna: take the issue's; to be written to the incident: Mine -> Theirs"
        assert summary["decision"] == said

    def test_programs_get_whole_texts_with_the_record_and_what_was_decided(
        self, terminal: Terminal, disputed: Incident
    ) -> None:
        (told,) = conflicts(terminal, f"#{disputed.number}", "Summary")
        assert (told["both"]["incident"], told["both"]["issue"], told["decision"]) == ("Mine", "Theirs", None)
        assert (told["link"]["incident_id"], told["parked"]["item"]) == (disputed.id, "Summary")
        terminal("settle", disputed.id, "Summary", "incident", "--by", "Anna")
        (told,) = conflicts(terminal)
        assert (told["decision"]["choice"], told["decision"]["by"]) == ("incident", "Anna")

    @pytest.mark.parametrize(
        ("words", "complaint"),
        [
            (["Priority", "issue"], "'Priority' of '{key}' isn't in conflict; in conflict are: Summary."),
            (["Summary", "both"], "'both' is not one of 'incident', 'issue'"),
        ],
    )
    def test_what_can_not_be_decided_is_said_with_what_can(
        self, terminal: Terminal, disputed: Incident, words: list[str], complaint: str
    ) -> None:
        key = issue_key(terminal, disputed)
        said = terminal("settle", key, *words)
        assert said.code == 1
        (told,) = said.complaints
        assert complaint.format(key=key) in told

    def test_a_record_without_a_conflict_is_said_to_have_none(self, terminal: Terminal, mirrored: Incident) -> None:
        key = issue_key(terminal, mirrored)
        assert terminal("settle", key).out.strip() == f"Nothing of {key} is in conflict."
        said = terminal("settle", key, "Summary", "issue")
        assert (said.code, "nothing of it is" in said.complaints[0]) == (1, True)


class TestDiscard:
    def test_what_is_held_is_kept_by_part_of_its_hash(self, terminal: Terminal) -> None:
        incident, key = hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        assert f"syncer discard {told['digest']}" in terminal("held").out
        assert told["discarded"] is False
        said = beside_the_daemon(terminal, "discard", told["digest"][:6], "--by", "Anna")
        assert (said.code, "discarded by Anna: 1 removal" in said.out) == (0, True)
        assert "Discarded; the next cycle keeps" in terminal("held").out
        assert terminal("sync").code == 0
        assert terminal.stage.sandbox.jira.locate(key) is not None
        assert terminal("held").out.strip() == "Nothing is held."
        assert "a person decided that the issue stays" in terminal("history", key).out
        assert all(row.incident_id != incident.id for row in terminal.known()["links"])

    def test_an_unknown_hash_is_refused_with_those_that_are_held(self, terminal: Terminal) -> None:
        hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        said = terminal("discard", "abcdef")
        assert (said.code, told["digest"] in said.complaints[0]) == (1, True)

    def test_what_a_changed_mapping_would_do_is_not_discarded(self, terminal: Terminal) -> None:
        terminal.map_with("  - {incident: Description, issue: description, kind: copy}   # incident_text: html\n", "")
        for number in range(5):
            terminal.log(f"Pump {number}", Description="It drips")
        terminal("sync")
        added = "  - {incident: Description, issue: description, kind: copy, conflict: incident}\n"
        terminal.map_with("\nfields:\n", f"\nfields:\n{added}")
        terminal("sync")
        (told,) = json.loads(terminal("held", "--json").out)
        assert "syncer discard" not in terminal("held").out
        said = terminal("discard", told["digest"])
        assert (said.code, "take the edit of the mapping file back" in said.complaints[0]) == (1, True)


class TestRetry:
    def test_what_waits_of_a_record_is_due(self, terminal: Terminal, disputed: Incident) -> None:
        (before,) = terminal.known()["parked"]
        said = beside_the_daemon(terminal, "retry", f"#{disputed.number}", "Summary")
        assert (said.code, said.out) == (0, "1 waiting item is due; the next cycle tries again\n")
        (row,) = terminal.known()["parked"]
        assert (row.tries, row.next_try_at < before.next_try_at) == (0, True)
        assert "try again at once: Summary" in terminal("history", disputed.id).out

    def test_all_that_waits_is_due_without_a_name(self, terminal: Terminal, disputed: Incident) -> None:
        assert terminal("retry", "--link", LINK).out == "1 waiting item is due; the next cycle tries again\n"

    def test_where_nothing_waits_it_is_said(self, terminal: Terminal, mirrored: Incident) -> None:
        assert (terminal("retry").out, terminal("retry").code) == ("Nothing waits.\n", 0)
        said = terminal("retry", issue_key(terminal, mirrored), "Summary")
        assert (said.code, "'syncer status' shows what waits" in said.complaints[0]) == (1, True)
