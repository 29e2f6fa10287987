"""How much of many records a mapping carries: counted without flattery, with what would help."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.lenses import CopyLens, IfEmptyLens
from mappings.nodes import read_document
from mappings.prose import ProseLens
from mappings.values import Prose, Value
from syncer.core.bind import Bound
from syncer.core.fields import initial_changes
from syncer.core.records import Record, Side
from syncer.coverage import FieldCount, SideCount, about_people, count, share, travelling
from syncer.simplified import simplified
from syncer.suggesting import quoted, suggestion
from tests.mappings.files import load_text
from tests.syncer.core.builders import incident, issue
from tests.syncer.test_trying import TEXT, bound_to, holding


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Bound:
    return bound_to(load_text(tmp_path_factory.mktemp("mapping"), TEXT))


def incidents(name: str, *held: Value) -> list[Record]:
    return [holding(name, each) for each in held]


def counted(bound: Bound, records: Sequence[Record]) -> dict[str, FieldCount]:
    """The counts by the field's name on the issue side."""
    return {each.field.issue: each for each in count(records[0].side, bound, records).fields}


class TestCounting:
    def test_each_element_of_a_set_is_a_value(self, shop: Bound) -> None:
        held = (frozenset({"c1", "c2"}), frozenset({"c1", "c3"}), frozenset[str]())
        each = counted(shop, incidents("Components", *held))["components"]
        assert (each.values, each.carried, dict(each.unmapped)) == (4, 3, {"c3": 1})

    def test_values_that_no_rule_maps_are_counted_one_by_one(self, shop: Bound) -> None:
        each = counted(shop, incidents("Resolution", "rf", "rn", "rn", None))["resolution"]
        assert (each.values, each.carried, each.unmapped.most_common()) == (3, 1, [("rn", 2)])

    def test_what_is_left_alone_on_purpose_is_no_shortfall(self, shop: Bound) -> None:
        each = counted(shop, incidents("Priority", "ph", "px"))["priority"]
        assert (each.values, each.carried, each.left_alone, not each.unmapped) == (1, 1, 1, True)

    def test_so_is_a_field_whose_condition_does_not_hold(self, shop: Bound) -> None:
        records = [incident(Type="Defect", Summary="Secret", Description="psst")]
        each = counted(shop, records)["description"]
        assert (each.values, each.left_alone, each.never) == (0, 1, False)

    def test_what_does_not_fit_is_counted_by_its_sentence(self, shop: Bound) -> None:
        each = counted(shop, incidents("FieldValues.Effort", "3", "a lot", "a lot"))["customfield_10001"]
        assert (each.values, each.carried, list(each.unfit.values())) == (3, 1, [2])

    def test_a_failing_template_is_counted_with_its_line(self, shop: Bound) -> None:
        each = counted(shop, [incident(), incident(), incident(Type="Defect")])["environment"]
        assert (each.values, each.carried, list(each.failed.values())) == (3, 1, [2])
        assert "shop.yaml:" in next(iter(each.failed))

    def test_an_empty_field_is_told_from_one_that_no_server_knows(self, shop: Bound) -> None:
        counts = counted(shop, incidents("Resolution", None))
        assert (counts["resolution"].never, counts["resolution"].sent) == (True, True)
        assert (counts["priority"].never, counts["priority"].sent) == (True, False)

    def test_only_what_travels_from_a_side_is_counted_there(self, shop: Bound) -> None:
        counts = counted(shop, [issue(fixVersions=frozenset({"31", "32"}), environment="Lab")])
        assert not counts.keys() & {"fixVersions", "environment", "labels"}
        assert travelling(shop) == list(Side)

    def test_a_value_that_stands_in_the_mapping_does_not_flatter_the_share(self, shop: Bound) -> None:
        assert "labels" not in counted(shop, incidents("Priority", "ph"))

    def test_a_link_of_one_direction_needs_one_side_read_only(self, tmp_path: Path) -> None:
        text = TEXT.replace("name: shop", "name: shop\ndirection: to_issue")
        assert travelling(bound_to(load_text(tmp_path, text))) == [Side.INCIDENT]

    def test_records_out_of_scope_are_not_counted_and_those_without_an_answer_are_told(self, tmp_path: Path) -> None:
        head = "{project: Shop, mark_field: Jira key}"
        only = "{project: Shop, mark_field: Jira key, when: \"incident.Priority == 'High'\"}"
        ready = bound_to(load_text(tmp_path, TEXT.replace(head, only)))
        records = [*incidents("Priority", "ph", "pl", "pl"), incident()]
        counts = count(Side.INCIDENT, ready, records)
        assert (counts.records, counts.out_of_scope, list(counts.failed.values())) == (1, 2, [1])
        assert counts.values == sum(each.values for each in counts.fields) > 0

    def test_people_are_known_as_people(self, shop: Bound) -> None:
        counts = counted(shop, incidents("AssignedTo", "terry"))
        assert about_people(counts["assignee"], shop)
        assert not about_people(counts["priority"], shop)


