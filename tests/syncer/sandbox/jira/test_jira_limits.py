"""Promises about the sandbox's limits: they turn away what is too much, and say so as Jira does."""

from email.utils import parsedate_to_datetime

import httpx
import pytest

from syncer.sandbox.jira.limit_values import Limits
from tests.syncer.sandbox.jira.jira_server import Site, created, messages, new_bug


def limit(site: Site, limits: Limits | None) -> None:
    site.model.behaviour.limits = limits


def statuses(site: Site, path: str, times: int) -> list[int]:
    client = site.client()
    return [client.get(path).status_code for _ in range(times)]


def test_without_limits_nothing_is_told_and_nothing_turned_away(site: Site) -> None:
    answer = site.client().get("myself")
    assert not [name for name in answer.headers if "ratelimit" in name.lower()]


def test_a_burst_is_of_one_endpoint_and_method_and_comes_back_with_time(cloud: Site) -> None:
    limit(cloud, Limits(burst=3, burst_rate=2))
    assert statuses(cloud, "myself", 5) == [200, 200, 200, 429, 429]
    assert statuses(cloud, "serverInfo", 1) == [200]
    cloud.clock.pass_time(seconds=1)
    assert statuses(cloud, "myself", 3) == [200, 200, 429]


def test_a_refusal_names_its_limit_and_changes_nothing(cloud: Site) -> None:
    limit(cloud, Limits(burst=1, burst_rate=0.4))
    client, before = cloud.client(), len(cloud.model.issues)
    first, refused = (client.post("issue", json=new_bug()) for _ in range(2))
    assert (first.status_code, refused.status_code) == (201, 429)
    assert len(cloud.model.issues) == before + 1
    assert messages(refused) == ["Rate limit exceeded."]
    assert refused.headers["ratelimit-reason"] == "jira-burst-based"
    assert refused.headers["retry-after"] == "3"
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("1", "0")


def test_writes_to_one_issue_are_limited_and_those_to_others_are_not(cloud: Site) -> None:
    one, other = created(cloud), created(cloud)
    limit(cloud, Limits(issue_writes=2, issue_seconds=2))
    client = cloud.client()

    def comment(key: str) -> httpx.Response:
        return client.post(f"issue/{key}/comment", json={"body": "Seen."})

    assert [comment(one).status_code for _ in range(3)] == [201, 201, 429]
    assert comment(one).headers["ratelimit-reason"] == "jira-per-issue-on-write"
    assert comment(other).status_code == 201
    assert client.get(f"issue/{one}").status_code == 200
    cloud.clock.pass_time(seconds=2)
    assert comment(one).status_code == 201


def test_a_quota_is_of_all_requests_and_full_again_after_its_time(cloud: Site) -> None:
    limit(cloud, Limits(quota=6, quota_seconds=3600))
    client = cloud.client()
    told = [client.get(path).headers for path in ("myself", "serverInfo", "myself", "serverInfo", "myself")]
    assert [each["x-ratelimit-nearlimit"] for each in told] == ["false"] * 4 + ["true"]
    assert statuses(cloud, "myself", 2) == [200, 429]
    refused = client.get("serverInfo")
    assert refused.headers["ratelimit-reason"] == "jira-quota-tenant-based"
    assert refused.headers["x-ratelimit-reset"] == "2025-07-24T12:05:26.123Z"
    assert refused.headers["retry-after"] == "3600"
    cloud.clock.pass_time(hours=1)
    assert statuses(cloud, "myself", 1) == [200]


def test_data_center_tells_its_bucket_with_each_answer_and_fills_it_all_at_once(datacenter: Site) -> None:
    limit(datacenter, Limits(burst=3, burst_rate=0.5, burst_interval=4))
    client = datacenter.client()
    answers = [client.get(path) for path in ("myself", "serverInfo", "myself", "serverInfo")]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["retry-after"] for each in answers] == ["0", "0", "4", "4"]
    assert [each.headers["x-ratelimit-remaining"] for each in answers] == ["2", "1", "0", "0"]
    told = answers[0].headers
    assert (told["x-ratelimit-interval-seconds"], told["x-ratelimit-fillrate"]) == ("4", "2")
    assert "html" in answers[3].headers["content-type"]
    assert "ratelimit-reason" not in answers[3].headers
    datacenter.clock.pass_time(seconds=3)
    assert statuses(datacenter, "myself", 1) == [429]
    datacenter.clock.pass_time(seconds=1)
    assert statuses(datacenter, "myself", 3) == [200, 200, 429]


def test_data_center_gives_each_account_tokens_of_its_own(datacenter: Site) -> None:
    limit(datacenter, Limits(burst=1, burst_rate=0.1))
    assert statuses(datacenter, "myself", 2) == [200, 429]
    assert datacenter.client("joeb").get("myself").status_code == 200


@pytest.mark.parametrize("as_date", [True, False])
def test_the_time_is_named_as_a_date_or_not_at_all_where_that_is_wanted(site: Site, as_date: bool) -> None:
    limit(site, Limits(burst=1, burst_rate=0.1, burst_interval=10, retry_after="date" if as_date else "none"))
    client = site.client()
    refused = [client.get("myself") for _ in range(2)][1]
    assert refused.status_code == 429
    told = refused.headers.get("retry-after")
    assert (None if told is None else parsedate_to_datetime(told) > site.clock.now) == (True if as_date else None)


def test_other_limits_begin_with_full_buckets(site: Site) -> None:
    limit(site, Limits(burst=1, burst_rate=0.01, burst_interval=100))
    assert statuses(site, "myself", 2) == [200, 429]
    limit(site, Limits(burst=2, burst_rate=0.01, burst_interval=100))
    assert statuses(site, "myself", 3) == [200, 200, 429]
