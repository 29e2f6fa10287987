"""Names become ids: by pinned pair, by the mapping's row, by e-mail, by name; what isn't found is said."""

from typing import Any, ClassVar

import pytest

from mappings.lenses import SetLens, Untranslatable
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

    def test_a_row_about_a_version_that_is_not_there_says_where_it_stands(self) -> None:
        rows = {"values": [{"incident": "2.0", "issue": "Spring"}, {"incident": "9", "issue": "2.0"}]}
        ready = bound("version", [option("v1", "2.0")], [option("101", "2.0")], VERSIONS, versions=rows)
        assert [problem.loc for problem in ready.problems] == [
            ("versions", "values", 0, "issue"),
            ("versions", "values", 1, "incident"),
        ]

    def test_a_version_without_a_counterpart_is_named_with_what_would_help(self) -> None:
        ready = bound("version", [option("v1", "2.0")], [], VERSIONS)
        advice = "create a version of that name there, or add a row to versions in the mapping"
        told = f"'2.0' has no counterpart on the issue side; {advice}"
        assert isinstance(ready.fields[1].lens, SetLens)
        assert ready.fields[1].lens.stranded(frozenset({"v1"}), None) == told

    @pytest.mark.parametrize("side", Side)
    def test_a_pair_that_lost_either_version_is_told_of_by_the_one_that_is_left(self, side: Side) -> None:
        left = [option("v1", "2.0")] if side is Side.INCIDENT else []
        right = [option("101", "Spring")] if side is Side.ISSUE else []
        ready = bound("version", left, right, VERSIONS, VersionLink("shop", "v1", "101"))
        (problem,) = ready.problems
        name = "2.0" if side is Side.INCIDENT else "Spring"
        assert problem.loc == ("versions",)
        assert problem.sentence.startswith(f"version '{name}' of the {side} side lost its counterpart")


class TestComponents:
    FIELD: ClassVar[dict[str, Any]] = {"kind": "components", "incident": "Components", "issue": "components"}

    def test_missing_components_are_created_only_where_the_mapping_says_so(self) -> None:
        mine, theirs = [option("c1", "Web"), option("c2", "Pump")], [option("501", "web")]
        assert bound("component", mine, theirs, self.FIELD).missing == ()
        ready = bound("component", mine, theirs, {**self.FIELD, "create": True})
        assert ready.missing == (("component", "Pump"),)
        assert get(ready, frozenset({"c1"})) == frozenset({"501"})

    def test_one_that_a_row_gives_a_counterpart_is_not_created(self) -> None:
        rows = [{"incident": "Pump", "issue": "Hardware"}]
        field = {**self.FIELD, "create": True, "components": rows}
        ready = bound("component", [option("c2", "Pump")], [option("502", "Hardware")], field)
        assert ready.missing == ()


class TestNames:
    def test_ids_are_shown_as_people_know_them_and_what_has_no_name_as_it_is(self) -> None:
        mine = [option("v2", "2.0"), option("v1", "1.0")]
        ready = bound("version", mine, [option("101", "First")], VERSIONS)
        assert ready.show(Side.INCIDENT, "FixedVersions", frozenset({"v1", "v2", "v7"})) == "1.0, 2.0, v7"
        assert ready.show(Side.ISSUE, "fixVersions", frozenset({"101"})) == "First"
        assert ready.show(Side.INCIDENT, "Summary", "v1") == "v1"
        assert ready.show(Side.ISSUE, "labels", frozenset({"b", "a"})) == "a, b"
        assert [ready.show(Side.ISSUE, name, None) for name in ("summary", "fixVersions")] == ["-", "-"]
        assert ready.show(Side.ISSUE, "fixVersions", frozenset()) == "-"

    def test_people_by_name(self) -> None:
        ready = bound("user", [option("u1", "Joe Bloggs", "joeb")], [option("a1", "Joe B.", "joeb")], USERS)
        assert ready.show(Side.INCIDENT, "AssignedTo", "u1") == "Joe Bloggs"
        assert ready.show(Side.ISSUE, "assignee", "a1") == "Joe B."


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

    def test_two_people_do_not_get_the_same_account(self) -> None:
        mine = [option("u1", "Joe Bloggs"), option("u2", "joe bloggs")]
        ready = bound("user", mine, [option("a1", "Joe Bloggs")], USERS)
        assert get(ready, "u1") == "a1"
        with pytest.raises(Untranslatable):
            get(ready, "u2")

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

    @pytest.mark.parametrize(("count", "told"), [(0, "none"), (20, "19"), (21, "19, ...")])
    def test_of_many_options_the_first_are_offered_and_of_none_it_is_said(self, count: int, told: str) -> None:
        many = [option(str(n), str(n)) for n in range(count)]
        (problem,) = bound("priority", [option("p1", "High")], many, PRIORITY).problems
        offered = problem.sentence.partition("it has: ")[2].partition(";")[0]
        assert offered == told or offered.endswith(f", {told}")

    def test_a_name_that_the_incident_side_lacks_is_told_with_its_own_place(self) -> None:
        field = {**PRIORITY, "values": [{"incident": "Hgih", "issue": "Low"}]}
        (problem,) = bound("priority", [option("p1", "High")], [option("2", "Low")], field).problems
        assert problem.loc == ("fields", 1, "values", 0, "incident")
        assert problem.sentence.startswith("the incident side has no priority 'Hgih'; it has: High")
