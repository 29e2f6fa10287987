"""Where settings come from. The first place that gives a variable wins:

    environment               SYNCER_JIRA__TOKEN=...
    .env in the working folder
    the secrets folder        a file called SYNCER_JIRA__TOKEN (any case), as containers mount it

In the first two, `SYNCER_JIRA__TOKEN_FILE=/path` stands for the value in that file; only what may be secret
has such a twin. An empty value counts as not given. What can't be understood is a problem, never a guess.
"""

import difflib
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.model import DELIMITER, PREFIX, Origin, Settings

FILE_SUFFIX = "_FILE"

# Kubernetes puts these into every container of a namespace with a service called `syncer` or `syncer-...`.
_SERVICE_LINK = re.compile(r"SYNCER(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9]+)*|PORT(_\d+_[A-Z]+)?(_[A-Z]+)?)")


@dataclass(frozen=True, slots=True)
class Given:
    """The text of one variable and the place that it came from; no text where the place couldn't be read."""

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
    _add(gathered, env, "environment")
    if env_file is not None and env_file.exists():
        _add(gathered, _env_file(env_file, gathered.problems), ".env")
    _add_secrets(gathered)
    return gathered


def _add(gathered: Gathered, place: Mapping[str, str], origin: Origin) -> None:
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
        else:
            found[variable] = Given(_read(Path(text), name, gathered.problems), "file")
    gathered.given = found | gathered.given


def _add_secrets(gathered: Gathered) -> None:
    """Add the files of the secrets folder that are called like a variable. The others are somebody else's."""
    named = gathered.given.get(f"{PREFIX}SECRETS_DIR")
    folder = Path(named.text) if named else Settings.model_fields["secrets_dir"].default
    if not named and not folder.is_dir():
        return
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        gathered.problems.append(
            f"{PREFIX}SECRETS_DIR: the folder {folder} can't be read: {_reason(error)}; name another."
        )
        return
    for path in files:
        variable = path.name.upper()
        if variable in VARIABLES and variable not in gathered.given:
            gathered.given[variable] = Given(_read(path, variable, gathered.problems), "secret")


def _env_file(path: Path, problems: list[str]) -> dict[str, str]:
    """What the file gives; a dollar is a dollar. A line that can't be understood is a problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path} can't be read: {_reason(error)}.")
        return {}
    values = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            # The line itself isn't repeated: it may hold a secret.
            problems.append(f"{path}: line {binding.original.line} isn't NAME=value; quotes must come in twos.")
        elif binding.key and binding.value:
            values[binding.key] = binding.value
    return values


def _read(path: Path, name: str, problems: list[str]) -> str:
    """The file's text without the line end that editors leave; empty, and a problem, if there is none."""
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}: the file {path} can't be read: {_reason(error)}.")
        return ""
    if not text:
        problems.append(f"{name}: the file {path} is empty; write the value into it.")
    return text


def _unknown(name: str, origin: Origin) -> str:
    close = difflib.get_close_matches(name.upper(), [*VARIABLES, *FILE_VARIABLES], n=1, cutoff=0.75)
    remedy = f"did you mean {close[0]}?" if close else "config/example.env lists all settings."
    return f"{name} in {_place(origin)} is no setting; {remedy}"


def _place(origin: Origin) -> str:
    return "the environment" if origin == "environment" else origin


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else type(error).__name__
    return "it isn't UTF-8 text"
