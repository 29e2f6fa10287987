"""Promises about custom fields of every kind: what they take, how they are kept, and what is told of them."""

from typing import Any

import pytest

from tests.syncer.sandbox.jira.jira_server import Site, created, field_errors, fields_of

NEW = tuple(f"customfield_{number}" for number in range(10016, 10024))
STEPS, REGION, AREAS, PAGE, LOGGED_BY, SEEN_AT, RISK, TOPICS = NEW
POINTS, FOUND_ON = "customfield_10013", "customfield_10012"
SMILE = "\N{SMILING FACE WITH OPEN MOUTH}"


def bare(value: Any) -> Any:
    """A value without the addresses of its options."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if name != "self"}
    return [bare(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("name", "sent", "held"),
    [
        (STEPS, "# one\r\n# two", "# one\n# two"),
        (STEPS, "", None),
        (REGION, {"value": "europe"}, {"value": "Europe", "id": "10600"}),
        (REGION, {"id": "10600", "child": {"id": "10602"}},
         {"value": "Europe", "id": "10600", "child": {"value": "France", "id": "10602"}}),
        (REGION, {"value": "Asia", "child": {"value": "Japan"}},
         {"value": "Asia", "id": "10610", "child": {"value": "Japan", "id": "10611"}}),
        (REGION, {"id": "10600", "child": None}, {"value": "Europe", "id": "10600"}),
        (REGION, None, None),
        (AREAS, [{"value": "Login"}, {"id": "10532"}],
         [{"value": "Login", "id": "10530"}, {"value": "Reporting", "id": "10532"}]),
        (PAGE, "https://shop.example/?q=%20#top", "https://shop.example/?q=%20#top"),
        (LOGGED_BY, "  Jane - ", "  Jane - "),
        (RISK, {"id": "10541"}, {"value": "Medium", "id": "10541"}),
        (TOPICS, ["a", "ä", "a"], ["a", "ä"]),
        (TOPICS, None, []),
        (POINTS, 3, 3.0),
        (POINTS, 1e14, 1e14),
    ],
)  # fmt: skip
def test_each_kind_is_kept_and_shown_as_jira_does(site: Site, name: str, sent: Any, held: Any) -> None:
    shown = bare(fields_of(site, created(site, **{name: sent}))[name])
    assert (shown, type(shown)) == (held, type(held))


def test_a_time_is_shown_in_the_zone_of_whoever_asks(site: Site) -> None:
    key = created(site, **{SEEN_AT: "2026-11-22T15:03:05.250+0100"})
    assert fields_of(site, key)[SEEN_AT] == "2026-11-22T15:03:05.250+0100", "the service account lives in Berlin"
    shown = site.client("annak").get(f"issue/{key}").json()["fields"]
    assert shown[SEEN_AT] == "2026-11-22T14:03:05.250+0000"


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        (STEPS, "x" * 32_768, "32,767"),
        (STEPS, SMILE * 16_384, "32,767"),
        (REGION, "Europe", "expected Object"),
        (REGION, {"value": "Mars"}, "Option value 'Mars' is not valid"),
        (REGION, {"value": "Asia", "child": {"value": "Germany"}}, "Option value 'Germany' is not valid"),
        (REGION, {"value": "Asia", "child": "Japan"}, "expected Object"),
        (AREAS, {"value": "Login"}, "data was not an array"),
        (PAGE, "shop.example", "Not a valid URL"),
        (PAGE, "https://shop.example/a b", "Not a valid URL"),
        (LOGGED_BY, SMILE * 128, "255"),
        (LOGGED_BY, 5, "must be a string"),
        (SEEN_AT, "2026-11-22T14:03:05Z", "Error parsing time"),
        (SEEN_AT, "2026-13-22T14:03:05.000+0000", "Error parsing time"),
        (SEEN_AT, "9999-12-31T23:59:59.000-1200", "Error parsing time"),
        (RISK, {"value": "None"}, "is not valid"),
        (TOPICS, ["two words"], "spaces"),
        (POINTS, 1e15, "invalid number"),
        (POINTS, 10**400, "invalid number"),
        (POINTS, True, "must be a number"),
        (FOUND_ON, "20261122", "date string"),
        (FOUND_ON, "2026-W01-1", "date string"),
    ],
)
def test_what_a_field_does_not_take_is_refused_by_its_name(site: Site, name: str, sent: Any, said: str) -> None:
    key = created(site, **{LOGGED_BY: "as it was"})
    answer = site.client().put(f"issue/{key}", json={"fields": {name: sent}})
    assert said in field_errors(answer)[name]
    assert fields_of(site, key)[LOGGED_BY] == "as it was"


def test_the_words_of_a_custom_field_are_added_and_removed_one_by_one(site: Site) -> None:
    key = created(site, **{TOPICS: ["a", "b"]})
    verbs = {"update": {TOPICS: [{"add": "c"}, {"remove": "a"}]}}
    assert site.client().put(f"issue/{key}", json=verbs).status_code == 204
    assert fields_of(site, key)[TOPICS] == ["b", "c"]


def test_metadata_tells_schema_and_options_of_each_kind(site: Site) -> None:
    key = created(site)
    edit = site.client().get(f"issue/{key}/editmeta").json()["fields"]
    schemas = {name: edit[name]["schema"] for name in NEW}
    assert {name: (each["type"], each["custom"].rpartition(":")[2]) for name, each in schemas.items()} == {
        STEPS: ("string", "textarea"),
        REGION: ("option-with-child", "cascadingselect"),
        AREAS: ("array", "multicheckboxes"),
        PAGE: ("string", "url"),
        LOGGED_BY: ("string", "textfield"),
        SEEN_AT: ("datetime", "datetime"),
        RISK: ("option", "radiobuttons"),
        TOPICS: ("array", "labels"),
    }
    assert (edit[AREAS]["schema"]["items"], edit[TOPICS]["schema"]["items"]) == ("option", "string")
    assert edit[REGION]["schema"]["customId"] == 10017
    page = site.client().get("issue/createmeta/TEST/issuetypes/10401", params={"maxResults": 200}).json()
    create = {one["fieldId"]: one for one in page["fields" if site.model.cloud else "values"]}
    assert bare(create[REGION]["allowedValues"]) == [
        {"value": "Europe", "id": "10600",
         "children": [{"value": "Germany", "id": "10601"}, {"value": "France", "id": "10602"}]},
        {"value": "Asia", "id": "10610", "children": [{"value": "Japan", "id": "10611"}]},
    ]  # fmt: skip
    assert [one["value"] for one in create[RISK]["allowedValues"]] == ["Low", "Medium", "High"]
    assert "allowedValues" not in create[TOPICS]


def test_the_history_says_what_people_read(site: Site) -> None:
    key = created(site)
    site.model.edit(key, by="annak", **{REGION: "Europe / Germany", RISK: "High", TOPICS: ["a", "b"]})
    items = {item.field: item.new_text for item in site.model.issue(key).history[-1].items}
    assert items == {
        "Region": "Parent values: Europe(10600)Level 1 values: Germany(10601)",
        "Risk": "High",
        "Topics": "a b",
    }


def test_a_rich_custom_field_is_rendered_and_no_other(site: Site) -> None:
    key = created(site, **{STEPS: "a & b", LOGGED_BY: "a & b"})
    shown = site.client().get(f"issue/{key}", params={"expand": "renderedFields"}).json()["renderedFields"]
    assert "a &amp; b" in shown[STEPS]
    assert shown[LOGGED_BY] is None


def test_a_comment_s_length_counts_in_utf_16(site: Site) -> None:
    key = created(site)
    client = site.client()
    assert client.post(f"issue/{key}/comment", json={"body": SMILE * 16_383}).status_code == 201
    answer = client.post(f"issue/{key}/comment", json={"body": SMILE * 16_384})
    assert "32,767" in field_errors(answer)["comment"]
