"""Who may not act: every post is refused that doesn't come from a person who has the token, from a page of ours."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from syncer.console.attempts import FREE
from syncer.console.forms import LARGEST
from tests.syncer.console.stage import LINK, TOKEN, ConsoleStage, end
from tests.syncer.console.visitor import Visitor, text_of

BASE = f"/links/{LINK}"
ACTIONS = ["waiting/settle", "waiting/retry", "held/approve", "held/discard"]
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_acts_without_a_token_and_nothing_is_told_of_what_there_is(visitor: Visitor, action: str) -> None:
    answers = [visitor.post(f"{base}/{action}", digest="x") for base in (BASE, "/links/nothing")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert "Sign in first" in text_of(answers[0].text)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_session_alone_is_not_enough_the_form_must_be_one_of_its_own(ada: Visitor, action: str) -> None:
    for form in ({}, {"form": ""}, {"form": "0" * 64}):
        answer = ada.post(f"{BASE}/{action}", **form)
        assert answer.status_code == 403
    with Visitor(ada.address) as other:
        other.sign_in("Bob")
        stolen = other.token_of_forms()
    assert ada.post(f"{BASE}/{action}", form=stolen).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{own}"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "{own}.evil.example"},
        {},
    ],
)
def test_a_post_from_another_site_is_refused_even_with_everything_else(
    ada: Visitor, headers: Mapping[str, str]
) -> None:
    told = {name: value.format(own=ada.address) for name, value in headers.items()}
    form = {"form": ada.token_of_forms(), "code": "unmapped"}
    answer = ada.client.post(f"{BASE}/waiting/retry", data=form, headers=told)
    assert answer.status_code == 403
    assert "another site" in text_of(answer.text)
    # Nor does anybody sign a person in under another name.
    answer = ada.client.post("/login", data={"by": "Eve", "token": TOKEN}, headers=told)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_browser_that_only_tells_the_origin_is_understood(ada: Visitor) -> None:
    """As they do over plain HTTP, other than on this machine."""
    form = {"form": ada.token_of_forms(), "code": "none-of-these"}
    answer = ada.client.post(f"{BASE}/waiting/retry", data=form, headers={"Origin": ada.address})
    assert answer.status_code == 409


def test_the_session_is_kept_where_no_script_and_no_other_site_reaches_it(visitor: Visitor) -> None:
    answer = visitor.sign_in()
    kept = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Max-Age=43200"} <= set(kept.split("; "))
    assert "Secure" not in kept, "the console is opened by plain HTTP here"
    assert TOKEN not in kept


def test_a_changed_cookie_is_no_session(ada: Visitor) -> None:
    (cookie,) = ada.client.cookies.jar
    assert cookie.value is not None
    for value in (cookie.value[:-1], f"A{cookie.value}", cookie.value.replace(".", ""), "x" * 3000):
        with Visitor(ada.address) as other:
            other.client.cookies.set(cookie.name, value)
            assert "Read only" in other.get("/")


def test_signing_out_ends_it(ada: Visitor) -> None:
    assert "Signed in as" in ada.get("/")
    ada.send("/logout")
    assert "Read only" in ada.html


@pytest.mark.parametrize(
    "there", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "x"]
)
def test_signing_in_leads_nowhere_else(visitor: Visitor, there: str) -> None:
    answer = visitor.post("/login", by="Ada", token=TOKEN, next=there)
    assert answer.headers["location"] == "/"


def test_a_name_is_needed_as_it_stands_in_the_history(visitor: Visitor) -> None:
    for name in ("", " \n\t", "\x00"):
        answer = visitor.post("/login", by=name, token=TOKEN)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "set-cookie" not in answer.headers


def test_a_form_that_is_none_of_ours_is_not_read(stage: ConsoleStage) -> None:
    url = f"{stage.address}{BASE}/held/approve"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert httpx.post(url, content=b"a=" + b"x" * LARGEST, headers=kind).status_code == 413
    pieces = (b"x" * 1024 for _ in range(64))
    assert httpx.post(url, content=pieces, headers=kind).status_code == 413
    assert httpx.post(url, json={"digest": "x"}).status_code == 415
    assert httpx.post(url, files={"digest": b"x"}).status_code == 415
    assert httpx.post(url, content=b"a=\xff\xfe%ff", headers=kind).status_code in (400, 401)
    assert httpx.post(url, content=b"&".join(b"a=1" for _ in range(999)), headers=kind).status_code == 400


def test_actions_are_posts(visitor: Visitor) -> None:
    for action in ACTIONS:
        answer = visitor.client.get(f"{BASE}/{action}")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"


def test_a_page_of_a_foreign_name_that_leads_here_reads_nothing(stage: ConsoleStage) -> None:
    answer = httpx.get(stage.address, headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert LINK not in answer.text


def test_wrong_tokens_are_told_apart_from_the_right_one_slower_and_slower(tmp_path: Path) -> None:
    """Last, with a daemon of its own: whoever tries too often has to wait, also with the right one."""
    with ConsoleStage(tmp_path) as stage, Visitor(stage.address) as visitor:
        wrong = [visitor.sign_in(token=f"not the token {number}") for number in range(FREE)]
        assert [answer.status_code for answer in wrong] == [403] * FREE
        assert not any(TOKEN in answer.text for answer in wrong)
        bearer = {"Authorization": "Bearer wrong"}
        late = httpx.post(f"{stage.address}{BASE}/waiting/retry", headers=bearer)
        assert late.status_code == 429
        assert int(late.headers["retry-after"]) >= 1
        assert visitor.sign_in().status_code == 429
        stage.until(lambda: visitor.sign_in().status_code == 303)
        again = httpx.post(f"{stage.address}{BASE}/waiting/retry", headers=bearer)
        assert again.status_code == 401, "the right one ended the pauses"
        assert again.headers["www-authenticate"] == "Bearer"


def test_without_a_token_the_pages_say_that_acting_is_off_and_how_to_switch_it_on(tmp_path: Path) -> None:
    with ConsoleStage(tmp_path, token=None) as stage, Visitor(stage.address) as visitor:
        assert "Acting is switched off" in visitor.get(f"{BASE}/held")
        assert "SYNCER_HTTP__TOKEN" in visitor.get("/login")
        assert "<form" not in visitor.html
        for path in ("/login", f"{BASE}/held/approve"):
            answer = visitor.post(path, by="Ada", token="", form="")
            assert answer.status_code == 403
            assert "SYNCER_HTTP__TOKEN" in text_of(answer.text)
        bearer = httpx.post(f"{stage.address}{BASE}/held/approve", headers={"Authorization": "Bearer x"})
        assert bearer.status_code == 403


def test_behind_https_the_session_is_sent_by_https_alone_and_the_outer_origin_is_ours(tmp_path: Path) -> None:
    outside = "https://syncer.example.com"
    with ConsoleStage(tmp_path, SYNCER_HTTP__URL=outside) as stage, Visitor(stage.address) as visitor:
        form = {"by": "Ada", "token": TOKEN}
        answer = visitor.client.post("/login", data=form, headers={"Origin": outside})
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"].split("; ")


def test_a_process_that_stands_by_says_so_on_its_pages_and_lets_nobody_act(tmp_path: Path) -> None:
    with ConsoleStage(tmp_path) as stage:
        stage.until(lambda: stage.asked(lambda store: store.last_cycles(LINK)))
        first, drain = stage.address, stage._drain
        standby = stage.start()
        try:
            with Visitor(stage.address) as visitor:
                stage.until(lambda: "another syncer" in text_of(visitor.get("/")))
                assert "Standby" in text_of(visitor.html)
                assert LINK in text_of(visitor.html)
                assert "stands by" in visitor.get(f"{BASE}/records", 503)
                assert visitor.sign_in().status_code == 303
                answer = visitor.post(f"{BASE}/waiting/retry", form=visitor.token_of_forms(), code="x")
                assert answer.status_code == 503
        finally:
            end(standby, stage._drain)
            stage.address, stage._drain = first, drain
