"""`syncer held`, `approve`, `history`, `undo`, `links`, `link`, `unlink`, `adopt`: as typed by a person."""

import csv
import io
import json
import re

import pytest

from state import Store
from syncer.sandbox.tester.records import Incident
from tests.syncer.cli.terminal import LINK, Said, Terminal

WITH_GUARD = (
    ("incident: close ", "incident: delete "),
    ("  close_issue_as: Done ", "  # "),
    ("at_most: 10 ", "at_most: 0 "),
)


@pytest.fixture
def mirrored(terminal: Terminal) -> Incident:
    """An incident with an issue, among others."""
    incident = terminal.log("Pump fails")
    assert terminal("sync").code == 0
    return incident


def issue_key(terminal: Terminal, incident: Incident) -> str:
    (row,) = (row for row in terminal.known()["links"] if row.incident_id == incident.id)
    return str(row.issue_key)


def hold_one(terminal: Terminal) -> tuple[Incident, str]:
    """A removal that the guard holds; gives its incident and its issue's key."""
    for old, new in WITH_GUARD:
        terminal.map_with(old, new)
    terminal.settings["SYNCER_SCHEDULE__CONFIRM_AFTER_SECONDS"] = "0"
    incident = terminal.log("Pump fails")
    assert terminal("sync").code == 0
    key = issue_key(terminal, incident)
    terminal.stage.sandbox.tester.delete(incident.id)
    for _ in range(2):
        assert terminal("sync", "--census").code == 0
    return incident, key


def number_of(said: Said, words: str) -> str:
    """The number of the newest entry of `syncer history` that has these words."""
    return next(line.split()[0] for line in said.out.splitlines() if words in line)


class TestApproval:
    def test_what_is_held_is_listed_with_its_reason_and_what_releases_it(self, terminal: Terminal) -> None:
        _, key = hold_one(terminal)
        said = terminal("held")
        assert said.code == 0
        assert key in said.out
        assert "over the cap of 0" in said.out
        (told,) = json.loads(terminal("held", "--json").out)
        assert f"syncer approve {told['digest']}" in said.out
        assert told["approved"] is False

    def test_an_approval_by_part_of_the_hash_releases_it_while_the_daemon_runs(self, terminal: Terminal) -> None:
        _, key = hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        store = Store.open(f"sqlite:///{terminal.state}")
        with store.single_writer():
            said = terminal("approve", told["digest"][:6], "--by", "Anna")
        assert (said.code, store.approvals(LINK)[0].by) == (0, "Anna")
        store.close()
        assert "next cycle" in said.out
        assert "Approved" in terminal("held").out
        assert terminal.stage.sandbox.jira.locate(key) is not None
        assert terminal("sync", "--census").code == 0
        assert terminal.stage.sandbox.jira.locate(key) is None
        assert terminal("held").out.strip() == "Nothing is held."

    @pytest.mark.parametrize("digest", ["abcdef", "abc"])
    def test_an_unknown_hash_is_refused_with_those_that_are_held(self, terminal: Terminal, digest: str) -> None:
        hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        said = terminal("approve", digest)
        assert said.code == 1
        (complaint,) = said.complaints
        assert told["digest"] in complaint or "too short" in complaint

    def test_a_changed_mapping_is_released_by_its_hash(self, terminal: Terminal) -> None:
        terminal.map_with("  - {incident: Description, issue: description, kind: copy}   # incident_text: html\n", "")
        incidents = [terminal.log(f"Pump {number}", Description="It drips") for number in range(5)]
        terminal("sync")
        added = "  - {incident: Description, issue: description, kind: copy, conflict: incident}\n"
        terminal.map_with("\nfields:\n", f"\nfields:\n{added}")
        terminal("sync")
        (told,) = json.loads(terminal("held", "--json").out)
        assert told["kind"] == "mapping"
        assert terminal("approve", told["digest"]).code == 0
        terminal("sync")
        issue = terminal.stage.sandbox.jira.issue(issue_key(terminal, incidents[0]))
        assert issue.fields["description"] == "It drips"
        assert json.loads(terminal("held", "--json").out) == []


