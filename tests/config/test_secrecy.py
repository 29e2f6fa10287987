"""The promise that no secret is ever shown: not by settings, not by errors about them."""

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SettingsError, effective, load_settings
from syncer.cli.session import secrets
from tests.config.samples import CLOUD

CANARY = "c4nary-in-the-mine"
BREAKING = {"SYNCER_SCHEDULE__EVERY_SECONDS": "0"}


def refused(env: dict[str, str]) -> str:
    """Everything that a person could come to see of a refusal."""
    with pytest.raises(SettingsError) as caught:
        load_settings(env, None)
    return "".join(traceback.format_exception(caught.value)) + repr(caught.value)


def test_settings_do_not_show_secrets() -> None:
    env = CLOUD | {
        "SYNCER_INCIDENTS__PASSWORD": CANARY,
        "SYNCER_JIRA__TOKEN": CANARY,
        "SYNCER_STATE__URL": f"postgresql+psycopg://syncer:{CANARY}@db.example.com/syncer",
    }
    settings = load_settings(env, None)
    assert CANARY not in f"{settings!r} {settings} {effective(settings)}"
    shown = {variable: value for variable, value, _ in effective(settings)}
    assert shown["SYNCER_JIRA__TOKEN"] == "********"


@pytest.mark.parametrize("variable", ["CONSUMER_SECRET", "ACCESS_TOKEN", "TOKEN_SECRET"])
def test_neither_settings_nor_refusals_show_what_oauth_signs_with(variable: str) -> None:
    names = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "TOKEN_SECRET")
    oauth = {f"SYNCER_INCIDENTS__{name}": CANARY if name == variable else "x" for name in names}
    settings = load_settings(CLOUD | oauth | {"SYNCER_INCIDENTS__PASSWORD": ""}, None)
    assert CANARY not in f"{settings!r} {settings} {effective(settings)}"
    assert CANARY in secrets(settings)
    assert CANARY not in refused(CLOUD | oauth)


def test_the_state_db_is_shown_without_its_password() -> None:
    settings = load_settings(
        CLOUD | {"SYNCER_STATE__URL": f"postgresql+psycopg://syncer:{CANARY}@db.example.com/syncer"}, None
    )
    shown = {variable: value for variable, value, _ in effective(settings)}
    assert shown["SYNCER_STATE__URL"] == "postgresql+psycopg://********@db.example.com/syncer"


@given(st.text("abc:/@?#&=%[]", max_size=12))
def test_a_password_in_the_state_db_address_is_hidden_whatever_it_is_made_of(noise: str) -> None:
    url = f"postgresql+psycopg://syncer:{noise}{CANARY}{noise}@db.example.com/syncer?sslmode=require"
    assert CANARY not in str(effective(load_settings(CLOUD | {"SYNCER_STATE__URL": url}, None)))


def test_a_password_behind_the_question_mark_is_hidden_too() -> None:
    url = f"postgresql+psycopg://db.example.com/syncer?password={CANARY}"
    assert CANARY not in str(effective(load_settings(CLOUD | {"SYNCER_STATE__URL": url}, None)))


@pytest.mark.parametrize(
    "change",
    [
        {"SYNCER_INCIDENTS__PASSWORD": CANARY} | BREAKING,
        {"SYNCER_JIRA__TOKEN": CANARY, "SYNCER_JIRA__USER": ""},
        {"SYNCER_JIRA__PASSWORD": CANARY},
        {"SYNCER_JIRA__TOKEM": CANARY},
        {"SYNCER_JIRA__URL": f"https://syncer:{CANARY}@jira.example.com"},
        {"SYNCER_JIRA__URL": f"https://syncer:/{CANARY}@jira.example.com"},
        {"SYNCER_INCIDENTS__URL": f"https://tester.example.com/?token={CANARY}"},
        {"SYNCER_STATE__URL": f"postgres://syncer:{CANARY}@db.example.com/syncer"},
        {"SYNCER_STATE__URL": f"postgresql+psycopg://syncer:{CANARY}@db.example.com/syncer"} | BREAKING,
    ],
)
def test_a_refusal_does_not_repeat_secrets(change: dict[str, str]) -> None:
    assert CANARY not in refused(CLOUD | change)
