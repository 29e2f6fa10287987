"""What is read of an answer's headers: seconds and dates mean the same, and nonsense means nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.rate_told import LONGEST, told

NOW = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)


@given(st.integers(0, 3600))
def test_a_date_and_seconds_ask_for_the_same_wait(seconds: int) -> None:
    as_date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert (
        told(429, {"Retry-After": as_date}, NOW).wait == told(429, {"Retry-After": str(seconds)}, NOW).wait == seconds
    )


@given(st.integers(-86400, 86400))
def test_a_date_counts_from_the_servers_own_clock_however_wrong_ours_is(skew: int) -> None:
    headers = {"Date": format_datetime(NOW, usegmt=True), "Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}
    assert told(503, headers, NOW + timedelta(seconds=skew)).wait == 30


@pytest.mark.parametrize("reset", ["2026-10-21T07:30Z", "2026-10-21T07:30:00Z", "2026-10-21T07:30:00.000+00:00"])
def test_a_reset_is_read_to_the_minute_the_second_or_finer(reset: str) -> None:
    assert told(200, {"X-RateLimit-Reset": reset}, NOW).reset == 120


def test_everything_that_both_deployments_tell_is_read() -> None:
    cloud = told(
        429,
        {
            "RateLimit-Reason": "jira-quota-tenant-based",
            "Retry-After": "7",
            "X-RateLimit-Limit": "65000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-NearLimit": "true",
        },
        NOW,
    )
    assert (cloud.refused, cloud.wait, cloud.reason) == (True, 7, "jira-quota-tenant-based")
    assert (cloud.limit, cloud.remaining, cloud.near) == (65000, 0, True)
    names = {"X-RateLimit-Limit": "5", "X-RateLimit-Interval-Seconds": "60", "X-RateLimit-FillRate": "10"}
    datacenter = told(200, httpx.Headers({name.upper(): value for name, value in names.items()}), NOW)
    assert (datacenter.limit, datacenter.interval, datacenter.fill) == (5, 60, 10)
    assert not datacenter.refused


NAMES = [
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-RateLimit-FillRate",
    "Date",
]
NONSENSE = st.one_of(
    st.text(max_size=30), st.floats().map(str), st.sampled_from(["-1", "1e400", "Wed, 99 Foo", "9999-12-31T23:59Z"])
)


@given(st.integers(100, 599), st.dictionaries(st.sampled_from(NAMES), NONSENSE))
def test_whatever_the_headers_hold_no_wait_is_negative_endless_or_beyond_an_hour(
    status: int, headers: dict[str, str]
) -> None:
    seen = told(status, headers, NOW)
    assert 0 <= seen.pause <= LONGEST
    assert all(value is None or 0 <= value < float("inf") for value in (seen.limit, seen.remaining, seen.fill))
