"""Promises about docs/operations.md: who follows it to the letter ends up with a running daemon.

Its blocks for a shell are run here, in their order, in one folder, against the two servers of a sandbox, each command
as a process of its own.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from config.variables import VARIABLES
from syncer.cli.commands import app
from syncer.daemon import STOP_SECONDS
from syncer.issues.checks import TO_READ, TO_WRITE
from syncer.sandbox import cast
from syncer.sandbox.jira.catalogue import PERMISSIONS
from syncer.sandbox.server import Sandbox

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/operations.md"
TEXT = PAGE.read_text(encoding="utf-8")

STAND_INS = {
    "https://tester.example.com/EnterpriseTester": "{tester}",
    "https://example.atlassian.net": "{jira}",
    "syncer@example.com": "syncer@example.com",
    "the password": cast.PASSWORD,
    "the API token": cast.PASSWORD,
    "the new token": cast.PASSWORD,
    '"Web Shop"': f'"{cast.PROJECT_NAME}"',
    "SHOP": cast.PROJECT_KEY,
    "/backups": "{folder}/backups",
    "127.0.0.1:8484": "{listen}",
}
"""What the page lets the reader replace, and what is put there here."""

OTHERS_TOOLS = {"chown", "cp", "cd", "docker", "journalctl", "kubectl", "python3", "sudo", "systemctl", "useradd"}
SQLITES_WORDS = {"unable to open database file", "readonly database", "database or disk is full"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `marks` is what stands behind the language."""

    language: str
    marks: str
    text: str
    line: int

    @property
    def commands(self) -> list[list[str]]:
        """The words of each line, a pipe's second half as a line of its own."""
        return [shlex.split(part) for line in self.text.splitlines() for part in line.split(" | ")]


def blocks(language: str) -> list[Block]:
    fences = re.finditer(r"(?ms)^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", TEXT)
    found = [Block(each[1], each[2] or "", each[3], TEXT[: each.start()].count("\n") + 1) for each in fences]
    return [block for block in found if block.language == language]


