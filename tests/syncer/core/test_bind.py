"""Names become ids: by pinned pair, by the mapping's row, by e-mail, by name; what isn't found is said."""

from typing import Any

import pytest

from mappings.lenses import Untranslatable
from state.rows import VersionLink
from syncer.core.bind import Bound, bind
from syncer.core.records import Catalogue, Option, Side
from tests.syncer.core.builders import mapping, option

SUMMARY = {"kind": "copy", "incident": "Summary", "issue": "summary"}
VERSIONS = {"kind": "versions", "incident": "FixedVersions", "issue": "fixVersions"}

USERS = {"kind": "users", "incident": "AssignedTo", "issue": "assignee"}
PRIORITY = {
    "kind": "table",
    "incident": "Priority",
    "issue": "priority",
    "values": [{"incident": "High", "issue": "Hihgest"}],
}


def bound(
    kind: str, incidents: list[Option], issues: list[Option], field: dict[str, Any], *links: VersionLink, **more: Any
) -> Bound:
    catalogues = {
        Side.INCIDENT: Catalogue(Side.INCIDENT, {kind: tuple(incidents)}),
        Side.ISSUE: Catalogue(Side.ISSUE, {kind: tuple(issues)}),
    }
    anticipate = more.pop("anticipate", False)
    return bind(mapping(fields=[SUMMARY, field], **more), catalogues, links, anticipate=anticipate)


def get(ready: Bound, value: str | frozenset[str]) -> Any:
    return ready.fields[1].lens.get(value, frozenset() if isinstance(value, frozenset) else None)


class TestVersions:
    def test_versions_of_the_same_name_are_paired_whatever_the_case(self) -> None:
        ready = bound("version", [option("v1", "2.0 Beta")], [option("101", "2.0  beta")], VERSIONS)
        assert get(ready, frozenset({"v1"})) == frozenset({"101"})
        assert [(a.id, b.id) for a, b in ready.pairings] == [("v1", "101")]

    def test_a_pinned_pair_outlives_a_rename_on_either_side(self) -> None:
        pinned = VersionLink("shop", "v1", "101")
        ready = bound(
            "version", [option("v1", "2.0")], [option("101", "Spring"), option("102", "2.0")], VERSIONS, pinned
        )
        assert get(ready, frozenset({"v1"})) == frozenset({"101"})
        assert ready.pairings == ()

    def test_a_row_of_the_mapping_beats_the_name(self) -> None:
        rows = {"values": [{"incident": "2.0", "issue": "Spring"}]}
        both = [option("101", "Spring"), option("102", "2.0")]
        ready = bound("version", [option("v1", "2.0")], both, VERSIONS, versions=rows)
        assert get(ready, frozenset({"v1"})) == frozenset({"101"})

    def test_missing_versions_are_created_only_where_the_mapping_says_so(self) -> None:
        options = [option("v1", "2.0"), option("v2", "3.0"), option("v3", "old", active=False)]
        there = [option("101", "2.0")]
        assert bound("version", options, there, VERSIONS).missing == ()
        assert bound("version", options, there, VERSIONS, versions={"create": True}).missing == (("version", "3.0"),)

    def test_a_pair_that_lost_a_version_carries_nothing_and_the_version_is_not_made_again(self) -> None:
        pinned = VersionLink("shop", "v1", "101")
        ready = bound("version", [option("v1", "2.0")], [], VERSIONS, pinned, versions={"create": True})
        assert get(ready, frozenset({"v1"})) == frozenset()
        assert ready.missing == ()
        (problem,) = ready.problems
        lost = "version '2.0' of the incident side lost its counterpart"
        assert problem.sentence == f"{lost}; records keep what they have"

    def test_a_version_of_that_name_that_a_person_makes_again_takes_its_place(self) -> None:
        pinned = VersionLink("shop", "v1", "101")
        ready = bound("version", [option("v1", "2.0")], [option("102", "2.0")], VERSIONS, pinned)
        assert get(ready, frozenset({"v1"})) == frozenset({"102"})
        assert [(a.id, b.id) for a, b in ready.pairings] == [("v1", "102")]
        assert ready.problems == ()

    def test_a_plan_that_is_only_shown_treats_them_as_created(self) -> None:
        ready = bound("version", [option("v2", "3.0")], [], VERSIONS, versions={"create": True}, anticipate=True)
        carried = get(ready, frozenset({"v2"}))
        assert ready.show(Side.ISSUE, "fixVersions", carried) == "3.0"
        assert ready.pairings == ()


class TestUsers:
    def test_by_e_mail_before_name(self) -> None:
        issues = [option("acc-1", "Joe Bloggs"), option("acc-2", "J. B.", "joe@example.com")]
        ready = bound("user", [option("u1", "Joe Bloggs", "joeb", "joe@example.com")], issues, USERS)
        assert get(ready, "u1") == "acc-2"

    def test_by_name_where_no_e_mail_is_visible(self) -> None:
        ready = bound("user", [option("u1", "Joe Bloggs", "joeb")], [option("acc-1", "joe bloggs")], USERS)
        assert get(ready, "u1") == "acc-1"

    def test_a_row_of_the_mapping_names_login_and_address(self) -> None:
        field = {**USERS, "users": [{"incident": "joeb", "issue": "jb@corp.example"}]}
        issues = [option("acc-1", "Joe Bloggs"), option("acc-2", "Somebody", "jb@corp.example")]
        ready = bound("user", [option("u1", "Joe Bloggs", "joeb")], issues, field)
        assert get(ready, "u1") == "acc-2"

    def test_an_inactive_user_is_nobody_to_assign_to(self) -> None:
        issues = [option("acc-1", "Joe Bloggs", active=False)]
        ready = bound("user", [option("u1", "Joe Bloggs")], issues, USERS)
        with pytest.raises(Untranslatable, match="'Joe Bloggs' has no counterpart on the issue side"):
            get(ready, "u1")


class TestTables:
    def test_a_name_that_no_catalogue_has_is_a_problem_that_lists_what_there_is(self) -> None:
        ready = bound("priority", [option("p1", "High")], [option("1", "Highest"), option("2", "Low")], PRIORITY)
        (problem,) = ready.problems
        assert problem.loc == ("fields", 1, "values", 0, "issue")
        said = "the issue side has no priority 'Hihgest'; it has: Highest, Low; did you mean 'Highest'?"
        assert problem.sentence == said
