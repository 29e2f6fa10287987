"""What each effect promises to change, and to leave alone."""

from datetime import timedelta

import pytest

from state import StateError, Store
from state.effects import (
    Bury,
    DropCommentLink,
    DropVersionLink,
    Effect,
    NewCommentLink,
    NewResultLink,
    NewVersionLink,
    Park,
    SetBaseline,
    SetCommentDigest,
    SetKeys,
    SetMarked,
    SetStamp,
    Unpark,
)
from state.rows import Baseline, CommentLink, FieldValues, Link, Parked, Tombstone, VersionLink
from tests.state.builders import LATER, NOON, linked, new_link, settled

BASELINE = Baseline({"title": "Crash", "labels": frozenset({"a", "b"})}, "rev-1")


def comment(link: Link, n: int, **changes: str) -> NewCommentLink:
    return NewCommentLink(
        link_id=link.id,
        owner="incident",
        incident_comment_id=changes.get("incident_comment_id", f"ic-{n}"),
        issue_comment_id=changes.get("issue_comment_id", f"jc-{n}"),
        incident_digest="d1",
        issue_digest="d2",
    )


def park(item: str = "title") -> Park:
    in_a_minute = NOON + timedelta(minutes=1)
    return Park("shop", "incident", "guid-1", "INC-1", item, "both sides changed it", "conflict", NOON, in_a_minute)


class TestLinks:
    def test_a_new_link_is_given_back_and_kept(self, store: Store) -> None:
        [link] = store.settle(None, [new_link(1, baselines={"issue": BASELINE})])
        assert link == Link(link.id, "shop", "guid-1", "10001", "INC-1", "SHOP-1", frozenset({"issue"}), NOON)
        assert store.links("shop") == [link]
        assert store.baselines([link.id]) == {link.id: {"issue": BASELINE}}

    def test_new_links_are_given_back_in_the_order_of_their_effects(self, store: Store) -> None:
        created = store.settle(None, [new_link(2), park(), new_link(1)])
        assert [link.incident_id for link in created] == ["guid-2", "guid-1"]

    @pytest.mark.parametrize("second", [new_link(2, incident_id="guid-1"), new_link(2, issue_id="10001"), new_link(1)])
    def test_a_record_is_never_linked_twice(self, store: Store, second: Effect) -> None:
        first = linked(store)
        with pytest.raises(StateError) as refused:
            store.settle(None, [second])
        assert "guid-1" in str(refused.value)
        assert "10001" in str(refused.value)
        assert store.links("shop") == [first]

    def test_a_refused_link_names_all_four_records(self, store: Store) -> None:
        linked(store)
        with pytest.raises(StateError, match=r"INC-2 .*SHOP-2 .*can't be linked.* INC-1 .*SHOP-1 .*linked already"):
            store.settle(None, [new_link(2, incident_id="guid-1")])

    def test_another_project_link_may_link_the_same_record(self, store: Store) -> None:
        store.settle(None, [new_link(1, "shop"), new_link(1, "office")])
        assert [store.count_links(name) for name in ("shop", "office", "none")] == [1, 1, 0]

    def test_a_mark_found_is_added_to_those_known(self, store: Store) -> None:
        link = linked(store)
        settled(store, SetMarked(link.id, "incident"))
        [after] = store.links("shop")
        assert after.marked == {"incident", "issue"}

    def test_keys_follow_a_moved_record(self, store: Store) -> None:
        link, other = linked(store, 1), linked(store, 2)
        settled(store, SetKeys(link.id, "INC-1", "OFFICE-9"))
        assert [found.issue_key for found in store.links("shop")] == ["OFFICE-9", other.issue_key]