class Operator:
    """Somebody who types what the page says."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.listen = f"127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        (folder / "config").symlink_to(ROOT / "config")
        (folder / "backups").mkdir()
        self._places = {"tester": sandbox.tester_url, "jira": sandbox.jira_url, "folder": folder, "listen": self.listen}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SYNCER_")}
        self._environment = {
            **clean,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}",
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "SYNCER_HTTP__LISTEN": self.listen,
        }
        self.daemon: subprocess.Popen[bytes] | None = None
        self._next = 0

    def follow_up_to(self, number: int) -> None:
        """Run all blocks that haven't been run yet, in their order, up to that one."""
        while self._next <= number:
            block = blocks("sh")[self._next]
            self._next += 1
            self._follow(block)

    def _follow(self, block: Block) -> None:
        """Run a block as its marks say. Fails with what it said where it ends otherwise than it should."""
        if block.marks == "stopped":
            self._stop()
        text = self._with_stand_ins(block.text)
        if block.marks == "background":
            self._start(text)
            return
        expected = int(block.marks.removeprefix("exit=")) if block.marks.startswith("exit=") else 0
        command = ["sh", "-eu", "-c", text]
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == expected, f"{PAGE.name}:{block.line}:\n{text}\n{done.stdout}\n{done.stderr}"

    def _stop(self) -> None:
        """As the page promises of SIGTERM."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGTERM)
        assert self.daemon.wait(STOP_SECONDS + 5) == 0
        self.daemon = None

    def _start(self, text: str) -> None:
        log = (self.folder / "syncer.log").open("ab")
        with log:
            self.daemon = subprocess.Popen(
                ["sh", "-c", f"exec {text}"], cwd=self.folder, env=self._environment, stderr=log, stdout=log
            )
        deadline = time.monotonic() + 60
        while not self._is_ready():
            assert self.daemon.poll() is None, (self.folder / "syncer.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "it never became ready"
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"http://{self.listen}/readyz", timeout=5):
            return True
        return False

    def _with_stand_ins(self, text: str) -> str:
        for documented, stand_in in STAND_INS.items():
            value = stand_in.format(**self._places).replace("\\", r"\\")
            text = re.sub(rf"(?<!\w){re.escape(documented)}(?!\w)", value, text)
        return text


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    with Sandbox(incidents=20) as sandbox:
        operator = Operator(tmp_path_factory.mktemp("operator"), sandbox)
        try:
            yield operator
        finally:
            if operator.daemon is not None:
                operator.daemon.kill()
                operator.daemon.wait()


@pytest.mark.parametrize("number", range(len(blocks("sh"))), ids=lambda number: f"line{blocks('sh')[number].line}")
@pytest.mark.skipif(not shutil.which("curl"), reason="the page asks the probes with curl, which isn't installed")
def test_every_block_that_a_shell_can_run_does_what_the_page_says_after_all_those_before_it(
    operator: Operator, number: int
) -> None:
    operator.follow_up_to(number)


def test_what_the_reader_has_to_replace_is_in_one_table_and_all_of_it_is_used() -> None:
    table = TEXT.partition("| in the examples | is |")[2].partition("\n\n")[0]
    documented = re.findall(r"(?m)^\| `(.+?)` \|", table)
    assert documented == list(STAND_INS)
    shown = "".join(block.text for block in blocks("sh"))
    assert [each for each in documented if each not in shown] == []


def test_every_block_is_of_a_kind_that_is_run_or_read() -> None:
    marks = {(block.language, block.marks) for language in ("sh", "console") for block in blocks(language)}
    assert marks == {("sh", ""), ("sh", "exit=2"), ("sh", "background"), ("sh", "stopped"), ("console", "")}
    assert len(re.findall(r"(?m)^```", TEXT)) == 2 * (len(blocks("sh")) + len(blocks("console")))


def test_blocks_that_are_not_run_here_name_tools_that_cannot_be_and_files_that_are_there() -> None:
    for command in (command for block in blocks("console") for command in block.commands):
        tool = Path(command[0]).name
        assert tool in OTHERS_TOOLS or command[0].startswith("/opt/syncer/bin/")
        ours = [word for word in command if re.match(r"(config|requirements)/", word)]
        assert [word for word in ours if not (ROOT / word).is_file()] == []


def invocations() -> list[list[str]]:
    """The words behind `syncer` wherever the page names one of its commands."""
    inline = re.findall(r"`syncer ([^`]+)`", TEXT)
    typed = [line for kind in ("sh", "console") for block in blocks(kind) for line in block.text.splitlines()]
    behind = [re.search(r"(?:^|/bin/|-- )syncer ([a-z-].*)$", line) for line in typed]
    return [shlex.split(words) for words in (*inline, *(found[1] for found in behind if found))]


def test_every_command_and_option_that_the_page_names_is_there() -> None:
    root: Any = typer.main.get_command(app)
    for words in invocations():
        command, rest = root, list(words)
        while rest and rest[0] in getattr(command, "commands", {}):
            command = command.commands[rest.pop(0)]
        assert command is not root or rest == ["--version"], f"'syncer {words[0]}' is no command"
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, f"syncer {' '.join(words)}"


def test_every_variable_that_the_page_names_is_a_setting() -> None:
    assert set(re.findall(r"SYNCER_[A-Z_]+[A-Z]", TEXT)) <= set(VARIABLES)


def test_every_permission_that_jira_is_asked_for_is_listed_by_the_name_that_it_has_there() -> None:
    listed = {key: name for name, key in re.findall(r"(?m)^\| ([\w ]+) \| `([A-Z_]+)` \|", TEXT)}
    assert {*TO_READ, *TO_WRITE} <= set(listed)
    assert {key: PERMISSIONS[key][1] for key in listed} == listed


def test_every_message_in_the_table_of_symptoms_is_one_that_the_program_has() -> None:
    symptoms = re.findall(r"(?m)^\| ([^|]*) \|", TEXT.partition("| you see |")[2])
    quoted = {phrase for symptom in symptoms for phrase in re.findall(r'"([^"]+)"', symptom)} - SQLITES_WORDS
    source = "".join(
        path.read_text(encoding="utf-8")
        for package in ("config", "state", "syncer", "mappings")
        for path in sorted((ROOT / package).rglob("*.py"))
    )
    fragments = [(phrase, part.strip()) for phrase in quoted for part in phrase.split("...") if part.strip()]
    assert [phrase for phrase, part in fragments if part not in source] == []
    assert len(quoted) > 8


def test_every_link_of_the_page_leads_somewhere() -> None:
    headings = re.findall(r"(?m)^#+ (.+)$", TEXT)
    anchors = {"#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert [target for target in targets if target.startswith("#") and target not in anchors] == []
    files = [target.partition("#")[0] for target in targets if not target.startswith(("#", "http"))]
    assert [file for file in files if not (PAGE.parent / file).exists()] == []


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/operations.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