class TestHistory:
    def test_it_is_told_newest_first_by_key_with_what_stood_there(self, terminal: Terminal, mirrored: Incident) -> None:
        terminal.stage.sandbox.tester.edit(mirrored.id, Summary="Overwritten")
        terminal("sync")
        by_incident = terminal("history", f"#{mirrored.number}").out
        assert by_incident == terminal("history", issue_key(terminal, mirrored)).out
        lines = [line for line in by_incident.splitlines()[1:] if line.strip()]
        assert "update the issue: summary" in lines[0]
        assert "summary: Pump fails" in lines[0]
        assert "create an issue" in lines[-1]

    def test_it_can_be_cut_and_read_by_programs(self, terminal: Terminal, mirrored: Incident) -> None:
        entries = json.loads(terminal("history", mirrored.id, "--json", "--limit", "1").out)
        assert len(entries) == 1
        assert entries[0]["incident_id"] == mirrored.id
        assert len(json.loads(terminal("history", "--json", "--limit", "0").out)) > len(entries)

    def test_a_record_that_is_gone_is_still_found_by_its_key(self, terminal: Terminal) -> None:
        _, key = hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        terminal("approve", told["digest"])
        terminal("sync", "--census")
        assert f"delete the issue {key}" in terminal("history", key).out

    def test_nothing_known_is_said(self, terminal: Terminal) -> None:
        assert "nothing of NOPE-1" in terminal("history", "NOPE-1").out


class TestUndo:
    def test_an_overwrite_is_undone_and_shown_as_such(self, terminal: Terminal, mirrored: Incident) -> None:
        terminal.stage.sandbox.tester.edit(mirrored.id, Summary="Overwritten")
        terminal("sync")
        key = issue_key(terminal, mirrored)
        number = number_of(terminal("history", key), "update the issue: summary")
        said = terminal("undo", number)
        assert said.code == 0
        assert key in said.out
        assert terminal.stage.sandbox.jira.issue(key).fields["summary"] == "Pump fails"
        (entry,) = (e for e in json.loads(terminal("history", "--json").out) if str(e["id"]) == number)
        assert entry["undone_by"] is not None
        again = terminal("undo", number)
        assert again.code == 1
        assert f"syncer undo {entry['undone_by']}" in again.complaints[0]

    def test_a_deleted_issue_comes_back(self, terminal: Terminal) -> None:
        _, key = hold_one(terminal)
        (told,) = json.loads(terminal("held", "--json").out)
        terminal("approve", told["digest"])
        terminal("sync", "--census")
        said = terminal("undo", number_of(terminal("history", key), f"delete the issue {key}"))
        assert said.code == 0
        found = re.search(r"back as (TEST-\d+)", said.out)
        assert found is not None
        assert terminal.stage.sandbox.jira.issue(found[1]).fields["summary"] == "Pump fails"

    def test_an_unknown_number_is_refused(self, terminal: Terminal) -> None:
        said = terminal("undo", "4711")
        assert (said.code, len(said.complaints)) == (1, 1)
        assert "no entry 4711" in said.complaints[0]


class TestLinks:
    def test_links_are_found_by_part_of_a_key_and_exported(self, terminal: Terminal, mirrored: Incident) -> None:
        key = issue_key(terminal, mirrored)
        assert key in terminal("links", mirrored.id[:8]).out
        (row,) = csv.DictReader(io.StringIO(terminal("links", mirrored.id, "--csv").out))
        (told,) = json.loads(terminal("links", mirrored.id, "--json").out)
        assert (row["incident_id"], row["issue_key"]) == (told["incident_id"], told["issue_key"]) == (mirrored.id, key)
        assert "... and more" in terminal("links", "--limit", "1").out
        assert len(json.loads(terminal("links", "--json", "--limit", "0").out)) == len(terminal.known()["links"])

    def test_a_link_is_taken_apart_and_made_again(self, terminal: Terminal, mirrored: Incident) -> None:
        key = issue_key(terminal, mirrored)
        said = terminal("unlink", key)
        assert (said.code, key in said.out) == (0, True)
        assert "No link matches" in terminal("links", mirrored.id).out
        said = terminal("link", f"#{mirrored.number}", key)
        assert said.code == 0
        assert key in terminal("links", mirrored.id).out
        assert terminal("unlink", "NOPE-1").complaints == [
            "no linked record goes by 'NOPE-1'; 'syncer links' shows those that are linked"
        ]

    def test_while_the_daemon_runs_records_are_not_linked_or_unlinked(
        self, terminal: Terminal, mirrored: Incident
    ) -> None:
        store = Store.open(f"sqlite:///{terminal.state}")
        with store.single_writer():
            said = terminal("unlink", issue_key(terminal, mirrored))
        store.close()
        assert said.code == 1
        assert "stop it" in said.complaints[0]

    def test_a_lost_state_db_is_rebuilt_from_the_marks(self, terminal: Terminal, mirrored: Incident) -> None:
        linked = {(row.incident_id, row.issue_id) for row in terminal.known()["links"]}
        for left in terminal.folder.glob("cli.db*"):
            left.unlink()
        said = terminal("adopt")
        assert said.code == 0
        assert f"{len(linked)} links" in said.out
        assert {(row.incident_id, row.issue_id) for row in terminal.known()["links"]} == linked
        assert terminal("sync").code == 0
        assert {(row.incident_id, row.issue_id) for row in terminal.known()["links"]} == linked