class TestBaselines:
    def test_only_the_given_fields_are_replaced(self, store: Store) -> None:
        link = linked(store, baselines={"incident": BASELINE, "issue": BASELINE})
        settled(store, SetBaseline(link.id, "incident", {"labels": frozenset(), "status": None}, "rev-2"))
        expected: FieldValues = {"title": "Crash", "labels": frozenset(), "status": None}
        assert store.baselines([link.id])[link.id] == {"incident": Baseline(expected, "rev-2"), "issue": BASELINE}

    def test_a_side_without_a_baseline_gets_one(self, store: Store) -> None:
        link = linked(store)
        settled(store, SetBaseline(link.id, "issue", BASELINE.values, BASELINE.stamp))
        assert store.baselines([link.id]) == {link.id: {"issue": BASELINE}}

    def test_a_stamp_can_be_kept_or_given_up(self, store: Store) -> None:
        link = linked(store, baselines={"issue": BASELINE})
        settled(store, SetBaseline(link.id, "issue", {"status": "1"}, None, keep_stamp=True))
        assert store.baselines([link.id])[link.id]["issue"].stamp == "rev-1"
        settled(store, SetBaseline(link.id, "issue", {"status": "2"}, None))
        assert store.baselines([link.id])[link.id]["issue"].stamp is None

    def test_a_new_stamp_leaves_the_values(self, store: Store) -> None:
        link = linked(store, baselines={"issue": BASELINE})
        settled(store, SetStamp(link.id, "issue", "rev-9"), SetStamp(link.id, "incident", "rev-3"))
        expected = {"issue": Baseline(BASELINE.values, "rev-9"), "incident": Baseline({}, "rev-3")}
        assert store.baselines([link.id]) == {link.id: expected}


class TestComments:
    def test_a_coupling_is_kept_by_its_link(self, store: Store) -> None:
        link, other = linked(store, 1), linked(store, 2)
        settled(store, comment(link, 1))
        [kept] = store.comment_links([link.id, other.id])[link.id]
        assert kept == CommentLink(kept.id, link.id, "incident", "ic-1", "jc-1", "d1", "d2")
        assert store.comment_links([other.id]) == {other.id: []}

    @pytest.mark.parametrize("taken", [{"incident_comment_id": "ic-1"}, {"issue_comment_id": "jc-1"}])
    def test_a_comment_is_never_coupled_twice_within_a_link(self, store: Store, taken: dict[str, str]) -> None:
        link, other = linked(store, 1), linked(store, 2)
        settled(store, comment(link, 1))
        with pytest.raises(StateError, match=r"can't be coupled.* ic-1 .* jc-1 are coupled already"):
            settled(store, comment(link, 2, **taken))
        settled(store, comment(other, 2, **taken))
        assert len(store.comment_links([link.id])[link.id]) == 1

    def test_one_sides_digest_changes_alone(self, store: Store) -> None:
        link = linked(store)
        settled(store, comment(link, 1))
        [kept] = store.comment_links([link.id])[link.id]
        settled(store, SetCommentDigest(kept.id, "issue", "d3"))
        [after] = store.comment_links([link.id])[link.id]
        assert (after.incident_digest, after.issue_digest) == ("d1", "d3")

    def test_a_dropped_coupling_is_gone_and_may_be_dropped_again(self, store: Store) -> None:
        link = linked(store)
        settled(store, comment(link, 1), comment(link, 2))
        [first, second] = store.comment_links([link.id])[link.id]
        settled(store, DropCommentLink(first.id), DropCommentLink(first.id))
        assert store.comment_links([link.id]) == {link.id: [second]}


class TestVersions:
    def test_versions_are_coupled_and_uncoupled(self, store: Store) -> None:
        settled(store, NewVersionLink("shop", "v1", "201"), NewVersionLink("shop", "v2", "202"))
        settled(store, DropVersionLink("shop", "v1", "201"), DropVersionLink("shop", "v1", "201"))
        assert store.version_links("shop") == [VersionLink("shop", "v2", "202")]

    def test_only_the_very_coupling_is_dropped(self, store: Store) -> None:
        settled(store, NewVersionLink("shop", "v1", "201"))
        settled(store, DropVersionLink("shop", "v1", "202"), DropVersionLink("office", "v1", "201"))
        assert store.version_links("shop") == [VersionLink("shop", "v1", "201")]

    @pytest.mark.parametrize("taken", [("v1", "202"), ("v2", "201"), ("v1", "201")])
    def test_a_version_is_never_coupled_twice_within_a_project_link(self, store: Store, taken: tuple[str, str]) -> None:
        settled(store, NewVersionLink("shop", "v1", "201"))
        with pytest.raises(StateError, match=r"can't be coupled.* v1 .* 201 are coupled already"):
            settled(store, NewVersionLink("shop", *taken))
        settled(store, NewVersionLink("office", *taken))
        assert store.version_links("shop") == [VersionLink("shop", "v1", "201")]


