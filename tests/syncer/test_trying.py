"""What one record becomes on the other side: exactly what a new twin would hold, and of the rest why not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.model import Mapping as LinkMapping
from mappings.policies import Direction
from mappings.values import Value, Values
from syncer.core.bind import Bound, bind
from syncer.core.fields import initial_changes
from syncer.core.reasons import Reason
from syncer.core.records import Catalogue, Comment, FieldInfo, Mark, Option, Record, Side
from syncer.trying import Trial, comment_trials, scope, told, told_here, trials
from tests.mappings.files import load_text
from tests.syncer.core.builders import INSTALLATION, incident, issue, option

TEXT = """\
name: shop
incidents: {project: Shop, mark_field: Jira key}
issues: {project: SHOP, type: Bug}
fields:
  - {incident: Summary, issue: summary, kind: copy}
  - {incident: Description, issue: description, kind: copy, when: "incident.Summary != 'Secret'"}
  - incident: Priority
    issue: priority
    kind: table
    unmapped: omit
    values: [{incident: High, issue: Urgent}, {incident: Low, issue: Whenever}]
  - {incident: Resolution, issue: resolution, kind: automap}
  - {incident: AssignedTo, issue: assignee, kind: users}
  - {incident: Components, issue: components, kind: components}
  - {incident: FixedVersions, issue: fixVersions, kind: versions, direction: to_issue}
  - {incident: FieldValues.Effort, issue: customfield_10001, kind: copy}
  - {kind: template, issue: environment, template: "{{ incident.Type }} of {{ incident.key }}"}
  - {kind: set, issue: labels, value: from testing}
"""
TEMPLATE_AT = next(number for number, line in enumerate(TEXT.splitlines(), 1) if "template" in line)


def catalogue(side: Side, fields: tuple[FieldInfo, ...] = (), **options: tuple[Option, ...]) -> Catalogue:
    return Catalogue(side, options, {field.id: field for field in fields})


CATALOGUES = {
    Side.INCIDENT: catalogue(
        Side.INCIDENT,
        (FieldInfo("FieldValues.Effort", "Effort", "text"),),
        type=(option("Defect", "Defect"),),
        priority=(option("ph", "High"), option("pl", "Low"), option("px", "Odd")),
        resolution=(option("rf", "Fixed"), option("rn", "No idea")),
        user=(option("joeb", "Joe Bloggs"), option("terry", "Terry Tester")),
        component=(option("c1", "Pump"), option("c2", "Valve"), option("c3", "Hose")),
        version=(option("v1", "1.0"), option("v2", "Nightly")),
    ),
    Side.ISSUE: catalogue(
        Side.ISSUE,
        (FieldInfo("customfield_10001", "Effort", "number"),),
        priority=(option("1", "Urgent"), option("2", "Whenever"), option("3", "Never")),
        resolution=(option("11", "Fixed"), option("12", "Moot")),
        user=(option("u1", "Joe Bloggs"), option("u2", "Olga Petrova")),
        component=(option("21", "Pump"), option("22", "Valve"), option("24", "Tap")),
        version=(option("31", "1.0"), option("32", "2.0")),
    ),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Bound:
    return bound_to(load_text(tmp_path_factory.mktemp("mapping"), TEXT))


def bound_to(mapping: LinkMapping) -> Bound:
    ready = bind(mapping, CATALOGUES, ())
    assert not ready.problems
    return ready


def holding(name: str, value: Value) -> Record:
    """An incident with one field by name."""
    return replace(incident(), values={"Summary": "Pump fails", "Type": "Defect", name: value})


def tried(bound: Bound, record: Record) -> dict[str, Trial]:
    """The trials by the field's name on the issue side."""
    return {each.field.issue: each for each in trials(record, bound)}


def some(*options: str) -> st.SearchStrategy[Value]:
    return st.none() | st.sampled_from(options)


def sets(*options: str) -> st.SearchStrategy[Value]:
    return st.frozensets(st.sampled_from(options))


def values(**fields: st.SearchStrategy[Value]) -> st.SearchStrategy[Values]:
    """Any of the fields may not have been sent."""
    return st.fixed_dictionaries({}, optional={name.replace("__", "."): each for name, each in fields.items()})


