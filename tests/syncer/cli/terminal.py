"""A person at a command line: settings and a mapping in a folder, both servers running, commands typed.

Most commands run in this process, which is quick; `start` runs one as a process of its own, for signals, and
`start_afresh` in an interpreter of its own, which has to find and import all that it needs.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from state import Store
from syncer.cli.entry import run
from syncer.sandbox.tester.records import Incident
from tests.syncer.forked import Forked, syncer, without_settings
from tests.syncer.mirror_stage import MirrorStage

ROOT = Path(__file__).parents[3]
FULL = ROOT / "mappings" / "examples" / "full.yaml"
LINK = "test-project"
STEPS = (f"{LINK}: list", f"{LINK}: read", f"{LINK}: mirror", f"{LINK}: write")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left behind. `complaints` is standard error without the lines of progress."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.err.splitlines() if not line.startswith(STEPS)]


class Terminal:
    """A working folder with a .env file; `settings` can be changed before each command."""

    def __init__(self, folder: Path, stage: MirrorStage, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.stage = stage
        self.state = folder / "cli.db"
        self.mappings = folder / "mappings"
        self.mappings.mkdir()
        self.mapping = self.mappings / "full.yaml"
        self.mapping.write_text(FULL.read_text(encoding="utf-8"), encoding="utf-8")
        self.settings = {
            **stage.environment(),
            "SYNCER_STATE__URL": f"sqlite:///{self.state}",
            "SYNCER_MAPPINGS": str(self.mappings),
        }
        self._capture = capture

    def __call__(self, *words: str) -> Said:
        """Type a command."""
        self._save()
        self._capture.readouterr()
        code = run(words)
        said = self._capture.readouterr()
        return Said(code, said.out, said.err)

    def start(self, *words: str, **environment: str) -> Forked:
        """Start a command as a process of its own."""
        self._save()
        return syncer(words, self.folder, environment)

    def start_afresh(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """The same as an operator does it: in an interpreter that has imported nothing yet."""
        self._save()
        return subprocess.Popen(
            [sys.executable, "-m", "syncer", *words],
            cwd=self.folder,
            env={**without_settings(), "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def map_with(self, old: str, new: str) -> None:
        """Edit the mapping file."""
        text = self.mapping.read_text(encoding="utf-8")
        assert old in text, f"the full example has no longer {old!r}"
        self.mapping.write_text(text.replace(old, new), encoding="utf-8")

    def log(self, summary: str, **members: Any) -> Incident:
        """A tester logs an incident."""
        return self.stage.log(Summary=summary, **members)

    def known(self) -> dict[str, Any]:
        """Everything of weight that the state DB holds of the project link."""
        store = Store.open_readonly(f"sqlite:///{self.state}")
        try:
            return {
                "links": store.links(LINK),
                "parked": store.parked(LINK),
                "intents": store.open_intents(LINK),
                "history": store.history(LINK),
                "watermarks": [store.watermark(LINK, "incident"), store.watermark(LINK, "issue")],
            }
        finally:
            store.close()

    def _save(self) -> None:
        lines = [f"{name}='{value}'" for name, value in self.settings.items()]
        (self.folder / ".env").write_text("\n".join(lines), encoding="utf-8")
