"""`syncer mapping new`: a mapping file for two projects, made from what both servers offer. Nothing is written there.

The settings of the servers are all that is needed: neither mapping files nor a state DB need be there yet.
"""

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from mappings.load import SUFFIXES
from mappings.model import LinkName
from mappings.model import Mapping as LinkMapping
from mappings.policies import Direction
from syncer.cli.console import err, out, program, say
from syncer.cli.session import Session
from syncer.core.records import Catalogue, Side
from syncer.errors import ConfigurationError, Missing
from syncer.ports import Needs

if TYPE_CHECKING:
    from config.model import Settings
    from syncer.drafting_values import Draft
    from syncer.ports import Port


def new(session: Session, project: str, key: str, output: Path | None, *, to_issue: bool) -> int:
    """Write the file, or print it where no `output` is named; what is to be done next is said beside it."""
    from syncer.drafting import draft
    from syncer.drafting_text import file_text

    if not project.strip() or not key.strip():
        raise ConfigurationError("give the name of a project in Enterprise Tester, then the key of one in Jira")
    if output is not None:
        _refuse(output)
    settings = session.settings()
    session.logging(settings, quiet=True)
    surveys, ranks = _ask(settings, project.strip(), key.strip())
    made = draft(surveys, ranks, project.strip(), key.strip(), to_issue=to_issue)
    text = file_text(made, _name(project, key, output))
    if output is None:
        print(text, end="")
        sys.stdout.flush()
    else:
        _write(output, text)
    _hint(made, text, output, to_issue=to_issue)
    return 0


def _refuse(output: Path) -> None:
    """Raises `ConfigurationError` for a file that can't be written; before any server is asked."""
    if output.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"{output} would not be found: the name of a mapping file ends in .yaml or .yml")
    if output.exists():
        raise ConfigurationError(f"{output} is there already, and nothing is overwritten; name another file")
    if not output.parent.is_dir():
        raise ConfigurationError(f"there is no folder {output.parent}; make it, or name another one")


def _write(output: Path, text: str) -> None:
    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        _refuse(output)
    except OSError as error:
        raise ConfigurationError(f"{output} can't be written: {error.strerror}") from error


def _name(project: str, key: str, output: Path | None) -> str | None:
    """The link's name; `None` where the file's own name gives it."""
    if output is not None:
        try:
            TypeAdapter(LinkName).validate_python(output.stem)
            return None
        except ValidationError:
            pass
    words = re.findall(r"\w+", project.casefold()) or re.findall(r"\w+", key.casefold()) or ["link"]
    return "-".join(words)[:64].rstrip("-")


def _ask(settings: "Settings", project: str, key: str) -> tuple[dict[Side, Catalogue], Mapping[str, int]]:
    """What both servers offer, and how far along each status of the issue side is. Raises a `SideError`."""
    from syncer.wiring import Servers

    servers = Servers(settings)
    try:
        ports = servers.ports(_least(project, key))
        surveys = {side: _survey(port) for side, port in ports.items()}
    finally:
        servers.close()
    return surveys, _ranks(settings, key)


def _least(project: str, key: str) -> LinkMapping:
    """The least that a mapping can say: it only tells the ports which projects are meant."""
    summary = {"incident": "Summary", "issue": "summary", "kind": "copy"}
    return LinkMapping.model_validate(
        {
            "name": "new",
            "direction": Direction.TO_ISSUE,
            "incidents": {"project": project},
            "issues": {"project": key, "type": "-"},
            "fields": [summary],
        }
    )


def _survey(port: "Port") -> Catalogue:
    """Raises `Missing` with what there is instead, which for Jira only the port's own check tells."""
    try:
        return port.survey()
    except Missing as trouble:
        if port.side is Side.INCIDENT:
            raise
        found = next((finding.sentence for finding in port.check(Needs(writes=False)) if not finding.ok), str(trouble))
        raise Missing(port.side, found, status=trouble.status) from trouble


def _ranks(settings: "Settings", key: str) -> Mapping[str, int]:
    """How far along the category of each status is, by the status's id: a catalogue has no place for it."""
    from syncer.issues import JiraClient
    from syncer.issues.scope import status_of
    from syncer.wiring import CONNECT_SECONDS, credentials

    seconds = settings.jira.timeout_seconds
    client = JiraClient(settings.jira.url, credentials(settings.jira), timeout=(min(CONNECT_SECONDS, seconds), seconds))
    try:
        told = client.get("project", key, "statuses")
    finally:
        client.close()
    statuses = (status_of(each) for kind in told for each in kind.get("statuses", ()))
    return {status.id: status.rank for status in statuses}


def _hint(made: "Draft", text: str, output: Path | None, *, to_issue: bool) -> None:
    """What was written, and what comes next; on standard error where standard output is the file."""
    console = err() if output is None else out()
    lines = [line.strip() for line in text.splitlines()]
    guessed = sum(not line.startswith("#") and "# guessed: check" in line for line in lines)
    asked = sum(line.startswith("# ? ") for line in lines)
    where = "" if output is None else f"{output}: "
    say(
        console, f"{where}{len(made.entries)} fields are mapped, {guessed} rows are guessed, {asked} questions are open"
    )
    if made.mark_field is None and not to_issue:
        say(console, "It carries one way only: incidents have no text box for the mark; the file says what to do")
    if made.foreign_link is not None:
        said = f"Enterprise Tester's own Jira link '{made.foreign_link}' is active on this project: switch it off first"
        say(console, said)
    if output is None:
        say(console, f"Next: write it to a file with -o FILE, then: {program()} mapping lint --live FILE")
        return
    schema = output.parent / "schema.json"
    if not schema.exists():
        say(console, f"Next: {program()} mapping schema > {shlex.quote(str(schema))}, by which editors help")
    say(console, f"Next: {program()} mapping lint --live {shlex.quote(str(output))}")
