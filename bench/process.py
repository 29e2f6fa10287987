"""Runs one program, and tells what it took: time, CPU and peak memory, as the kernel counted them."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.stage import ROOT


@dataclass(frozen=True, slots=True)
class Took:
    """`wall` and `cpu` are seconds from start to exit, `peak` mebibytes of resident memory, `out` standard output."""

    wall: float
    cpu: float
    peak: float
    out: str


def run(words: Sequence[str], folder: Path, environment: Mapping[str, str], *, may_fail: bool = False) -> Took:
    """Run to the end. Raises RuntimeError with what it complained about if it fails and may not."""
    out, err = folder / "out.txt", folder / "err.txt"
    begun = time.monotonic()
    process = start(words, folder, environment, out, err)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 and not may_fail:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {err.read_text()[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Took(wall, cpu, usage.ru_maxrss / 1024, out.read_text(encoding="utf-8"))


def start(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
) -> "subprocess.Popen[bytes]":
    """Start a program in a folder, with none of our own settings but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SYNCER_")}
    with out.open("wb") as output, err.open("wb") as errors:
        return subprocess.Popen(
            words,
            cwd=folder,
            env={**clean, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )


def cpu_of(pid: int) -> float:
    """The CPU seconds that a running process has used so far, exact to microseconds."""
    # What clock_getcpuclockid(3) gives for another process; Python has no name for it.
    return time.clock_gettime(~pid << 3 | 2)


def peak_of(pid: int) -> float:
    """The peak memory of a running process so far, in mebibytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
