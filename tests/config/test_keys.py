"""The private key of OAuth 1.0a: however it is handed over it is the same key, and a wrong one is told without a bit of
it."""

import re
import traceback
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.serialization import PrivateFormat

from config.settings import SettingsError, effective, load_settings
from syncer import logs
from syncer.cli.session import secrets
from tests.config.samples import CLOUD
from tests.key_pairs import key_pair, other_key, short_key

NAME = "SYNCER_INCIDENTS__PRIVATE_KEY"
OAUTH = {
    **CLOUD,
    "SYNCER_INCIDENTS__PASSWORD": "",
    "SYNCER_INCIDENTS__CONSUMER_KEY": "consumer",
    "SYNCER_INCIDENTS__ACCESS_TOKEN": "token",
}
KEY, PUBLIC = key_pair()
MUST_BE = (
    f"{NAME}: must be an RSA private key as PEM text, the lines BEGIN and END included; openssl genrsa makes one, and "
    "\\n may stand for the end of a line."
)


def loaded(env: dict[str, str], env_file: Path | None = None) -> str:
    """The key that the settings hold."""
    key = load_settings(OAUTH | env, env_file).incidents.private_key
    assert key is not None
    return key.get_secret_value()


def test_a_key_is_the_same_from_a_file_a_folder_and_a_variable_on_one_line_or_several(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(KEY)
    on_one_line = KEY.replace("\n", "\\n")
    assert loaded({NAME + "_FILE": str(file)}) == KEY
    assert loaded({"SYNCER_SECRETS_DIR": str(tmp_path)}) == KEY
    assert loaded({NAME: KEY}) == KEY
    assert loaded({NAME: on_one_line}) == KEY
    for number, line in enumerate((on_one_line, f'"{on_one_line}"', f'"{KEY}"', f"'{KEY}'")):
        env_file = tmp_path / f"{number}.env"
        env_file.write_text(f"{NAME}={line}\n")
        assert loaded({}, env_file) == KEY, line[:5]


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("bits", [1024, 2048])
def test_both_forms_of_a_key_are_taken_and_old_ones_too(form: PrivateFormat, bits: int) -> None:
    key, _ = key_pair(form, bits=bits)
    assert loaded({NAME: key}) == key


def damaged(key: str) -> str:
    """The key with one sign in its middle that is another one."""
    middle = len(key) // 2 + (key[len(key) // 2] == "\n")
    return key[:middle] + ("A" if key[middle] != "A" else "B") + key[middle + 1 :]


WRONG = {
    "no key at all": ("c4nary-in-the-mine", MUST_BE),
    "no text of a key": ("-----BEGIN PRIVATE KEY-----\nc4naryc4naryc4nary\n-----END PRIVATE KEY-----", MUST_BE),
    "half of it": (KEY[: len(KEY) // 2], MUST_BE),
    "damaged": (damaged(KEY), MUST_BE),
    "the public key": (
        PUBLIC,
        f"{NAME}: holds the public key, which an administrator registers; set the private one that it belongs to.",
    ),
    "encrypted": (
        key_pair(passphrase="phrase")[0],
        f"{NAME}: is encrypted, and nobody is there to type the passphrase; take it away, as with: "
        "openssl rsa -in key.pem.",
    ),
    "encrypted in the old form": (
        key_pair(PrivateFormat.TraditionalOpenSSL, passphrase="phrase")[0],
        f"{NAME}: is encrypted, and nobody is there to type the passphrase; take it away, as with: "
        "openssl rsa -in key.pem.",
    ),
    "another kind": (
        other_key(),
        f"{NAME}: holds a private key of another kind; RSA-SHA1 takes RSA keys alone, and openssl genrsa makes one.",
    ),
    "too short": (
        short_key(),
        f"{NAME}: is a key of 512 bits, which can be broken; make one of 2048, or at least of 1024.",
    ),
}


@pytest.mark.parametrize(("key", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_key_that_can_not_sign_is_told_at_once_and_none_of_it_is_shown(key: str, sentence: str) -> None:
    for told in (key, key.replace("\n", "\\n")):
        with pytest.raises(SettingsError) as refused:
            load_settings(OAUTH | {NAME: told}, None)
        assert refused.value.problems == (sentence,)
        shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
        assert not [part for part in re.findall(r"[\w+/=-]{8,}", key) if part in shown]


def test_a_key_is_in_no_setting_that_is_shown_and_in_no_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings(OAUTH | {NAME: KEY.replace("\n", "\\n")}, None)
    lines = [line for line in KEY.splitlines() if not line.startswith("-----")]
    shown = f"{settings!r} {settings} {effective(settings)} {settings.incidents!r}"
    assert not [line for line in lines if line in shown]
    assert {name: value for name, value, _ in effective(settings)}[NAME] == "********"
    logs.configure("json", "debug", secrets(settings))
    for text in (KEY, KEY.replace("\n", " "), KEY.replace("\n", "\\n"), KEY.replace("\n", ""), repr(KEY), *lines[:-1]):
        structlog.get_logger().info("told", text=text)
    told = capsys.readouterr().err
    assert told.count("********") >= 6
    assert not [line for line in lines[:-1] if line in told]