class TestTexts:
    def test_a_text_that_is_cut_counts_as_carried_and_is_told_with_its_length(self, shop: Bound) -> None:
        each = counted(shop, [incident(Summary="word " * 60), incident(Summary="Short")])["summary"]
        assert (each.values, each.carried, each.cut, each.longest) == (2, 2, 1, 300)

    def test_what_a_twin_had_room_for_never_goes_back_and_is_no_shortfall(self, shop: Bound) -> None:
        changes, _ = initial_changes(incident(Summary="word " * 60), shop)
        part = next(change.after for change in changes if change.name == "summary")
        each = counted(shop, [issue(summary=part)])["summary"]
        assert (each.values, each.left_alone, not each.unfit) == (0, 1, True)

    def test_a_simplified_text_says_what_it_loses(self, tmp_path: Path) -> None:
        shop = bound_to(load_text(tmp_path, TEXT.replace(", when: \"incident.Summary != 'Secret'\"", "")))
        panel = '<div class="panel" style="border-width: 1px;"><p><b>Now</b></p></div>'
        texts = [Prose("*plain*", "<p>plain</p>"), Prose("{panel}*Now*{panel}", panel), "no HTML was told"]
        each = counted(shop, [issue(description=text) for text in texts])["description"]
        assert (each.simplified, each.lost) == (1, Counter({"panels": 1, "bold": 1}))

    @pytest.mark.parametrize(
        ("html", "lost"),
        [
            ("<p>one<br/>two</p><ul><li>three</li></ul>", set()),
            ('<p><font color="red">late</font></p>', {"colours"}),
            ('<p><span style="color: red">late</span></p>', {"colours"}),
            ('<p><img src="/secure/attachment/1/a.png"></p>', {"attached pictures"}),
            ('<p><img src="https://example.com/a.png"></p>', set()),
            ('<img class="emoticon" src="/images/icons/emoticons/smile.png">', set()),
            ("<script>alert(1)</script>", {"programs"}),
            ("a < b and <b", set()),
        ],
    )
    def test_what_is_lost_wherever_it_goes(self, html: str, lost: set[str]) -> None:
        assert simplified(ProseLens("html", "wiki", None), Side.INCIDENT, html) == lost
        assert simplified(ProseLens("html", "wiki", None), Side.ISSUE, Prose("x", html)) == lost

    @pytest.mark.parametrize(
        ("html", "lost"),
        [
            ("<p>It <strong>drips</strong></p>", {"bold"}),
            ("<h2>Steps</h2><table><tr><td>1</td></tr></table>", {"headings", "tables"}),
            ("<pre>x = 1</pre>", {"code"}),
        ],
    )
    def test_plain_text_loses_what_sets_words_off(self, html: str, lost: set[str]) -> None:
        assert simplified(ProseLens("plain", "wiki", None), Side.ISSUE, Prose("x", html)) == lost
        assert simplified(ProseLens("html", "plain", None), Side.INCIDENT, html) == lost
        assert not simplified(ProseLens("html", "wiki", None), Side.INCIDENT, html)

    def test_a_field_of_one_line_loses_line_ends(self) -> None:
        line = ProseLens("plain", "line", 255)
        assert simplified(line, Side.INCIDENT, "one\ntwo") == {"line ends"}
        assert simplified(IfEmptyLens(line), Side.INCIDENT, "one\ntwo") == {"line ends"}
        assert not simplified(line, Side.INCIDENT, "one\n")

    def test_what_is_no_prose_loses_nothing(self) -> None:
        assert not simplified(CopyLens(), Side.INCIDENT, "<b>\n")


class TestSuggestions:
    @pytest.mark.parametrize(
        ("issue_name", "side", "option_id", "row", "under"),
        [
            (
                "resolution",
                Side.INCIDENT,
                "rn",
                "- {incident: No idea, issue: }  # issue: one of Fixed, Moot",
                "values",
            ),
            (
                "assignee",
                Side.INCIDENT,
                "terry",
                "- {incident: Terry Tester, issue: }  # issue: one of Joe Bloggs, Olga Petrova",
                "users",
            ),
            (
                "components",
                Side.ISSUE,
                "24",
                "- {incident: , issue: Tap}  # incident: one of Pump, Valve, Hose",
                "components",
            ),
            (
                "fixVersions",
                Side.INCIDENT,
                "v2",
                "- {incident: Nightly, issue: }  # issue: one of 1.0, 2.0",
                "versions.values",
            ),
        ],
    )
    def test_a_row_names_the_value_and_leaves_open_what_only_a_person_knows(
        self, shop: Bound, issue_name: str, side: Side, option_id: str, row: str, under: str
    ) -> None:
        field = next(each for each in shop.fields if each.issue == issue_name)
        advice = suggestion(shop, field, side, option_id)
        assert (advice.row, advice.under) == (row, under)
        assert "shop.yaml:" in advice.place

    @given(name=st.text(min_size=1).filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text)))
    def test_every_name_can_stand_in_a_row(self, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
        file = tmp_path_factory.getbasetemp() / "row.yaml"
        file.write_text(f"- {{incident: {quoted(name)}, issue: }}  # issue: one of a, b\n", encoding="utf-8")
        assert read_document(file).data == [{"incident": name, "issue": None}]

    def test_usual_names_stay_readable(self) -> None:
        names = ["In Progress", "1.10", "Anna Krüger", "Import/Export", "2.0 (old)"]
        assert [quoted(name) for name in names] == names


class TestShare:
    @pytest.mark.parametrize(
        ("carried", "values", "said"),
        [
            (3952, 4012, "98.5 % of 4,012 values"),
            (99_999, 100_000, "99.9 % of 100,000 values"),
            (7, 7, "100 % of 7 values"),
            (0, 3, "0.0 % of 3 values"),
            (0, 0, "no values"),
        ],
    )
    def test_all_is_said_only_of_all(self, carried: int, values: int, said: str) -> None:
        assert share(carried, values) == said

    @given(names=st.lists(st.sampled_from(["rf", "rn"]), max_size=20))
    def test_every_value_is_carried_or_accounted_for(self, shop: Bound, names: list[str]) -> None:
        counts: SideCount = count(Side.INCIDENT, shop, incidents("Resolution", *names))
        for each in counts.fields:
            lost = sum((each.unmapped + each.unfit + each.failed).values())
            assert each.values == each.carried + lost