WORDS = some("Pump fails", "Secret", "a\n\nb *c*", " ")
INCIDENTS = values(
    Summary=WORDS,
    Description=WORDS,
    Type=some("Defect"),
    Priority=some("ph", "pl", "px"),
    Resolution=some("rf", "rn"),
    AssignedTo=some("joeb", "terry"),
    Components=sets("c1", "c2", "c3"),
    FixedVersions=sets("v1", "v2"),
    FieldValues__Effort=some("3", "3.50", "a lot"),
)
ISSUES = values(
    summary=WORDS,
    description=WORDS,
    priority=some("1", "2", "3"),
    resolution=some("11", "12"),
    assignee=some("u1", "u2"),
    components=sets("21", "22", "24"),
    fixVersions=sets("31", "32"),
    customfield_10001=some("3"),
)


class TestAgainstTheTruth:
    """What is shown is what a sync does: the planner's own answer decides."""

    @given(held=INCIDENTS)
    def test_of_an_incident(self, shop: Bound, held: Values) -> None:
        self.compare(shop, Record(Side.INCIDENT, "i", "#7", "http://et/7", held))

    @given(held=ISSUES)
    def test_of_an_issue(self, shop: Bound, held: Values) -> None:
        self.compare(shop, Record(Side.ISSUE, "1", "SHOP-1", "http://jira/1", held))

    def compare(self, bound: Bound, record: Record) -> None:
        changes, waiting = initial_changes(record, bound)
        shown = trials(record, bound)
        assert {c.name: c.after for c in changes} == {
            t.there: t.after for t in shown if t.after not in (None, frozenset())
        }
        amiss = (Reason.UNMAPPED, Reason.UNFIT, Reason.EXPRESSION)
        waits = {t.field.item: (t.why.sentence, t.why.code) for t in shown if t.why.code in amiss and not t.on_purpose}
        carried = {each.item for each in bound.fields if each.carries_to(record.side.other)}
        assert {w.item: (w.reason, w.code) for w in waiting if w.item in carried} == waits


class TestWhy:
    def test_a_value_without_a_counterpart_is_named_and_says_what_would_help(self, shop: Bound) -> None:
        trial = tried(shop, incident(AssignedTo="terry"))["assignee"]
        assert trial.why.code is Reason.UNMAPPED
        assert "'Terry Tester' has no counterpart" in trial.why.sentence
        assert trial.unmapped == {"terry"}
        assert not trial.on_purpose

    def test_of_a_set_the_rest_is_carried(self, shop: Bound) -> None:
        trial = tried(shop, incident(Components=frozenset({"c1", "c2", "c3"})))["components"]
        assert trial.after == frozenset({"21", "22"})
        assert trial.unmapped == {"c3"}
        assert "'Hose'" in trial.why.sentence

    def test_what_the_mapping_omits_is_left_alone_on_purpose(self, shop: Bound) -> None:
        trial = tried(shop, incident(Priority="px"))["priority"]
        assert trial.why.code is Reason.UNMAPPED
        assert trial.on_purpose
        assert "unmapped: omit" in trial.why.sentence

    def test_what_the_other_field_cannot_hold_is_told_apart(self, shop: Bound) -> None:
        trial = tried(shop, holding("FieldValues.Effort", "a lot"))["customfield_10001"]
        assert (trial.why.code, trial.after, trial.unmapped) == (Reason.UNFIT, None, frozenset())

    def test_a_field_whose_condition_does_not_hold_rests(self, shop: Bound) -> None:
        shown = tried(shop, incident(Summary="Secret", Description="psst"))["description"]
        assert (shown.why.code, shown.after, shown.on_purpose) == (Reason.CONDITION, None, True)

    def test_a_failing_template_tells_its_line(self, shop: Bound) -> None:
        shown = tried(shop, incident())["environment"]
        assert shown.why.code is Reason.EXPRESSION
        assert f"shop.yaml:{TEMPLATE_AT}: " in shown.why.sentence

    def test_one_way_fields_do_not_travel_back(self, shop: Bound) -> None:
        shown = tried(shop, issue(fixVersions=frozenset({"31"})))["fixVersions"]
        assert (shown.why.code, shown.after) == (Reason.ONE_WAY, None)

    def test_an_empty_field_is_nothing_to_explain_and_one_that_was_not_sent_is_told(self, shop: Bound) -> None:
        shown = tried(shop, incident(Description=None))
        assert shown["description"].why.code is None
        assert shown["description"].sent
        assert not shown["priority"].sent


