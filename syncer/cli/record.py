"""`syncer record`: what one's own servers answer, redacted, in a file; and whether a file like that is understood."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from config.model import Settings
from syncer.cli.console import out, say, sign
from syncer.cli.session import Session, chosen, secrets
from syncer.errors import ConfigurationError
from syncer.recording.calls import saw
from syncer.recording.file import Recording, load
from syncer.recording.replay import replaying
from syncer.recording.vocabulary import WORDS

SHORTEST = 5
"""Shorter words may come by chance."""


def make(session: Session, link: str | None, file: Path, keys: list[str], newest: int) -> int:
    """Raises `ConfigurationError` for a file that is there already, and what the servers raise."""
    from syncer.recording.live import record

    settings = session.settings()
    mappings = chosen(settings, link)
    session.logging(settings, quiet=True)
    if len(mappings) > 1:
        names = ", ".join(mapping.name for mapping in mappings)
        raise ConfigurationError(f"a recording is of one project link; name it with --link: {names}")
    if file.exists():
        raise ConfigurationError(f"{file} is there already; name a new file, or remove that one")
    recording = record(settings, mappings[0], keys, newest)
    replayed, strange = _replayed(recording)
    differing = {name: told for name, told in replayed.items() if told != recording.saw[name]}
    text = recording.text()
    _insist_on_secrecy(text, settings)
    _write(file, text)
    _report(recording, file)
    console = out()
    for name, told in differing.items():
        say(console, f"  {sign(console, False)} {name}: replayed it tells {told}", "red")
    for question in strange:
        say(console, f"  {sign(console, False)} not recorded in a form that can be asked again: {question}", "red")
    if differing or strange:
        say(console, "The recording was written, but it tells less than your servers did; please send these lines too.")
    return 1 if differing or strange else 0


def check(file: Path) -> int:
    """1 where any call sees something else than was seen when the file was recorded."""
    recording = load(file)
    replayed, strange = _replayed(recording)
    console = out()
    failed = 0
    for name, told in recording.saw.items():
        well = replayed.get(name) == told
        failed += not well
        sentence = f"{name}: {told}" if well else f"{name}: {replayed.get(name, 'not asked any more')}; it was {told}"
        say(console, f"  {sign(console, well)} {sentence}", "" if well else "red")
    for question in strange:
        say(console, f"  {sign(console, False)} asked for what isn't in the recording: {question}", "red")
    if failed or strange:
        say(console, f"{failed} of {len(recording.saw)} calls are not understood as they were.", "bold red")
        return 1
    say(console, f"All {len(recording.saw)} calls are understood as they were.", "bold")
    return 0


def _replayed(recording: Recording) -> tuple[dict[str, str], list[str]]:
    with replaying(recording) as (ports, player):
        return saw(ports, recording.bindings), player.strange


def _insist_on_secrecy(text: str, settings: Settings) -> None:
    """The last guard, whatever the redaction did: credentials, logins and hosts of the settings are in no file."""
    servers = (settings.incidents, settings.jira)
    hosts = [urlsplit(server.url).hostname or "" for server in servers]
    # A login or a host may be a word that the vendors or the stand-ins have too, or a part of one.
    names = [server.user or "" for server in servers] + [host for host in hosts if "." in host]
    names = [name for name in names if len(name) >= SHORTEST and name.lower() not in WORDS]
    held = [secret.lower() in text.lower() for secret in secrets(settings) if len(secret) >= SHORTEST]
    if any(held) or any(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text, re.I) for name in names):
        said = "a credential, a login or a host of the settings would have stood in the recording"
        raise ConfigurationError(f"{said}, so nothing was written; please report this")


def _write(file: Path, text: str) -> None:
    """For its owner only, and never over another file."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise ConfigurationError(f"the recording can't be written to {file}: {problem.strerror}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)


def _report(recording: Recording, file: Path) -> None:
    console = out()
    size = file.stat().st_size // 1024 + 1
    say(console, f"{file}: {len(recording.exchanges)} exchanges, {size} KiB, readable by you alone", "bold")
    for name, told in recording.saw.items():
        say(console, f"  {name}: {told}")
    say(console, "Nothing was written to either server. Read the file before you hand it on:")
    say(
        console, "  replaced: names, logins, mail addresses, texts, options, field names, project and issue keys, hosts"
    )
    say(console, "  kept: ids, times, counts, lengths of texts, punctuation, and words that the vendors use themselves")
    say(console, "  never in it: headers of requests, and so no password, token or cookie")
    say(console, f"Next: 'syncer record --check {file}' tells whether it is understood.")
