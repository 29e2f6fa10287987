"""Whatever the receiver does, a message is taken or is to be told again, and the address stays secret."""

import time
import traceback
from collections.abc import Iterator

import pytest

from syncer.telling.webhook import NotTold, Webhook
from tests.syncer.telling.receiver import KEY, Manner, Receiver

MESSAGE = {"text": "Nothing has to be done: ✓ \ud800"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def test_a_message_that_was_taken_arrives_as_it_was_sent(receiver: Receiver) -> None:
    with Webhook(receiver.url) as webhook:
        assert webhook.post(MESSAGE) == "200"
        assert webhook.post(MESSAGE, listen=True) == "200 ok"
    assert receiver.messages == [MESSAGE, MESSAGE]


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("refuses", "answered 404"),
        ("redirects", "answered 307, a redirect, which isn't followed"),
        ("hangs", "it took too long"),
        ("garbles", "what came back isn't HTTP, or was cut off"),
        ("hangs up", "what came back isn't HTTP, or was cut off"),
    ],
)
def test_what_was_not_taken_is_said_soon_and_without_the_address(receiver: Receiver, manner: Manner, said: str) -> None:
    receiver.manner = manner
    began = time.monotonic()
    with Webhook(receiver.url) as webhook, pytest.raises(NotTold) as raised:
        webhook.post(MESSAGE, listen=True)
    assert time.monotonic() - began < 15
    assert said in str(raised.value)
    assert KEY not in "".join(traceback.format_exception(raised.value))
    assert receiver.requests == 1


def test_a_receiver_that_is_not_there_is_said_without_the_address(receiver: Receiver) -> None:
    receiver.__exit__()
    with Webhook(receiver.url) as webhook, pytest.raises(NotTold, match="it can't be reached") as raised:
        webhook.post(MESSAGE)
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_an_answer_that_repeats_the_address_or_drives_a_terminal_is_shown_without_either(receiver: Receiver) -> None:
    receiver.manner = "echoes"
    with Webhook(receiver.url) as webhook:
        said = webhook.post(MESSAGE, listen=True)
    assert said.startswith("200 posted to ********")
    assert KEY not in said
    assert "\x1b" not in said
    assert len(said) <= 210
