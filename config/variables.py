"""Where settings come from. The first place that gives a variable wins:

    environment               SYNCER_JIRA__TOKEN=...
    .env in the working folder
    the secrets folder        a file called SYNCER_JIRA__TOKEN (any case), as containers mount it

In the first two, `SYNCER_JIRA__TOKEN_FILE=/path` stands for the value in that file; only what may be secret
has such a twin. An empty value counts as not given. What can't be understood is a problem, never a guess.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.model import DELIMITER, PREFIX, Origin, Settings

FILE_SUFFIX = "_FILE"

# Kubernetes puts these into every container of a namespace with a service called `syncer` or `syncer-...`.
_SERVICE_LINK = re.compile(
    r"SYNCER(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9]+)*|PORT(_\d+_[A-Z]+)?(_[A-Z]+)?)"
)


@dataclass(frozen=True, slots=True)
class Given:
    """The text of one variable and the place that it came from."""

    text: str
    origin: Origin


@dataclass(slots=True)
class Gathered:
    """What all places together give, and one sentence for each thing that is wrong with them."""

    given: dict[str, Given] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def known_fields(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[tuple[str, FieldInfo]]:
    """Every variable with the field that it sets, in the order of the model."""
    for name, info in model.model_fields.items():
        variable = prefix + name.upper()
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from known_fields(info.annotation, variable + DELIMITER)
        else:
            yield variable, info


VARIABLES = dict(known_fields())
SECRETS = frozenset(name for name, info in VARIABLES.items() if not info.repr)
FILE_VARIABLES = {name + FILE_SUFFIX: name for name in SECRETS}


def gather(env: Mapping[str, str], env_file: Path | None) -> Gathered:
    """Read all places. A missing `env_file` gives nothing; nor does a secrets folder that nobody named."""
    gathered = Gathered()
    _merge(gathered, env, "environment")
    if env_file is not None:
        _merge(gathered, _env_file(env_file, gathered.problems), ".env")
    _merge(gathered, _secrets(gathered), "secret")
    return gathered


def _merge(gathered: Gathered, place: Mapping[str, str], origin: Origin) -> None:
    """Add what one place gives; places come in falling order of precedence."""
    found: dict[str, Given] = {}
    for raw_name, text in place.items():
        name = raw_name.upper()
        if not name.startswith(PREFIX) or not text:
            continue
        variable = FILE_VARIABLES.get(name, name)
        if variable not in VARIABLES:
            if not _SERVICE_LINK.fullmatch(name):
                gathered.problems.append(_unknown(raw_name, origin))
        elif variable in found:
            gathered.problems.append(f"{variable} is given twice in {_place(origin)}; keep one of the two.")
        elif variable == name:
            found[variable] = Given(text, origin)
        elif (content := _read(Path(text), name, gathered.problems)) is not None:
            found[variable] = Given(content, "file")
    gathered.given = found | gathered.given


def _env_file(path: Path, problems: list[str]) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path} can't be read: {_reason(error)}.")
        return {}
    return {name: text for name, text in values.items() if text}


def _secrets(gathered: Gathered) -> dict[str, str]:
    """Files of the secrets folder that are called like a variable. Other files there are somebody else's."""
    named = gathered.given.get(f"{PREFIX}SECRETS_DIR")
    folder = Path(named.text) if named else Settings.model_fields["secrets_dir"].default
    if not folder.is_dir():
        if named:
            gathered.problems.append(
                f"{PREFIX}SECRETS_DIR: there is no folder {folder}; make it or name another."
            )
        return {}
    values = {}
    try:
        files = sorted(path for path in folder.iterdir() if path.name.upper() in VARIABLES)
    except OSError as error:
        gathered.problems.append(f"{PREFIX}SECRETS_DIR: {folder} can't be read: {_reason(error)}.")
        return {}
    for path in files:
        text = _read(path, path.name, gathered.problems)
        if text is not None:
            values[path.name] = text
    return values


def _read(path: Path, name: str, problems: list[str]) -> str | None:
    """The file's text without the line end that editors and `echo` leave; a problem when there is none."""
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}: the file {path} can't be read: {_reason(error)}.")
        return None
    if not text:
        problems.append(f"{name}: the file {path} is empty; write the value into it.")
        return None
    return text


def _unknown(name: str, origin: Origin) -> str:
    close = difflib.get_close_matches(name.upper(), [*VARIABLES, *FILE_VARIABLES], n=1, cutoff=0.75)
    remedy = f"did you mean {close[0]}?" if close else "config/example.env lists all settings."
    return f"{name} in {_place(origin)} is no setting; {remedy}"


def _place(origin: Origin) -> str:
    return {"environment": "the environment", "secret": "the secrets folder"}.get(origin, origin)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else type(error).__name__
    return "it isn't UTF-8 text"
