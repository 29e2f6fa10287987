"""Promises about settings: where they come from, what is refused and how that is said."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import Settings, SettingsError, load_settings
from tests.config.samples import CLOUD, DATA_CENTER
from tests.key_pairs import key_pair


def load(changes: dict[str, str] | None = None, base: dict[str, str] = CLOUD) -> Settings:
    """The settings of `base` with `changes`, where an empty value takes a variable away."""
    return load_settings(base | (changes or {}), None)


def refusal(changes: dict[str, str], base: dict[str, str] = CLOUD) -> str:
    """The one problem that `changes` cause."""
    with pytest.raises(SettingsError) as caught:
        load(changes, base)
    assert caught.value.problems == (str(caught.value),)
    return str(caught.value)


def test_the_few_required_ones_are_enough() -> None:
    settings = load()
    assert settings.installation == "default"
    for side in (settings.incidents, settings.jira):
        # A lost create is waited for longer than its request may take to leave, to connect and to be answered.
        assert side.settle_after_seconds > 10 + 10 + 5 + side.timeout_seconds
    assert settings.state.url == "sqlite:////var/lib/syncer/syncer.db"
    assert settings.mappings == Path("/etc/syncer/mappings")


def test_an_address_keeps_its_application_path_and_loses_its_last_slash() -> None:
    assert load().incidents.url == "https://tester.example.com/EnterpriseTester"


def test_a_group_member_is_set_by_its_own_variable() -> None:
    settings = load({"SYNCER_SCHEDULE__EVERY_SECONDS": "15", "SYNCER_LOG__LEVEL": "DEBUG"})
    assert settings.schedule.every_seconds == 15
    assert settings.log.level == "debug"


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load()
    with pytest.raises(ValidationError):
        settings.installation = "other"
    with pytest.raises(ValidationError):
        settings.jira.url = "https://elsewhere.example.com"


def test_built_by_hand_they_do_not_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCER_INSTALLATION", "surprise")
    settings = load()
    assert Settings(incidents=settings.incidents, jira=settings.jira).installation == "default"


def test_the_process_environment_is_the_default_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in CLOUD.items():
        monkeypatch.setenv(variable, value)
    assert load_settings(env_file=None).jira.user == "syncer@example.com"


@pytest.mark.parametrize("value", ['{"a": 1}', "[1, 2]", "null", "12", "a=b#c", " blank around ", '"quoted"'])
def test_a_password_is_taken_to_the_letter(value: str) -> None:
    settings = load({"SYNCER_INCIDENTS__PASSWORD": value, "SYNCER_JIRA__TOKEN": value})
    assert settings.incidents.password is not None
    assert settings.incidents.password.get_secret_value() == value
    assert settings.jira.token is not None
    assert settings.jira.token.get_secret_value() == value


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"SYNCER_INCIDENTS__USER": ""},
            "SYNCER_INCIDENTS__USER is missing. Login of the account that the synchronizer works as.",
        ),
        (
            {"SYNCER_SCHEDULE__EVERY_SECONDS": "0"},
            "SYNCER_SCHEDULE__EVERY_SECONDS is '0': input should be greater than or equal to 1. "
            "From the start of one cycle to the start of the next.",
        ),
        (
            {"SYNCER_JIRA__CONNECTIONS": "many"},
            "SYNCER_JIRA__CONNECTIONS is 'many': input should be a valid integer, unable to parse string as "
            "an integer. Requests to Jira at the same time, at most.",
        ),
        (
            {"SYNCER_INSTALLATION": "Head Office"},
            "SYNCER_INSTALLATION: must be 1 to 32 characters out of a-z, 0-9 and -.",
        ),
        (
            {"SYNCER_JIRA__URL": "jira.example.com"},
            "SYNCER_JIRA__URL: must be an http or https address, such as https://host.example.com:8443/path.",
        ),
        (
            {"SYNCER_JIRA__URL": "https://jira.example.com/browse?x=1"},
            "SYNCER_JIRA__URL: must end with its path; take away the ? or # and what follows.",
        ),
        (
            {"SYNCER_STATE__URL": "mysql://host/syncer"},
            "SYNCER_STATE__URL: must be sqlite:///relative/file, sqlite:////absolute/file or "
            "postgresql+psycopg://user:password@host/database.",
        ),
        (
            {"SYNCER_SCHEDULE__RETRY_AT_MOST_SECONDS": "30"},
            "SYNCER_SCHEDULE__RETRY_AT_MOST_SECONDS: must not be less than "
            "SYNCER_SCHEDULE__RETRY_AFTER_SECONDS, which is 60.",
        ),
        (
            {"SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS": "inf"},
            "SYNCER_INCIDENTS__SETTLE_AFTER_SECONDS is 'inf': input should be a finite number. "
            "How long a create whose answer was lost may still surface before it is sent again.",
        ),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence(changes: dict[str, str], sentence: str) -> None:
    assert refusal(changes) == sentence


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("SYNCER_JIRA_URL", "SYNCER_JIRA__URL"),
        ("SYNCER_SCHEDULE__EVERY_SECOND", "SYNCER_SCHEDULE__EVERY_SECONDS"),
        ("SYNCER_JIRA__TOKENFILE", "SYNCER_JIRA__TOKEN_FILE"),
    ],
)
def test_a_misspelt_variable_is_an_error_that_names_the_right_one(variable: str, meant: str) -> None:
    assert refusal({variable: "x"}) == f"{variable} in the environment is no setting; did you mean {meant}?"


def test_a_variable_like_no_other_leads_to_the_list() -> None:
    assert "config/example.env lists all settings" in refusal({"SYNCER_COLOUR_OF_THE_SHED": "green"})


@pytest.mark.parametrize(
    "variable",
    ["SYNCER_PORT", "SYNCER_SERVICE_HOST", "SYNCER_PORT_8080_TCP_ADDR", "SYNCER_DB_SERVICE_PORT_HTTP"],
)
def test_what_kubernetes_says_about_services_is_no_misspelt_setting(variable: str) -> None:
    load({variable: "tcp://10.0.0.1:8080"})


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"SYNCER_LOG__LEVEL": "loud", "SYNCER_JIRA_URL": "https://jira.example.com"}, None)
    assert [problem.split()[0].rstrip(":") for problem in caught.value.problems] == [
        "SYNCER_JIRA_URL",
        "SYNCER_INCIDENTS__URL",
        "SYNCER_INCIDENTS__USER",
        "SYNCER_INCIDENTS__PASSWORD",
        "SYNCER_JIRA__URL",
        "SYNCER_JIRA__PASSWORD",
        "SYNCER_LOG__LEVEL",
    ]


OAUTH = {
    "SYNCER_INCIDENTS__CONSUMER_KEY": "consumer",
    "SYNCER_INCIDENTS__CONSUMER_SECRET": "consumer secret",
    "SYNCER_INCIDENTS__ACCESS_TOKEN": "token",
    "SYNCER_INCIDENTS__TOKEN_SECRET": "token secret",
}


def test_enterprise_tester_takes_oauth_in_the_place_of_a_password() -> None:
    incidents = load(OAUTH | {"SYNCER_INCIDENTS__PASSWORD": ""}).incidents
    assert (incidents.consumer_key, incidents.password) == ("consumer", None)
    assert incidents.token_secret is not None
    assert incidents.token_secret.get_secret_value() == "token secret"


KEY, _ = key_pair()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "SYNCER_INCIDENTS__PASSWORD: set the password, or for OAuth 1.0a all of SYNCER_INCIDENTS__CONSUMER_KEY, "
            "SYNCER_INCIDENTS__PRIVATE_KEY, SYNCER_INCIDENTS__ACCESS_TOKEN (RSA-SHA1), or all of "
            "SYNCER_INCIDENTS__CONSUMER_KEY, SYNCER_INCIDENTS__CONSUMER_SECRET, SYNCER_INCIDENTS__ACCESS_TOKEN, "
            "SYNCER_INCIDENTS__TOKEN_SECRET (HMAC-SHA1).",
        ),
        (
            {**OAUTH, "SYNCER_INCIDENTS__ACCESS_TOKEN": "", "SYNCER_INCIDENTS__TOKEN_SECRET": ""},
            "SYNCER_INCIDENTS__PASSWORD: OAuth 1.0a wants SYNCER_INCIDENTS__ACCESS_TOKEN, "
            "SYNCER_INCIDENTS__TOKEN_SECRET too.",
        ),
        (
            {"SYNCER_INCIDENTS__ACCESS_TOKEN": "token"},
            "SYNCER_INCIDENTS__PASSWORD: OAuth 1.0a wants SYNCER_INCIDENTS__CONSUMER_KEY, "
            "SYNCER_INCIDENTS__PRIVATE_KEY (RSA-SHA1) or SYNCER_INCIDENTS__CONSUMER_KEY, "
            "SYNCER_INCIDENTS__CONSUMER_SECRET, SYNCER_INCIDENTS__TOKEN_SECRET (HMAC-SHA1) too.",
        ),
        (
            {"SYNCER_INCIDENTS__PRIVATE_KEY": KEY},
            "SYNCER_INCIDENTS__PASSWORD: OAuth 1.0a wants SYNCER_INCIDENTS__CONSUMER_KEY, "
            "SYNCER_INCIDENTS__ACCESS_TOKEN too.",
        ),
        (
            {**OAUTH, "SYNCER_INCIDENTS__PRIVATE_KEY": KEY},
            "SYNCER_INCIDENTS__PASSWORD: OAuth 1.0a signs either by a private key or by secrets: take away the key, or "
            "SYNCER_INCIDENTS__CONSUMER_SECRET, SYNCER_INCIDENTS__TOKEN_SECRET.",
        ),
        (
            {"SYNCER_INCIDENTS__PASSWORD": "x", "SYNCER_INCIDENTS__CONSUMER_KEY": "consumer"},
            "SYNCER_INCIDENTS__PASSWORD: log in either by password or by OAuth 1.0a: take away the password, or "
            "SYNCER_INCIDENTS__CONSUMER_KEY.",
        ),
    ],
    ids=["neither", "half of it", "no way to sign", "a key alone", "two ways to sign", "both"],
)
def test_there_is_exactly_one_way_to_log_in_to_enterprise_tester(changes: dict[str, str], sentence: str) -> None:
    assert refusal({"SYNCER_INCIDENTS__PASSWORD": ""} | changes) == sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"SYNCER_JIRA__USER": ""},
        {"SYNCER_JIRA__USER": "syncer"},
        {"SYNCER_JIRA__TOKEN": "", "SYNCER_JIRA__USER": "syncer", "SYNCER_JIRA__PASSWORD": "secret"},
    ],
    ids=["access token alone", "token with a login", "login and password"],
)
def test_data_center_takes_a_token_or_a_login_and_password(changes: dict[str, str]) -> None:
    load(changes, DATA_CENTER)


@pytest.mark.parametrize(
    ("changes", "base", "sentence"),
    [
        (
            {"SYNCER_JIRA__PASSWORD": "x"},
            DATA_CENTER,
            "set exactly one of SYNCER_JIRA__TOKEN and SYNCER_JIRA__PASSWORD",
        ),
        (
            {"SYNCER_JIRA__TOKEN": ""},
            DATA_CENTER,
            "set exactly one of SYNCER_JIRA__TOKEN and SYNCER_JIRA__PASSWORD",
        ),
        (
            {"SYNCER_JIRA__TOKEN": "", "SYNCER_JIRA__PASSWORD": "x", "SYNCER_JIRA__USER": ""},
            DATA_CENTER,
            "a password wants SYNCER_JIRA__USER too: the login that it belongs to",
        ),
        (
            {"SYNCER_JIRA__USER": ""},
            CLOUD,
            "Jira Cloud wants SYNCER_JIRA__USER too: the e-mail of the account that owns the token",
        ),
        (
            {"SYNCER_JIRA__TOKEN": "", "SYNCER_JIRA__PASSWORD": "x"},
            CLOUD,
            "Jira Cloud takes no password; set SYNCER_JIRA__TOKEN to an API token instead",
        ),
    ],
)
def test_jira_credentials_that_cannot_work_are_refused(
    changes: dict[str, str], base: dict[str, str], sentence: str
) -> None:
    assert refusal(changes, base) == f"SYNCER_JIRA__PASSWORD: {sentence}."