class TestNames:
    def test_options_are_shown_by_name_and_texts_whole(self, shop: Bound) -> None:
        text = "long " * 100
        shown = tried(shop, incident(Priority="ph", Components=frozenset({"c2", "c1"}), Description=text))
        assert told(shop, Side.ISSUE, "priority", shown["priority"].after) == "Urgent"
        assert told_here(shop, shown["components"]) == ["Pump", "Valve"]
        assert told_here(shop, shown["description"]) == text
        assert told_here(shop, shown["resolution"]) is None

    def test_computed_fields_say_where_their_value_comes_from(self, shop: Bound) -> None:
        shown = tried(shop, incident(Type="Defect"))
        assert (shown["environment"].here, shown["environment"].after) == ("(a template)", "Defect of INC-7")
        assert (shown["labels"].here, shown["labels"].after) == ("(set by the mapping)", frozenset({"from_testing"}))

    def test_on_the_side_that_they_are_written_to_they_lead_nowhere(self, shop: Bound) -> None:
        shown = tried(shop, issue(environment="Lab"))["environment"]
        assert (shown.here, shown.there) == ("environment", "")


class TestScope:
    @pytest.fixture
    def narrow(self, tmp_path: Path) -> Bound:
        only = "{project: Shop, mark_field: Jira key, when: \"incident.Priority == 'High'\"}"
        return bound_to(load_text(tmp_path, TEXT.replace("{project: Shop, mark_field: Jira key}", only)))

    def test_a_condition_lets_through_or_says_its_line(self, narrow: Bound) -> None:
        assert scope(incident(Priority="ph"), narrow).code is None
        why = scope(incident(Priority="pl"), narrow)
        assert why.code is Reason.OUT_OF_SCOPE
        assert "shop.yaml:2" in why.sentence

    def test_a_failing_condition_says_so_with_its_line(self, narrow: Bound) -> None:
        why = scope(incident(), narrow)
        assert why.code is Reason.EXPRESSION
        assert "shop.yaml:2: " in why.sentence

    def test_the_other_side_has_a_condition_of_its_own(self, narrow: Bound) -> None:
        assert scope(issue(), narrow).code is None

    def test_a_link_of_one_direction_gives_no_twins_to_the_other_side(self, tmp_path: Path) -> None:
        text = TEXT.replace("name: shop", "name: shop\ndirection: to_issue")
        ready = bound_to(load_text(tmp_path, text))
        assert scope(incident(), ready).code is None
        assert scope(issue(), ready).code is Reason.ONE_WAY


class TestComments:
    MINE = Comment("c1", "Joe Bloggs", "5 * 3 *is* 15")
    MIRRORED = Comment("c2", "Anna Krüger", "Thanks", mark=Mark(INSTALLATION, "77"))

    def test_a_persons_comment_is_shown_as_the_other_side_will_hold_it(self, shop: Bound) -> None:
        (shown,) = comment_trials(incident(self.MINE), shop)
        assert shown.body is not None
        assert shown.body != self.MINE.body
        assert shown.body.startswith("5 ")

    def test_a_mirrored_comment_does_not_go_back(self, shop: Bound) -> None:
        (shown,) = comment_trials(incident(self.MIRRORED), shop)
        assert (shown.body, "mirrored from the issue" in shown.why.sentence) == (None, True)

    @pytest.mark.parametrize("direction", [Direction.TO_INCIDENT, Direction.TO_ISSUE])
    def test_comments_of_one_direction_do_not_go_the_other_way(self, tmp_path: Path, direction: Direction) -> None:
        ready = bound_to(load_text(tmp_path, f"{TEXT}comments: {{direction: {direction}}}\n"))
        records: list[Any] = [incident(self.MINE), issue(self.MINE)]
        for record in records:
            (shown,) = comment_trials(record, ready)
            carries = direction.carries(record.side.other)
            assert (shown.body is not None, shown.why.code) == (carries, None if carries else Reason.ONE_WAY)