class TestBurying:
    def test_a_buried_link_leaves_a_tombstone_and_nothing_else(self, store: Store) -> None:
        link, other = linked(store, 1, {"issue": BASELINE}), linked(store, 2, {"issue": BASELINE})
        settled(store, comment(link, 1), comment(other, 1), Bury(link.id, "both were deleted", LATER))
        assert store.links("shop") == [other]
        assert store.baselines([link.id, other.id]) == {link.id: {}, other.id: {"issue": BASELINE}}
        couplings = store.comment_links([link.id, other.id])
        assert couplings[link.id] == []
        assert len(couplings[other.id]) == 1
        stone = Tombstone("shop", "guid-1", "10001", "both were deleted", LATER)
        assert store.tombstones_by_ids("shop", ["guid-1", "guid-2"], []) == [stone]
        assert store.tombstones_by_ids("shop", ["guid-1"], ["10001"]) == [stone]
        assert store.tombstones_by_ids("office", ["guid-1"], ["10001"]) == []

    def test_a_link_id_is_never_given_twice(self, store: Store) -> None:
        link = linked(store)
        settled(store, Bury(link.id, "unlinked", NOON))
        assert linked(store).id > link.id

    def test_two_records_can_be_buried_linked_by_a_person_and_buried_again(self, store: Store) -> None:
        settled(store, Bury(linked(store).id, "unlinked", NOON))
        settled(store, Bury(linked(store).id, "deleted", LATER))
        [stone] = store.tombstones_by_ids("shop", [], ["10001"])
        assert (stone.reason, stone.buried_at) == ("deleted", LATER)


class TestParking:
    def test_a_parked_item_is_kept_with_all_that_a_person_needs(self, store: Store) -> None:
        settled(store, park())
        in_a_minute = NOON + timedelta(minutes=1)
        expected = Parked(
            project_link="shop",
            side="incident",
            record_id="guid-1",
            record_key="INC-1",
            item="title",
            reason="both sides changed it",
            code="conflict",
            since=NOON,
            tries=1,
            next_try_at=in_a_minute,
        )
        assert store.parked() == store.parked("shop") == [expected]
        assert store.parked("office") == []

    def test_parked_again_it_keeps_its_age_and_counts_the_try(self, store: Store) -> None:
        settled(store, park())
        soon = LATER + timedelta(hours=1)
        settled(store, Park("shop", "incident", "guid-1", "INC-7", "title", "too long", "unfit", LATER, soon))
        [item] = store.parked()
        assert (item.since, item.tries) == (NOON, 2)
        assert (item.record_key, item.reason, item.code, item.next_try_at) == ("INC-7", "too long", "unfit", soon)

    def test_one_item_is_released_or_all_of_the_record(self, store: Store) -> None:
        settled(store, park("title"), park("status"), park("comment 7"))
        settled(store, Unpark("shop", "incident", "guid-1", "title"))
        assert {item.item for item in store.parked()} == {"status", "comment 7"}
        settled(store, Unpark("shop", "issue", "guid-1", None), Unpark("shop", "incident", "guid-2", None))
        assert len(store.parked()) == 2
        settled(store, Unpark("shop", "incident", "guid-1", None))
        assert store.parked() == []


@pytest.mark.parametrize(
    "effect",
    [
        SetBaseline(77, "issue", {}, None),
        SetStamp(77, "issue", "rev-1"),
        SetMarked(77, "issue"),
        SetKeys(77, "INC-1", "SHOP-1"),
        NewCommentLink(77, "issue", "1", "2", "d", "d"),
        SetCommentDigest(77, "issue", "d"),
        NewResultLink(77, "sr-1", "our-global-id"),
        Bury(77, "deleted", NOON),
    ],
    ids=lambda effect: type(effect).__name__,
)
def test_an_effect_on_what_is_not_there_is_refused_with_all_that_came_with_it(store: Store, effect: Effect) -> None:
    with pytest.raises(StateError, match="77 isn't in the state DB"):
        store.settle(None, [new_link(1), effect])
    assert store.links("shop") == []
