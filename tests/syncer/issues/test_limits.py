"""Limits on requests: what is turned away is sent again in time, each limit slows its own requests, a stop waits for
nothing."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from jira import JIRA

from syncer.errors import HeldBack, InDoubt, SideError, Unavailable
from syncer.issues import JiraClient, Login
from syncer.issues.answers import concerns_everything
from syncer.issues.limits import Call
from syncer.meter import NoMeter
from syncer.rate_told import Told
from tests.syncer.issues.scripted import Answer, Request, Scripted

GOOD = Answer(body={"id": "1"})
BURST, ISSUE, QUOTA = "jira-burst-based", "jira-per-issue-on-write", "jira-quota-tenant-based"
PAGE = "<html><h1>HTTP Status 429</h1></html>"
FAR = "1800"


def refusal(reason: str = "", wait: str = "0", **headers: str) -> Answer:
    return Answer(429, {"errorMessages": ["Slow down."]}, {"Retry-After": wait, "RateLimit-Reason": reason, **headers})


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    waiting = list(answers)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


class Heard(NoMeter):
    """Writes down the waits that it is told of."""

    def __init__(self) -> None:
        self.waits: list[tuple[str, str]] = []

    def waited(self, side: str, reason: str, seconds: float) -> None:
        self.waits.append((side, reason))


ACTS: dict[str, Callable[[JiraClient], object]] = {
    "get": lambda client: client.get("issue", "1"),
    "search": lambda client: client.fetch({"jql": ""}, "search", "jql"),
    "library": lambda client: client.ask(lambda jira: jira._get_json("issue/1")),
    "post": lambda client: client.post({}, "issue"),
    "put": lambda client: client.put({}, "issue", "1"),
    "delete": lambda client: client.delete("issue", "1"),
}


@pytest.mark.parametrize("reason", [BURST, ISSUE, QUOTA, "", "jira-cost-based"])
@pytest.mark.parametrize("act", ACTS)
def test_what_was_turned_away_is_sent_again_and_succeeds(act: str, reason: str) -> None:
    """Also a write: it was not carried out."""
    with Scripted(in_turn(refusal(reason), refusal(reason), GOOD)) as server:
        ACTS[act](server.client())
        assert len(server.requests) == 3


def test_data_center_s_page_is_a_refusal_like_any_other() -> None:
    with Scripted(in_turn(Answer(429, PAGE, {"Retry-After": "0"}), GOOD)) as server:
        server.client().post({}, "issue")
        assert len(server.requests) == 2


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize(("act", "status"), [("post", 429), ("get", 429), ("get", 503)])
def test_nothing_is_sent_before_the_time_that_the_server_names(act: str, status: int, as_date: bool) -> None:
    at: list[float] = []

    def script(_: Request) -> Answer:
        at.append(time.time())
        if len(at) > 1:
            return GOOD
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        return Answer(status, {}, {"Retry-After": date if as_date else "1"})

    with Scripted(script) as server:
        ACTS[act](server.client())
    assert at[1] - at[0] > 0.9


@pytest.mark.parametrize("act", ["post", "put", "delete"])
def test_a_write_that_met_trouble_stays_in_doubt_whatever_time_is_named(act: str) -> None:
    with Scripted(lambda _: Answer(503, {}, {"Retry-After": "0"})) as server:
        with pytest.raises(InDoubt):
            ACTS[act](server.client())
        assert len(server.requests) == 1


def test_after_trouble_with_a_time_the_next_write_waits_for_it_and_is_not_put_in_doubt() -> None:
    with Scripted(in_turn(Answer(503, {}, {"Retry-After": FAR}), GOOD)) as server:
        client = server.client()
        with pytest.raises(InDoubt):
            client.post({}, "issue")
        with pytest.raises(HeldBack, match="asks for a pause"):
            client.post({}, "issue")
        assert len(server.requests) == 1
        client.put({}, "issue", "1")


def test_a_quota_that_is_used_up_is_told_with_its_time_and_nothing_more_is_sent() -> None:
    with Scripted(lambda _: refusal(QUOTA, FAR)) as server:
        client = server.client()
        for act in ACTS.values():
            with pytest.raises(
                Unavailable, match=r"until \d\d:\d\d:\d\d UTC: its quota of requests is used up"
            ) as held:
                act(client)
            assert isinstance(held.value, HeldBack)
            assert 1700 < held.value.seconds <= 1800
            assert concerns_everything(held.value)
        assert len(server.requests) == 1


def test_a_burst_slows_its_endpoint_and_method_and_no_others() -> None:
    def script(request: Request) -> Answer:
        return refusal(BURST, FAR) if (request.method, request.path) == ("PUT", "/rest/api/2/issue/1") else GOOD

    with Scripted(script) as server:
        client = server.client()
        for number in ("1", "2"):
            with pytest.raises(HeldBack):
                client.put({}, "issue", number)
        assert server.counted("PUT", "issue/2") == 0
        client.get("issue", "1")
        client.post({}, "issue")
        client.put({}, "issue", "1", "comment", "5")


def test_a_limit_of_one_issue_slows_the_writes_to_it_and_nothing_else() -> None:
    def script(request: Request) -> Answer:
        return refusal(ISSUE, FAR) if request.method == "PUT" and "/issue/1" in request.path else GOOD

    with Scripted(script) as server:
        client = server.client()
        with pytest.raises(HeldBack) as held:
            client.put({}, "issue", "1")
        assert not concerns_everything(held.value)
        with pytest.raises(HeldBack):
            client.post({}, "issue", "1", "comment")
        assert server.counted("POST", "issue/1/comment") == 0
        client.get("issue", "1")
        client.put({}, "issue", "2")
        client.post({}, "issue", "2", "comment")


def test_data_center_s_bucket_is_the_accounts_and_is_not_overdrawn() -> None:
    told = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-FillRate": "5", "retry-after": "0"}
    answer = Answer(200, {}, {**told, "X-RateLimit-Interval-Seconds": "300"})
    with Scripted(lambda _: answer) as server:
        client = server.client()
        client.get("issue", "1")
        with pytest.raises(HeldBack):
            client.post({}, "issue")
        assert len(server.requests) == 1


def test_where_one_endpoint_refuses_for_ever_the_others_go_on_and_it_is_given_up_soon() -> None:
    def script(request: Request) -> Answer:
        return refusal() if request.path.endswith("/remotelink") else GOOD

    with Scripted(script) as server:
        client = server.client()
        for _ in range(3):
            with pytest.raises(HeldBack):
                client.get("issue", "1", "remotelink")
        assert server.counted("GET", "issue/1/remotelink") <= 10
        for number in range(50):
            client.get("issue", str(number))


@pytest.mark.parametrize("writing", [False, True])
def test_a_stop_ends_a_wait_at_once_and_nothing_was_done(writing: bool) -> None:
    stopping, heard = threading.Event(), Heard()
    with Scripted(in_turn(refusal(QUOTA, "9"), GOOD)) as server:
        client = JiraClient(server.url, Login("a", "b"), pauses=(0.01,), meter=heard)
        client.heed(stopping)
        threading.Timer(0.3, stopping.set).start()
        began = time.monotonic()
        with pytest.raises(HeldBack, match="asked to stop"):
            ACTS["post" if writing else "get"](client)
        assert time.monotonic() - began < 5
        client.close()
        assert len(server.requests) == 1
    assert heard.waits == [("issue", "quota")]


def test_a_write_is_allowed_after_its_wait_and_not_before() -> None:
    """Whoever lost the turn to write while waiting sends nothing."""
    asked: list[int] = []

    def before_write() -> None:
        asked.append(len(server.requests))
        if len(asked) > 1:
            raise RuntimeError("another process writes now")

    with Scripted(in_turn(refusal(BURST, "1"), GOOD)) as server:
        client = JiraClient(server.url, Login("a", "b"), pauses=(0.01,), before_write=before_write)
        with pytest.raises(RuntimeError):
            client.post({}, "issue")
        client.close()
        assert len(server.requests) == 1
    assert asked == [0, 1]


def test_neither_a_reason_nor_a_body_of_the_server_reaches_the_sentence() -> None:
    with Scripted(lambda _: Answer(429, {"errorMessages": ["sesame"]}, {"Retry-After": FAR})) as server:
        client = server.client()
        with pytest.raises(SideError) as held:
            client.ask(JIRA.myself)
    assert "sesame" not in str(held.value)


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (Told(200), None),
        (Told(200, limit=350, remaining=349), "burst"),
        (Told(200, limit=350, remaining=349, near=False), "burst"),
        (Told(200, limit=65000, remaining=60000, near=False, reset=5), "quota"),
        (Told(200, limit=65000, remaining=60000, reset=1500), "quota"),
        (Told(200, limit=5, remaining=4, interval=1, fill=5), "account"),
        (Told(429, reason=BURST), "burst"),
        (Told(429, reason=ISSUE), "issue"),
        (Told(429, reason="jira-quota-global-based"), "quota"),
        (Told(429), "burst"),
        (Told(429, interval=1), "account"),
        (Told(503, wait=3), "503"),
        (Told(503), None),
    ],
)
def test_an_answer_speaks_of_one_limit(hint: Told, kind: str | None) -> None:
    call = Call("PUT", "/jira/rest/api/2/issue/10042/comment/7", writes=True)
    spoken = call.spoken_of(hint)
    assert (spoken and spoken.kind) == kind
    assert spoken is None or spoken in call.limits
