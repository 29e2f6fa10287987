"""Which option is meant by a name, where several might be; and what a bound field takes over from the mapping."""

from typing import Any

import pytest

from mappings.lenses import Untranslatable
from mappings.policies import Conflict
from state.rows import VersionLink
from syncer.core.bind import Bound, bind
from syncer.core.records import Catalogue, FieldInfo, Option, Side
from tests.syncer.core.builders import mapping, option

SUMMARY = {"kind": "copy", "incident": "Summary", "issue": "summary"}
VERSIONS = {"kind": "versions", "incident": "FixedVersions", "issue": "fixVersions"}
USERS = {"kind": "users", "incident": "AssignedTo", "issue": "assignee"}
SEVERITY = {
    "kind": "table",
    "incident": "FieldValues.Severity",
    "issue": "customfield_1",
    "values": [{"incident": "Bad", "issue": "S1"}],
}


def ready(
    mine: dict[str, list[Option]], theirs: dict[str, list[Option]], *fields: dict[str, Any], **more: Any
) -> Bound:
    links: tuple[VersionLink, ...] = more.pop("links", ())
    anticipate = more.pop("anticipate", False)
    shapes: dict[str, Any] = more.pop("shapes", {})
    infos = {name: FieldInfo(name, name, shape) for name, shape in shapes.items()}
    catalogues = {
        Side.INCIDENT: Catalogue(Side.INCIDENT, {kind: tuple(each) for kind, each in mine.items()}, infos),
        Side.ISSUE: Catalogue(Side.ISSUE, {kind: tuple(each) for kind, each in theirs.items()}, infos),
    }
    return bind(mapping(fields=[SUMMARY, *fields], **more), catalogues, links, anticipate=anticipate)


def get(made: Bound, *ids: str) -> Any:
    return made.fields[1].lens.get(frozenset(ids), frozenset())


class TestNames:
    def test_the_very_name_comes_before_one_that_only_sounds_like_it(self) -> None:
        rows = {"values": [{"incident": "2.0", "issue": "Beta"}]}
        made = ready(
            {"version": [option("v1", "2.0")]}, {"version": [option("1", "beta"), option("2", "Beta")]}, VERSIONS
        )
        assert made.problems == ()
        theirs = {"version": [option("1", "beta"), option("2", "Beta")]}
        assert get(ready({"version": [option("v1", "2.0")]}, theirs, VERSIONS, versions=rows), "v1") == {"2"}

    def test_case_and_blanks_of_a_row_are_no_matter(self) -> None:
        rows = {"values": [{"incident": "2.0", "issue": " spring  RELEASE"}]}
        theirs = {"version": [option("1", "Spring Release")]}
        assert get(ready({"version": [option("v1", "2.0")]}, theirs, VERSIONS, versions=rows), "v1") == {"1"}

    def test_an_active_option_comes_before_an_inactive_one_of_the_same_name(self) -> None:
        theirs = {"version": [option("1", "2.0", active=False), option("2", "2.0")]}
        assert get(ready({"version": [option("v1", "2.0")]}, theirs, VERSIONS), "v1") == {"2"}

    def test_a_person_who_was_found_by_address_is_not_found_again_by_name(self) -> None:
        theirs = {"user": [option("a1", "Joe Bloggs"), option("a2", "J. B.", "joe@example.com")]}
        made = ready({"user": [option("u1", "Joe Bloggs", "joe@example.com")]}, theirs, USERS)
        assert made.fields[1].lens.get("u1", None) == "a2"
        with pytest.raises(Untranslatable):
            made.fields[1].lens.put("a1", None)


