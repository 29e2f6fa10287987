"""Promises about `config/example.env`, which is the operator's whole reference."""

import re
from pathlib import Path

import pytest

from config.settings import effective, load_settings
from config.variables import FILE_VARIABLES, VARIABLES

EXAMPLE = Path(__file__).parents[2] / "config" / "example.env"
SECRETS = {"SYNCER_INCIDENTS__PASSWORD": "tester secret", "SYNCER_JIRA__TOKEN": "jira secret"}

LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
ENTRY = re.compile(r"(?P<comment>#?)(?P<variable>SYNCER_\w+)=(?P<value>.*)")
ENTRIES = {match["variable"]: match for line in LINES if (match := ENTRY.fullmatch(line))}


def test_it_lists_every_setting_and_nothing_else() -> None:
    assert set(ENTRIES) == {*VARIABLES, *FILE_VARIABLES}


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_setting_stands_below_the_sentence_that_explains_it(variable: str) -> None:
    line = LINES.index(ENTRIES[variable].group())
    assert LINES[line - 1] == f"# {VARIABLES[variable].description}"


def test_copied_as_it_stands_and_with_both_secrets_it_loads() -> None:
    settings = load_settings(SECRETS, EXAMPLE)
    given = {variable for variable, _, origin in effective(settings) if origin == ".env"}
    assert given == {name for name, entry in ENTRIES.items() if not entry["comment"]} - set(SECRETS)


def test_a_default_that_it_shows_is_the_default(tmp_path: Path) -> None:
    bare = load_settings(SECRETS, EXAMPLE)
    everything = tmp_path / "everything.env"
    everything.write_text(re.sub(r"(?m)^#(?=SYNCER_)", "", EXAMPLE.read_text(encoding="utf-8")))
    # The folder of secrets must exist once somebody names it.
    env = SECRETS | {"SYNCER_SECRETS_DIR": str(tmp_path)}
    spelled_out = load_settings(env, everything)
    assert spelled_out.model_copy(update={"secrets_dir": bare.secrets_dir}).model_dump() == bare.model_dump()
    assert ENTRIES["SYNCER_SECRETS_DIR"]["value"] == str(bare.secrets_dir)
