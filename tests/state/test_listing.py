"""Looking through links: by what one remembers of a key, the newest, or all of them."""

import pytest

from state import Store
from state.rows import Link
from tests.state.builders import new_link


def keys(links: list[Link]) -> list[str]:
    return [link.issue_key for link in links]


class TestFinding:
    @pytest.mark.parametrize("text", ["INC-7", "inc-7", "SHOP-7", "hop-7", "guid-7", "GUID-7", "10007"])
    def test_a_link_is_found_by_any_part_of_its_keys_or_ids_in_any_case(self, store: Store, text: str) -> None:
        store.settle(None, [new_link(6), new_link(7), new_link(8)])
        assert keys(store.find_links(text=text)) == ["SHOP-7"]

    def test_all_project_links_are_searched_unless_one_is_named(self, store: Store) -> None:
        store.settle(None, [new_link(1), new_link(1, "office"), new_link(2)])
        assert [link.project_link for link in store.find_links(text="shop-1")] == ["shop", "office"]
        assert [link.project_link for link in store.find_links("office", text="shop-1")] == ["office"]
        assert store.find_links("cellar", text="shop-1") == []

    @pytest.mark.parametrize("text", [None, ""])
    def test_without_a_text_all_links_are_told_page_by_page(self, store: Store, text: str | None) -> None:
        store.settle(None, [new_link(n) for n in range(5)])
        pages = [store.find_links("shop", text=text, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
        assert [keys(page) for page in pages] == [["SHOP-0", "SHOP-1"], ["SHOP-2", "SHOP-3"], ["SHOP-4"], []]

    @pytest.mark.parametrize("text", ["%", "_", "/", "'", "SHOP_1", "\0", "\ud83d", "ä"])
    def test_a_text_that_no_key_contains_finds_nothing_whatever_it_means_to_sql(self, store: Store, text: str) -> None:
        store.settle(None, [new_link(1)])
        assert store.find_links(text=text) == []

    def test_a_text_that_means_something_to_sql_is_found_where_it_stands(self, store: Store) -> None:
        store.settle(None, [new_link(1, incident_id="a%b_c/d"), new_link(2, incident_id="aXbXc/d")])
        assert keys(store.find_links(text="A%B_C/")) == ["SHOP-1"]


class TestRecent:
    def test_the_links_made_last_come_first(self, store: Store) -> None:
        store.settle(None, [new_link(n) for n in range(4)])
        store.settle(None, [new_link(9, "office")])
        assert keys(store.recent_links("shop", 2)) == ["SHOP-3", "SHOP-2"]
        assert len(store.recent_links("shop", 100)) == 4
        assert store.recent_links("cellar", 2) == []