class TestVersions:
    ROWS = ("2.0", "Spring"), ("2.0", "Summer"), ("2.1", "Spring")

    def test_each_is_paired_once_however_many_rows_name_it(self) -> None:
        rows = {"values": [{"incident": incident, "issue": issue} for incident, issue in self.ROWS]}
        mine = {"version": [option("v1", "2.0"), option("v2", "2.1")]}
        theirs = {"version": [option("1", "Spring"), option("2", "Summer")]}
        made = ready(mine, theirs, VERSIONS, versions=rows)
        assert [(left.id, right.id) for left, right in made.pairings] == [("v1", "1")]

    def test_a_row_about_one_that_is_not_there_is_told_once_although_others_are_created(self) -> None:
        rows = {"values": [{"incident": "2.0", "issue": "Gone"}], "create": True}
        made = ready({"version": [option("v1", "3.0")]}, {"version": []}, VERSIONS, versions=rows)
        assert made.missing == (("version", "3.0"),)
        assert [problem.loc[-1] for problem in made.problems] == ["incident", "issue"]

    def test_components_to_create_are_no_reason_to_forget_versions(self) -> None:
        components = {"kind": "components", "incident": "Components", "issue": "components", "create": True}
        mine = {"version": [option("v1", "3.0")], "component": [option("c1", "Web")]}
        made = ready(mine, {}, VERSIONS, components, versions={"create": True})
        assert made.missing == (("version", "3.0"), ("component", "Web"))

    def test_a_plan_that_is_only_shown_keeps_those_that_are_there(self) -> None:
        mine = {"version": [option("v1", "2.0"), option("v2", "3.0")]}
        theirs = {"version": [option("1", "2.0")]}
        made = ready(mine, theirs, VERSIONS, versions={"create": True}, anticipate=True)
        assert made.show(Side.ISSUE, "fixVersions", get(made, "v1", "v2")) == "2.0, 3.0"

    def test_a_project_that_has_no_versions_at_all_is_shown_with_those_that_it_would_get(self) -> None:
        made = ready({"version": [option("v1", "3.0")]}, {}, VERSIONS, versions={"create": True}, anticipate=True)
        assert made.show(Side.ISSUE, "fixVersions", get(made, "v1")) == "3.0"

    def test_what_is_yet_to_be_created_is_counted_on_by_none_but_a_plan_that_is_only_shown(self) -> None:
        catalogues = {
            Side.INCIDENT: Catalogue(Side.INCIDENT, {"version": (option("v1", "3.0"),)}),
            Side.ISSUE: Catalogue(Side.ISSUE, {}),
        }
        made = bind(mapping(fields=[SUMMARY, VERSIONS], versions={"create": True}), catalogues, ())
        assert made.missing == (("version", "3.0"),)
        assert get(made, "v1") == frozenset()

    def test_a_new_version_of_the_incidents_takes_the_place_of_one_that_is_gone(self) -> None:
        links = (VersionLink("shop", "v1", "1"),)
        made = ready({"version": [option("v2", "2.0")]}, {"version": [option("1", "2.0")]}, VERSIONS, links=links)
        assert get(made, "v2") == {"1"}
        assert made.problems == ()


class TestCustomFields:
    SHAPES = {"FieldValues.Severity": "choice", "customfield_1": "choice"}  # noqa: RUF012 (never changed)

    def test_their_options_are_named_where_they_have_no_counterpart(self) -> None:
        mine = {"FieldValues.Severity": [option("b", "Bad"), option("w", "Worse")]}
        theirs = {"customfield_1": [option("10", "S1"), option("11", "S0")]}
        made = ready(mine, theirs, SEVERITY, shapes=self.SHAPES)
        lens = made.fields[1].lens
        with pytest.raises(Untranslatable, match="'Worse' has no counterpart on the issue side"):
            lens.get("w", None)
        with pytest.raises(Untranslatable, match="'S0' has no counterpart on the incident side"):
            lens.put("11", None)

    @pytest.mark.parametrize(("side", "name"), [("incident", "FieldValues.Severity"), ("issue", "customfield_1")])
    def test_an_option_that_is_not_there_is_told_with_the_field_s_own_name(self, side: str, name: str) -> None:
        there = {"FieldValues.Severity": [option("b", "Bad")], "customfield_1": [option("10", "S1")]}
        offered = {kind: each for kind, each in there.items() if kind != name}
        (problem,) = ready(offered, offered, SEVERITY, shapes=self.SHAPES).problems
        assert f"the {side} side has no option of {name} '" in problem.sentence

    def test_people_in_them_are_shown_by_name_and_texts_as_they_are(self) -> None:
        made = ready({}, {"user": [option("a1", "Joe Bloggs")]}, shapes={"customfield_2": "user"})
        assert made.show(Side.ISSUE, "customfield_2", "a1") == "Joe Bloggs"
        assert made.show(Side.ISSUE, "customfield_3", "a1") == "a1"

    def test_a_computed_value_has_no_options_and_is_shown_as_it_is(self) -> None:
        assert ready({}, {}).kind(Side.INCIDENT, "=labels") is None


def test_a_bound_field_does_what_its_entry_says() -> None:
    plain = ready({}, {}).fields[0]
    assert (plain.conflict, plain.read_only, plain.only_add, plain.loc) == (Conflict.ASK, False, False, ("fields", 0))
    copy = {"kind": "copy", "incident": "Description", "issue": "description", "conflict": "newest"}
    shown = {**copy, "conflict": "incident", "direction": "to_issue", "read_only": True}
    labels = {"kind": "labels", "incident": "FieldValues.Tags", "issue": "labels", "only_add": True}
    assert [(each.conflict, each.loc) for each in ready({}, {}, copy).fields[1:]] == [(Conflict.NEWEST, ("fields", 1))]
    assert ready({}, {}, shown).fields[1].read_only
    assert ready({}, {}, labels).fields[1].only_add
