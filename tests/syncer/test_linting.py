"""What both servers said about a mapping becomes remarks about places in it, each thing once and nothing too much."""

from datetime import timedelta
from typing import Any

import pytest

from mappings.model import Mapping as LinkMapping
from mappings.problems import Loc
from syncer.core.records import Catalogue, Side
from syncer.linting import Heard, remarks
from syncer.linting_offline import oddities, overlaps
from syncer.ports import Finding
from tests.syncer.hearsay import SEVERITY, STATUS, heard, info, linked, notes, survey, told


def test_a_mapping_that_fits_gets_no_remarks() -> None:
    assert remarks(linked(), heard()) == []


@pytest.mark.parametrize(
    ("side", "sentence", "loc"),
    [
        (Side.INCIDENT, "this account sees nothing", ("incidents", "project")),
        (Side.ISSUE, "this account lacks the permission 'Create Issues'", ("issues", "project")),
        (Side.ISSUE, "the create screen of 'Bug' lacks something", ("issues", "type")),
        (Side.ISSUE, "customfield_10010 is the field 'Cat', which isn't like customfield_1", ("fields", 1, "issue")),
        (Side.ISSUE, "the mapping names customfield_1, and there is customfield_10010", ("fields", 2, "when")),
        (Side.ISSUE, "customfield_100 is none that the mapping names", ("issues", "project")),
        (Side.INCIDENT, "refused; check the mapping's condition: Status = New", ("incidents", "only")),
    ],
)
def test_a_finding_of_a_server_stands_where_the_mapping_has_what_it_quotes_first(
    side: Side, sentence: str, loc: Loc
) -> None:
    link = linked(
        {**SEVERITY, "incident": "FieldValues.Cat"},
        {"kind": "set", "issue": "environment", "value": "Lab", "when": "issue.customfield_1 == 'x'"},
        incidents={"project": "Shop", "mark_field": "Jira key", "only": "Status = New"},
    )
    said = Heard({}, {side: [Finding(True, "customfield_10010 is well"), Finding(False, sentence)]})
    assert told(link, said) == [(loc, sentence)]


def test_what_is_told_already_is_not_told_again_in_the_words_of_the_server() -> None:
    finding = Finding(False, "Incidents have no custom field 'Jira key' for marks; create one")
    said = heard(Catalogue(Side.INCIDENT, {}, {"FieldValues.Jra key": info("FieldValues.Jra key")}))
    ((loc, sentence),) = told(linked(), Heard(said.surveys, {Side.INCIDENT: [finding]}))
    assert loc == ("incidents", "mark_field")
    assert "there are Jra key; did you mean 'Jra key'?" in sentence


def test_one_server_alone_is_held_against_the_mapping_too() -> None:
    said = Heard({Side.ISSUE: survey(Side.ISSUE)}, {Side.INCIDENT: [Finding(False, "nobody answers")]})
    lines = told(linked(issues={"project": "SHOP", "type": "Bugg"}), said)
    assert [loc for loc, _ in lines] == [("issues", "type"), ("incidents", "project")]


@pytest.mark.parametrize(("kind", "error"), [("Bug", True), ("bug", True), ("Epic", False), ("", True)])
def test_a_status_out_of_reach_is_an_error_for_the_types_that_the_mapping_makes(kind: str, error: bool) -> None:
    said = heard(unreachable=[(kind, "done", "no way leads there")])
    (remark,) = [each for each in remarks(linked(STATUS), said) if each.fault.sentence == "no way leads there"]
    assert (remark.error, remark.fault.loc) == (error, ("fields", 1, "values", 1, "issue"))


@pytest.mark.parametrize(
    ("given", "loc"),
    [
        ({}, ("fields", 1, "values", 1, "issue")),
        ({"environment": "Lab"}, ("fields", 1, "transition_fields")),
        ({"resolution": "Finished"}, ("fields", 1, "transition_fields", "resolution")),
    ],
)
def test_what_a_transition_demands_is_told_where_it_can_be_given(given: dict[str, str], loc: Loc) -> None:
    sentence = "it demands the field Resolution, for which the mapping's 'Finished' is no value"
    lines = told(linked({**STATUS, "transition_fields": given}), heard(demands={"done": [sentence]}))
    assert lines == [(loc, sentence)]


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(4, None), (-4, None), (7, "7 minutes ahead of"), (-7, "7 minutes behind"), (120, "a wrong time zone")],
)
def test_clocks_may_differ_a_little(minutes: int, says: str | None) -> None:
    found = notes(linked(), heard(clocks={Side.INCIDENT: timedelta(minutes=minutes)}))
    assert [each.fault.loc for each in found] == ([("incidents", "project")] if says else [])
    assert all(says in each.fault.sentence for each in found if says)


def test_an_own_link_of_enterprise_tester_is_told_once() -> None:
    own = Catalogue(Side.INCIDENT, {}, {}, foreign_link="Old Jira")
    finding = Finding(False, "Enterprise Tester's own link 'Old Jira' synchronizes this project as well")
    said = Heard({Side.INCIDENT: own}, {Side.INCIDENT: [finding]})
    ((loc, sentence),) = told(linked(), said)
    assert loc == ("incidents", "project")
    assert "nothing is written until it is switched off" in sentence


def scoped(name: str, incident: str | None = None, issue: str | None = None, **changes: Any) -> LinkMapping:
    return linked(
        name=name,
        incidents={"project": "Shop", "mark_field": "Jira key", "only": incident},
        issues={"project": "SHOP", "type": "Bug", "only": issue},
        **changes,
    )


@pytest.mark.parametrize(
    ("one", "other", "overlapping"),
    [
        (scoped("a"), scoped("b"), True),
        (scoped("a", "x", "x"), scoped("b", "y", "y"), False),
        (scoped("a", "x", "x"), scoped("b", "y"), True),
        (scoped("a", "x", "x"), scoped("b", "y", "x"), True),
        (scoped("a", "x", direction="to_issue"), scoped("b", "y"), False),
        (scoped("a", direction="to_issue"), scoped("b", direction="to_incident"), False),
        (scoped("a"), linked(issues={"project": "OTHER", "type": "Bug"}), False),
    ],
)
def test_two_mappings_of_the_same_projects_need_conditions_that_differ(
    one: LinkMapping, other: LinkMapping, overlapping: bool
) -> None:
    found = list(overlaps([one, other]))
    assert [(link, remark.error) for link, remark in found] == ([(other, False)] if overlapping else [])


@pytest.mark.parametrize(
    ("directions", "odd"), [(["both"], False), (["to_issue"], True), (["to_issue", "to_incident"], False), ([], False)]
)
def test_a_way_on_which_only_the_summary_is_carried_is_odd(directions: list[str], odd: bool) -> None:
    pairs = [("Description", "description"), ("FieldValues.Cycle", "environment")]
    entries = [
        {"kind": "copy", "incident": incident, "issue": issue, "direction": direction}
        for (incident, issue), direction in zip(pairs, directions, strict=False)
    ]
    assert ["let direction be to_issue" in each.fault.sentence for each in oddities(linked(*entries))] == [True] * odd


def test_a_condition_that_reads_no_field_is_odd() -> None:
    entry = {"kind": "copy", "incident": "Description", "issue": "description", "when": "'Defect'"}
    ((loc, error),) = [(each.fault.loc, each.error) for each in oddities(linked(entry))]
    assert (loc, error) == (("fields", 1, "when"), False)
