"""Promises about the places that settings come from, and about which of them wins."""

from pathlib import Path

import pytest

from config.settings import SettingsError, effective, load_settings
from tests.config.samples import CLOUD, origin

WITHOUT_TOKEN = {name: value for name, value in CLOUD.items() if name != "SYNCER_JIRA__TOKEN"}


def token(env: dict[str, str], env_file: Path | None = None) -> tuple[str, str]:
    """The Jira token that is in force, and where it came from."""
    settings = load_settings(env, env_file)
    assert settings.jira.token is not None
    return settings.jira.token.get_secret_value(), origin(settings, "SYNCER_JIRA__TOKEN")


def problem(env: dict[str, str], env_file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(env, env_file)
    return str(caught.value)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


def test_a_secret_can_be_read_from_the_file_that_a_variable_names(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("from a file\n")
    assert token(WITHOUT_TOKEN | {"SYNCER_JIRA__TOKEN_FILE": str(path)}) == ("from a file", "file")


@pytest.mark.parametrize("variable", ["SYNCER_INCIDENTS__PASSWORD", "SYNCER_JIRA__PASSWORD", "SYNCER_STATE__URL"])
def test_whatever_may_be_secret_can_stand_in_a_file(variable: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("sqlite:///here.db")
    env = CLOUD | {"SYNCER_JIRA__URL": "https://jira.example.com", "SYNCER_INCIDENTS__PASSWORD": ""}
    env |= {"SYNCER_INCIDENTS__PASSWORD": "x"} if variable != "SYNCER_INCIDENTS__PASSWORD" else {}
    env |= {"SYNCER_JIRA__TOKEN": ""} if variable == "SYNCER_JIRA__PASSWORD" else {}
    assert origin(load_settings(env | {f"{variable}_FILE": str(path)}, None), variable) == "file"


def test_a_setting_that_is_no_secret_has_no_file_variable(tmp_path: Path) -> None:
    assert "SYNCER_JIRA__USER_FILE in the environment is no setting" in problem(
        CLOUD | {"SYNCER_JIRA__USER_FILE": str(tmp_path)}
    )


def test_a_value_and_a_file_for_it_in_one_place_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("from a file")
    assert problem(CLOUD | {"SYNCER_JIRA__TOKEN_FILE": str(path)}) == (
        "SYNCER_JIRA__TOKEN is given twice in the environment; keep one of the two."
    )


@pytest.mark.parametrize(("content", "reason"), [(None, "can't be read: No such file"), ("\n", "is empty")])
def test_a_file_without_a_secret_is_named_with_its_variable(content: str | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    message = problem(CLOUD | {"SYNCER_JIRA__TOKEN": "", "SYNCER_JIRA__TOKEN_FILE": str(path)})
    assert message.startswith(f"SYNCER_JIRA__TOKEN_FILE: the file {path} {reason}")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("name", ["SYNCER_JIRA__TOKEN", "syncer_jira__token"])
def test_a_file_in_the_secrets_folder_gives_the_variable_it_is_called_after(name: str, secrets: Path) -> None:
    (secrets / name).write_text("from the folder\n")
    env = WITHOUT_TOKEN | {"SYNCER_SECRETS_DIR": str(secrets)}
    assert token(env) == ("from the folder", "secret")


def test_other_files_in_the_secrets_folder_are_left_alone(secrets: Path) -> None:
    (secrets / "syncer_jira_token").write_text("named by SYNCER_JIRA__TOKEN_FILE")
    (secrets / "another_program").mkdir()
    load_settings(CLOUD | {"SYNCER_SECRETS_DIR": str(secrets)}, None)


def test_a_secrets_folder_that_was_named_must_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    assert problem(CLOUD | {"SYNCER_SECRETS_DIR": str(folder)}) == (
        f"SYNCER_SECRETS_DIR: the folder {folder} can't be read: No such file or directory; name another."
    )


def test_an_empty_file_in_the_secrets_folder_matters_only_while_it_is_needed(secrets: Path) -> None:
    (secrets / "SYNCER_JIRA__TOKEN").touch()
    load_settings(CLOUD | {"SYNCER_SECRETS_DIR": str(secrets)}, None)
    assert problem(WITHOUT_TOKEN | {"SYNCER_SECRETS_DIR": str(secrets)}) == (
        f"SYNCER_JIRA__TOKEN: the file {secrets / 'SYNCER_JIRA__TOKEN'} is empty; write the value into it."
    )


def test_the_environment_wins_over_the_env_file_and_that_over_the_secrets_folder(tmp_path: Path, secrets: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"SYNCER_JIRA__TOKEN=from .env\nSYNCER_SECRETS_DIR={secrets}\n")
    (secrets / "SYNCER_JIRA__TOKEN").write_text("from the folder")
    assert token(CLOUD, env_file) == ("jira secret", "environment")
    assert token(WITHOUT_TOKEN, env_file) == ("from .env", ".env")
    env_file.write_text(f"SYNCER_SECRETS_DIR={secrets}\n")
    assert token(WITHOUT_TOKEN, env_file) == ("from the folder", "secret")


def test_the_env_file_takes_a_dollar_for_a_dollar(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("SYNCER_JIRA__TOKEN=pa$$word${HOME}\n")
    assert token(WITHOUT_TOKEN, env_file) == ("pa$$word${HOME}", ".env")


def test_the_env_file_may_serve_other_programs_too(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("COMPOSE_PROJECT_NAME=mirror\n")
    load_settings(CLOUD, env_file)


def test_a_misspelt_variable_in_the_env_file_is_said_to_be_there(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("SYNCER_INSTALATION=x\n")
    assert problem(CLOUD, env_file) == ("SYNCER_INSTALATION in .env is no setting; did you mean SYNCER_INSTALLATION?")


def test_a_line_of_the_env_file_that_makes_no_sense_is_pointed_out_but_not_repeated(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# secrets\nSYNCER_JIRA__TOKEN='open quote\n")
    assert problem(CLOUD, env_file) == f"{env_file}: line 2 isn't NAME=value; quotes must come in twos."


def test_no_env_file_is_no_problem_but_an_unreadable_one_is(tmp_path: Path) -> None:
    load_settings(CLOUD, tmp_path / "missing")
    broken = tmp_path / "broken.env"
    broken.write_bytes(b"SYNCER_INSTALLATION=\xff\xfe\n")
    assert problem(CLOUD, broken) == f"{broken} can't be read: it isn't UTF-8 text."


def test_what_is_in_force_is_listed_with_where_it_came_from(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("SYNCER_INSTALLATION=head-office\n")
    listed = effective(load_settings(CLOUD, env_file))
    assert ("SYNCER_INSTALLATION", "head-office", ".env") in listed
    assert ("SYNCER_JIRA__USER", "syncer@example.com", "environment") in listed
    assert ("SYNCER_LOG__FORMAT", "auto", "default") in listed
