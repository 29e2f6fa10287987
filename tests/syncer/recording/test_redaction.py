"""Whatever a server answers, and wherever it stands: what isn't known to be harmless is not in what is kept."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.exchange import Exchange
from syncer.recording.redaction import Redactor
from syncer.recording.stand_ins import StandIns

BASES = {"incident": "https://quality.northwindtraders.example/EnterpriseTester", "issue": "https://jira.example/jira"}
SECRET = "Periwinkle-Cartography"
WORDS = [word.casefold() for word in SECRET.split("-")]
MEMBERS = (
    "id", "Id", "name", "Name", "key", "value", "self", "summary", "Description", "body", "displayName", "accountId",
    "emailAddress", "Text", "labels", "type", "custom", "version", "Version", "customfield_10011", "FieldValues",
    "Options", "expand", "errorMessages", "nextPageToken", "url", "updated", "WidgetType", "globalId", "any thing",
)  # fmt: skip
FORMS = (
    "{}", "about {} and more", "{}@mail.example", "https://{}.example/browse/1", "https://jira.example/jira/{}?q={}",
    "<p>{}</p>", "{}\n\nsecond line", "2026-11-22 {}", "[syncer:{}:10012]",
    "syncer-{}-0123456789abcdef0123456789abcdef",
)  # fmt: skip

texts = st.sampled_from(FORMS).map(lambda form: form.replace("{}", SECRET))
trees = st.recursive(
    texts | st.none() | st.booleans() | st.integers(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), below, max_size=4),
    max_leaves=12,
)


def kept(redactor: Redactor, **changed: Any) -> Any:
    fields: dict[str, Any] = {
        "method": "GET",
        "url": f"{BASES['issue']}/rest/api/2/issue/10001?fields=summary",
        "asked": b"",
        "status": 200,
        "headers": {},
        "answered": b"",
    }
    return asdict(redactor.exchange("issue", Exchange(**{**fields, **changed})))


def holds(told: Any) -> bool:
    text = json.dumps(told, ensure_ascii=False).casefold()
    return any(word in text for word in WORDS)


@given(trees)
def test_a_text_is_kept_in_no_member_and_in_no_form(tree: Any) -> None:
    assert not holds(kept(Redactor(BASES), answered=json.dumps(tree).encode()))


@pytest.mark.parametrize(
    "changed",
    [
        {"url": f"{BASES['issue']}/rest/api/2/project/{SECRET}/statuses"},
        {"url": f"{BASES['issue']}/rest/api/2/search?jql=project%20%3D%20%22{SECRET}%22"},
        {"url": f"https://{SECRET}.example/rest/api/2/issue/1"},
        {"asked": json.dumps({"jql": f'project = "{SECRET}" AND labels = {SECRET}'}).encode()},
        {"headers": {"Set-Cookie": f"id={SECRET}", "Authorization": SECRET, "X-AUSERNAME": SECRET, "Location": SECRET}},
        {"answered": f"<html><title>{SECRET}</title></html>".encode()},
        {"answered": SECRET.encode("utf-16")},
        {"answered": json.dumps({"FieldValues": {SECRET: SECRET}}).encode()},
        {"answered": json.dumps({"avatarUrls": {f"{SECRET} 16x16": 1}}).encode()},
    ],
)
def test_a_text_is_kept_in_no_part_of_an_exchange(changed: dict[str, Any]) -> None:
    assert not holds(kept(Redactor(BASES), **changed))


def test_the_servers_addresses_are_replaced_and_what_lies_below_them_is_kept() -> None:
    told = kept(Redactor(BASES), answered=json.dumps({"self": f"{BASES['issue']}/rest/api/2/issue/10001"}).encode())
    assert told["path"] == "/rest/api/2/issue/10001"
    assert told["answered"]["json"] == {"self": "https://issues.example/jira/rest/api/2/issue/10001"}


def test_ids_times_and_what_the_adapters_ask_by_are_kept() -> None:
    held = {
        "id": "10001",
        "Id": "27dcaff0-1f8a-4dff-b49a-bb3d9f7153b3",
        "updated": "2025-07-24T13:05:26.000+0200",
        "total": 17,
        "deploymentType": "Cloud",
        "isLast": True,
        "schema": {"type": "array", "items": "option"},
        "properties": {"syncer.mark": None},
        "permissions": {"BROWSE_PROJECTS": {"havePermission": True}},
    }
    assert kept(Redactor(BASES), answered=json.dumps(held).encode())["answered"]["json"] == held


def test_a_name_gets_the_same_stand_in_in_settings_requests_and_answers() -> None:
    redactor = Redactor(BASES)
    asked = kept(redactor, url=f"{BASES['issue']}/rest/api/2/project/PERIWINKLE", answered=b'{"name": "Periwinkle"}')
    stand_in = redactor.name("periwinkle")
    assert asked["path"] == f"/rest/api/2/project/{stand_in.upper()}"
    assert asked["answered"]["json"] == {"name": stand_in.capitalize()}


def test_marks_stay_marks_of_another_installation() -> None:
    redactor = Redactor(BASES)
    told = kept(redactor, answered=b'{"body": "Jane Doe wrote in Jira [syncer:northwind:10234]:\\n\\nHello"}')
    body = told["answered"]["json"]["body"]
    assert f" wrote in Jira [syncer:{redactor.name('northwind')}:10234]:\n\n" in body
    assert not any(word in body for word in ("Jane", "Doe", "northwind", "Hello"))


@given(st.text(max_size=60))
def test_a_stand_in_has_the_length_and_the_kinds_of_characters_of_what_it_stands_for(text: str) -> None:
    stand_ins = StandIns()
    for drawn in (stand_ins.name(text), stand_ins.prose(text)):
        assert len(drawn) == len(text)
        assert [each.isalpha() for each in drawn] == [each.isalpha() for each in text]
        assert [each.isdecimal() for each in drawn] == [each.isdecimal() for each in text]


@given(st.lists(st.text("abcdefghXYZ0123456789 -", min_size=4, max_size=12), max_size=30))
def test_what_was_different_stays_different(texts: list[str]) -> None:
    stand_ins = StandIns()
    assert len({stand_ins.name(text) for text in texts}) == len(set(texts))
