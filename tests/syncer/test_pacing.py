"""How long a request waits, decided by what answers told: held against limits of each kind, in a time of its own."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.pacing import Bucket
from syncer.rate_told import LONGEST, Told

ANSWERS = st.builds(
    Told,
    status=st.sampled_from([200, 201, 429, 503]),
    wait=st.none() | st.floats(0, LONGEST),
    reason=st.sampled_from(["", "jira-burst-based", "jira-quota-tenant-based"]),
    limit=st.none() | st.floats(0, 1e6),
    remaining=st.none() | st.floats(0, 1e6),
    reset=st.none() | st.floats(0, LONGEST),
    near=st.none() | st.booleans(),
    interval=st.none() | st.floats(0.1, 3600),
    fill=st.none() | st.floats(0.1, 1e6),
)


@given(st.lists(st.tuples(st.floats(0, 100), ANSWERS), max_size=30))
def test_whatever_is_told_no_wait_is_negative_or_beyond_an_hour(history: list[tuple[float, Told]]) -> None:
    bucket, now = Bucket(), 0.0
    for passed, answer in history:
        now += passed
        bucket = bucket.taken(now)
        bucket = bucket.answered(now, bucket.given, answer)
        assert 0 <= bucket.wait(now) <= LONGEST


@given(st.lists(st.floats(0, 1), max_size=200))
def test_where_nothing_is_told_nothing_waits(gaps: list[float]) -> None:
    bucket, now = Bucket(), 0.0
    for gap in gaps:
        now += gap
        assert bucket.wait(now) == 0
        bucket = bucket.taken(now)
        bucket = bucket.answered(now, bucket.given, Told(200))


@given(st.floats(0.1, 3600), st.floats(0, 3600))
def test_a_refusal_closes_for_as_long_as_it_says_and_no_longer(wait: float, later: float) -> None:
    bucket = Bucket().taken(0.0)
    bucket = bucket.answered(0.0, 1, Told(429, wait=wait, reason="jira-quota-global-based"))
    assert bucket.wait(0.0) == pytest.approx(wait)
    assert bucket.wait(later) == pytest.approx(max(0.0, wait - later), abs=1e-6)


def test_refusals_in_a_row_that_name_no_time_are_waited_for_twice_as_long_each() -> None:
    bucket, now, waits = Bucket(), 0.0, []
    for _ in range(7):
        bucket = bucket.taken(now)
        bucket = bucket.answered(now, bucket.given, Told(429, reason="jira-quota-x"), backoff=1.0)
        waits.append(round(bucket.wait(now), 3))
        now += bucket.wait(now)
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_what_is_left_of_a_quota_is_used_and_then_nothing_before_it_is_full_again() -> None:
    bucket = Bucket()
    for left in (2, 1, 0):
        assert bucket.wait(0.0) == 0
        bucket = bucket.taken(0.0)
        bucket = bucket.answered(0.0, bucket.given, Told(200, limit=100, remaining=left, reset=1800.0, near=True))
    assert bucket.wait(0.0) == pytest.approx(1800)
    assert bucket.wait(1800.0) == 0


def test_data_center_s_tokens_come_all_at_once_and_not_before_their_interval() -> None:
    bucket = Bucket().taken(0.0)
    bucket = bucket.answered(0.0, 1, Told(200, limit=5, remaining=0, interval=60, fill=10, wait=0.0))
    assert bucket.wait(0.0) == pytest.approx(60)
    for _ in range(5):
        assert bucket.wait(60.0) == 0
        bucket = bucket.taken(60.0)
    assert bucket.wait(60.0) == pytest.approx(60)


def test_an_answer_that_was_long_under_way_says_nothing_of_what_is_left_now() -> None:
    """A slow server or a busy machine: other threads have sent thousands of requests since."""
    bucket = Bucket().taken(0.0)
    for number in range(2, 2000):
        bucket = bucket.taken(0.001 * number)
        bucket = bucket.answered(0.001 * number, number, Told(201, limit=400, remaining=300, interval=2, fill=280))
    late = bucket.answered(2.0, 1, Told(201, limit=400, remaining=0, interval=2, fill=280))
    assert late.wait(2.0) == bucket.wait(2.0) == 0


def test_who_waits_leaves_as_soon_as_an_answer_tells_that_there_is_more_left() -> None:
    bucket = Bucket()
    for _ in range(10):
        bucket = bucket.taken(0.0)
    bucket = bucket.answered(0.1, 1, Told(201, limit=400, remaining=0, interval=60, fill=10))
    assert [bucket.wait_of(0.1, number) for number in (2, 10)] == [pytest.approx(60), pytest.approx(60)]
    bucket = bucket.answered(0.2, 2, Told(201, limit=400, remaining=5, interval=60, fill=10))
    assert [bucket.wait_of(0.2, number) > 0 for number in range(3, 11)] == [False] * 5 + [True] * 3


def test_answers_to_requests_that_left_together_lower_the_rate_once() -> None:
    bucket = Bucket()
    for place in range(8):
        bucket = bucket.taken(place / 100)
    for number in range(1, 9):
        bucket = bucket.answered(0.1, number, Told(429, wait=1.0))
    rate = bucket.rate
    assert rate is not None
    assert bucket.refusals == 1
    alone = Bucket()
    for place in range(8):
        alone = alone.taken(place / 100)
    assert alone.answered(0.1, 1, Told(429, wait=1.0)).rate == pytest.approx(rate, rel=0.02)


@pytest.mark.parametrize("refusal", [Told(429, wait=1.0, interval=1.0, remaining=0), Told(429, reason="jira-quota-x")])
def test_requests_that_left_together_are_one_refusal_in_a_row(refusal: Told) -> None:
    """Many in a row mean that the limit doesn't open; many at once don't."""
    bucket = Bucket()
    for _ in range(8):
        bucket = bucket.taken(0.0)
    for number in range(1, 9):
        bucket = bucket.answered(0.1, number, refusal)
    assert bucket.refusals == 1


def test_a_rate_that_was_learnt_of_refusals_grows_again() -> None:
    bucket = Bucket()
    for place in range(20):
        bucket = bucket.taken(place / 10)
    bucket = bucket.answered(2.0, 20, Told(429, wait=1.0))
    slow = bucket.rate
    for second in range(3, 300):
        bucket = bucket.taken(float(second))
        bucket = bucket.answered(float(second), bucket.given, Told(200))
    assert slow is not None
    assert bucket.rate is not None
    assert bucket.rate > 5 * slow


@dataclass
class Server:
    """A limit of `rate` requests a second, `size` at once, in the time that the test keeps."""

    rate: float
    size: float
    tells: bool
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.size

    def answer(self, now: float) -> Told:
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return Told(
                429, wait=1.0, reason="jira-burst-based", limit=self.size, remaining=0.0 if self.tells else None
            )
        self.left -= 1
        return Told(200, limit=self.size, remaining=float(int(self.left)) if self.tells else None)


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize(("rate", "size"), [(10, 10), (10, 100), (50, 50), (140, 200), (300, 350)])
def test_a_limit_that_nobody_told_us_of_is_learnt_and_used(tells: bool, rate: float, size: float) -> None:
    """One request after the other, each answered at once; the first 20 s are for learning."""
    server, bucket, now = Server(rate, size, tells), Bucket(), 0.0
    sent = refused = 0
    while now < 80:
        now += bucket.wait(now) + 0.0005
        bucket = bucket.taken(now)
        answer = server.answer(now)
        bucket = bucket.answered(now, bucket.given, answer)
        if now > 20:
            sent, refused = sent + 1, refused + answer.refused
    assert refused <= max(0.005 * sent, 10)
    assert sent - refused >= 0.9 * rate * 60
